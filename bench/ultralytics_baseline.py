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
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sightline_once import seconds_since_start
from torchvision_cpu import provide_torchvision_ops

NETWORK = "yolo11n-seg"
STARTS = 5
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


def measure(model: str, first: str, *photos: str) -> dict[str, Any]:
    """What `sightline_once.py` measures, for a model of Ultralytics."""
    yolo = load_yolo()(model, task="segment")
    yolo.predict(first, verbose=False)
    answer: dict[str, Any] = {"first_answer_s": seconds_since_start()}
    for photo in photos:
        for _ in range(2):
            yolo.predict(photo, verbose=False)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            yolo.predict(photo, verbose=False)
            times.append(time.perf_counter() - started)
        answer[photo] = {"p50_s": sorted(times)[10], "p95_s": sorted(times)[18]}
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer


def in_new_process(step: str, *arguments: str) -> str:
    """Run one step of this script; the last line that it prints, for Ultralytics prints, too."""
    done = subprocess.run([sys.executable, __file__, step, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().rpartition("\n")[2]


def column(backend: str, photos: dict[str, str]) -> dict[str, str]:
    """The figures of one backend, by the names of `bench/crack.py`'s rows; the first photo gives the first answer."""
    from installed_size import installed_mb

    first = next(iter(photos.values()))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(YOLO_CONFIG_DIR=folder, YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true")
        in_new_process("prepare", folder)
        model = str(Path(folder) / MODELS[backend])
        starts = [json.loads(in_new_process("measure", model, first))["first_answer_s"] for _ in range(STARTS)]
        rows = {"first answer, s": f"{statistics.median(starts):.2f}"}
        for name, photo in photos.items():
            answer = json.loads(in_new_process("measure", model, first, photo))
            timed = answer[photo]
            rows[f"{name}, ms (p50 / p95)"] = f"{1e3 * timed['p50_s']:.0f} / {1e3 * timed['p95_s']:.0f}"
            rows[f"peak at {name}, MB"] = f"{answer['peak_mb']:.0f}"
    rows["runtime installed, MB"] = f"{installed_mb(*PACKAGES[backend]):.0f}"
    return rows


def main() -> None:
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(Path(folder))
        case ["measure", model, *photos]:
            print(json.dumps(measure(model, *photos)))
        case _:
            parser = argparse.ArgumentParser(description="Measure YOLO11n-seg under Ultralytics.")
            parser.add_argument("--backend", choices=MODELS, required=True)
            parser.add_argument("photos", nargs="+", metavar="NAME=PHOTO")
            asked = parser.parse_args()
            print(json.dumps(column(asked.backend, dict(photo.split("=", 1) for photo in asked.photos))))


if __name__ == "__main__":
    main()
