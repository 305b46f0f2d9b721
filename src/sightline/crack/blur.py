"""How much a photo blurs, and how its values follow the light: both are needed to tell a narrow line's width.

Both show in edges that are known to be sharp: those of the marker or the card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_blur import USUAL_SHARE, Blur, blur_of_edges
from sightline.crack.edge_model import Floats
from sightline.crack.scale.homography import project

if TYPE_CHECKING:
    from sightline.crack.scale.plane import PlaneScale

_BETWEEN = 1.5
"""Modules of white around a code, at least."""

_CORNER = 0.08
"""Share of a card's side that its corner takes at most (3.18 of 53.98 mm), and a little more."""

USUAL_BLUR = Blur(0.85, 0.25, *USUAL_SHARE.tolist())
"""What is taken where a photo shows no edge that is known to be sharp: cameras and phones write photos of 0.5 (as sharp
as pixels allow) to 1.3 px."""


def blur_of(image: NDArray[np.uint8], scale: PlaneScale | None) -> Blur:
    """The blur of a photo, by the edges of the marker or the card in it; the usual one where it shows none.

    Args:
        image: RGB uint8 (H, W, 3).
        scale: what was found in the photo.
    """
    if scale is None or scale.kind == "points":
        return USUAL_BLUR
    edges, clear_px = _marker_edges(scale) if scale.kind == "marker" else _card_edges(scale)
    return blur_of_edges(image, edges, clear_px) or USUAL_BLUR


def _marker_edges(scale: PlaneScale) -> tuple[Floats, Floats]:
    """The sides of all codes in the photo, (n, 2, 2), and how far it is to other edges, see `blur_of_edges`."""
    from sightline.crack.scale.board import BOARDS
    from sightline.crack.scale.codes import CELLS

    outline = scale.points_mm(scale.outline)
    size = np.hypot(*(outline[[1, 2]] - outline[[0, 1]]).T)
    board = min(BOARDS, key=lambda one: abs(one.size_mm[0] - size[0]) + abs(one.size_mm[1] - size[1]))
    to_photo = np.linalg.inv(scale.to_mm).astype(np.float64)
    corners = project(to_photo, board.corners_mm.reshape(-1, 2)).reshape(-1, 4, 2)
    forth, aside = (np.roll(corners, turn, axis=1) - corners for turn in (-1, 1))
    module_px = np.abs(_cross(forth, aside)) / np.hypot(*np.moveaxis(forth, -1, 0)) / CELLS
    edges = np.stack([corners, corners + forth], axis=2).reshape(-1, 2, 2)
    return edges, module_px.reshape(-1, 1) * [_BETWEEN, 1]


def _cross(one: Floats, other: Floats) -> Floats:
    area: Floats = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return area


def _card_edges(scale: PlaneScale) -> tuple[Floats, None]:
    """The same of a card, without its round corners."""
    edges = np.stack([scale.outline, np.roll(scale.outline, -1, axis=0)], axis=1)
    forth = edges[:, 1] - edges[:, 0]
    return np.stack([edges[:, 0] + _CORNER * forth, edges[:, 1] - _CORNER * forth], axis=1), None
