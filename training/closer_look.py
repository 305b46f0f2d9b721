"""What a large photo loses by two looks: validation photos enlarged, looked at everywhere and only where it is suspect.

    python -m training.closer_look --data DIR [--photos N]

There are no large photos with masks: those of every kind are enlarged to the working size and get fresh grain.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sightline.crack.net import NetEngine
from sightline.models.onnx import open_session
from sightline.models.packaged import packaged_model
from training.calibrate import Sample, pixel_f1, validation_samples
from training.labels import POSITIVE, UNKNOWN

SIDE_PX = 1536
GRAIN = 2.0


@dataclass
class Tally:
    """Over the photos of one kind: how many were reported, pixels (hit, false, missed), processor seconds."""

    reported: int = 0
    pixels: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    cpu_s: list[float] = field(default_factory=list)

    def add(self, engine: NetEngine, threshold: float, image: NDArray[np.uint8], label: NDArray[np.uint8]) -> None:
        started = time.process_time()
        evidence = engine.examine(image)
        self.cpu_s.append(time.process_time() - started)
        self.reported += bool(evidence.regions)
        known, truth = label != UNKNOWN, label == POSITIVE
        found = (evidence.probability >= threshold) & known
        self.pixels += (found & truth).sum(), (found & ~truth).sum(), (truth & ~found).sum()


def enlarged(rng: np.random.Generator, sample: Sample) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A photo and its label at the working size."""
    height, width = sample.image.shape[:2]
    scale = SIDE_PX / max(height, width)
    size = round(width * scale), round(height * scale)
    image = cv2.resize(sample.image, size, interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, GRAIN, image.shape)
    return (
        np.clip(image + grain, 0, 255).astype(np.uint8),
        cv2.resize(sample.label, size, interpolation=cv2.INTER_NEAREST),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=20, help="of each kind at most (%(default)s)")
    arguments = parser.parse_args()
    model = packaged_model("crack")
    everywhere = NetEngine(open_session(model.path), model.card, model.sha256)
    engines = {"everywhere": everywhere, "two looks": NetEngine.packaged()}
    kinds: dict[str, list[Sample]] = {}
    for sample in validation_samples(arguments.data):
        kinds.setdefault(sample.kind, []).append(sample)
    rng = np.random.default_rng(0)
    print("| photos | looked at | with a crack reported | pixel F1 | processor, s |\n| --- | --- | --- | --- | --- |")
    for kind, samples in kinds.items():
        chosen = samples[:: max(1, len(samples) // arguments.photos)][: arguments.photos]
        tallies = {name: Tally() for name in engines}
        for image, label in (enlarged(rng, sample) for sample in chosen):
            for name, engine in engines.items():
                tallies[name].add(engine, float(model.card["threshold"]), image, label)
        for name, tally in tallies.items():
            seconds = f"{np.mean(tally.cpu_s):.2f}"
            score = f"{pixel_f1(tally.pixels):.3f}" if any(not sample.clean for sample in chosen) else "-"
            print(f"| {kind} | {name} | {tally.reported} of {len(chosen)} | {score} | {seconds} |", flush=True)


if __name__ == "__main__":
    main()
