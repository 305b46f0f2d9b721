"""Find a printed board in a photo: look for its codes in a small copy, then fit its edges in the photo itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.scale.board import BOARDS, Board
from sightline.crack.scale.codes import CELLS, read_codes
from sightline.crack.scale.fit import Edges, Fit, fit_edges
from sightline.crack.scale.homography import Floats, project, through_points
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.scale.quads import dark_quads

SEARCH_SIDE_PX = 1400
"""The search looks at a copy whose longer side has at most so many pixels: a code may be 3 px of it a module, which is
40 px of a photo of 12 megapixels."""

LEAST_CODES = 2
"""A pattern on a wall may look like one code by chance (about one dark square in 60 would), but not like two of a board
in each other's right place."""

_PRINT_UNCERTAINTY = 0.003
"""Relative, 1 sigma: the page says to check that its line of 100 mm is no more than 0.5 mm off (evenly distributed)."""

_SIDE_ERROR_PX = 0.1
"""1 sigma, common to all points of a code's side: lens and paper are not quite flat."""

_TOGETHER = 0.25
"""Codes belong together where one homography puts their corners within so many of their sides of where they are."""

_LEAST_SUPPORT = 0.5
"""A code counts where so many points of its sides lie where the board has them."""


@dataclass(frozen=True, slots=True)
class _Code:
    """A code found in a photo: its place on the board (0 is the first) and its corners there, (4, 2)."""

    place: int
    corners: Floats


def find_board(image: NDArray[np.uint8]) -> PlaneScale | None:
    """The scale that a printed board in a photo gives; None where there is no board, or too little of it.

    Args:
        image: RGB (H, W, 3).
    """
    codes = _find_codes(image)
    scales = [scale for board in BOARDS if (scale := _scale(image, board, codes)) is not None]
    return min(scales, key=lambda scale: scale.relative_uncertainty, default=None)


def _find_codes(image: NDArray[np.uint8]) -> list[tuple[int, Floats]]:
    """Numbers and corners of all codes, in the photo's pixels."""
    green = np.ascontiguousarray(image[:, :, 1])  # a third of the work, and the least noisy of a phone's colours
    factor = -(-max(green.shape) // SEARCH_SIDE_PX)
    small = np.asarray(Image.fromarray(green).reduce(factor)) if factor > 1 else green
    quads = dark_quads(small) * factor
    which, numbers, first = read_codes(green, quads)
    turned = quads[which[:, None], (first[:, None] + np.arange(4)) % 4]
    return list(zip(numbers.tolist(), turned, strict=True))


def _scale(image: NDArray[np.uint8], board: Board, codes: list[tuple[int, Floats]]) -> PlaneScale | None:
    found = [_Code(number - board.first_id, corners) for number, corners in codes if number in board.ids]
    to_photo = _agreed(board, found)
    if to_photo is None:
        return None
    fit = _fit(image, board, to_photo)
    if fit is None:
        return None
    width, height = board.size_mm
    outline = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2
    return PlaneScale(
        kind="marker",
        to_mm=fit.to_mm,
        spread=fit.spread,
        size_uncertainty=_PRINT_UNCERTAINTY,
        outline=project(fit.to_photo, outline),
        perspective_corrected=True,
        photo_size=(image.shape[1], image.shape[0]),
    )


def _agreed(board: Board, found: list[_Code]) -> Floats | None:
    """The homography from mm to pixels that most codes agree on; None where not even LEAST_CODES do."""
    best: list[_Code] = []
    for pair in combinations(found, LEAST_CODES):
        if pair[0].place == pair[1].place:
            continue
        agreeing = _agreeing(board, found, _through(board, list(pair)))
        if all(code in agreeing for code in pair) and len(agreeing) > len(best):
            best = agreeing
        if len(best) == len(found):
            break
    return _through(board, best) if best else None


def _through(board: Board, codes: list[_Code]) -> Floats:
    places = board.corners_mm[[code.place for code in codes]]
    return through_points(places.reshape(-1, 2), np.concatenate([code.corners for code in codes]))


def _agreeing(board: Board, found: list[_Code], to_photo: Floats) -> list[_Code]:
    corners = np.array([code.corners for code in found])
    wanted = project(to_photo, board.corners_mm[[code.place for code in found]].reshape(-1, 2)).reshape(-1, 4, 2)
    off = np.hypot(*np.moveaxis(corners - wanted, -1, 0)).max(axis=1)
    side = np.hypot(*np.moveaxis(corners - np.roll(corners, 1, axis=1), -1, 0)).min(axis=1)
    return [code for code, fits in zip(found, off < _TOGETHER * side, strict=True) if fits]


def _fit(image: NDArray[np.uint8], board: Board, to_photo: Floats) -> Fit | None:
    """Fit the edges of all codes that can be in the photo; None where too few of them are."""
    corners = board.corners_mm
    module_mm = board.code_mm / CELLS
    edges = Edges(
        starts=corners.reshape(-1, 2),
        ends=np.roll(corners, -1, axis=1).reshape(-1, 2),
        margin_mm=module_mm,
        reach_mm=module_mm,
        inside_dark=True,
        swelling=True,
        error_px=_SIDE_ERROR_PX,
    )
    fit = fit_edges(image, edges, to_photo, reach_px=8.0, least_px=4.0, points=20)
    if fit is None or np.count_nonzero(fit.support.reshape(-1, 4).min(axis=1) >= _LEAST_SUPPORT) < LEAST_CODES:
        return None
    return fit
