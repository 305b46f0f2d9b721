"""How fast YOLO11n-seg answers under Ultralytics, with torch and with ONNX Runtime: one JSON object on stdout.

    PYTHON bench/ultralytics_baseline.py [PHOTO ...] [--repeats 15]

PYTHON is an interpreter that has `ultralytics`, `torch`, `torchvision`, `onnx` and `onnxruntime`, and need have nothing
of ours. The weights are random, which is as good as any for speed; with them hardly anything is found, so suppression
and masks cost less here than on a cracked wall. Each engine runs in a process of its own and is handed picture files,
as a user would: decoding counts. Without PHOTOs it paints its own, 640 x 480, 2 and 12 megapixels.

For each engine, the JSON says: `first_answer_s`, seconds from process start to the first photo's answer; `warm_ms`, by
the photo's name, p50 and p95 after that; `peak_rss_mb`, of the process in all.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

NETWORK = "yolo11n-seg"
SIZES = {"640x480": (640, 480), "2mp": (1632, 1224), "12mp": (4000, 3000)}


def load_yolo() -> Any:
    from torchvision_cpu import provide_torchvision_ops

    provide_torchvision_ops()
    from ultralytics import YOLO

    return YOLO


def prepare(folder: Path) -> None:
    """Random weights and their export; the first import of Ultralytics also writes its settings."""
    weights = folder / f"{NETWORK}.pt"
    load_yolo()(f"{NETWORK}.yaml").save(weights)
    load_yolo()(weights).export(format="onnx")


def paint_photos(folder: Path) -> list[Path]:
    import numpy as np
    from PIL import Image

    paths = []
    for name, (width, height) in SIZES.items():
        coarse = np.random.default_rng(0).integers(120, 200, (height // 8, width // 8, 3), dtype=np.uint8)
        paths.append(folder / f"{name}.jpg")
        Image.fromarray(coarse).resize((width, height)).save(paths[-1], quality=90)
    return paths


def measure(model: Path, photos: list[Path], repeats: int, started_ns: int) -> dict[str, Any]:
    """Answer in this process, which started at `started_ns` of the monotonic clock."""
    yolo = load_yolo()(model, task="segment")
    answer_s(yolo, photos[0])
    first_answer_s = (time.monotonic_ns() - started_ns) / 1e9
    warm_ms = {}
    for photo in photos:
        answer_s(yolo, photo)
        times_ms = sorted(answer_s(yolo, photo) * 1e3 for _ in range(repeats))
        p95 = statistics.quantiles(times_ms, n=20, method="inclusive")[-1]
        warm_ms[photo.stem] = {"p50": round(statistics.median(times_ms), 1), "p95": round(p95, 1)}
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"first_answer_s": round(first_answer_s, 2), "warm_ms": warm_ms, "peak_rss_mb": round(peak / 1e6)}


def answer_s(yolo: Any, photo: Path) -> float:
    start = time.perf_counter()
    yolo.predict(photo, verbose=False)
    return time.perf_counter() - start


def in_new_process(*arguments: str) -> str:
    """Run this script with `arguments`; the last line that it prints (Ultralytics prints, too)."""
    command = [sys.executable, __file__, *arguments, "--started-ns", str(time.monotonic_ns())]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().rpartition("\n")[2]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time YOLO11n-seg under Ultralytics, with torch and ONNX Runtime.")
    parser.add_argument("photos", nargs="*", type=Path, help="picture files to answer, the first one first")
    parser.add_argument("--repeats", type=int, default=15, help="answers per photo")
    for hidden in ("--prepare", "--measure"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--started-ns", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare(asked.prepare)
    elif asked.measure:
        print(json.dumps(measure(asked.measure, asked.photos, asked.repeats, asked.started_ns)))
    else:
        with tempfile.TemporaryDirectory() as name:
            print(json.dumps(compare(Path(name), asked.photos, asked.repeats), indent=2))


def compare(folder: Path, photos: list[Path], repeats: int) -> dict[str, Any]:
    os.environ.update(YOLO_CONFIG_DIR=str(folder), YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true")
    in_new_process("--prepare", str(folder))
    paths = [str(photo) for photo in photos or paint_photos(folder)]
    engines = {}
    for engine, suffix in {"torch": ".pt", "onnxruntime": ".onnx"}.items():
        model = str(folder / f"{NETWORK}{suffix}")
        engines[engine] = json.loads(in_new_process(*paths, "--repeats", str(repeats), "--measure", model))
    packages = {name: version(name) for name in ("ultralytics", "torch", "onnxruntime")}
    return {"network": NETWORK, "packages": packages, "engines": engines}


if __name__ == "__main__":
    main()
