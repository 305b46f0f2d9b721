"""At which scale should a 12-megapixel photo be looked at? Thin cracks found, and the time it takes, by working size.

    python bench/thin_cracks.py --card CARD --model MODEL [--scout SCOUT] --walls FOLDER

FOLDER holds crack-free close-ups of walls (the METU clean patches): each is enlarged to a 12 MP wall with fresh grain,
and cracks of known width are painted on it, in the pixels of the 12 MP photo. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from sightline.crack.net import NetEngine
from sightline.models.onnx import open_session
from training.data import load_rgb
from training.labels import POSITIVE
from training.synth import paint_crack

WIDTHS_PX = (1.5, 2.0, 3.0, 4.0, 6.0)
SIDES_PX = (1024, 1280, 1536, 2048, 3072)
PHOTO = (3024, 4032)


def wall_with_cracks(
    rng: np.random.Generator, texture: NDArray[np.uint8], width_px: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A 12 MP wall with four cracks, and their label."""
    wall = cv2.resize(texture, PHOTO[::-1], interpolation=cv2.INTER_CUBIC)
    image = np.clip(wall + rng.normal(0, 4, (*PHOTO, 1)), 0, 255).astype(np.uint8)
    label = np.zeros(PHOTO, np.uint8)
    for top, left in ((100, 100), (100, 2200), (1600, 100), (1600, 2200)):
        part = slice(top, top + 1300), slice(left, left + 1600)
        patch, mask = image[part].copy(), label[part].copy()
        paint_crack(rng, patch, mask, thickness=width_px)
        image[part], label[part] = patch, mask
    return image, label


def share_found(engine: NetEngine, image: NDArray[np.uint8], label: NDArray[np.uint8]) -> tuple[float, float]:
    """The share of the crack pixels that lie in (or within 2 px of) a reported region, and the seconds it took."""
    started = time.perf_counter()
    evidence = engine.examine(image)
    taken = time.perf_counter() - started
    found = np.zeros(evidence.probability.shape, np.uint8)
    for region, _ in evidence.regions:
        height, width = region.coverage.shape
        found[region.y : region.y + height, region.x : region.x + width] |= region.coverage >= 0.5
    near = cv2.resize(cv2.dilate(found, np.ones((5, 5), np.uint8)), PHOTO[::-1], interpolation=cv2.INTER_NEAREST)
    return float(near[label == POSITIVE].mean()), taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True)
    parser.add_argument("--scout", type=Path, help="shown the photo first; without it the net looks everywhere")
    parser.add_argument("--walls", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=3)
    arguments = parser.parse_args()
    card = json.loads(arguments.card.read_text())
    textures = [load_rgb(path) for path in sorted(arguments.walls.glob("*.jpg"))[:: 700 // arguments.photos]]
    session = open_session(arguments.model, threads=None)
    scout = open_session(arguments.scout) if arguments.scout else None
    table = Table("working side, px", *(f"{width:g} px" for width in WIDTHS_PX), "s a photo", title="Crack found, %")
    for side in SIDES_PX:
        engine = NetEngine(session, card | {"work_side_px": side}, sha256="", scout=scout)
        row, times = [], []
        for width in WIDTHS_PX:
            rng = np.random.default_rng(7)
            results = [share_found(engine, *wall_with_cracks(rng, t, width)) for t in textures[: arguments.photos]]
            row.append(f"{100 * statistics.mean(share for share, _ in results):.0f}")
            times += [taken for _, taken in results]
        table.add_row(str(side), *row, f"{statistics.median(times):.2f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
