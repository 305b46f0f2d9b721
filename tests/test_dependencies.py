"""The dependency groups of pyproject.toml are parts of what the package requires."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())


@pytest.mark.parametrize("product", ["crack", "gaze"])
def test_a_product_needs_nothing_that_the_package_does_not_require(product: str) -> None:
    required = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    assert set(PROJECT["dependency-groups"][product]) <= required


def test_each_engine_belongs_to_one_product() -> None:
    crack, gaze = (set(PROJECT["dependency-groups"][product]) for product in ("crack", "gaze"))
    assert {"onnxruntime", "diplib"} <= crack - gaze
    assert {"av", "ai-edge-litert"} <= gaze - crack
