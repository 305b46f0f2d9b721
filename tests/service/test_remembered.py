"""What a model saw is kept so that the very same report comes of it later."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.detector import detect_cracks
from sightline.crack.engine import Evidence, Regions
from sightline.service.remembered import Recorder, Remembered
from tests.conftest import FAKE_MODEL, FakeEngine, wall


@pytest.mark.parametrize("cracks", [0, 1, 3])
def test_the_same_report_comes_of_it_without_the_model(engine: FakeEngine, cracks: int) -> None:
    image = wall(cracks=cracks)
    recorder = Recorder(engine)
    seen = detect_cracks(image, engine=recorder)
    again = detect_cracks(image, engine=Remembered(recorder.packed()))

    assert json.dumps(again.to_dict(masks=True)) == json.dumps(seen.to_dict(masks=True))
    assert again.model == FAKE_MODEL
    assert engine.calls == 1


def test_the_probability_is_kept_in_steps(engine: FakeEngine) -> None:
    recorder = Recorder(engine)
    recorder.examine(wall())
    assert recorder.evidence is not None
    kept = Remembered(recorder.packed()).examine(wall()).probability

    assert kept.dtype == np.float32
    assert np.abs(kept - recorder.evidence.probability).max() <= 0.5 / 255


def test_what_is_too_faint_to_be_reported_is_kept_too(engine: FakeEngine) -> None:
    asked = []

    class Faint:
        info = FAKE_MODEL

        def examine(self, image: NDArray[np.uint8]) -> Evidence:
            seen = engine.examine(image)

            def faint() -> Regions:
                asked.append(1)
                return seen.regions[:1]

            return Evidence(seen.probability, seen.regions[1:], faint)

    recorder = Recorder(Faint())
    seen = detect_cracks(wall(cracks=2), engine=recorder, faint=True)
    again = detect_cracks(wall(cracks=2), engine=Remembered(recorder.packed()), faint=True)

    assert len(seen.faint) == 1
    assert [each.to_dict(masks=True) for each in again.faint] == [each.to_dict(masks=True) for each in seen.faint]
    assert asked == [1]
