"""What tests of every floor share: an engine that needs no trained model, and pictures made on the spot."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sightline.crack.engine import Evidence, Region
from sightline.crack.report import ModelInfo
from sightline.settings import Settings, get_settings

pytest_plugins = ["tests.clouds.fixtures"]

DARK = 64
PATIENCE_S = 120
"""How long tests wait for what should come at once: a bound for a machine that has much else to do, never a measure."""

OTHER_ID = "0de43ce6-4744-4cbf-91e4-1673305c1d34"
"""An id in the form of ours that nothing has."""

OUR_VARIABLES = ("MODEL_PATH", "SAVE_DIR", "RESULT_BUCKET", "S3_BUCKET", "DYNAMODB_TABLE")

hypothesis.settings.register_profile("sightline", deadline=None)
hypothesis.settings.load_profile("sightline")

FAKE_MODEL = ModelInfo(name="fake", version="0", sha256="0" * 64)


class FakeEngine:
    """A `CrackEngine` that takes dark pixels for crack, and what no light row parts for one crack.

    Tests can make it slow: while `hold` is clear, `examine` waits. `peak` is the most calls that ran at a time.
    """

    info = FAKE_MODEL

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.running = 0
        self.peak = 0
        self.calls = 0
        self._lock = threading.Lock()

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        with self._lock:
            self.calls += 1
            self.running += 1
            self.peak = max(self.peak, self.running)
        try:
            assert self.hold.wait(PATIENCE_S), "nobody let the engine go"
            dark = (image.mean(axis=2) < DARK).astype(np.float32)
            return Evidence(probability=dark, regions=tuple(_regions(dark)))
        finally:
            with self._lock:
                self.running -= 1


def _regions(dark: NDArray[np.float32]) -> Iterator[tuple[Region, float]]:
    """From top to bottom, the least confident first: 0.6, 0.65, 0.7, ..."""
    rows = np.pad(dark.any(axis=1), 1).astype(np.int8)
    tops, bottoms = np.nonzero(np.diff(rows) == 1)[0], np.nonzero(np.diff(rows) == -1)[0]
    for number, (top, bottom) in enumerate(zip(tops, bottoms, strict=True)):
        columns = np.nonzero(dark[top:bottom].any(axis=0))[0]
        left, right = int(columns[0]), int(columns[-1]) + 1
        yield Region(left, int(top), dark[top:bottom, left:right]), min(0.6 + 0.05 * number, 1.0)


def wall(width: int = 320, height: int = 240, *, cracks: int = 1) -> NDArray[np.uint8]:
    """A light wall, uint8 (H, W, 3), with straight dark cracks 6 px wide, one below the other."""
    picture = Image.new("RGB", (width, height), (205, 200, 190))
    draw = ImageDraw.Draw(picture)
    for number in range(cracks):
        y = height * (number + 1) // (cracks + 1)
        draw.line([(width // 8, y - 8), (width * 7 // 8, y + 8)], fill=(12, 12, 12), width=6)
    return np.asarray(picture)


def encoded(image: NDArray[np.uint8], kind: str = "JPEG") -> bytes:
    """The bytes of a picture file."""
    file = BytesIO()
    Image.fromarray(image).save(file, kind)
    return file.getvalue()


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    engine = FakeEngine()
    yield engine
    engine.hold.set()


@pytest.fixture(scope="session")
def cracked_jpeg() -> bytes:
    """A photo of 320 x 240 with one crack."""
    return encoded(wall())


@pytest.fixture(scope="session")
def clean_jpeg() -> bytes:
    """A photo of 320 x 240 without a crack."""
    return encoded(wall(cracks=0))


@pytest.fixture
def quick_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons take no time and find that the photos are not comparable."""
    from sightline.crack.compare import comparison
    from tests.service.walls import not_comparable

    monkeypatch.setattr(comparison, "compare_reports", not_comparable)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with results in a folder of the test's own."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests do not see what the developer's environment sets."""
    for name in os.environ:
        if name.startswith(("SIGHTLINE_", "AWS_")) or name in OUR_VARIABLES:
            monkeypatch.delenv(name)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()
