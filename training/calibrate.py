"""Freeze everything that is decided on validation: `python -m training.calibrate --model F --data DIR --out card.json`.

On photos held out of training: the pixel threshold, the weights of the region scorer, and the least confidence at which
a region is reported. Writes the model's card; `evaluate.py` then only reads it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sightline.crack.instances import group
from sightline.crack.net import GAP_PX, NetEngine
from sightline.crack.scoring import FEATURES, region_features
from sightline.models.onnx import open_session
from training import augment, synth
from training.data import load_pools
from training.labels import NEGATIVE, POSITIVE, UNKNOWN, Label

THRESHOLDS = np.round(np.arange(0.2, 0.85, 0.05), 2)
NEAR_PX = 8
"""A region counts as the labelled crack when most of it lies this near to the label."""
ALARM_LIMITS = {"rooms": 0.02, "drywall": 0.08, "masonry": 0.06, "plain": 0.03}
"""Share of crack-free validation photos that may raise an alarm; the least confidence follows from it."""
FOLDS = 5
RIDGE = 1.0


@dataclass(frozen=True)
class Sample:
    """A validation photo.

    `exact` says whether `label` gives a crack's edge, `complete` whether it has all the cracks there are.
    """

    kind: str
    image: NDArray[np.uint8]
    label: Label
    exact: bool
    complete: bool

    @property
    def clean(self) -> bool:
        return not self.label.any()


def validation_samples(data: Path) -> Iterator[Sample]:
    """Held-out photos of every kind, and cracks painted on held-out clean ones.

    Crack-free photos come three times, as they are, in other light, and closer in other light: they raise so few alarms
    that there would be too little to fit the scorer on.
    """
    rng = np.random.default_rng(20)
    pools = load_pools(data / "train", validation=True)
    for photo in pools["walls"]:
        assert photo.label is not None
        yield Sample("walls", photo.image, photo.label, exact=False, complete=False)
    for kind in ("concrete", "patches"):
        for photo in pools[kind]:
            assert photo.label is not None
            yield Sample(kind, photo.image, photo.label, exact=True, complete=kind == "concrete")
    for kind in ("rooms", "drywall", "plain"):
        for photo in pools[kind]:
            closer = cv2.resize(photo.image, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
            for image in (photo.image, augment.light(rng, photo.image), augment.light(rng, closer)):
                yield Sample(kind, image, np.zeros(image.shape[:2], np.uint8), exact=True, complete=True)
    for kind, count in (("plain", 60), ("drywall", 20), ("rooms", 20)):
        for index in range(count):
            photo = pools[kind][index % len(pools[kind])]
            image, label = photo.image, np.zeros(photo.image.shape[:2], np.uint8)
            if kind == "plain":
                image, label = augment.view(rng, image, label, 448, (1.5, 2.5))
            image, label = image.copy(), label.copy()
            synth.paint_crack(rng, image, label)
            yield Sample("painted", augment.light(rng, image), label, exact=True, complete=True)
    for index in range(60):
        wall = synth.masonry(rng, pools["plain"][index % len(pools["plain"])].image, 640)
        yield Sample("masonry", augment.light(rng, wall), np.zeros((640, 640), np.uint8), exact=True, complete=True)


def pixel_f1(counts: NDArray[np.float64]) -> float:
    hit, false, missed = counts
    return float(2 * hit / max(2 * hit + false + missed, 1))


def choose_threshold(maps: list[NDArray[np.float32]], samples: list[Sample]) -> tuple[float, dict[str, Any]]:
    """The threshold with the best mean F1 over the kinds whose masks are exact."""
    kinds = ("concrete", "patches", "painted")
    counts = {kind: np.zeros((len(THRESHOLDS), 3)) for kind in kinds}
    for probability, sample in zip(maps, samples, strict=True):
        if sample.kind not in kinds:
            continue
        known, truth = sample.label != UNKNOWN, sample.label == POSITIVE
        for index, threshold in enumerate(THRESHOLDS):
            found = (probability >= threshold) & known
            counts[sample.kind][index] += (found & truth).sum(), (found & ~truth).sum(), (truth & ~found).sum()
    scores = {kind: [round(pixel_f1(row), 4) for row in counts[kind]] for kind in kinds}
    mean = np.mean([scores[kind] for kind in kinds], axis=0)
    best = int(mean.argmax())
    return float(THRESHOLDS[best]), {kind: scores[kind][best] for kind in kinds}


@dataclass(frozen=True)
class Candidate:
    """A region on validation with its features; `truth` is None where nobody knows."""

    photo: int
    features: NDArray[np.float64]
    truth: bool | None


def candidates_of(
    photo: int, sample: Sample, probability: NDArray[np.float32], judge: NDArray[np.float32], threshold: float
) -> Iterator[Candidate]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * NEAR_PX + 1,) * 2)
    near = cv2.dilate((sample.label != NEGATIVE).astype(np.uint8), kernel) > 0
    crack_px = int(np.count_nonzero(probability >= threshold))
    for region in group(probability, threshold, gap_px=GAP_PX):
        rows, columns = np.nonzero(region.coverage >= 0.5)
        inside = float(near[rows + region.y, columns + region.x].mean())
        truth = True if inside >= 0.5 else False if sample.complete and inside < 0.2 else None
        yield Candidate(photo, region_features(region, probability, judge, crack_px), truth)


def fit(features: NDArray[np.float64], truth: NDArray[np.bool_], weight: NDArray[np.float64]) -> dict[str, Any]:
    """A ridge logistic regression over standardised features."""
    mean, scale = features.mean(0), features.std(0) + 1e-6
    x, sign = (features - mean) / scale, np.where(truth, 1.0, -1.0)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (x @ w[:-1] + w[-1])
        slope = -weight * sign / (1 + np.exp(margin))
        gradient = np.append(x.T @ slope + RIDGE * w[:-1], slope.sum())
        return float((weight * np.logaddexp(0, -margin)).sum() + 0.5 * RIDGE * (w[:-1] ** 2).sum()), gradient

    w = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return {
        "features": list(FEATURES),
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "weights": w[:-1].tolist(),
        "bias": float(w[-1]),
    }


def fit_candidates(chosen: list[Candidate]) -> dict[str, Any]:
    """Fit on the regions whose truth is known; each photo weighs the same, however many regions it has."""
    known = [c for c in chosen if c.truth is not None]
    _, inverse, counts = np.unique([c.photo for c in known], return_inverse=True, return_counts=True)
    weight = 1.0 / np.sqrt(counts[inverse])
    return fit(np.stack([c.features for c in known]), np.array([bool(c.truth) for c in known]), weight)


def score(card: dict[str, Any], features: NDArray[np.float64]) -> float:
    z = (features - np.array(card["mean"])) / np.array(card["scale"]) @ np.array(card["weights"]) + card["bias"]
    return float(1 / (1 + np.exp(-z)))


def photo_confidences(candidates: list[Candidate], photos: int) -> NDArray[np.float64]:
    """Each photo's highest confidence, from a scorer fitted without that photo's fold; 0 where nothing was proposed."""
    best = np.zeros(photos)
    for fold in range(FOLDS):
        card = fit_candidates([c for c in candidates if c.photo % FOLDS != fold])
        for candidate in (c for c in candidates if c.photo % FOLDS == fold):
            best[candidate.photo] = max(best[candidate.photo], score(card, candidate.features))
    return best


def choose_least_confidence(best: NDArray[np.float64], samples: list[Sample]) -> float:
    """The lowest confidence that keeps every kind of crack-free photo within its limit, and no lower than 0.3."""
    least = 0.3
    for kind, limit in ALARM_LIMITS.items():
        own = np.sort([b for b, s in zip(best, samples, strict=True) if s.kind == kind])[::-1]
        allowed = int(limit * own.size)
        least = max(least, float(own[allowed]) + 1e-3)
    return round(least, 3)


def reliability(best: NDArray[np.float64], samples: list[Sample]) -> list[dict[str, float]]:
    """How often a photo with a confidence in each tenth really shows a crack."""
    cracked = np.array([not s.clean for s in samples])
    rows = []
    for low in np.arange(0, 1, 0.1):
        inside = (best >= low) & (best < low + 0.1 + 1e-9)
        if inside.any():
            rows.append(
                {
                    "from": round(float(low), 1),
                    "photos": int(inside.sum()),
                    "mean_confidence": round(float(best[inside].mean()), 3),
                    "cracked": round(float(cracked[inside].mean()), 3),
                }
            )
    return rows


def calibrate(engine: NetEngine, data: Path) -> dict[str, Any]:
    samples = list(validation_samples(data))
    maps = [engine.maps(sample.image) for sample in samples]
    threshold, pixel = choose_threshold([m for m, _ in maps], samples)
    candidates = [
        candidate
        for photo, (sample, (probability, judge)) in enumerate(zip(samples, maps, strict=True))
        for candidate in candidates_of(photo, sample, probability, judge, threshold)
    ]
    best = photo_confidences(candidates, len(samples))
    least = choose_least_confidence(best, samples)
    report_trade(best, samples)
    return {
        "threshold": threshold,
        "least_confidence": least,
        "scorer": fit_candidates(candidates),
        "validation": {
            "pixel_f1": pixel,
            "reported": reported_share(best, samples, least),
            "reliability": reliability(best, samples),
        },
    }


def reported_share(best: NDArray[np.float64], samples: list[Sample], least: float) -> dict[str, float]:
    """Of each kind of photo the share in which something is reported."""
    kinds = sorted({s.kind for s in samples})
    own = {kind: [b >= least for b, s in zip(best, samples, strict=True) if s.kind == kind] for kind in kinds}
    return {kind: round(float(np.mean(hits)), 3) for kind, hits in own.items()}


def report_trade(best: NDArray[np.float64], samples: list[Sample]) -> None:
    """Print what each least confidence would have reported, and the worst crack-free photos."""
    for least in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98):
        print(least, reported_share(best, samples, least))
    for kind in ALARM_LIMITS:
        own = sorted((b for b, s in zip(best, samples, strict=True) if s.kind == kind), reverse=True)
        print(kind, np.round(own[:6], 3).tolist())


def draft_card() -> dict[str, Any]:
    """What the engine needs before anything is calibrated."""
    blank = {"features": list(FEATURES), "mean": [0.0], "scale": [1.0], "weights": [0.0], "bias": 0.0}
    return {
        "name": "sightline-crack",
        "version": "draft",
        "threshold": 0.5,
        "least_confidence": 0.5,
        "work_side_px": 1536,
        "tile_px": 896,
        "overlap_px": 64,
        "scorer": blank,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the exported .onnx")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--out", type=Path, required=True, help="the card, JSON")
    arguments = parser.parse_args()
    card = draft_card()
    engine = NetEngine(open_session(arguments.model, threads=None), card, sha256="")
    card |= {"version": arguments.version} | calibrate(engine, arguments.data)
    arguments.out.write_text(json.dumps(card, indent=1))
    print(json.dumps({k: v for k, v in card.items() if k != "scorer"}, indent=1))


if __name__ == "__main__":
    main()
