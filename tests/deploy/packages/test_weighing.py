"""The table of what weighs what."""

from __future__ import annotations

from pathlib import Path

from packages.weighing import table, weigh


def test_a_library_is_weighed_with_its_shared_objects_and_without_its_papers(tmp_path: Path) -> None:
    sizes = {
        "numpy/core.so": 10,
        "numpy.libs/openblas.so": 30,
        "PIL/Image.py": 5,
        "pillow.libs/jpeg.so": 2,
        "_pi_heif.cpython-312.so": 3,
        "numpy-2.5.dist-info/METADATA": 1,
        "LICENSE": 4,
        "lambda_handler.py": 6,
        "__pycache__/lambda_handler.cpython-312.pyc": 2,
    }
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))

    assert weigh(tmp_path) == {
        "numpy": 40, "lambda_handler": 8, "PIL": 7, "licences, metadata": 5, "pi_heif": 3,
    }  # fmt: skip
    assert next(iter(weigh(tmp_path))) == "numpy"


def test_the_table_adds_up_and_shows_what_was_dropped() -> None:
    text = table(
        "gaze", {"av": 106_000_000, "google": 1_400_000, "six": 30_000}, {"av": 79_600_000, "six": 40_000}, ["a note"]
    )

    rows = [line.split() for line in text.splitlines()]
    assert rows == [
        ["gaze", "installed", "shipped"],
        ["av", "106.0", "79.6"],
        ["google", "1.4", "0.0"],
        ["1", "parts", "under", "1", "MB", "0.0", "0.0"],
        ["together", "107.4", "79.6"],
        ["a", "note"],
    ]
