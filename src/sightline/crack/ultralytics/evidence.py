"""Evidence from instances: what the rest of the crack package reads, whichever way Ultralytics' model was run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sightline.crack.engine import Evidence, Region


def evidence_of(size: tuple[int, int], instances: Iterable[tuple[Region | None, float]]) -> Evidence:
    """Evidence of `size` (height, width) from regions and their confidence; an instance without a region is left out.

    A pixel's probability is the largest of confidence times coverage.
    """
    probability = np.zeros(size, dtype=np.float32)
    regions = []
    for region, confidence in instances:
        if region is None:
            continue
        regions.append((region, confidence))
        height, width = region.coverage.shape
        window = probability[region.y : region.y + height, region.x : region.x + width]
        np.maximum(window, region.coverage * np.float32(confidence), out=window)
    return Evidence(probability, tuple(regions))
