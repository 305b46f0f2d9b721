"""Pairs of photos of one wall with a known change between them, made from the data's photos, and pairs of other walls.

    python bench/wall_pairs.py --data DIR --out DIR [--kind new] [--count 8]

writes pairs as pictures with their truth drawn on them. A wall is one photo of the data, taken as flat. One crack of it
may come, lengthen, widen or go; then each of two cameras photographs it with a pose, lens, light and file of its own.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pair_changes import Photo, TrueChange, true_change
from pair_detail import ENOUGH, shared_detail
from pair_edits import ChangeKind, Edit, drawn_edit, transplanted_edit
from pair_light import Shot, draw_shot
from pair_photos import Source, Split, alike, load, photos
from pair_views import Points, View, draw_view, draw_views, sample
from pair_world import Wall, build_wall
from PIL import Image
from scipy.ndimage import binary_dilation

Kind = Literal["unchanged", "new", "longer", "wider", "healed", "other_wall", "other_room", "unseen"]
"""`unseen` walls did not change, but only the second photo is good enough to show their fine crack."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_SURFACES: Final = {"walls": 0.45, "concrete": 0.25, "rooms": 0.2, "drywall": 0.1}
"""How often a wall is made of each kind of photo, before kinds that a split has not are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class WallPair:
    """Two photos, RGB uint8 (H, W, 3), and what is true of them.

    Attributes:
        before_to_after: (3, 3) of the cameras without their lenses; None where the walls differ.
        views: both cameras, or None where the walls differ; `to_after` and `to_before` carry points exactly.
        changes: none or one.
        facts: how the photos were made, for tables and for finding what is hard.
    """

    kind: Kind
    seed: int
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    before_to_after: NDArray[np.float64] | None
    views: tuple[View, View] | None
    changes: tuple[TrueChange, ...]
    facts: dict[str, float | str] = field(default_factory=dict)

    def to_after(self, points: Points) -> Points:
        """Before pixels to after pixels, lens distortion included, (n, 2)."""
        before, after = self._both()
        return after.to_view(before.to_wall(points))

    def to_before(self, points: Points) -> Points:
        before, after = self._both()
        return before.to_view(after.to_wall(points))

    @property
    def alignable(self) -> bool:
        """Whether the photos share enough detail for anybody to lay them on each other; then only is a change told."""
        return float(self.facts.get("shared_detail", 0)) >= ENOUGH

    def _both(self) -> tuple[View, View]:
        if self.views is None:
            raise ValueError(f"the photos of a pair of kind {self.kind} show different walls")
        return self.views


def make_pair(kind: Kind, seed: int, *, split: Split, data: Path) -> WallPair:
    """The pair of a kind with a number; the same arguments make the same pixels.

    Args:
        kind: what happened between the photos.
        seed: from 0; also chooses the photos.
        split: which photos of the data may be used; tune on `train` only.
        data: the folder that holds `train` and `test`.
    """
    rng = np.random.default_rng([KINDS.index(kind), seed, split == "test"])
    if kind in ("other_wall", "other_room"):
        return _other_pair(rng, kind, seed, split, data)
    source = _draw_source(rng, split, data, _SURFACES)
    wall = build_wall(source)
    donor = _draw_source(rng, split, data, {"concrete": 1.0}) if rng.random() < 0.35 else None
    edit = _draw_edit(rng, kind, wall, donor)
    focus = edit.segments.mean((0, 1)) if rng.random() < 0.9 else rng.uniform(0.3, 0.7, 2) * wall.size
    views = draw_views(rng, wall.size, focus, coarse_first=kind == "unseen")
    shots = draw_shot(rng, views[0].size), draw_shot(rng, views[1].size)
    if kind == "unseen":
        shots = shots[0].at_blur(rng.uniform(1.2, 2.5)), shots[1].at_blur(rng.uniform(0.4, 0.8))
    grids = views[0].grid(), views[1].grid()
    before = _photo(rng, edit.before, views[0], shots[0], grids[0])
    after = _photo(rng, edit.after, views[1], shots[1], grids[1])
    changes = () if kind in ("unchanged", "unseen") else (true_change(edit, views, shots, grids, (before, after)),)
    homography = views[1].homography @ np.linalg.inv(views[0].homography)
    facts = _facts(views, shots) | {"surface": source.kind, "photo": source.name, "drawn": str(edit.drawn)}
    facts["shared_detail"] = round(shared_detail(before, after, views), 3)
    return WallPair(kind, seed, before, after, homography / homography[2, 2], views, changes, facts)


def _draw_source(rng: np.random.Generator, split: Split, data: Path, shares: dict[str, float]) -> Source:
    """A photo of a kind drawn by its share, then any of that kind."""
    held = [kind for kind in shares if photos(data, split, kind)]
    if not held:
        raise FileNotFoundError(f"no photos of the split {split} under {data}")
    weights = np.array([shares[kind] for kind in held])
    kind = str(rng.choice(held, p=weights / weights.sum()))
    paths = photos(data, split, kind)
    return load(data, split, kind, paths[int(rng.integers(len(paths)))])


def _draw_edit(rng: np.random.Generator, kind: Kind, wall: Wall, donor: Source | None) -> Edit:
    """What happens to the wall: to a crack of the donor's, where it has a fit one, or to a drawn one.

    An unchanged wall has a drawn crack in one of two, an `unseen` one a fine crack always, the same both times.
    """
    widths = (0.8, 2.4) if kind == "unseen" else (1.4, 9.0)
    width = float(np.exp(rng.uniform(np.log(widths[0]), np.log(widths[1]))))
    if kind in ("unchanged", "unseen"):
        edit = drawn_edit(rng, wall, "new", width)
        state = edit.after if kind == "unseen" or rng.random() < 0.5 else edit.before
        return replace(edit, before=state, after=state)
    change: ChangeKind = kind  # type: ignore[assignment]  # the others have no edit
    real = transplanted_edit(rng, wall, change, width, donor) if donor is not None else None
    return real or drawn_edit(rng, wall, change, width)


def _photo(rng: np.random.Generator, colours: NDArray[np.float32], view: View, shot: Shot, grid: Points) -> Photo:
    return shot.taken(rng, shot.blurred(shot.lit(sample(colours, view.scale, grid))))


def _other_pair(rng: np.random.Generator, kind: Kind, seed: int, split: Split, data: Path) -> WallPair:
    """Two photos of different walls of one kind of surface, near-duplicates left out."""
    shares = {"rooms": 1.0} if kind == "other_room" else {"walls": 0.7, "concrete": 0.3}
    first = _draw_source(rng, split, data, shares)
    second = first
    while alike(first, second):
        second = _draw_source(rng, split, data, {first.kind: 1.0})
    taken: list[Photo] = []
    views: list[View] = []
    shots: list[Shot] = []
    for source in (first, second):
        wall = build_wall(source)
        views.append(draw_view(rng, wall.size, np.array(wall.size) / 2))
        shots.append(draw_shot(rng, views[-1].size))
        taken.append(_photo(rng, wall.pixels, views[-1], shots[-1], views[-1].grid()))
    facts = _facts((views[0], views[1]), (shots[0], shots[1]))
    facts |= {"surface": first.kind, "photo": f"{first.name} / {second.name}"}
    return WallPair(kind, seed, taken[0], taken[1], None, None, (), facts)


def _facts(views: tuple[View, View], shots: tuple[Shot, Shot]) -> dict[str, float | str]:
    """What makes a pair hard."""
    ratio = views[1].scale / views[0].scale
    facts: dict[str, float | str] = {"scale_ratio": round(ratio, 3)}
    for name, view, shot in zip(("before", "after"), views, shots, strict=True):
        facts |= {
            f"scale_{name}": round(view.scale, 3),
            f"tilt_{name}": round(view.tilt_deg, 1),
            f"distortion_{name}": round(view.distortion, 3),
            f"blur_{name}": round(shot.blur_px, 2),
            f"noise_{name}": round(shot.noise, 2),
            f"shadows_{name}": shot.shadows,
        }
    return facts


def drawn_truth(pair: WallPair) -> Photo:
    """Both photos side by side with the change outlined: red the change, yellow the rest of its crack."""
    sides = []
    for side, photo in enumerate((pair.before, pair.after)):
        picture = photo.copy()
        for change in pair.changes:
            masks = ((change.crack_before, change.crack_after)[side], (change.mask_before, change.mask_after)[side])
            for mask, colour in zip(masks, ((250, 210, 0), (250, 0, 0)), strict=True):
                picture[binary_dilation(mask, iterations=6) & ~binary_dilation(mask, iterations=4)] = colour
        sides.append(picture)
    height = max(side.shape[0] for side in sides)
    return np.concatenate([np.pad(s, ((0, height - s.shape[0]), (0, 8), (0, 0))) for s in sides], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds train/ and test/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", choices=get_args(Split), default="train")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--count", type=int, default=4)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind in arguments.kind or KINDS:
        for seed in range(arguments.count):
            pair = make_pair(kind, seed, split=arguments.split, data=arguments.data)
            Image.fromarray(drawn_truth(pair)).save(arguments.out / f"{kind}_{seed:03}.jpg", quality=92)
            print(kind, seed, *(f"{c.resolvable=} {c.before} {c.after}" for c in pair.changes), pair.facts)


if __name__ == "__main__":
    main()
