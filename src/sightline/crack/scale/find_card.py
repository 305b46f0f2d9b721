"""Find a card of ISO 7810 size (a bank card, a driving licence) that lies on the wall.

Nothing is printed on it that could be read, so its shape must do: four straight sides seen whole, the ratio of the
sides as a camera can see it, and corners rounded as the standard has them, which tells a card from a light switch, a
tile, a business card.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.scale.edges import peak_at, profiles
from sightline.crack.scale.fit import Edges, Fit, fit_edges
from sightline.crack.scale.homography import Floats, project, through_points
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.scale.rectangles import rectangles
from sightline.errors import BadInputError

CARD_MM = (85.60, 53.98)
"""ISO/IEC 7810:2019, size ID-1."""

CORNER_MM = 3.18
"""Its corners' radius; 2.88 to 3.48 are allowed."""

LEAST_PX_PER_MM = 2.0
"""Below, a rounded corner cannot be told from a sharp one: they differ by 1.3 mm along the diagonal."""

_SEEN = 0.7
"""So much of a side's length is seen where the wall is photographed at 45 degrees."""

SEARCH_SIDE_PX = 800
"""The search looks at a copy whose longer side has at most so many pixels."""

_CARD_UNCERTAINTY = 0.005
"""Relative, 1 sigma. Used cards are 85.47 to 85.72 mm wide; one of 0.76 mm, 40 cm from the camera, looks larger than
the wall behind it by 0.2 %; the outer edge of its shadow, some 0.4 mm wide, may be taken for its own (measured on
rendered cards: 0.3 to 0.7 %)."""

_SIDE_ERROR_PX = 0.3
"""1 sigma, common to all points of a side: the edge is rounded and throws a thin shadow."""

_ASPECT = 0.035
"""So much may the ratio of the sides, or the cosine of their angle, be off after perspective is taken out."""

_USUAL_FOCAL_LENGTH = 0.75
"""Of a phone's main camera, in longer sides of the photo."""

_FOCAL_LENGTHS = np.geomspace(0.5, 4, 64)
"""Cameras' focal lengths in longer sides of the photo: ultra-wide to a threefold zoom."""

_LEAST_SUPPORT = 0.45
"""So many points of each side must lie on it: the edge of its shadow may be the stronger one here and there."""

_ROUNDED_MM = (0.55, 2.3)
"""Where the edge lies on the diagonal, inside from where the sides would meet: 0 for a sharp corner, CORNER_MM times
(root 2 - 1) = 1.32 for a card's."""

_SAME = 0.1
"""Two finds are one, or say the same, where their scales differ by less."""

_HALF = np.array(CARD_MM) / 2
_CORNERS_MM = _HALF * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
_SIDES = Edges(
    starts=_CORNERS_MM,
    ends=np.roll(_CORNERS_MM, -1, axis=0),
    margin_mm=CORNER_MM + 1,
    reach_mm=20.0,
    inside_dark=False,
    swelling=False,
    error_px=_SIDE_ERROR_PX,
)


def find_card(image: NDArray[np.uint8]) -> PlaneScale | None:
    """The scale that a card in a photo gives; None where there is none.

    Args:
        image: RGB (H, W, 3).

    Raises:
        BadInputError: several things look like a card and say different scales.
    """
    factor = -(-max(image.shape[:2]) // SEARCH_SIDE_PX)
    small = np.asarray(Image.fromarray(image).reduce(factor)) if factor > 1 else image
    found: list[PlaneScale] = []
    for quad in rectangles(small) * factor:
        scale = _card_at(image, quad, factor)
        if scale is not None:
            found.append(scale)
    if not found:
        return None
    sizes = [scale.mm_per_px for scale in found]
    if max(sizes) > min(sizes) * (1 + _SAME):
        raise BadInputError(
            "several things in the photo look like a card: take a photo with one card and no other",
            reason_code="several_cards",
        )
    return min(found, key=lambda scale: scale.relative_uncertainty)


def _card_at(image: NDArray[np.uint8], quad: Floats, factor: int) -> PlaneScale | None:
    """The scale from a card whose corners are about there; None where it is none."""
    photo_size = image.shape[1], image.shape[0]
    shortest_px = float(np.hypot(*(np.roll(quad, -1, axis=0) - quad).T).min())
    if shortest_px < _SEEN * LEAST_PX_PER_MM * min(CARD_MM) - factor:
        return None
    # Corners wrong by a pixel of the search change the perspective, and the more so the smaller the card is.
    allowed = 3 * _ASPECT + _USUAL_FOCAL_LENGTH * max(photo_size) * factor / shortest_px**2
    for turned in (quad, np.roll(quad, 1, axis=0)):
        to_photo = through_points(_CORNERS_MM, turned)
        if _unlike_a_camera(to_photo, photo_size) > allowed:
            continue
        fit = fit_edges(image, _SIDES, to_photo, reach_px=3.0 * factor + 2, least_px=3.0, points=48)
        if fit is not None and _is_card(image, fit):
            return PlaneScale(
                kind="card",
                to_mm=fit.to_mm,
                spread=fit.spread,
                size_uncertainty=_CARD_UNCERTAINTY,
                outline=project(fit.to_photo, _CORNERS_MM),
                perspective_corrected=True,
                photo_size=photo_size,
            )
    return None


def _is_card(image: NDArray[np.uint8], fit: Fit) -> bool:
    corners = project(fit.to_photo, _CORNERS_MM)
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    seen = (sides > _SEEN * LEAST_PX_PER_MM * np.tile(CARD_MM, 2)).all()
    if not seen or fit.support.min() < _LEAST_SUPPORT:
        return False
    if _unlike_a_camera(fit.to_photo, (image.shape[1], image.shape[0])) > _ASPECT:
        return False
    return _ROUNDED_MM[0] < _rounding_mm(image, fit.to_photo) < _ROUNDED_MM[1]


def _unlike_a_camera(to_photo: Floats, photo_size: tuple[int, int]) -> float:
    """How far a homography is from one that a camera makes of a plane: 0 where some focal length explains it.

    A camera's turns the axes of the plane into two vectors of one length at a right angle, once its own focal length is
    taken out (Zhang, A flexible new technique for camera calibration, IEEE TPAMI 22, 2000). Pixels are square and the
    optical axis goes through the photo's middle.
    """
    width, height = photo_size
    centred = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]]) @ to_photo
    axes = (
        centred[None, :, :2]
        / np.stack([focal := _FOCAL_LENGTHS * max(photo_size), focal, np.ones(64)], axis=1)[..., None]
    )
    lengths = np.linalg.norm(axes, axis=1)
    cosine = np.abs((axes[..., 0] * axes[..., 1]).sum(axis=1)) / lengths.prod(axis=1)
    ratio = np.abs(np.log(lengths[:, 0] / lengths[:, 1]))
    return float(np.maximum(cosine, ratio).min())


def _rounding_mm(image: NDArray[np.uint8], to_photo: Floats) -> float:
    """How far inside from the corner of the sides the edge lies on the diagonals; median of the corners, in mm."""
    inward = -np.sign(_CORNERS_MM) / np.sqrt(2)
    middle, reach = 0.7, 2.6  # from 1.9 mm outside to 3.3 mm inside
    ends = [project(to_photo, _CORNERS_MM + inward * (middle + far)) for far in (-reach, reach)]
    along = ends[1] - ends[0]
    lengths = np.hypot(*along.T)
    places = []
    for corner in range(4):
        points, reach_px = (ends[0] + ends[1])[corner] / 2, float(lengths[corner] / 2)
        across = profiles(image, points[None], (along / lengths[:, None])[corner][None], reach_px)
        place, height = peak_at(across, reach_px)
        if height[0] != 0:
            places.append(middle + float(place[0]) / reach_px * reach)
    return float(np.median(places)) if places else 0.0
