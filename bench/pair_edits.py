"""What happens to a wall between two photos: a crack comes, lengthens, widens or goes, and everything else stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pair_cracks import coverage, draw_look, natural_line, paint, twigs
from pair_photos import Source
from pair_views import grey
from pair_world import Wall, calm_spot, filled
from PIL import Image
from scipy.ndimage import binary_dilation, distance_transform_edt, gaussian_filter, label
from skimage.morphology import skeletonize

Plane = NDArray[np.float32]
Points = NDArray[np.float64]
ChangeKind = Literal["new", "longer", "wider", "healed"]

_LINKS = np.array([[0, 1], [1, 0], [1, 1], [1, -1]])
_LEAST_PIXELS = 250  # of a donor's crack: smaller pieces are stains rather than cracks
_LEAST_LINKS = 60  # of a centre line, wall pixels
_KULPA = 0.948  # a chain of unit and diagonal links is longer than its curve by this (Kulpa 1977)


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A wall before and after one change; all positions in wall pixels.

    Attributes:
        before, after: the wall's colours (H, W, 3).
        bare: the same without the crack that changes.
        full: how the crack looks where it is whole, for (before, after): what each photo is asked to show.
        part: coverage of what changed; `whole`: of the crack with and without it.
        segments: (m, 2, 2) of what changed, with full widths (m,) before and after.
            Of a new or healed crack both are the width that it has while it is there.
        stem: segments of a lengthened crack's old part; empty else.
        length_factor: what the segments' summed length is multiplied by.
        drawn: whether widths are exact; of real cracks they come from hand-made masks.
    """

    kind: ChangeKind
    before: Plane
    after: Plane
    bare: Plane
    full: tuple[Plane, Plane]
    part: Plane
    whole: Plane
    segments: Points
    widths: tuple[NDArray[np.float64], NDArray[np.float64]]
    stem: Points
    length_factor: float
    drawn: bool


def drawn_edit(rng: np.random.Generator, wall: Wall, kind: ChangeKind, width: float) -> Edit:
    """A change of a drawn crack, `width` wall pixels wide at the end of it."""
    length = float(np.exp(rng.uniform(np.log(160), np.log(750))))
    line = natural_line(rng, calm_spot(rng, wall, length), length, width)
    look = draw_look(rng, wall.shape)
    count = len(line.points)
    cut = int(count * rng.uniform(0.4, 0.7))
    full_lines = [line, *twigs(rng, line, 0, cut)]
    whole = coverage(wall.shape, full_lines)
    full = paint(wall.pixels, whole, look)
    bare, stem, part, segments = wall.pixels, np.zeros((0, 2, 2)), whole, line.segments
    widths = line.segment_widths, line.segment_widths
    if kind == "new":
        return Edit(kind, bare, full, bare, (full, full), part, whole, segments, widths, stem, 1.0, True)
    if kind == "healed":
        after = _painted_over(rng, bare, whole) if rng.random() < 0.5 else bare
        return Edit(kind, full, after, after, (full, full), part, whole, segments, widths, stem, 1.0, True)
    if kind == "longer":
        old = coverage(wall.shape, [line.part(0, cut, taper=8), *full_lines[1:]])
        part = np.clip(whole - old, 0, 1)
        before = paint(wall.pixels, old, look)
        segments, stem = line.segments[cut:], line.segments[:cut]
        widths = line.segment_widths[cut:], line.segment_widths[cut:]
        return Edit(kind, before, full, bare, (full, full), part, whole, segments, widths, stem, 1.0, True)
    factor = float(np.exp(rng.uniform(np.log(1.4), np.log(4))))
    thin = paint(wall.pixels, coverage(wall.shape, [each.wider(1 / factor) for each in full_lines]), look)
    widths = line.segment_widths / factor, line.segment_widths
    return Edit(kind, thin, full, bare, (thin, full), part, whole, segments, widths, stem, 1.0, True)


def transplanted_edit(
    rng: np.random.Generator, wall: Wall, kind: ChangeKind, width: float, donor: Source
) -> Edit | None:
    """A change of a real crack of another photo, laid onto the wall; None where the donor has no fit one.

    A crack does not widen by itself, so `wider` has none. Widths and lengths come from the donor's hand-made mask.
    """
    laid = _laid_on(rng, wall, width, donor) if kind != "wider" else None
    if laid is None:
        return None
    darkness, whole = laid
    crack = whole > 0.5
    full = np.asarray(wall.pixels * darkness[..., None], np.float32)
    part, rest, stem = crack, wall.pixels, np.zeros((0, 2, 2))
    if kind == "longer":
        far = _far_side(rng, crack)
        part, stem = crack & far, _skeleton(crack & ~far)[0]
        rest = np.asarray(np.where(far[..., None], wall.pixels, full), np.float32)
    segments, widths = _skeleton(part)
    if len(segments) < _LEAST_LINKS:
        return None
    before, after = (full, rest) if kind == "healed" else (rest, full)
    covered = np.where(part, whole, 0).astype(np.float32), whole
    return Edit(
        kind, before, after, wall.pixels, (full, full), *covered, segments, (widths, widths), stem, _KULPA, False
    )


def _laid_on(rng: np.random.Generator, wall: Wall, width: float, donor: Source) -> tuple[Plane, Plane] | None:
    """One of the donor's cracks at a calm spot of the wall, (H, W): how much light it leaves, and what it covers.

    What is carried over is how much darker than its surroundings each of its pixels is.
    """
    crack = _one_crack(rng, donor.cracks)
    if crack is None:
        return None
    colours = donor.image.astype(np.float32)
    around = grey(filled(colours, ~binary_dilation(donor.cracks, iterations=4)))
    share = np.where(binary_dilation(crack), np.clip(grey(colours) / np.maximum(around, 8), 0.08, 1), 1)
    thickness = 2 * float(np.mean(distance_transform_edt(crack)[skeletonize(crack)]))  # type: ignore[no-untyped-call]
    rows, columns = np.nonzero(crack)
    part = slice(max(0, rows.min() - 3), rows.max() + 4), slice(max(0, columns.min() - 3), columns.max() + 4)
    turns = int(rng.integers(4))
    factor = float(np.clip(width / thickness, 0.5, 3))
    cover = _turned_to_size(crack[part].astype(np.float32), turns, factor)
    light = _turned_to_size(share[part].astype(np.float32), turns, factor)
    darkness, whole = np.ones(wall.shape, np.float32), np.zeros(wall.shape, np.float32)
    spot = calm_spot(rng, wall, float(max(cover.shape)))
    top, left = (int(spot[1 - k]) - cover.shape[k] // 2 for k in (0, 1))
    rows, columns = np.arange(cover.shape[0]) + top, np.arange(cover.shape[1]) + left
    r, c = (rows >= 0) & (rows < wall.shape[0]), (columns >= 0) & (columns < wall.shape[1])
    darkness[np.ix_(rows[r], columns[c])] = light[np.ix_(r, c)]
    whole[np.ix_(rows[r], columns[c])] = cover[np.ix_(r, c)]
    return darkness, whole


def _turned_to_size(layer: Plane, turns: int, factor: float) -> Plane:
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(layer, turns)))
    size = max(1, round(turned.width * factor)), max(1, round(turned.height * factor))
    return np.clip(np.asarray(turned.resize(size, Image.Resampling.BICUBIC), np.float32), 0, 1)  # it overshoots


def _painted_over(rng: np.random.Generator, bare: Plane, whole: Plane) -> Plane:
    """The wall with a band of slightly other, smoother paint where the crack was."""
    band = gaussian_filter((gaussian_filter(whole, 6) > 0.02).astype(np.float32), 3)[..., None]
    smooth = gaussian_filter(bare, (1.5, 1.5, 0)) * rng.normal(1, 0.025, 3)
    return np.asarray(bare * (1 - band) + smooth * band, np.float32)


def _one_crack(rng: np.random.Generator, cracks: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """One connected crack of some size, or None."""
    pieces, count = label(cracks, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    large = [index + 1 for index, size in enumerate(sizes) if size > _LEAST_PIXELS]
    return np.asarray(pieces == rng.choice(large)) if large else None


def _far_side(rng: np.random.Generator, crack: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """One end of a crack, 30 to 55 % of it: what lies beyond a straight cut across its main axis."""
    rows, columns = np.nonzero(crack)
    centred = np.stack([columns - columns.mean(), rows - rows.mean()], 1)
    axis = np.linalg.svd(centred[:: max(1, len(centred) // 2000)], full_matrices=False)[2][0]
    axis = axis * rng.choice([-1, 1])
    limit = np.quantile(centred @ axis, rng.uniform(0.45, 0.7))
    y, x = np.mgrid[0 : crack.shape[0], 0 : crack.shape[1]]
    return np.asarray((x - columns.mean()) * axis[0] + (y - rows.mean()) * axis[1] > limit)


def _skeleton(mask: NDArray[np.bool_]) -> tuple[Points, NDArray[np.float64]]:
    """The centre line's links (m, 2, 2) and the full width at each, (m,)."""
    bones = skeletonize(mask)  # type: ignore[no-untyped-call]
    width = 2 * distance_transform_edt(mask)
    rows, columns = np.nonzero(bones)
    found = []
    for down, right in _LINKS:
        r, c = rows + down, columns + right
        held = (r < bones.shape[0]) & (c < bones.shape[1]) & (c >= 0)
        r, c, r0, c0 = r[held], c[held], rows[held], columns[held]
        linked = bones[r, c]
        if down and right:  # a diagonal beside two straight links says the same twice
            linked &= ~bones[r0, c] & ~bones[r, c0]
        ends = np.stack([np.stack([c0, r0], 1), np.stack([c, r], 1)], 1)[linked]
        found.append(ends)
    links = np.concatenate(found)
    middle = links[:, 0]
    return links + 0.5, np.asarray(width[middle[:, 1], middle[:, 0]], np.float64)
