"""Evidence from instances: what the rest of the crack package reads, whichever way Ultralytics' model was run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.crack.engine import Evidence, Region


def evidence_of(size: tuple[int, int], regions: Sequence[tuple[Region, float]]) -> Evidence:
    """Evidence of `size` (height, width); a pixel's probability is the largest of confidence times coverage."""
    probability = np.zeros(size, dtype=np.float32)
    for region, confidence in regions:
        height, width = region.coverage.shape
        window = probability[region.y : region.y + height, region.x : region.x + width]
        np.maximum(window, region.coverage * np.float32(confidence), out=window)
    return Evidence(probability, regions=tuple(regions))
