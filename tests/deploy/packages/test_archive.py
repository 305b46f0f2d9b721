"""The same files make the same zip."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

from packages.archive import write_zip


def test_order_and_times_do_not_matter(tmp_path: Path) -> None:
    digests = set()
    for turn, names in enumerate((["b.py", "a/c.py"], ["a/c.py", "b.py"])):
        folder = tmp_path / str(turn)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name)
            os.utime(folder / name, (turn * 1e9, turn * 1e9))
            (folder / name).chmod(0o600)
        digests.add(write_zip(folder, tmp_path / f"{turn}.zip"))

    assert len(digests) == 1
    assert digests == {hashlib.sha256((tmp_path / "0.zip").read_bytes()).hexdigest()}


def test_everybody_may_read_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "task").mkdir()
    (tmp_path / "task/handler.py").write_text("")

    write_zip(tmp_path / "task", tmp_path / "made/task.zip")

    with zipfile.ZipFile(tmp_path / "made/task.zip") as packed:
        (entry,) = packed.infolist()
    assert entry.filename == "handler.py"
    assert entry.external_attr >> 16 == 0o100644
    assert entry.create_system == 3
