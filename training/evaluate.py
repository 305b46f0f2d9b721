"""The figures that count, on photos nobody trained on: `python -m training.evaluate --model F --card C --data DIR`.

Nothing is tuned here: the pixel threshold and the least confidence come from the card, frozen on validation.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

from sightline.crack.engine import Region
from sightline.crack.net import NetEngine
from sightline.models.onnx import open_session
from training.data import held_out, load_mask, load_rgb

CENTRE_TOLERANCE_PX = 4.0
BOOTSTRAPS = 1000
PIXEL_HEADER = ("precision", "recall", "F1", "mIoU", "clIoU@4")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """One photo's pixel counts (hit, false, missed, rest) and centre line counts (hit, false, missed)."""

    pixels: NDArray[np.float64]
    centre: NDArray[np.float64]


def judge_pixels(found: Mask, truth: Mask) -> Judged:
    """Compare two masks, pixel by pixel without tolerance, and their centre lines within 4 px."""
    pixels = [(found & truth).sum(), (found & ~truth).sum(), (truth & ~found).sum(), (~truth & ~found).sum()]
    lines = skeletonize(found), skeletonize(truth)
    near = [cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, 5) <= CENTRE_TOLERANCE_PX for line in lines]
    hit_found, hit_truth = (lines[0] & near[1]).sum(), (lines[1] & near[0]).sum()
    centre = [(hit_found + hit_truth) / 2, lines[0].sum() - hit_found, lines[1].sum() - hit_truth]
    return Judged(np.array(pixels, float), np.array(centre, float))


def pixel_scores(judged: list[Judged]) -> NDArray[np.float64]:
    """Precision, recall, F1, mIoU (mean of crack and wall) and centre line IoU, pooled over the photos."""
    hit, false, missed, rest = np.sum([j.pixels for j in judged], axis=0)
    centre_hit, centre_false, centre_missed = np.sum([j.centre for j in judged], axis=0)
    iou = hit / max(hit + false + missed, 1), rest / max(rest + false + missed, 1)
    return np.array(
        [
            hit / max(hit + false, 1),
            hit / max(hit + missed, 1),
            2 * hit / max(2 * hit + false + missed, 1),
            sum(iou) / 2,
            centre_hit / max(centre_hit + centre_false + centre_missed, 1),
        ]
    )


def with_interval(judged: list[Judged]) -> list[str]:
    """Each score with its 95 % bootstrap interval over photos."""
    rng = np.random.default_rng(0)
    draws = [pixel_scores([judged[i] for i in rng.integers(0, len(judged), len(judged))]) for _ in range(BOOTSTRAPS)]
    low, high = np.quantile(draws, (0.025, 0.975), axis=0)
    return [f"{v:.3f} ({a:.3f}-{b:.3f})" for v, a, b in zip(pixel_scores(judged), low, high, strict=True)]


def share_with_interval(hits: list[bool]) -> str:
    """How many of how many, with the 95 % Wilson interval of the share."""
    n, k, z = len(hits), sum(hits), 1.96
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * np.sqrt(k * (n - k) / n + z * z / 4)
    return f"{k} of {n} = {100 * k / n:.1f} % ({100 * max(0, middle - half):.1f}-{100 * (middle + half):.1f})"


def region_mask(regions: list[Region], shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, bool)
    for region in regions:
        height, width = region.coverage.shape
        mask[region.y : region.y + height, region.x : region.x + width] |= region.coverage >= 0.5
    return mask


def evaluate_masks(engine: NetEngine, threshold: float, folder: Path) -> dict[str, list[Judged]]:
    """Judge the raw map at the threshold, and what remains after the region scorer."""
    judged: dict[str, list[Judged]] = {"pixels": [], "reported": []}
    for path in sorted((folder / "images").glob("*.jpg")):
        truth = load_mask(folder / "masks" / f"{path.stem}.png")
        evidence = engine.examine(load_rgb(path))
        judged["pixels"].append(judge_pixels(evidence.probability >= threshold, truth))
        reported = region_mask([region for region, _ in evidence.regions], truth.shape)
        judged["reported"].append(judge_pixels(reported, truth))
    return judged


def alarms(engine: NetEngine, paths: list[Path]) -> tuple[list[bool], list[str]]:
    """Per photo whether anything is reported, and the photos where something is."""
    hits = [bool(engine.examine(load_rgb(path)).regions) for path in paths]
    return hits, [path.name for path, hit in zip(paths, hits, strict=True) if hit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--masonry", type=Path, help="the split that training.masonry_split made")
    parser.add_argument("--only", help="one test set: deepcrack or walls")
    arguments = parser.parse_args()
    card = json.loads(arguments.card.read_text())
    engine = NetEngine(open_session(arguments.model, threads=None), card, sha256="")
    test = arguments.data / "test"
    print(f"threshold {card['threshold']}, least confidence {card['least_confidence']}, both frozen on validation\n")
    print(f"| test set | {' | '.join(PIXEL_HEADER)} |\n| --- |{' --- |' * len(PIXEL_HEADER)}")
    for name in [arguments.only] if arguments.only else ["deepcrack", "walls"]:
        for stage, judged in evaluate_masks(engine, card["threshold"], test / name).items():
            print(f"| {name}, {stage} | {' | '.join(with_interval(judged))} |", flush=True)
    if arguments.only:
        return
    train = arguments.data / "train"
    drywall = [f for f in sorted((train / "clean_drywall").glob("*.jpg")) if held_out(f.name)]
    photos = {
        "cracks found, test/walls": sorted((test / "walls/images").glob("*.jpg")),
        "cracks found, test/deepcrack": sorted((test / "deepcrack/images").glob("*.jpg")),
        "false alarms, test/clean_rooms": sorted((test / "clean_rooms").glob("*.jpg")),
        "false alarms, plasterboards held out": drywall,
    }
    if arguments.masonry:
        photos["false alarms, bricks and tiles"] = sorted(arguments.masonry.glob("*.jpg"))
    print("\n| photos | with a crack reported |\n| --- | --- |")
    for name, paths in photos.items():
        hits, names = alarms(engine, paths)
        print(f"| {name} | {share_with_interval(hits)} |", flush=True)
        if name.startswith("false"):
            print(f"<!-- {' '.join(names)} -->")


if __name__ == "__main__":
    main()
