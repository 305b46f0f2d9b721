"""Plates with lines of known width, photographed by a camera that is known: scenes for `plates.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import diplib as dip
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.engine import Evidence, Region
from sightline.crack.report import ModelInfo
from sightline.crack.scale.board import LARGE, SMALL, Board
from sightline.crack.scale.codes import CELLS, modules
from sightline.crack.scale.homography import project

Floats = NDArray[np.float64]
Shape = Callable[[Floats], NDArray[np.bool_]]
"""Places on the plate in mm, (..., 2), to whether they are dark."""

Object = Literal["marker", "card", "points"]

WIDTHS_MM = (0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0)

SIZE = 2400, 1800
"""Pixels: the middle of a photo of 12 megapixels, which has the reference and the lines in it."""

FOCAL_PX = 3024.0
"""Of a phone's main camera with 4032 px along the longer side (26 to 28 mm as on film)."""

WALL, PAPER, INK = 0.55, 0.8, 0.04
"""Light that comes back, of 1."""

_LINE_SAMPLES, _OBJECT_SAMPLES = 10, 5
"""Rays along a pixel's side."""

_CARD_MM, _CARD_CORNER_MM = (85.60, 53.98), 3.18


@dataclass(frozen=True, slots=True)
class Setting:
    """How a plate is photographed.

    Attributes:
        thing: what gives the scale.
        distance_mm: from the camera to the middle of the plate.
        angle_deg: between the camera's axis and the plate's normal.
        blur_px: sigma of the lens's blur.
        noise: sigma in grey levels.
        quality: of the JPEG.
        seed: turns the camera, the plate and the angle's axis, and makes the noise.
    """

    thing: Object
    distance_mm: float
    angle_deg: float
    blur_px: float
    noise: float
    quality: int
    seed: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line on the plate: its middle and direction in mm, its width and length, and its width in pixels."""

    middle: Floats
    along: Floats
    width_mm: float
    length_mm: float
    width_px: float

    def holds(self, places: Floats) -> NDArray[np.bool_]:
        off = places - self.middle
        across = np.abs(off @ np.array([-self.along[1], self.along[0]])) <= self.width_mm / 2
        return np.asarray(across & (np.abs(off @ self.along) <= self.length_mm / 2))


@dataclass(frozen=True, slots=True)
class Scene:
    """A photo, uint8 (H, W, 3), with what is true about it: the map from mm to its pixels, and its lines."""

    photo: NDArray[np.uint8]
    to_photo: Floats
    lines: tuple[Line, ...]


class PlateEngine:
    """Finds the lines of a scene about as well as a model does: at its resolution, a pixel off and too wide."""

    info = ModelInfo("plates", "1", "0" * 64)

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene, self._rng = scene, np.random.default_rng(seed)

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """The n-th line has the n-th highest confidence."""
        height, width = image.shape[:2]
        factor = max(1.0, max(width, height) / 1536)
        shape = round(height / factor), round(width / factor)
        regions = []
        for number, line in enumerate(self._scene.lines):
            ends = project(self._scene.to_photo, line.middle + np.outer([-0.5, 0.5], line.along) * line.length_mm)
            ends = ends / factor + self._rng.normal(0, 0.5, 2)
            seen = max(2.0, 1.2 * line.width_px / factor + 1)
            regions.append((_drawn(ends, seen, shape), 0.99 - 0.01 * number))
        return Evidence(np.zeros(shape, np.float32), tuple(regions))


def make_scene(setting: Setting) -> Scene:
    """Render a scene; the same setting gives the same bytes."""
    rng = np.random.default_rng(setting.seed)
    to_photo = _camera(setting, rng)
    px_mm = setting.distance_mm / FOCAL_PX
    lines = _lines(to_photo, px_mm, rng)
    light = np.full(SIZE[::-1], WALL)
    if setting.thing == "marker":
        _lay_board(light, to_photo, LARGE if setting.distance_mm > 1200 else SMALL, px_mm, setting.blur_px)
    elif setting.thing == "card":
        _lay(light, to_photo, _card(_reference_at(px_mm, _CARD_MM[1])), 0.1, _OBJECT_SAMPLES, setting.blur_px)
    for line in lines:
        corners = line.middle + np.array([[a, b] for a in (-0.5, 0.5) for b in (-0.5, 0.5)]) @ np.array(
            [line.along * line.length_mm, np.array([-line.along[1], line.along[0]]) * line.width_mm]
        )
        _lay(light, to_photo, (line.holds, corners), INK, _LINE_SAMPLES, setting.blur_px)
    x, y = np.meshgrid(np.linspace(-1, 1, SIZE[0]), np.linspace(-1, 1, SIZE[1]))
    light *= 1 + 0.15 * (x * np.cos(setting.seed) + y * np.sin(setting.seed))
    return Scene(_developed(light, setting, rng), to_photo, lines)


def _developed(light: Floats, setting: Setting, rng: np.random.Generator) -> NDArray[np.uint8]:
    light = np.clip(light, 0, 1)
    coded = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    values = coded[..., None] + rng.normal(0, setting.noise, (*coded.shape, 3))
    file = BytesIO()
    Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).save(file, "JPEG", quality=setting.quality)
    return np.asarray(Image.open(file))


def _camera(setting: Setting, rng: np.random.Generator) -> Floats:
    """From mm on the plate to pixels, the camera's axis through the plate's middle."""
    axis, roll, angle = rng.uniform(0, 2 * np.pi), np.deg2rad(rng.uniform(-20, 20)), np.deg2rad(setting.angle_deg)
    turned = _turn(0, 1, roll) @ _turn(0, 1, axis) @ _turn(1, 2, angle) @ _turn(0, 1, -axis)
    lens = np.array([[FOCAL_PX, 0, SIZE[0] / 2], [0, FOCAL_PX, SIZE[1] / 2], [0, 0, 1]])
    to_photo: Floats = lens @ np.column_stack([turned[:, 0], turned[:, 1], [0, 0, setting.distance_mm]])
    return to_photo


def _turn(one: int, other: int, angle: float) -> Floats:
    turn = np.eye(3)
    turn[one, one] = turn[other, other] = np.cos(angle)
    turn[one, other], turn[other, one] = -np.sin(angle), np.sin(angle)
    return turn


def _lines(to_photo: Floats, px_mm: float, rng: np.random.Generator) -> tuple[Line, ...]:
    """Lines side by side below the reference, each with a slant of its own; those that could be seen at all."""
    shown = [width for width in WIDTHS_MM if width >= px_mm]
    places = (np.arange(len(shown)) - (len(shown) - 1) / 2) * 1300 * px_mm / max(len(shown) - 1, 1)
    lines = []
    for width, place in zip(shown, places, strict=True):
        slant = rng.uniform(-0.12, 0.12)
        middle, along = np.array([place, 330 * px_mm]), np.array([np.sin(slant), np.cos(slant)])
        across = middle + np.outer([-0.5, 0.5], [-along[1], along[0]]) * width
        ends = project(to_photo, middle + np.outer([-0.5, 0.5], along) * width)
        (ux, uy), (vx, vy) = np.diff(project(to_photo, across), axis=0)[0], np.diff(ends, axis=0)[0]
        width_px = abs(ux * vy - uy * vx) / float(np.hypot(vx, vy))
        lines.append(Line(middle, along, width, 380 * px_mm, width_px))
    return tuple(lines)


def _reference_at(px_mm: float, height_mm: float) -> Floats:
    """The middle of a reference that lies above the lines."""
    return np.array([0.0, 80 * px_mm - height_mm / 2])


def _card(middle: Floats) -> tuple[Shape, Floats]:
    half = np.array(_CARD_MM) / 2

    def holds(places: Floats) -> NDArray[np.bool_]:
        over = np.maximum(np.abs(places - middle) - (half - _CARD_CORNER_MM), 0)
        return np.asarray(np.hypot(over[..., 0], over[..., 1]) <= _CARD_CORNER_MM)

    return holds, middle + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def _lay_board(light: Floats, to_photo: Floats, board: Board, px_mm: float, blur_px: float) -> None:
    margin = board.code_mm / 4
    middle = _reference_at(px_mm, board.size_mm[1] + 2 * margin)
    half = np.array(board.size_mm) / 2
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    paper = half + margin
    codes = np.stack([~np.pad(modules(number), 1) for number in board.ids])
    black = codes.reshape(board.rows, board.columns, CELLS, CELLS)

    def on_paper(places: Floats) -> NDArray[np.bool_]:
        return np.asarray((np.abs(places - middle) <= paper).all(axis=-1))

    def on_ink(places: Floats) -> NDArray[np.bool_]:
        code, within = np.divmod(places - middle + half, board.code_mm + board.gap_mm)
        on = ((within < board.code_mm) & (code >= 0) & (code < [board.columns, board.rows])).all(axis=-1)
        ink = np.zeros(on.shape, np.bool_)
        column, row = code[on].astype(int).T
        x, y = (within[on] / board.code_mm * CELLS).astype(int).T
        ink[on] = black[row, column, y, x]
        return ink

    _lay(light, to_photo, (on_paper, middle + paper * box), PAPER, _OBJECT_SAMPLES, blur_px)
    _lay(light, to_photo, (on_ink, middle + half * box), INK, _OBJECT_SAMPLES, blur_px)


def _lay(
    light: Floats, to_photo: Floats, thing: tuple[Shape, Floats], of_light: float, samples: int, blur_px: float
) -> None:
    """Lay a thing of one colour onto the picture: rays inside each pixel, blurred, then gathered in pixels."""
    holds, corners = thing
    found = project(to_photo, corners)
    margin = int(np.ceil(4 * blur_px)) + 2
    left, top = np.maximum(np.floor(found.min(axis=0)).astype(int) - margin, 0)
    right, bottom = np.minimum(np.ceil(found.max(axis=0)).astype(int) + margin, SIZE)
    back = np.linalg.inv(to_photo)
    x = left + (np.arange((right - left) * samples) + 0.5) / samples
    dark = np.empty(((bottom - top) * samples, len(x)), np.float32)
    for row in range(len(dark)):
        y = top + (row + 0.5) / samples
        depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
        places = np.stack([(back[k, 0] * x + back[k, 1] * y + back[k, 2]) / depth for k in (0, 1)], axis=1)
        dark[row] = holds(places)
    blurred = np.asarray(dip.Gauss(dark, blur_px * samples, boundaryCondition=["add zeros"]))
    covered = blurred.reshape(bottom - top, samples, right - left, samples).mean(axis=(1, 3))
    light[top:bottom, left:right] += covered * (of_light - light[top:bottom, left:right])


def _drawn(ends: Floats, width: float, shape: tuple[int, int]) -> Region:
    """A line as a region, `ends` in pixels that span 0..width and 0..height."""
    low = np.maximum(np.floor(ends.min(axis=0) - width).astype(int) - 2, 0)
    high = np.minimum(np.ceil(ends.max(axis=0) + width).astype(int) + 2, shape[::-1])
    forth = ends[1] - ends[0]
    length = float(np.hypot(*forth))
    forth = forth / length
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]] + 0.5
    along = (x - ends[0, 0]) * forth[0] + (y - ends[0, 1]) * forth[1]
    across = np.abs((y - ends[0, 1]) * forth[0] - (x - ends[0, 0]) * forth[1])
    inside = np.minimum(width / 2 - across, np.minimum(along, length - along)) + 0.5
    return Region(int(low[0]), int(low[1]), np.clip(inside, 0, 1).astype(np.float32))
