"""The crack data on disk, split by photo, and the endless stream of training views made from it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from training import augment, synth
from training.labels import POSITIVE, UNKNOWN, Label, patch_label, tighten

Image = NDArray[np.uint8]

VALIDATION_SHARE = 8  # one photo group in so many is held out


@dataclass(frozen=True)
class Photo:
    """A training picture; `label` is None where the whole picture is free of cracks."""

    name: str
    image: Image
    label: Label | None
    unknown_is_crack: bool = False


def load_rgb(path: Path) -> Image:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def load_mask(path: Path) -> NDArray[np.bool_]:
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise FileNotFoundError(path)
    return mask > 127


def held_out(name: str) -> bool:
    """Whether a photo belongs to validation.

    Decided on the photo's group, so that copies (`NAME_jpg.HASH`), neighbouring drone frames and the rooms of one home
    never lie on both sides.
    """
    group = re.sub(r"_(jpg|png|jpeg).*$", "", Path(name).stem)
    group = re.sub(r"^(\d+)_(bathroom|bedroom|kitchen|frontal)$", r"home\1", group)
    group = re.sub(r"^(DJI\d+)\d\d$", r"\1", group)
    return zlib.crc32(group.encode()) % VALIDATION_SHARE == 0


def load_pools(root: Path, validation: bool) -> dict[str, list[Photo]]:
    """All training pictures by kind, either the held-out ones or the others."""

    def files(folder: str) -> list[Path]:
        return [f for f in sorted((root / folder).glob("*.jpg")) if held_out(f.name) is validation]

    pools: dict[str, list[Photo]] = {"walls": [], "concrete": []}
    for f in files("walls/images"):
        image, mask = load_rgb(f), load_mask(root / "walls/masks" / f"{f.stem}.png")
        pools["walls"].append(Photo(f.name, image, tighten(image, mask), unknown_is_crack=True))
    for f in files("concrete/images"):
        mask = load_mask(root / "concrete/masks" / f"{f.stem}.png")
        pools["concrete"].append(Photo(f.name, load_rgb(f), np.where(mask, POSITIVE, 0).astype(np.uint8)))
    patches = [(f.name, load_rgb(f)) for f in files("patches/crack")]
    pools["patches"] = [Photo(name, image, patch_label(image)) for name, image in patches]
    for kind, folder in (("plain", "patches/clean"), ("rooms", "clean_rooms"), ("drywall", "clean_drywall")):
        pools[kind] = [Photo(f.name, load_rgb(f), None) for f in files(folder)]
    return pools


def load_deepcrack(root: Path) -> dict[str, list[Photo]]:
    """DeepCrack's training half, for the comparison with papers only: its terms forbid shipping the result."""
    pool = []
    for f in sorted((root / "benchmark_only/deepcrack_train/images").glob("*.jpg")):
        mask = load_mask(f.parents[1] / "masks" / f"{f.stem}.png")
        pool.append(Photo(f.name, load_rgb(f), np.where(mask, POSITIVE, 0).astype(np.uint8)))
    return {"deepcrack": pool}


# How often each kind is drawn, the zoom of its views, and how often a crack or a decoy is painted onto it.
RECIPE: dict[str, tuple[float, tuple[float, float], float, float]] = {
    "walls": (0.30, (0.55, 1.6), 0.05, 0.2),
    "concrete": (0.15, (0.6, 2.0), 0.1, 0.1),
    "patches": (0.12, (1.0, 3.0), 0.0, 0.15),
    "plain": (0.09, (1.0, 3.0), 0.7, 0.4),
    "rooms": (0.19, (0.6, 1.6), 0.2, 0.1),
    "drywall": (0.08, (0.5, 1.6), 0.35, 0.2),
    "masonry": (0.07, (0.7, 1.5), 0.3, 0.1),
    "deepcrack": (1.0, (0.6, 1.7), 0.0, 0.0),
}
CELL = 16  # the judge's stride


def judge_target(label: Label, unknown_is_crack: bool) -> NDArray[np.float32]:
    """Per cell 1 (crack), 0 (none) or -1 (beside a crack, or unclear: not asked), float32 (H/16, W/16)."""
    crack = (label == POSITIVE) | ((label == UNKNOWN) & unknown_is_crack)
    cells = label.shape[0] // CELL, CELL, label.shape[1] // CELL, CELL
    share = crack.reshape(cells).mean((1, 3))
    near = cv2.dilate((share > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    unclear = near | ((label == UNKNOWN).reshape(cells).any((1, 3)))
    return np.where(share > 0.01, 1, np.where(unclear, -1, 0)).astype(np.float32)


class Views(IterableDataset[tuple[Tensor, Tensor, Tensor, str, int]]):
    """Endless views: image (3, S, S) uint8, label (S, S) uint8, judge target (S/16, S/16), kind, index in its pool.

    `difficulty[pool]` is shared with the trainer, which raises it for pictures that still raise false alarms: those are
    drawn more often (hard-negative mining).
    """

    def __init__(self, pools: dict[str, list[Photo]], difficulty: dict[str, Tensor], size: int, seed: int) -> None:
        self.pools, self.difficulty, self.size, self.seed = pools, difficulty, size, seed

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor, str, int]]:
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        kinds = [kind for kind in RECIPE if kind in self.pools or (kind == "masonry" and "plain" in self.pools)]
        shares = np.array([RECIPE[kind][0] for kind in kinds])
        while True:
            yield self._view(rng, str(rng.choice(kinds, p=shares / shares.sum())))

    def _view(self, rng: np.random.Generator, kind: str) -> tuple[Tensor, Tensor, Tensor, str, int]:
        _, zoom, crack_rate, decoy_rate = RECIPE[kind]
        pool = "plain" if kind == "masonry" else kind
        weights = self.difficulty[pool].numpy().astype(float)
        index = int(rng.choice(len(weights), p=weights / weights.sum()))
        photo = self.pools[pool][index]
        image = synth.masonry(rng, photo.image, int(1.6 * self.size)) if kind == "masonry" else photo.image
        label = np.zeros(image.shape[:2], np.uint8) if photo.label is None else photo.label
        image, label = augment.view(rng, image, label, self.size, zoom)
        image, label = image.copy(), label.copy()
        if rng.random() < decoy_rate:
            synth.paint_decoy(rng, image, label)
        if rng.random() < crack_rate:
            synth.paint_crack(rng, image, label)
        target = judge_target(label, photo.unknown_is_crack)
        image = augment.light(rng, image)
        pixels = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
        return pixels, torch.from_numpy(label), torch.from_numpy(target), kind, index
