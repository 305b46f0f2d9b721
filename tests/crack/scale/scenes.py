"""Photos of boards and cards on a wall, rendered from their exact shapes through a camera that is known."""

from __future__ import annotations

from collections.abc import Callable

import diplib as dip
import numpy as np
from numpy.typing import NDArray

from sightline.crack.scale.board import Board
from sightline.crack.scale.codes import CELLS, modules
from sightline.crack.scale.homography import project

Floats = NDArray[np.float64]
Paint = Callable[[Floats], tuple[Floats, NDArray[np.bool_]]]
"""Places on the plane in mm, (..., 2), to light in 0..1, (...) or (..., 3), and whether there is anything."""

SIZE = (640, 480)
PAPER_MM = 12.0
"""White around a board."""

REACH_MM = (90.0, 118.0)
"""So far from the middle of the plane, x and y, there may be something painted: the large board with its paper."""


def camera(
    distance_mm: float,
    *,
    tilt_deg: float = 0,
    pan_deg: float = 0,
    roll_deg: float = 0,
    size: tuple[int, int] = SIZE,
    at_mm: tuple[float, float] = (0, 0),
) -> Floats:
    """From mm on the plane to the pixels of a camera whose optical axis meets the plane at `at_mm`."""
    width, height = size
    focal = 0.75 * max(size)
    turned = _turn(0, 1, roll_deg) @ _turn(1, 2, tilt_deg) @ _turn(0, 2, pan_deg)
    there = np.array([0, 0, distance_mm]) - turned @ np.array([*at_mm, 0])
    lens = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    seen = lens @ np.column_stack([turned[:, 0], turned[:, 1], there])
    to_photo: Floats = seen / seen[2, 2]
    return to_photo


def inverse(to_photo: Floats) -> Floats:
    to_mm: Floats = np.linalg.inv(to_photo).astype(np.float64)
    return to_mm


def _turn(one: int, other: int, angle_deg: float) -> Floats:
    turn, (cosine, sine) = np.eye(3), (np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg)))
    turn[one, one] = turn[other, other] = cosine
    turn[one, other], turn[other, one] = -sine, sine
    return turn


def board_paint(board: Board) -> Paint:
    """A board on white paper."""
    black = np.zeros((board.rows, board.columns, CELLS, CELLS), np.bool_)
    for place, number in enumerate(board.ids):
        black[divmod(place, board.columns)] = ~np.pad(modules(number), 1)

    def paint(places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        paper = np.all(np.abs(places) < np.array(board.size_mm) / 2 + PAPER_MM, axis=-1)
        pitch = board.code_mm + board.gap_mm
        code, within = np.divmod(places + np.array(board.size_mm) / 2, pitch)
        within_codes = (within < board.code_mm) & (code >= 0) & (code < [board.columns, board.rows])
        on_code: NDArray[np.bool_] = np.logical_and.reduce(within_codes, axis=-1)
        column, row = np.where(on_code[..., None], code, 0).astype(int).T
        u, v = (np.where(on_code[..., None], within, 0) / board.code_mm * CELLS).astype(int).T
        ink = on_code & black[row, column, v, u].T
        return np.where(ink, 0.04, 0.8), paper

    return paint


def card_paint(colour: tuple[float, float, float] = (0.03, 0.08, 0.4), *, corner_mm: float = 3.18) -> Paint:
    """A card with a chip and a line of print on it."""
    half = np.array([85.60, 53.98]) / 2

    def paint(places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        over = np.maximum(np.abs(places) - (half - corner_mm), 0)
        card = (np.abs(places) < half).all(axis=-1) & (np.hypot(over[..., 0], over[..., 1]) <= max(corner_mm, 1e-9))
        x, y = places[..., 0], places[..., 1]
        light = np.broadcast_to(np.array(colour), (*x.shape, 3)).copy()
        light[(np.abs(x + 28) < 6) & (np.abs(y + 3) < 5)] = 0.6, 0.5, 0.2
        light[(np.abs(y - 10) < 2) & (np.floor(x / 2) % 2 == 0) & (np.abs(x) < 35)] = 0.8
        return light, card

    return paint


def photo(
    to_photo: Floats,
    paint: Paint | None,
    *,
    size: tuple[int, int] = SIZE,
    wall: float = 0.5,
    blur_px: float = 0.8,
    noise: float = 2.0,
    shade: Floats | None = None,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """RGB (H, W, 3): 2 x 2 rays a pixel, blurred in light, with sensor noise in grey levels.

    Args:
        to_photo: of the plane that `paint` is on.
        paint: what lies on the wall, if anything.
        size: width and height.
        wall: how light it is.
        blur_px: sigma of the lens's blur.
        noise: sigma in grey levels.
        shade: (H, W), what share of the light reaches each pixel's place.
        seed: of the noise.
    """
    width, height = size
    rng = np.random.default_rng(seed)
    light = np.full((height, width, 3), wall) * [1.0, 0.97, 0.92] * (1 + 0.02 * rng.normal(size=(height, width, 1)))
    if paint is not None:
        _lay(light, to_photo, paint)
    if shade is not None:
        light *= shade[..., None]
    if blur_px:
        light = np.stack([np.asarray(dip.Gauss(colour, blur_px)) for colour in np.moveaxis(light, -1, 0)], axis=-1)
    light = np.clip(light, 0, 1)
    coded = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.clip(np.rint(coded + rng.normal(0, noise, coded.shape)), 0, 255).astype(np.uint8)


def _lay(light: Floats, to_photo: Floats, paint: Paint) -> None:
    """Lay what is painted over the wall's light."""
    height, width = light.shape[:2]
    ends = project(to_photo, np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * REACH_MM)
    (left, top), (right, bottom) = ends.min(axis=0).clip(0), ends.max(axis=0).clip(0, [width, height])
    part = light[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
    y, x = np.mgrid[: part.shape[0], : part.shape[1]] + np.array([int(top), int(left)])[:, None, None]
    to_mm = inverse(to_photo)
    own, cover = np.zeros_like(part), np.zeros((*part.shape[:2], 1))
    for down in (1 / 4, 3 / 4):
        for aside in (1 / 4, 3 / 4):
            rays = np.stack([x + aside, y + down], axis=-1).reshape(-1, 2)
            seen, there = paint(project(to_mm, rays))
            seen = np.broadcast_to(seen.reshape(len(rays), -1), (len(rays), 3)).reshape(part.shape)
            here = there.reshape(cover.shape)
            own += np.where(here, seen, 0)
            cover += here
    part *= 1 - cover / 4
    part += own / 4
