"""The picture that a tenant understands: every crack outlined and numbered, and a legend below the photo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sightline.crack.legend import BACKGROUND, draw_legend
from sightline.crack.report import Box, CrackInstance, CrackReport
from sightline.crack.rings import draw_ring, reach
from sightline.crack.severity import Severity
from sightline.crack.shape import Scale, region_mask
from sightline.crack.style import HALO, SEVERITY_COLOUR, Colour, badge
from sightline.crack.tags import TagPlaces

LONGEST_PX = 2048
"""A larger photo is shown reduced by the smallest whole number that makes it fit: no phone's screen shows more, and a
large picture waits for its download."""

TAGS = 30
"""More tags hide the photo; the rest is outlined all the same."""

Pixels = NDArray[np.uint8]


def annotate(image: Pixels, report: CrackReport) -> Pixels:
    """Draw a report onto its photo.

    The photo keeps its pixels at the top left, so a box of the report lies where it says, unless its longer side is
    over `LONGEST_PX`: then it is reduced. The legend is added below; a photo too narrow for it gets a margin on
    its right. Each outline runs around its crack, not over it, so that a fine crack stays to be seen.

    Args:
        image: the photo, RGB uint8 (H, W, 3); it is not changed.
        report: what was found in it.

    Returns:
        RGB uint8 (h, w, 3).
    """
    picture = outlined(image, report)
    height, width = picture.shape[:2]
    legend = draw_legend(report, width, _letter_px(width, height))
    whole = np.empty((height + legend.shape[0], legend.shape[1], 3), np.uint8)
    whole[:height, :width], whole[:height, width:], whole[height:] = picture, BACKGROUND, legend
    return whole


def outlined(image: Pixels, report: CrackReport) -> Pixels:
    """The photo alone with every crack outlined and numbered, reduced as `annotate` does; takes what that takes.

    The photo may be a reduced copy of the one that the report is about.
    """
    picture = _reduced(image)
    height, width = picture.shape[:2]
    scale = width / report.width_px, height / report.height_px
    if report.instances:
        taken = _outline(picture, report.instances, scale)
        picture = _number(picture, report.instances[:TAGS], scale, taken, _letter_px(width, height))
    return picture


def _letter_px(width: int, height: int) -> int:
    return max(11, min(width // 40, height // 14))


def _reduced(image: Pixels) -> Pixels:
    """A copy, its longer side at most `LONGEST_PX`: every pixel the mean of n x n."""
    factor = -(-max(image.shape[:2]) // LONGEST_PX)
    return image.copy() if factor == 1 else np.array(Image.fromarray(image).reduce(factor))


def _outline(picture: Pixels, instances: Sequence[CrackInstance], scale: Scale) -> NDArray[np.bool_]:
    """Outline all cracks in place; returns which pixels hold cracks or outlines."""
    taken = np.zeros(picture.shape[:2], np.bool_)
    line = max(1.6, max(taken.shape) / 500)
    grades: tuple[Severity, ...] = ("low", "medium", "high")  # the gravest last, on top
    for grade in grades:
        found = [instance for instance in instances if instance.severity == grade]
        if found:
            _ring(picture, taken, found, scale, SEVERITY_COLOUR[grade], line)
    return taken


def _ring(
    picture: Pixels,
    taken: NDArray[np.bool_],
    instances: Sequence[CrackInstance],
    scale: Scale,
    colour: Colour,
    line: float,
) -> None:
    window, mask = _masks(instances, scale, taken.shape, margin=int(reach(line)) + 2)
    taken[window] |= draw_ring(picture[window], mask, colour, line)


def _masks(
    instances: Sequence[CrackInstance], scale: Scale, shape: tuple[int, ...], margin: int
) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """The cracks' pixels on the picture, in the window that holds them all and a margin."""
    boxes = [_on_picture(instance.box, scale, shape) for instance in instances]
    left, top = max(0, min(b.x for b in boxes) - margin), max(0, min(b.y for b in boxes) - margin)
    right = min(shape[1], max(b.x + b.width for b in boxes) + margin)
    bottom = min(shape[0], max(b.y + b.height for b in boxes) + margin)
    mask = np.zeros((bottom - top, right - left), np.bool_)
    for instance, box in zip(instances, boxes, strict=True):
        region_scale = instance.scale[0] * scale[0], instance.scale[1] * scale[1]
        x, y = box.x - left, box.y - top
        mask[y : y + box.height, x : x + box.width] |= region_mask(instance.region, region_scale, box)
    return (slice(top, bottom), slice(left, right)), mask


def _on_picture(box: Box, scale: Scale, shape: tuple[int, ...]) -> Box:
    x, y = min(int(box.x * scale[0]), shape[1] - 1), min(int(box.y * scale[1]), shape[0] - 1)
    right = min(shape[1], int(np.ceil((box.x + box.width) * scale[0])))
    bottom = min(shape[0], int(np.ceil((box.y + box.height) * scale[1])))
    return Box(x, y, max(1, right - x), max(1, bottom - y))


def _number(
    picture: Pixels, instances: Sequence[CrackInstance], scale: Scale, taken: NDArray[np.bool_], letter_px: int
) -> Pixels:
    canvas = Image.fromarray(picture)
    draw = ImageDraw.Draw(canvas)
    marks = [badge(str(n), SEVERITY_COLOUR[i.severity], letter_px) for n, i in enumerate(instances, start=1)]
    places = TagPlaces(taken, marks[0].height)
    spots = []
    for mark, instance in zip(marks, instances, strict=True):
        x, y, crack_x, crack_y = places.take(mark.size, np.concatenate(instance.outline) * scale)
        spots.append((x, y))
        middle = (x + mark.width // 2, y + mark.height // 2)
        if np.hypot(middle[0] - crack_x, middle[1] - crack_y) > 1.5 * mark.width:  # too far off to be seen to belong
            thin = max(1, letter_px // 8)
            draw.line([middle, (crack_x, crack_y)], HALO, 3 * thin)
            draw.line([middle, (crack_x, crack_y)], SEVERITY_COLOUR[instance.severity], thin)
    for mark, spot in zip(marks, spots, strict=True):
        canvas.paste(mark, spot, mark)
    return np.asarray(canvas)
