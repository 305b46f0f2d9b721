"""Sightline's crack detection against Ultralytics YOLO11n-seg, side by side in one run.

    python bench/crack.py [--yolo-python PYTHON]

PYTHON is an interpreter that has ultralytics and torch; without it only Sightline is measured. Every engine runs in a
process of its own; the first answer is the median of five starts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from wall_photos import make_wall_photos

STARTS = 5
HERE = Path(__file__).parent


def output_of(python: str, script: str, *arguments: str) -> str:
    command = [python, str(HERE / script), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def column(measured: dict[str, Any], starts: list[float], installed_mb: str) -> dict[str, str]:
    rows = {"first answer, s": f"{statistics.median(starts):.2f}"}
    for name, times in measured["warm_ms"].items():
        rows[f"{name}, ms (p50 / p95)"] = f"{times['p50']:.0f} / {times['p95']:.0f}"
    rows["peak memory, MB"] = f"{measured['peak_rss_mb']:.0f}"
    rows["runtime installed, MB"] = installed_mb.strip()
    return rows


def measure_sightline(photos: list[str]) -> dict[str, str]:
    once = [
        json.loads(output_of(sys.executable, "sightline_once.py", photos[0], "--repeats", "2")) for _ in range(STARTS)
    ]
    measured = json.loads(output_of(sys.executable, "sightline_once.py", *photos))
    installed = output_of(sys.executable, "installed_size.py", "sightline")
    return column(measured, [answer["first_answer_s"] for answer in once], installed)


def measure_yolo(python: str, photos: list[str]) -> dict[str, dict[str, str]]:
    runs = [
        json.loads(output_of(python, "ultralytics_baseline.py", photos[0], "--repeats", "2")) for _ in range(STARTS)
    ]
    measured = json.loads(output_of(python, "ultralytics_baseline.py", *photos))
    installed = output_of(python, "installed_size.py", "ultralytics")
    return {
        f"YOLO11n-seg, {engine}": column(answer, [run["engines"][engine]["first_answer_s"] for run in runs], installed)
        for engine, answer in measured["engines"].items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yolo-python", help="an interpreter with ultralytics and torch")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photos = [str(path) for path in make_wall_photos(Path(folder)).values()]
        columns = {"Sightline": measure_sightline(photos)}
        if arguments.yolo_python:
            columns |= measure_yolo(arguments.yolo_python, photos)
    table = Table("", *columns, title="Crack detection")
    for row in columns["Sightline"]:
        table.add_row(row, *(rows.get(row, "-") for rows in columns.values()))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
