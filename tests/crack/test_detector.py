"""The two public calls, from any kind of input to a report in the photo's own pixels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack import detect_cracks, segment_cracks
from sightline.crack.engine import CrackEngine
from sightline.crack.net import NetEngine
from sightline.errors import BadInputError, TooLargeError
from sightline.settings import Settings, get_settings
from tests.conftest import encoded, wall
from tests.crack.tiny_net import write_tiny_net


@pytest.fixture
def engine(tmp_path: Path) -> CrackEngine:
    return NetEngine.from_file(write_tiny_net(tmp_path / "tiny.onnx"))


def test_an_array_a_path_and_bytes_give_the_same_report(engine: CrackEngine, tmp_path: Path) -> None:
    image = wall()
    (tmp_path / "wall.png").write_bytes(encoded(image, "PNG"))
    inputs: list[NDArray[np.uint8] | Path | str | bytes] = [
        image,
        tmp_path / "wall.png",
        str(tmp_path / "wall.png"),
        encoded(image, "PNG"),
    ]
    reports = [detect_cracks(one, engine=engine).to_dict() for one in inputs]
    assert all(report == reports[0] for report in reports)
    assert reports[0]["has_crack"]


@pytest.mark.parametrize("size", [(320, 240), (1600, 1200)])
def test_everything_is_in_pixels_of_the_photo(engine: CrackEngine, size: tuple[int, int]) -> None:
    width, height = size
    image = wall(width, height)
    report = detect_cracks(image, engine=engine)
    (crack,) = report.instances
    dark = image.mean(2) < 64
    rows, columns = np.nonzero(dark)
    reduced = max(1.0, width / 512)
    assert crack.box.x == pytest.approx(columns.min(), abs=2 * reduced)
    assert crack.box.y == pytest.approx(rows.min(), abs=2 * reduced)
    assert crack.length_px == pytest.approx(0.75 * width, rel=0.05)
    assert crack.mean_width_px == pytest.approx(6, abs=max(1.0, reduced))
    assert report.mask.shape == dark.shape == (height, width)
    assert (report.mask & dark).sum() > 0.8 * dark.sum()


def test_two_cracks_are_two_instances_the_surest_first(engine: CrackEngine) -> None:
    report = detect_cracks(wall(cracks=2), engine=engine)
    assert len(report.instances) == 2
    assert report.confidence == report.instances[0].confidence >= report.instances[1].confidence


def test_a_clean_wall_has_no_crack_and_no_confidence(engine: CrackEngine) -> None:
    report = detect_cracks(wall(cracks=0), engine=engine)
    assert not report.has_crack
    assert report.confidence == 0.0
    assert not report.mask.any()


@pytest.mark.parametrize("size", [(320, 240), (1600, 1200)])
def test_segment_cracks_answers_at_the_photos_size(engine: CrackEngine, size: tuple[int, int]) -> None:
    image = wall(*size)
    probability = segment_cracks(image, engine=engine)
    assert probability.dtype == np.float32
    assert probability.shape == image.shape[:2]
    assert 0 <= probability.min() <= probability.max() <= 1
    assert probability[image.mean(2) < 64].mean() > 0.7
    assert probability[image.mean(2) > 150].mean() < 0.3


@pytest.mark.parametrize(
    "image",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)],
)
def test_an_array_that_is_no_rgb_photo_is_refused_with_its_shape(engine: CrackEngine, image: np.ndarray) -> None:
    with pytest.raises(BadInputError, match=str(image.dtype)):
        detect_cracks(image, engine=engine)


def test_the_settings_limits_hold_here_too(engine: CrackEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.crack.detector.get_settings", lambda: Settings(max_pixels=1000))
    with pytest.raises(TooLargeError, match="1000"):
        detect_cracks(encoded(wall()), engine=engine)


def test_without_an_engine_the_settings_choose_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sightline.crack.detector import default_engine

    monkeypatch.setenv("MODEL_PATH", str(write_tiny_net(tmp_path / "tiny.onnx")))
    get_settings.cache_clear()
    default_engine.cache_clear()
    try:
        assert detect_cracks(wall()).model.name == "tiny"
    finally:
        get_settings.cache_clear()
        default_engine.cache_clear()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, sightline.crack; sys.exit(any(m in sys.modules for m in ('numpy', 'onnxruntime', 'PIL')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
