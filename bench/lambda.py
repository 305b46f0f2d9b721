"""Both functions as Lambda runs them, beside what their guides build: cold, warm, memory, size, cost (Linux, root).

    python bench/lambda.py [crack] [gaze] [--function-python PYTHON] [--yolo-python PYTHON]
        [--mediapipe-python PYTHON] [--quick] [--out FIGURES.json]

AWS's runtime interface emulator starts the function with AWS's runtime client, in a cgroup with the memory and the
share of the processor that Lambda gives to a memory size. Every cold start is a process of its own, timed from its
start to the answer; what it reads from disk is cached, and fetching a package or an image is not in it. On Lambda the
init phase gets more of the processor than the share, so starts at 1024 MB are faster there.

With --function-python our functions are what `deploy/package.py` packs, else the working tree on this interpreter. The
YOLO interpreter has ultralytics, torch, torchvision, fastapi, mangum, python-multipart and awslambdaric, that of
MediaPipe has mediapipe 1.2.2 and awslambdaric. The machine must have nothing else to do; all takes about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import lambda_table
from gaze_data import DATA
from lambda_box import Box, NoBoxError
from lambda_cloud import cloud
from lambda_events import photos_from
from lambda_functions import Function, Setup, crack_functions, gaze_functions
from lambda_measure import Effort, Figures, cache_files, measure
from lambda_packages import Package, Product, build, guides_mb, working_tree
from rich.console import Console

WIDTH: Final = 150
SIZES_MB: Final = 1024, 1769, 3008
"""The gaze guide's, one whole vCPU, the crack guide's."""

CLIP: Final = "gaze/talkingface/talkingface_10s.mp4"
EFFORTS: Final = {"crack": Effort(starts=5, warm=15), "gaze": Effort(starts=3, warm=2)}
QUICK: Final = {"crack": Effort(starts=1, warm=5), "gaze": Effort(starts=1, warm=1)}


def main() -> None:
    arguments = parse()
    console = Console(width=WIDTH)
    boxed = can_box(console)
    sizes_mb = tuple(arguments.memory) if boxed else (max(arguments.memory),)
    measured: dict[str, dict[int, dict[str, Figures]]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        storages: dict[str, Mapping[str, str]] = {}
        if arguments.storage in ("s3", "both"):
            storages["S3"] = opened.enter_context(cloud())
        if arguments.storage in ("local", "both"):
            storages["/tmp"] = {}
        for product in arguments.products:
            package = packaged(product, arguments.function_python, Path(folder))
            other = {"crack": arguments.yolo_python, "gaze": arguments.mediapipe_python}[product]
            setup = Setup(
                python=arguments.function_python or sys.executable,
                folder=package.folder,
                storages=storages,
                other_python=other,
                scratch=Path(tempfile.mkdtemp(dir=folder)),
            )
            functions = compared(product, setup, arguments)
            effort = (QUICK if arguments.quick else EFFORTS)[product]
            cache_files(functions, sizes_mb[-1], boxed=boxed)
            measured[product] = {}
            for memory_mb in sizes_mb:
                console.print(f"[dim]{product}, {memory_mb} MB ...[/]")
                measured[product][memory_mb] = measure(functions, memory_mb, boxed=boxed, effort=effort)
            console.print(lambda_table.figures(product, measured[product], boxed=boxed))
            console.print(lambda_table.sizes(product, package, guides_mb(product, other) if other else None))
    if arguments.out:
        arguments.out.write_text(json.dumps(as_json(measured), indent=1))


def packaged(product: Product, function_python: str | None, folder: Path) -> Package:
    return build(product, function_python, folder) if function_python else working_tree(product)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", nargs="*", default=["crack", "gaze"], metavar="crack|gaze")
    parser.add_argument("--function-python", help="a Python 3.12 with awslambdaric and pip: build and run the packages")
    parser.add_argument("--yolo-python", help="an interpreter with ultralytics, torch and the handler's libraries")
    parser.add_argument("--mediapipe-python", help="an interpreter with mediapipe 1.2.2 and awslambdaric")
    parser.add_argument("--memory", type=int, nargs="+", default=SIZES_MB, metavar="MB", help="(1024 1769 3008)")
    parser.add_argument("--storage", choices=("s3", "local", "both"), default="both", help="S3 is ministack here")
    parser.add_argument("--photos", type=Path, default=DATA / "crack/test/walls/images", help="a folder (%(default)s)")
    parser.add_argument("--clip", type=Path, default=DATA / CLIP, help="ten seconds of a face (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="one start of each kind and few repeats")
    parser.add_argument("--out", type=Path, help="a file for the figures, which bench/lambda_costs.py reads")
    arguments = parser.parse_args()
    if unknown := set(arguments.products) - {"crack", "gaze"}:
        parser.error(f"{', '.join(unknown)}: there are crack and gaze")
    return arguments


def can_box(console: Console) -> bool:
    """Whether the machine makes cgroups for us; says so where it does not."""
    try:
        with Box(SIZES_MB[0]):
            return True
    except NoBoxError as error:
        console.print(f"[red]No limits: {error}. All figures are of the whole machine, for no memory size.[/]")
        return False


def compared(product: Product, setup: Setup, arguments: argparse.Namespace) -> list[Function]:
    if product == "crack":
        return crack_functions(setup, photos_from(arguments.photos))
    return gaze_functions(setup, arguments.clip.read_bytes())


def as_json(measured: Mapping[str, Mapping[int, Mapping[str, Figures]]]) -> dict[str, Any]:
    """By product, memory size and column."""
    return {
        product: {
            str(memory_mb): {name: asdict(figures) for name, figures in found.items()}
            for memory_mb, found in by_size.items()
        }
        for product, by_size in measured.items()
    }


if __name__ == "__main__":
    main()
