"""The pictures of the inspection report: photos with their findings, pairs in one frame, cuttings of each change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.annotate import outlined
from sightline.crack.compare.compared import CrackChange, Polygons
from sightline.crack.compare.registration import Registration
from sightline.crack.inspection.inspection import InspectionPhoto
from sightline.crack.inspection.terms import KIND_TONE
from sightline.crack.inspection.views import NOTHING, Pixels, Window, along, carried, cutting, inside
from sightline.crack.report import Box
from sightline.crack.rings import draw_ring
from sightline.crack.style import badge
from sightline.documents.picture import LONGEST_PX, fitting
from sightline.documents.tones import TONES

_PAIR_PX = 1400
"""Longer side of the overview: on a screen the slider is 860 CSS pixels wide."""

_CUTTING_PX = 640
"""Width of a cutting: printed 84 mm wide that is 190 dots an inch."""

_LEAST_CUTTING = 0.12
"""Share of the photo's longer side that a cutting shows at least: less of it, and nobody can tell where it is."""

_MARGIN = 0.3
"""Of the crack's longer side, around it."""

_MOST_ENLARGED = 3.0
"""Beyond that, a cutting shows the photo's pixels and not the wall."""

_LINE_PX = 2.6
"""Of the outline in a cutting: half a millimetre and less in print."""

_ASPECT = 4 / 3
"""Width over height of a cutting at the most; the least is its inverse."""


def photo_picture(photo: InspectionPhoto) -> Pixels:
    """A photo with its cracks outlined and numbered."""
    return outlined(fitting(photo.image, LONGEST_PX), photo.report)


def pair_pictures(
    before: InspectionPhoto, after: InspectionPhoto, registration: Registration, changes: tuple[CrackChange, ...]
) -> tuple[Pixels, Pixels]:
    """Both photos in the frame of the later one, every change outlined at the same place in both, and numbered."""
    height, width = after.image.shape[:2]
    window = Window(0, 0, width, height, min(1.0, _PAIR_PX / max(width, height)))
    pair = carried(before.image, window, registration.to_before), cutting(after.image, window)
    line = max(1.6, max(window.size) / 600)
    for picture in pair:
        for change in reversed(changes):  # what matters most comes first in the report, and last here, on top
            _mark(picture, window, change.outline_after, change, line)
    first, second = (_numbered(picture, window, changes) for picture in pair)
    return first, second


def change_pictures(
    before: InspectionPhoto, after: InspectionPhoto, registration: Registration, change: CrackChange
) -> tuple[Pixels | None, Pixels | None]:
    """The place of a change in both photos, in one frame; None where a photo does not show it.

    The frame is that of the later photo; for what only the earlier one shows, that of the earlier.
    """
    if change.box_after is not None:
        window = _window(change.box_after, after.image.shape)
        pair = carried(before.image, window, registration.to_before), cutting(after.image, window)
    elif change.box_before is not None:
        window = _window(change.box_before, before.image.shape)
        pair = cutting(before.image, window), carried(after.image, window, registration.to_after)
    else:
        return None, None
    shown = tuple(_shows(picture) for picture in pair)
    outlines = change.outline_before if change.box_after is None else change.outline_after
    for picture in pair:
        _mark(picture, window, outlines, change, _LINE_PX)
    first, second = (picture if seen else None for picture, seen in zip(pair, shown, strict=True))
    return first, second


def _mark(picture: Pixels, window: Window, outlines: Polygons, change: CrackChange, line: float) -> None:
    """Outline a change; of a crack that grew longer, the part that is new in the colour of a new crack."""
    mask = inside([window.shown(outline) for outline in outlines], window.size)
    if not mask.any():
        return
    draw_ring(picture, mask, TONES[KIND_TONE[change.kind]].strong, line)
    if change.kind == "grown" and change.box_after is not None:
        stretches = [window.shown(stretch) for stretch in change.stretches_after]
        widest = (change.width.after or 1.0) * window.scale
        added = mask & along(stretches, window.size, widest + 2)
        if added.any():
            draw_ring(picture, added, TONES[KIND_TONE["new"]].strong, line)


def _numbered(picture: Pixels, window: Window, changes: tuple[CrackChange, ...]) -> Pixels:
    """Put each change's number beside the corner of its box, so that the same number is at the same place in both."""
    canvas = Image.fromarray(picture)
    letter = max(12, max(canvas.size) // 40)  # to be read where the picture is printed 80 mm wide
    for number, change in reversed(list(enumerate(changes, start=1))):
        if change.box_after is None:
            continue
        mark = badge(str(number), TONES[KIND_TONE[change.kind]].strong, letter)
        box = change.box_after
        x, y = window.shown(np.array([box.x + box.width, box.y], float)).astype(int)
        spot = (
            int(np.clip(x + 4, 0, max(0, canvas.width - mark.width))),
            int(np.clip(y - mark.height - 4, 0, max(0, canvas.height - mark.height))),
        )
        canvas.paste(mark, spot, mark)
    return np.asarray(canvas)


def _window(box: Box, shape: tuple[int, ...]) -> Window:
    """What to cut out for a box: a margin around it, in a shape that two of stand side by side, within the photo."""
    height, width = shape[:2]
    margin = 2 * _MARGIN * max(box.width, box.height)
    least = _LEAST_CUTTING * max(width, height)
    wide, high = max(box.width + margin, least), max(box.height + margin, least)
    wide, high = max(wide, high / _ASPECT), max(high, wide / _ASPECT)
    wide, high = min(wide, width), min(high, height)
    left = float(np.clip(box.x + box.width / 2 - wide / 2, 0, width - wide))
    top = float(np.clip(box.y + box.height / 2 - high / 2, 0, height - high))
    return Window(left, top, wide, high, min(_MOST_ENLARGED, _CUTTING_PX / wide))


def _shows(picture: NDArray[np.uint8]) -> bool:
    """Whether a cutting shows anything of its photo."""
    return bool((picture != np.array(NOTHING, np.uint8)).any(axis=2).mean() > 0.02)
