"""What a crack analysis says: plain, frozen values, in pixels of the uploaded photo unless a name says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DISCLAIMER = "This is a visual screening, not a structural assessment."


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model spoke: a report without it cannot be checked later."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in integer pixels; `x`, `y` is its top left corner."""

    x: int
    y: int
    width: int
    height: int

    def to_dict(self) -> dict[str, int]:
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class QualityNote:
    """Why the photo supports an answer less than it should: `value` stands beside the `limit` it broke."""

    code: str
    message: str
    value: float
    limit: float

    def to_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "value": self.value, "limit": self.limit}
