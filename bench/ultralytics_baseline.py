"""Measure YOLO11n-seg under Ultralytics, for comparison; `bench/crack.py` calls it and shows its column.

    PYTHON bench/ultralytics_baseline.py --backend torch|onnx NAME=PHOTO.jpg ...

PYTHON has ultralytics, torch, torchvision, onnx and onnxruntime, and need have nothing of ours. The weights are random:
as good as any for speed, except that hardly anything is found, so masks cost less than on a cracked wall. Each figure
comes from a process of its own, which is handed picture files: decoding counts, as it does for Sightline. The last line
of the output is a JSON object with the rows of `bench/crack.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from timing import column, measure
from torchvision_cpu import provide_torchvision_ops

NETWORK = "yolo11n-seg"
MODELS = {"torch": f"{NETWORK}.pt", "onnx": f"{NETWORK}.onnx"}
PACKAGES = {"torch": ["ultralytics", "opencv-python-headless"]}
PACKAGES["onnx"] = [*PACKAGES["torch"], "onnxruntime"]


def load_yolo() -> Any:
    provide_torchvision_ops()
    from ultralytics import YOLO

    return YOLO


def prepare(folder: Path) -> None:
    """Random weights and their export. The first import of Ultralytics also writes its settings, once for all."""
    weights = folder / MODELS["torch"]
    load_yolo()(f"{NETWORK}.yaml").save(weights)
    load_yolo()(weights).export(format="onnx")


def in_new_process(step: str, *arguments: str) -> str:
    """Run one step of this script; the last line that it prints, for Ultralytics prints, too."""
    done = subprocess.run([sys.executable, __file__, step, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().rpartition("\n")[2]


def measure_backend(backend: str, photos: dict[str, str]) -> dict[str, str]:
    """The figures of one backend, by the names of `bench/crack.py`'s rows; the first photo gives the first answer."""
    from installed_size import installed_mb

    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(YOLO_CONFIG_DIR=folder, YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true")
        in_new_process("prepare", folder)
        model = str(Path(folder) / MODELS[backend])
        return column(
            lambda *paths: json.loads(in_new_process("measure", model, *paths)),
            photos,
            installed_mb(*PACKAGES[backend]),
        )


def main() -> None:
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(Path(folder))
        case ["measure", model, *photos]:
            yolo = load_yolo()(model, task="segment")
            print(json.dumps(measure(lambda photo: yolo.predict(photo, verbose=False), *photos)))
        case _:
            parser = argparse.ArgumentParser(description="Measure YOLO11n-seg under Ultralytics.")
            parser.add_argument("--backend", choices=MODELS, required=True)
            parser.add_argument("photos", nargs="+", metavar="NAME=PHOTO")
            asked = parser.parse_args()
            print(json.dumps(measure_backend(asked.backend, dict(photo.split("=", 1) for photo in asked.photos))))


if __name__ == "__main__":
    main()
