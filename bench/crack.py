"""Sightline's crack detection against Ultralytics YOLO11n-seg, side by side in one run.

    python bench/crack.py [--yolo-python PYTHON]

PYTHON is an interpreter that has ultralytics and torch; without it only Sightline is measured. Every figure comes
from a process of its own; the first answer is the median of five starts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Table
from wall_photos import make_wall_photos

STARTS = 5
HERE = Path(__file__).parent


def run(python: str, script: str, *arguments: str) -> dict[str, Any]:
    command = [python, str(HERE / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def installed_mb(name: str) -> float:
    """Megabytes on disk of a distribution and all it requires without extras."""
    seen: set[str] = set()
    waiting, total = [name], 0
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        try:
            found = distribution(current)
        except PackageNotFoundError:
            continue
        total += sum(path.stat().st_size for f in found.files or () if (path := Path(str(f.locate()))).is_file())
        for line in found.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return total / 1e6


def measure_sightline(photos: dict[str, Path]) -> dict[str, str]:
    small = str(photos["640x480"])
    starts = [run(sys.executable, "sightline_once.py", small)["first_answer_s"] for _ in range(STARTS)]
    column = {"first answer, s": f"{statistics.median(starts):.2f}"}
    for name, photo in photos.items():
        answer = run(sys.executable, "sightline_once.py", small, str(photo))
        timed = answer[str(photo)]
        column[f"{name}, ms (p50 / p95)"] = f"{1e3 * timed['p50_s']:.0f} / {1e3 * timed['p95_s']:.0f}"
        column[f"peak at {name}, MB"] = f"{answer['peak_mb']:.0f}"
    column["runtime installed, MB"] = f"{installed_mb('sightline'):.0f}"
    return column


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yolo-python", help="an interpreter with ultralytics and torch")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photos = make_wall_photos(Path(folder))
        columns = {"Sightline": measure_sightline(photos)}
        if arguments.yolo_python:
            for backend in ("torch", "onnx"):
                paths = [f"{name}={path}" for name, path in photos.items()]
                answer = run(arguments.yolo_python, "ultralytics_baseline.py", "--backend", backend, *paths)
                columns[f"YOLO11n-seg, {backend}"] = answer
    table = Table(title="Crack detection, 2 cores")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for row in columns["Sightline"]:
        table.add_row(row, *(str(column.get(row, "-")) for column in columns.values()))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
