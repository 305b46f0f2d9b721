"""Reports and comparisons as files, and back."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from sightline.crack.compare.comparison import compare_registered
from sightline.crack.compare.lens import Lens
from sightline.crack.compare.planemap import Bend, PlaneMap
from sightline.crack.compare.registration import Registration
from sightline.crack.compare.series import tracks_of
from sightline.crack.report import QualityNote
from sightline.service.packed import pack, unpack
from tests.crack.compare.painted import LONG, MATRIX, OTHER, SHORT, SIZE, photo, registration, report, wall
from tests.crack.compare.test_real_sizes import scale


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal to the last digit, arrays with their types."""
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
        )
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def bent() -> Registration:
    """A registration with all that one can have."""
    bend = Bend(np.full((10, 2), 0.1), np.array([200.0, 150.0]), 300.0, np.array([-1.0, -1.0]), np.array([1.0, 1.0]))
    plane = PlaneMap(MATRIX, Lens(SIZE, 0.01), Lens(SIZE, -0.02), bend)
    return replace(registration(), plane=plane)


def test_a_comparison_comes_back_as_it_was() -> None:
    images = photo(wall([SHORT, OTHER])), photo(wall([LONG]), MATRIX, seed=2)
    before = replace(report([SHORT, OTHER]), scale=scale(0.5), quality=(QualityNote("dark", "Dark.", 1.0, 2.0),))
    after = report([LONG], MATRIX)
    made = compare_registered(images[0], replace(before, faint=after.instances), images[1], after, registration())
    back = unpack(pack(made))

    assert same(back, made)
    assert json.dumps(back.to_dict()) == json.dumps(made.to_dict())
    assert tracks_of([back.before, back.after], [back])[0].to_dict() == tracks_of([before, after], [made])[0].to_dict()


def test_a_map_comes_back_as_it_was() -> None:
    points = np.array([[10.0, 20.0], [400.0, 300.0]])
    back = unpack(pack(bent()))

    assert same(back, bent())
    assert np.array_equal(back.to_before(points), bent().to_before(points))


def test_a_report_without_anything_in_it_comes_back() -> None:
    assert same(unpack(pack(report([]))), report([]))


@pytest.mark.parametrize("value", [{1: 2}, object(), json.JSONDecoder()])
def test_what_is_not_named_is_not_packed(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be packed"):
        pack(value)
