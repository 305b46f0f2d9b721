"""The picture that shows what changed: both photos side by side in one frame, the changes outlined, a legend below."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sightline.crack.compare.change_legend import KIND_COLOUR, draw_change_legend
from sightline.crack.compare.compared import KINDS, ChangeKind, ComparisonReport, CrackChange, Polygons
from sightline.crack.compare.reframe import reframed
from sightline.crack.legend import BACKGROUND
from sightline.crack.rings import draw_ring, reach
from sightline.crack.style import badge
from sightline.crack.tags import TagPlaces
from sightline.documents.language import Language, Wording

SIDE_PX = 1024
"""Longer side of each half: the two together fill a large screen, and on a phone one is enlarged by hand anyway."""

TAGS = 30
"""More tags hide the photos; the rest is outlined all the same."""

_GAP_PX = 12
_EMPTY = (52, 56, 62)
"""Where the before photo shows nothing: lighter than the legend, darker than a wall."""

Pixels = NDArray[np.uint8]
Place = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def comparison_picture(
    before_image: Pixels, after_image: Pixels, report: ComparisonReport, language: Language = "en"
) -> Pixels:
    """Draw a comparison onto its photos.

    The before photo is laid into the frame of the after photo, so that a crack lies at the same place in both halves.
    Every change is outlined in both, in its kind's colour and with its number in the report; what grew is outlined
    once more in the colour of what is new. Photos that could not be compared stand beside each other as they are.

    Args:
        before_image: the photo before, RGB uint8 (H, W, 3); it is not changed.
        after_image: the photo after.
        report: of these two photos.
        language: of the words on it.

    Returns:
        RGB uint8 (h, w, 3).
    """
    registration = report.registration
    right = _fitted(after_image)
    size = right.shape[1], right.shape[0]
    if registration is None:
        left = _fitted(before_image)
    else:
        left = reframed(before_image, registration, size, _EMPTY)
        scale = np.array(size) / registration.after_size
        left = _drawn(left, report, lambda change: _carried(change, registration.to_after, scale), stretches=False)
        right = _drawn(right, report, lambda change: _scaled(change.outline_after, scale), stretches=True)
    names = Wording(language)("Before", "이전 사진"), Wording(language)("After", "나중 사진")
    halves = [_named(half, name, language) for half, name in zip((left, right), names, strict=True)]
    width = sum(half.shape[1] for half in halves) + _GAP_PX
    height = max(half.shape[0] for half in halves)
    legend = draw_change_legend(report, width, max(12, width // 85), language)
    whole = np.empty((height + legend.shape[0], legend.shape[1], 3), np.uint8)
    whole[:] = BACKGROUND
    whole[: left.shape[0], : left.shape[1]] = halves[0]
    whole[: right.shape[0], left.shape[1] + _GAP_PX : width] = halves[1]
    whole[height:] = legend
    return whole


def _fitted(image: Pixels) -> Pixels:
    """The photo, its longer side at most `SIDE_PX`; a small one stays as it is."""
    height, width = image.shape[:2]
    scale = SIDE_PX / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def _carried(change: CrackChange, place: Place, scale: NDArray[np.float64]) -> Polygons:
    """The outlines of the before photo in the common frame; where it has none, where it would be."""
    polygons = tuple(place(polygon) for polygon in change.outline_before)
    return _scaled(polygons, scale)


def _scaled(polygons: Polygons, scale: NDArray[np.float64]) -> Polygons:
    return tuple(polygon * scale for polygon in polygons)


def _drawn(
    half: Pixels, report: ComparisonReport, outlines: Callable[[CrackChange], Polygons], *, stretches: bool
) -> Pixels:
    picture = half.copy()
    taken = np.zeros(picture.shape[:2], np.bool_)
    line = max(1.6, max(taken.shape) / 500)
    kinds: list[ChangeKind] = list(reversed(KINDS))  # what matters most last, on top
    for kind in kinds:
        polygons = [polygon for change in report.of_kind(kind) for polygon in outlines(change)]
        _ring(picture, taken, polygons, kind, line, closed=True)
    if stretches and report.registration is not None:
        scale = np.array([half.shape[1], half.shape[0]]) / report.registration.after_size
        grown = [polygon * scale for change in report.of_kind("grown") for polygon in change.stretches_after]
        _ring(picture, taken, grown, "new", line, closed=False)
    return _numbered(picture, taken, [outlines(change) for change in report.changes[:TAGS]], report)


def _ring(
    picture: Pixels,
    taken: NDArray[np.bool_],
    polygons: list[NDArray[np.float64]],
    kind: ChangeKind,
    line: float,
    *,
    closed: bool,
) -> None:
    """Ring outlines, or centre lines (which are not closed), in place."""
    if not polygons:
        return
    height, width = taken.shape
    points, margin = np.concatenate(polygons), int(reach(line)) + 2
    left, top = np.maximum(np.floor(points.min(axis=0)).astype(int) - margin, 0).tolist()
    right, bottom = np.minimum(np.ceil(points.max(axis=0)).astype(int) + margin, (width, height)).tolist()
    if left >= right or top >= bottom:
        return
    mask = Image.new("1", (right - left, bottom - top))
    draw = ImageDraw.Draw(mask)
    for polygon in polygons:
        corners = [(float(x) - left - 0.5, float(y) - top - 0.5) for x, y in polygon]
        if closed and len(corners) > 2:
            draw.polygon(corners, fill=1, outline=1)
        else:
            draw.line(corners, fill=1)
    window = slice(top, bottom), slice(left, right)
    crack = np.asarray(mask)
    if crack.any():
        taken[window] |= draw_ring(picture[window], crack, KIND_COLOUR[kind], line)


def _numbered(picture: Pixels, taken: NDArray[np.bool_], outlines: list[Polygons], report: ComparisonReport) -> Pixels:
    height, width = taken.shape
    letter_px = max(11, min(width // 40, height // 14))
    canvas = Image.fromarray(picture)
    places: TagPlaces | None = None
    for number, (polygons, change) in enumerate(zip(outlines, report.changes, strict=False), start=1):
        points = np.concatenate(polygons) if polygons else np.zeros((0, 2))
        points = points[((points >= 0) & (points <= (width, height))).all(axis=1)]
        if not len(points):
            continue
        mark = badge(str(number), KIND_COLOUR[change.kind], letter_px)
        places = places or TagPlaces(taken, mark.height)
        x, y, *_ = places.take(mark.size, points)
        canvas.paste(mark, (x, y), mark)
    return np.asarray(canvas)


def _named(half: Pixels, name: str, language: Language) -> Pixels:
    canvas = Image.fromarray(half)
    letter_px = max(11, min(half.shape[1] // 36, half.shape[0] // 14))
    mark = badge(name, BACKGROUND, letter_px, language)
    canvas.paste(mark, (letter_px // 2, letter_px // 2), mark)
    return np.asarray(canvas)
