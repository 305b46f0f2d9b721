from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from sightline.aws import scratch


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_root", tmp_path)
    return tmp_path


def test_what_an_ended_invocation_left_is_removed_and_nothing_else(root: Path) -> None:
    (root / "of-somebody-else").mkdir()
    (root / "of-somebody-else" / "file").write_text("kept")
    scratch.begin_empty()
    left = Path(tempfile.mkdtemp(prefix="sightline-"))
    (left / "raw_video.mp4").write_bytes(bytes(1000))
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(bytes(1000))

    assert left.parent == root / "sightline-function"
    scratch.begin_empty()
    assert [path.name for path in (root / "sightline-function").iterdir()] == []
    assert (root / "of-somebody-else" / "file").read_text() == "kept"


def test_a_video_fits_beside_its_results(root: Path) -> None:
    total = shutil.disk_usage(root).total
    assert scratch.largest_video_bytes(1000) == 1000
    assert scratch.largest_video_bytes(10 * total) == total - scratch.KEPT_FREE_BYTES
