"""How sure are we that a region is a crack? A calibrated second look at each region the pixel net proposes.

The pixel net alone raises alarms at joints, seams and furniture. Each region is therefore judged as a whole: by the
pixels' probabilities, by the net's own judge (which sees a wide field), by its shape, and by how much else in the photo
was proposed. The weights of this logistic regression are fitted on validation photos that the net never saw, and travel
in the model's card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Region

CELL_PX = 16
"""Side of one cell of the judge's map, in pixels of the probability map."""

FEATURES = (
    "mean_probability",
    "peak_probability",
    "mean_judge",
    "peak_judge",
    "log_area",
    "extent",
    "slenderness",
    "straightness",
    "uprightness",
    "elsewhere",
)


def region_features(
    region: Region, probability: NDArray[np.float32], judge: NDArray[np.float32], crack_px: int
) -> NDArray[np.float64]:
    """The features of one region, float64 (len(FEATURES),), in the order of `FEATURES`.

    Args:
        region: pixels with coverage >= 0.5 belong to it.
        probability: float32 (h, w), the pixel net's map.
        judge: float32 (h/16, w/16), the judge's map.
        crack_px: how many pixels of the whole map reach the threshold the region was cut with.
    """
    rows, columns = np.nonzero(region.coverage >= 0.5)
    rows, columns = rows + region.y, columns + region.x
    values = probability[rows, columns]
    judged = judge[rows // CELL_PX, columns // CELL_PX]
    major, minor, angle = _axes(rows, columns)
    diagonal = float(np.hypot(*probability.shape))
    return np.array(
        [
            _logit(float(values.mean())),
            _logit(float(np.quantile(values, 0.9))),
            _logit(float(judged.mean())),
            _logit(float(judged.max())),
            np.log(rows.size),
            4 * major / diagonal,
            np.log((16 * major**2 + 1) / rows.size),
            np.log((minor + 0.5) / (major + 0.5)),
            np.exp(-min(abs(np.sin(angle)), abs(np.cos(angle))) / 0.05),
            np.log1p(max(0, crack_px - rows.size) / 100.0),
        ]
    )


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(clipped / (1 - clipped)))


def _axes(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> tuple[float, float, float]:
    """Standard deviations along the principal axes (major, minor) and the major axis' angle in radians."""
    if rows.size < 2:
        return 0.0, 0.0, 0.0
    values, vectors = np.linalg.eigh(np.cov(np.stack([columns, rows]).astype(np.float64)))
    minor, major = np.sqrt(np.maximum(values, 0.0))
    return float(major), float(minor), float(np.arctan2(vectors[1, 1], vectors[0, 1]))


@dataclass(frozen=True, slots=True)
class Scorer:
    """A logistic regression over standardised features."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    @classmethod
    def from_card(cls, card: dict[str, Any]) -> Scorer:
        """Read the scorer of a model card.

        Raises:
            ValueError: The card was written for other features than this version computes.
        """
        if tuple(card["features"]) != FEATURES:
            raise ValueError(f"the model's scorer wants the features {card['features']}")
        mean, scale, weights = (np.asarray(card[key], np.float64) for key in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, float(card["bias"]))

    def confidence(self, features: NDArray[np.float64]) -> float:
        """Probability in 0..1 that the region is a crack."""
        z = float(np.dot((features - self.mean) / self.scale, self.weights)) + self.bias
        return float(1 / (1 + np.exp(-z)))
