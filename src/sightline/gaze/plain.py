"""Turns the frozen values of a report into what JSON can say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def json_ready(value: object, digits: int = 4) -> Any:
    """Dataclasses become objects, arrays and tuples lists; a number that is not finite becomes null.

    Args:
        value: dataclasses, mappings, sequences, NumPy values, strings, numbers, None.
        digits: decimals that floats are rounded to; four are a tenth of a millisecond and far below a pixel.

    Raises:
        TypeError: there is something else in it.
    """
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return round(value, digits) + 0.0 if math.isfinite(value) else None  # + 0.0: no "-0.0"
        case np.ndarray() | np.generic():
            return json_ready(value.tolist(), digits)
        case Mapping():
            return {str(key): json_ready(item, digits) for key, item in value.items()}
        case list() | tuple():
            return [json_ready(item, digits) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: json_ready(getattr(value, field.name), digits) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
