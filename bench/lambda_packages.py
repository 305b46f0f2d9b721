"""What is deployed of a function, and what it weighs; Lambda takes zips of up to 250 MB unpacked."""

from __future__ import annotations

import subprocess
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from installed_size import installed_mb
from lambda_emulator import ROOT

Product = Literal["crack", "gaze"]

BENCH: Final = ROOT / "bench"
DEPLOY: Final = ROOT / "deploy"
MB: Final = 1e6
GUIDES: Final[dict[Product, tuple[str, ...]]] = {
    "crack": ("ultralytics", "opencv-python-headless", "fastapi", "mangum", "python-multipart"),
    "gaze": ("mediapipe", "opencv-contrib-python"),
}
"""What the guides' functions need, all that those require included."""


@dataclass(frozen=True, slots=True)
class Package:
    """A function's files.

    Attributes:
        folder: where its handler lies.
        zip_mb: the zip, in 10^6 bytes; None where none was made.
        unpacked_mb: what lies in it.
    """

    folder: Path
    zip_mb: float | None
    unpacked_mb: float


def working_tree(product: Product) -> Package:
    """No package: the handler as it lies here, and what the dependencies of its group take here."""
    return Package(DEPLOY, None, installed_mb(*_group(f"{product}-function")))


def build(product: Product, python: str, scratch: Path) -> Package:
    """The zip that is deployed, by `deploy/package.py`, unpacked again.

    Args:
        product: which function.
        python: an interpreter of Lambda's version, for the bytecode.
        scratch: a folder for it.

    Raises:
        subprocess.CalledProcessError: it cannot be built; the command has said why.
    """
    command = [python, str(DEPLOY / "package.py"), product, "--out", str(scratch)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    packed, folder = scratch / f"{product}.zip", scratch / f"{product}-task"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
        unpacked_mb = sum(entry.file_size for entry in archive.infolist()) / MB
    return Package(folder, packed.stat().st_size / MB, unpacked_mb)


def guides_mb(product: Product, python: str) -> float:
    """What the guide's function takes where an interpreter has it installed."""
    asked = f"from installed_size import installed_mb; print(installed_mb(*{GUIDES[product]!r}))"
    done = subprocess.run([python, "-c", asked], cwd=BENCH, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def _group(name: str) -> Iterable[str]:
    """The requirements of a dependency group, those of the groups that it includes among them."""
    groups: dict[str, list[Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for entry in groups[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _group(entry["include-group"])
