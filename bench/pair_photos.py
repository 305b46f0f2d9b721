"""The data's photos as sources of walls: which there are, where their cracks are, which show the same wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

Split = Literal["train", "test"]

FOLDERS: dict[Split, dict[str, tuple[str, str | None]]] = {
    "train": {
        "walls": ("train/walls/images", "train/walls/masks"),
        "concrete": ("train/concrete/images", "train/concrete/masks"),
        "rooms": ("train/clean_rooms", None),
        "drywall": ("train/clean_drywall", None),
    },
    "test": {
        "walls": ("test/walls/images", "test/walls/masks"),
        "concrete": ("test/deepcrack/images", "test/deepcrack/masks"),
        "rooms": ("test/clean_rooms", None),
    },
}
"""Pictures and masks by kind of surface; a kind without masks has no cracks. Nothing of one split is in the other."""

_THUMB = 112
_ALIKE = 0.5
"""Above this two photos may show one wall: crops of one photo that share 44 % of their area reach 0.84 and more,
95 % of the random pairs of a folder stay below 0.28 (concrete) to 0.47 (walls)."""

_SAME_WALL = frozenset({frozenset({"slide850.jpg", "slide886.jpg"}), frozenset({"slide1374.jpg", "slide1384.jpg"})})
"""Photos of one wall from other distances, which thumbnails do not tell; seen by eye, as their cracks match."""

_COMMON = 0.2  # the least share of a photo that is looked at: on less, chance correlates as much


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A photo: RGB uint8 (H, W, 3), and where its known cracks are, (H, W)."""

    kind: str
    name: str
    image: NDArray[np.uint8]
    cracks: NDArray[np.bool_]


@cache
def photos(data: Path, split: Split, kind: str) -> tuple[Path, ...]:
    """All photos of a kind, in order of their names; empty where the split has no such kind."""
    folder = FOLDERS[split].get(kind)
    return tuple(sorted((data / folder[0]).glob("*.jpg"))) if folder else ()


def load(data: Path, split: Split, kind: str, path: Path) -> Source:
    with Image.open(path) as picture:
        image = np.asarray(picture.convert("RGB"))
    masks = FOLDERS[split][kind][1]
    cracks = np.zeros(image.shape[:2], np.bool_)
    if masks is not None:
        with Image.open(data / masks / f"{path.stem}.png") as mask:
            cracks = np.asarray(mask.convert("L")) > 127
    return Source(kind, path.name, image, cracks)


def group(name: str) -> str:
    """What copies (`NAME_jpg.HASH`), neighbouring drone frames and the rooms of one home share."""
    stem = re.sub(r"_(jpg|png|jpeg).*$", "", Path(name).stem, flags=re.IGNORECASE)
    stem = re.sub(r"^(\d+)_(bathroom|bedroom|kitchen|frontal)$", r"home\1", stem)
    return re.sub(r"^(DJI\d+)\d\d$", r"\1", stem)


def alike(one: Source, other: Source) -> bool:
    """Whether two photos may show the same wall: by name, or because their thumbnails fit at some shift or turn."""
    if group(one.name) == group(other.name) or frozenset({one.name, other.name}) in _SAME_WALL:
        return True
    return likeness(one.image, other.image) > _ALIKE


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The greatest correlation of two thumbnails' common parts over all shifts, quarter turns and mirrorings, to 1.

    Each shift is judged by the energy of the parts that then overlap (Padfield 2012, masked registration).
    """
    size = 2 * _THUMB, 2 * _THUMB
    thumb, reference = _detail(other), _detail(one)
    whole = np.fft.rfft2(np.ones_like(thumb), size)
    fixed, energy = np.conj(np.fft.rfft2(reference, size)), np.conj(np.fft.rfft2(reference**2, size))
    common = np.fft.irfft2(np.conj(whole) * whole, size)
    reference_energy = np.fft.irfft2(energy * whole, size)
    best = 0.0
    for turned in (np.rot90(flipped, turn) for flipped in (thumb, thumb[:, ::-1]) for turn in range(4)):
        fit = np.fft.irfft2(fixed * np.fft.rfft2(turned, size), size)
        turned_energy = np.fft.irfft2(np.conj(whole) * np.fft.rfft2(turned**2, size), size)
        share = fit / np.sqrt(np.maximum(reference_energy * turned_energy, 1e-6))
        best = max(best, float(share[common >= _COMMON * _THUMB**2].max()))
    return best


def _detail(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A thumbnail without its slow shading; strong edges are clipped, else one alone decides."""
    small = Image.fromarray(image).convert("L").resize((_THUMB, _THUMB), Image.Resampling.BOX)
    fine = np.asarray(small, np.float32)
    detail = fine - gaussian_filter(fine, 4)
    spread = 3 * float(np.median(np.abs(detail))) + 1e-3
    return np.asarray(np.clip(detail, -spread, spread) / spread, np.float32)
