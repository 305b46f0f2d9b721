"""An eye that is drawn: a ball that turns behind two lids, for faces whose gaze is known.

Lengths are millimetres in the eye's own axes: x along the line through the canthi towards the right of the picture, y
square to it and down, both from the middle between the canthi. The portrait's scale turns them into pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

IRIS_RADIUS_MM: Final = 5.85
IRIS_DEPTH_MM: Final = 10.9
"""The limbus lies so far before the centre that the eye turns about, which is 13.5 mm behind the cornea's apex (Fry and
Hill 1962), and the limbus 2.6 mm (a cornea of 7.8 mm radius over a limbus of 5.85): the lever of every displacement."""

BALL_RADIUS_MM: Final = float(np.hypot(IRIS_RADIUS_MM, IRIS_DEPTH_MM))

GLINT_DEPTH_MM: Final = 5.7
"""The cornea's centre of curvature: a lamp's reflection travels with it, about half as far as the iris."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Of an eye, RGB 0..255."""

    iris: tuple[float, float, float] = (92.0, 62.0, 34.0)
    rim: tuple[float, float, float] = (46.0, 30.0, 18.0)
    sclera: tuple[float, float, float] = (226.0, 214.0, 210.0)
    pupil: tuple[float, float, float] = (16.0, 12.0, 12.0)


BROWN: Final = Colours()
BLUE: Final = Colours(iris=(122.0, 146.0, 168.0), rim=(70.0, 86.0, 108.0))
DARK: Final = Colours(iris=(52.0, 36.0, 26.0), rim=(34.0, 24.0, 20.0), sclera=(205.0, 190.0, 182.0))


def gaze_vector(horizontal_deg: float, vertical_deg: float) -> Floats:
    """Where the eye looks: x right of the picture, y down, z towards the camera; angles right and up positive."""
    h, v = np.radians([horizontal_deg, vertical_deg])
    return np.array([np.sin(h) * np.cos(v), -np.sin(v), np.cos(h) * np.cos(v)])


def iris_centre_mm(gaze: Floats) -> Floats:
    """How far the iris's centre is displaced from where it is when the eye looks straight at the camera."""
    return IRIS_DEPTH_MM * gaze[:2]


@dataclass(frozen=True, slots=True)
class Lids:
    """Both lids' margins as polynomials of x, y = p(x), and how they move.

    Attributes:
        upper, lower: coefficients for `np.polyval`, mm.
        half_width_mm: from the middle to a canthus; there the lids meet.
        upper_follow, lower_follow: how much of the iris's way up and down the lids go along: the upper one most of it
            (Becker & Fuchs, Vision Res 1988), the lower one less.
    """

    upper: Floats
    lower: Floats
    half_width_mm: float
    upper_follow: float = 0.75
    lower_follow: float = 0.3

    def margins(self, x: Floats, iris_down_mm: float, closure: float) -> tuple[Floats, Floats]:
        """The upper and the lower margin's y over x, with the iris so far down and the eye closed by 0..1."""
        bow = np.clip(1.0 - (x / self.half_width_mm) ** 2, 0.0, 1.0)  # the canthi stay where they are
        upper = np.polyval(self.upper, x) + self.upper_follow * iris_down_mm * bow
        lower = np.polyval(self.lower, x) + self.lower_follow * iris_down_mm * bow
        lower = np.maximum(lower, upper)
        met = lower - 0.1 * (lower - upper)  # the lower lid rises a little, the upper one does the closing
        return upper + closure * (met - upper), lower + closure * (met - lower)


def draw_eyeball(
    x: Floats, y: Floats, gaze: Floats, margins: tuple[Floats, Floats], colours: Colours, blur_mm: float
) -> Floats:
    """Colours (h, w, 3) of the ball at x, y (h, w) in mm from where its iris is when it looks straight ahead.

    Args:
        x: where to draw.
        y: likewise.
        gaze: unit vector, see `gaze_vector`.
        margins: y of both lids over the same places, which throw shadows.
        colours: of this eye.
        blur_mm: how soft the limbus and the pupil are at least, about a pixel.
    """
    flat = np.minimum(np.hypot(x, y), BALL_RADIUS_MM * 0.999)
    shrink = np.divide(flat, np.hypot(x, y), out=np.ones_like(x), where=np.hypot(x, y) > 0)
    px, py = x * shrink, y * shrink
    pz = np.sqrt(BALL_RADIUS_MM**2 - flat**2)
    along = px * gaze[0] + py * gaze[1] + pz * gaze[2]
    radius = np.sqrt(np.maximum(BALL_RADIUS_MM**2 - along**2, 0.0))  # on the ball, from the axis of gaze
    radius = np.where(along > 0, radius, BALL_RADIUS_MM)
    right = np.cross([0.0, 1.0, 0.0], gaze)
    right /= np.linalg.norm(right)
    down = np.cross(gaze, right)
    angle = np.arctan2(px * down[0] + py * down[1] + pz * down[2], px * right[0] + pz * right[2])

    iris = _iris_colours(radius, angle, colours)
    pupil = _edge(radius, 1.8, blur_mm + 0.05)
    iris += pupil[..., None] * (np.array(colours.pupil) - iris)
    red = np.clip(np.abs(x) / 13.0, 0.0, 1.0)[..., None] ** 3
    sclera = np.array(colours.sclera) * (1.0 - red * np.array([0.10, 0.28, 0.28]))
    within = _edge(radius, IRIS_RADIUS_MM, blur_mm + 0.22)[..., None]  # the limbus is no line: 0.5 mm and more
    ball = sclera + within * (iris - sclera)

    upper, lower = margins
    shade = (0.72 + 0.28 * pz / BALL_RADIUS_MM) * (1 - 0.42 * np.exp(-np.maximum(y - upper, 0) / 1.1))
    shade *= 1 - 0.15 * np.exp(-np.maximum(lower - y, 0) / 0.7)
    glint = np.exp(-((x - GLINT_DEPTH_MM * gaze[0] + 1.2) ** 2 + (y - GLINT_DEPTH_MM * gaze[1] + 1.4) ** 2) / (2 * 0.2))
    drawn: Floats = ball * shade[..., None] + glint[..., None] * 170.0
    return drawn


def _iris_colours(radius: Floats, angle: Floats, colours: Colours) -> Floats:
    """The iris's fibres and its dark rim."""
    fibres = sum(np.sin(n * angle + 1.7 * n) / np.sqrt(n) for n in (5, 11, 17, 29, 41))
    outward = np.clip(radius / IRIS_RADIUS_MM, 0.0, 1.0)
    base = np.array(colours.iris) * (1.12 - 0.22 * outward + 0.06 * fibres)[..., None]
    rim = (outward**6)[..., None]
    coloured: Floats = base + rim * (np.array(colours.rim) - base)
    return coloured


def _edge(radius: Floats, limit_mm: float, softness_mm: float) -> Floats:
    """1 inside a radius, 0 outside, with a soft step between."""
    step: Floats = 0.5 - 0.5 * np.tanh((radius - limit_mm) / softness_mm)
    return step
