"""Sightline's crack detection against Ultralytics YOLO11n-seg, side by side in one run.

    python bench/crack.py [--yolo-python PYTHON]

PYTHON is an interpreter that has ultralytics and torch; without it only Sightline is measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from installed_size import product_mb
from rich.console import Console
from rich.table import Table
from timing import column
from wall_photos import make_wall_photos

HERE = Path(__file__).parent


def run(python: str, script: str, *arguments: str) -> dict[str, Any]:
    """The JSON object on the last line that a script prints."""
    command = [python, str(HERE / script), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yolo-python", help="an interpreter with ultralytics and torch")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photos = {name: str(path) for name, path in make_wall_photos(Path(folder)).items()}
        columns = {
            "Sightline": column(
                lambda *paths: run(sys.executable, "sightline_once.py", *paths), photos, product_mb("crack")
            )
        }
        if arguments.yolo_python:
            named = [f"{name}={path}" for name, path in photos.items()]
            for backend in ("torch", "onnx"):
                answer = run(arguments.yolo_python, "ultralytics_baseline.py", "--backend", backend, *named)
                columns[f"YOLO11n-seg, {backend}"] = answer
    table = Table("", *columns, title="Crack detection")
    for row in columns["Sightline"]:
        table.add_row(row, *(rows.get(row, "-") for rows in columns.values()))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
