"""Where the irises really are: the landmark net's guess, put right on the picture.

The net's irises hardly move up and down: on an animated face whose irises travel 9 mm they travel 3.3, and on webcam
pictures of people who look about a screen 0.4 of what their way to the sides lets expect. So a soft-edged disc is
fitted to the brightness between the lids: dark inside, light outside, with the limbus's blur between. That is the
integro-differential operator of Daugman (How iris recognition works, IEEE Trans CSVT 14, 2004) as a least-squares fit:
all pixels near the limbus take part, which finds the centre to a fraction of a pixel even in irises 10 px wide.

The landmarks at the corners of the eye go along with lids and gaze as well, by a third: `iris_down_mm` puts that right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sightline.media.frames import VideoFrame

Floats = NDArray[np.float64]

_UPPER: Final = np.array([[362, 398, 384, 385, 386, 387, 388, 466, 263], [33, 246, 161, 160, 159, 158, 157, 173, 133]])
_LOWER: Final = np.array([[362, 382, 381, 380, 374, 373, 390, 249, 263], [33, 7, 163, 144, 145, 153, 154, 155, 133]])
"""(2, 9) margins of the lids of the person's left and right eye, each from left to right in the picture."""

_IRIS: Final = np.array([[473, 474, 475, 476, 477], [468, 469, 470, 471, 472]])
"""(2, 5): centre, then four points on the rim, two and two opposite."""

_EYE_PX: Final = 44.0
"""From canthus to canthus in the patch, where the iris is then 18 px wide. Of 32, 44 and 64 the middle one has the
least noise from frame to frame (0.4 to 0.6 degrees, on clips of 320x240 and of 720p alike)."""

_WIDTH, _HEIGHT = 46, 28
_X: Final = np.arange(_WIDTH) + 0.5 - _WIDTH / 2
_Y: Final = np.arange(_HEIGHT) + 0.5 - _HEIGHT / 2

_UPPER_EDGE_PX, _LOWER_EDGE_PX, _CORNER_PX = 1.4, 0.8, 1.4
"""Lashes, the lids' own thickness and the canthi are left out, in px of the patch."""

_RADIUS_SHARE: Final = 0.93
"""The net's irises are 7 % wider than those drawn."""

_BAND: Final = (0.6, 1.5)
"""Of the radius: pupil and highlights inside, the canthi's shadows outside, say nothing about the limbus."""

_BLUR_PX: Final = 1.1
"""The limbus fades over about half a millimetre to either side."""

_RADIUS_DOUBT: Final = 0.03
_SLOPE_DOUBTS: Final = (0.3, 0.04)
"""Standard deviations of what is expected, against the radius and against the contrast over a radius: the net knows the
radius; eyes are lit unevenly from side to side, but a slope up and down cannot be told from a shift of the iris."""

_LEAST_PIXELS: Final = 40
_LEAST_CONTRAST: Final = 3.0
_FARTHEST: Final = 0.9
_ROUNDS: Final = 3
"""More move the centre by less than a hundredth of a diameter."""


@dataclass(frozen=True, slots=True, eq=False)
class Irises:
    """Both irises in a picture, the person's left one first; NaN where no limbus is seen (a closing eye, a reflection).

    Attributes:
        centre_px: (2, 2), x and y in the upright picture.
        diameter_px: (2,).
        contrast: (2,), grey levels from iris to sclera.
        doubt: (2,), standard deviation of the centre's height, in diameters, as far as the pixels' scatter tells.
    """

    centre_px: Floats
    diameter_px: Floats
    contrast: Floats
    doubt: Floats


def refine_irises(frame: VideoFrame, landmarks: NDArray[np.floating]) -> Irises:
    """Find both irises on the picture, beginning from where the landmarks put them.

    Args:
        frame: the picture.
        landmarks: (478, 3 or 2) in px of the upright picture.
    """
    points = np.asarray(landmarks[:, :2], np.float64)
    eyes = [_eye(frame, points, eye) for eye in (0, 1)]
    fits = _fit([eye.pixels for eye in eyes], np.array([eye.expected for eye in eyes]))
    return Irises(
        centre_px=np.array([eye.middle + eye.axes @ disc[:2] for eye, disc in zip(eyes, fits.disc, strict=True)]),
        diameter_px=2 * fits.disc[:, 2] * [eye.scale for eye in eyes],
        contrast=fits.contrast,
        doubt=fits.doubt / (2 * fits.disc[:, 2]),
    )


_WEIGHTS: Final = (0.85, 0.8, 1.2)


def iris_down_mm(iris_mm: Floats, upper_lid_mm: Floats, lower_lid_mm: Floats, sunk_mm: Floats) -> Floats:
    """How far down an iris stands in the head, but for a constant of this person, from heights below the canthi's line.

    The landmarks of the canthi sink by a third of the way when the eye does, by a quarter to a half as the face lies in
    the net's picture: a tilted head differs from an upright one. Against the rest of the face they sink by less, and
    the lids tell the remainder. So heights are taken from halfway between where the canthi seem to be and where they
    would be in a rigid head. Weights and half were chosen from a grid on animated faces (tilts, sizes, colours, lids
    that follow the gaze by 0, 75 and 100 %): tilts of 10 and 20 degrees make the range 1.03 to 1.11 of an upright
    head's, by the canthi alone 1.00 to 1.20. The height looked at on a screen is told to 0.101 of it, left one out,
    with lids and pitch, by the canthi alone to 0.106. The weights stand for millimetres by the net's irises, which it
    draws 6 % too wide.

    Args:
        iris_mm: height below the canthi's line of the iris's centre, as `refine_irises` finds it.
        upper_lid_mm: of the upper lid over the middle of the eye, mean of the landmarks `eyes.UPPER_LID`.
        lower_lid_mm: of the lower lid, mean of `eyes.LOWER_LID`.
        sunk_mm: how far the canthi have sunk in the head from where they rest.
    """
    iris, upper, lower = _WEIGHTS
    down = iris * iris_mm + upper * upper_lid_mm + lower * lower_lid_mm
    return np.asarray(down + (iris + upper + lower) * sunk_mm / 2)


@dataclass(frozen=True, slots=True, eq=False)
class _Eye:
    """One eye in a patch that is turned so that the canthi are level.

    Attributes:
        middle: (2,) between the canthi, px of the picture: the patch's origin.
        axes: (2, 2) the patch's x and y, px of the picture.
        scale: px of the picture in one of the patch.
        pixels: (3, n) x, y and brightness of the patch between the lids.
        expected: (3,) x, y and radius of the iris by its landmarks.
    """

    middle: Floats
    axes: Floats
    scale: float
    pixels: Floats
    expected: Floats


def _eye(frame: VideoFrame, points: Floats, eye: int) -> _Eye:
    upper, lower, iris = points[_UPPER[eye]], points[_LOWER[eye]], points[_IRIS[eye]]
    middle = (upper[0] + upper[-1]) / 2
    x, y = (upper[-1] - upper[0]) / _EYE_PX
    axes = np.array([[x, -y], [y, x]])
    scale = max(float(np.hypot(x, y)), 1e-6)
    inward = axes / scale**2  # its inverse, transposed
    upper, lower, iris = ((part - middle) @ inward for part in (upper, lower, iris))
    matrix = np.column_stack([axes, middle - axes @ [_WIDTH / 2, _HEIGHT / 2]])
    light = frame.crop_light(matrix, _WIDTH, _HEIGHT)
    rows, columns = np.nonzero(_between(upper, lower))
    radius = _RADIUS_SHARE * np.hypot(*(iris[1:3] - iris[3:]).T).mean() / 2
    return _Eye(
        middle=middle,
        axes=axes,
        scale=scale,
        pixels=np.stack([_X[columns], _Y[rows], light[rows, columns]]),
        expected=np.array([*iris[0], radius]),
    )


def _between(upper: Floats, lower: Floats) -> NDArray[np.bool_]:
    """Bool (height, width): the patch's pixels between the lids, whose margins are points from left to right."""
    top = np.interp(_X, upper[:, 0], upper[:, 1]) + _UPPER_EDGE_PX
    bottom = np.interp(_X, lower[:, 0], lower[:, 1]) - _LOWER_EDGE_PX
    return np.asarray((_Y[:, None] > top) & (_Y[:, None] < bottom) & (np.abs(_X) < _EYE_PX / 2 - _CORNER_PX))


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Of both eyes: disc (2, 3) as x, y, radius, contrast (2,), standard deviation of y (2,); NaN where it failed."""

    disc: Floats
    contrast: Floats
    doubt: Floats


def _fit(pixels: list[Floats], expected: Floats) -> _Fits:
    """Gauss-Newton with weights, of both eyes at once: half the time of one after the other."""
    longest = max(_LEAST_PIXELS, *(part.shape[1] for part in pixels))
    x, y, seen = np.stack([np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in pixels], axis=1)
    there = np.arange(longest) < [[part.shape[1]] for part in pixels]
    disc, radius = expected.copy(), expected[:, 2:]
    light = _first_guess(x, y, seen, there, disc)
    for _ in range(_ROUNDS):
        slopes, off, weight = _residuals(x, y, seen, there, disc, light)
        spread = (weight * off * off).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-6) + 0.25  # whole grey levels
        weighted = slopes * weight[:, None]
        tight = spread[:, None] / _doubts(radius[:, 0], light[:, 1]) ** 2
        normal = weighted @ slopes.swapaxes(1, 2)
        normal[:, _DIAGONAL, _DIAGONAL] += tight + 1e-6
        pull = (weighted @ off[..., None])[..., 0]
        pull[:, 2] += tight[:, 2] * (expected[:, 2] - disc[:, 2])
        pull[:, 5:] -= tight[:, 5:] * light[:, 2:]
        step = np.linalg.solve(normal, pull[..., None])[..., 0]
        disc += np.clip(step[:, :3], -0.2 * radius, 0.2 * radius)
        disc[:, 2:] = np.clip(disc[:, 2:], 0.8 * radius, 1.2 * radius)
        light += step[:, 3:]
    moved = np.hypot(*(disc - expected)[:, :2].T)
    good = (there.sum(axis=1) >= _LEAST_PIXELS) & (light[:, 1] >= _LEAST_CONTRAST) & (moved < _FARTHEST * radius[:, 0])
    doubt = np.sqrt(spread * np.linalg.inv(normal)[:, 1, 1])
    return _Fits(
        np.where(good[:, None], disc, np.nan), np.where(good, light[:, 1], np.nan), np.where(good, doubt, np.nan)
    )


def _doubts(radius: Floats, contrast: Floats) -> Floats:
    """(2, 7) standard deviations expected of x, y, radius, level, contrast and the two slopes."""
    doubts = np.full((len(radius), 7), np.inf)
    doubts[:, 2] = _RADIUS_DOUBT * radius
    doubts[:, 5:] = np.maximum(contrast, _LEAST_CONTRAST)[:, None] * _SLOPE_DOUBTS
    return doubts


def _first_guess(x: Floats, y: Floats, seen: Floats, there: NDArray[np.bool_], disc: Floats) -> Floats:
    """(2, 4): level of the iris, contrast to the sclera, no slopes."""
    inside = np.hypot(x - disc[:, :1], y - disc[:, 1:2]) < disc[:, 2:]
    dark, bright = (
        (seen * part).sum(axis=1) / np.maximum(part.sum(axis=1), 1) for part in (inside & there, ~inside & there)
    )
    return np.stack([dark, bright - dark, np.zeros(2), np.zeros(2)], axis=1)


def _residuals(
    x: Floats, y: Floats, seen: Floats, there: NDArray[np.bool_], disc: Floats, light: Floats
) -> tuple[Floats, Floats, Floats]:
    """Derivatives (2, 7, n) of the drawn brightness, what is missing from it to the picture (2, n), weights (2, n)."""
    centre_x, centre_y, radius = disc.T[..., None]
    level, contrast, across, down = light.T[..., None]
    dx, dy = x - centre_x, y - centre_y
    away = np.sqrt(dx * dx + dy * dy) + 1e-6
    step = np.tanh((away - radius) / _BLUR_PX)
    slopes = np.empty((len(disc), 7, x.shape[1]))
    slopes[:, 2] = edge = np.maximum(contrast, _LEAST_CONTRAST) * (0.5 / _BLUR_PX) * (step * step - 1)
    slopes[:, 0], slopes[:, 1] = edge * dx / away, edge * dy / away
    slopes[:, 3], slopes[:, 4], slopes[:, 5], slopes[:, 6] = 1.0, 0.5 + 0.5 * step, dx / radius, dy / radius
    off = seen - (level + contrast * slopes[:, 4] + across * slopes[:, 5] + down * slopes[:, 6])
    band = there & (away > _BAND[0] * radius) & (away < _BAND[1] * radius)
    usual = 1.25 * (np.abs(off) * band).sum(axis=1) / np.maximum(band.sum(axis=1), 1) + 0.5
    return slopes, off, band / (1 + (off / (2.5 * usual[:, None])) ** 2)  # Cauchy: highlights and lashes count little


_DIAGONAL: Final = np.arange(7)
