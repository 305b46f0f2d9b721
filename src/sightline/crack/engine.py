"""The contract between a model and the rest: an engine looks at a photo and hands over evidence, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.crack.report import ModelInfo


@dataclass(frozen=True, slots=True)
class Region:
    """One crack structure at the evidence's resolution.

    `coverage` is a float32 crop (h, w) in 0..1, zero where a pixel belongs to another region, its top left corner at
    column `x`, row `y` of the evidence.
    """

    x: int
    y: int
    coverage: NDArray[np.float32]


Regions = tuple[tuple[Region, float], ...]
"""Structures, each with the confidence that it is a crack."""


def nothing_faint() -> Regions:
    """Of a model that tells nothing beyond what it reports."""
    return ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a model saw in one photo.

    Attributes:
        probability: float32 (h, w) in 0..1, at the resolution the model worked at (the whole photo, scaled).
        regions: the crack structures found in it, in any order.
        faint: gives what else may be a crack, too faint to be reported of one photo, apart from the regions. It is
            only worked out when it is asked for: to compare photos.
    """

    probability: NDArray[np.float32]
    regions: Regions
    faint: Callable[[], Regions] = nothing_faint


class CrackEngine(Protocol):
    """A loaded model. `examine` is safe to call from several threads."""

    info: ModelInfo

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """Look at an RGB photo, uint8 (H, W, 3)."""
        ...
