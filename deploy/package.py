"""Make the packages of both Lambda functions, and tell what weighs what.

    python deploy/package.py                        # build/crack.zip and build/gaze.zip
    python deploy/package.py gaze --out dist        # one of them, elsewhere
    python deploy/package.py crack --unpacked DIR   # a folder instead of a zip: what the image is made of
    python deploy/package.py --check-wheels         # only: is there a wheel for Amazon Linux 2023 of everything?

Runs on Python 3.11 and newer with nothing but pip. Bytecode is added where a Python 3.12 is found, debug symbols are
removed where `strip` is found; both are said.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packages.archive import write_zip
from packages.compiling import compile_bytecode, find_python, strip_libraries
from packages.products import FUNCTIONS, LICENCES, REPOSITORY, SOURCES, Product
from packages.pruning import prune
from packages.weighing import table, weigh
from packages.wheels import PYTHON_VERSION, install

LIMIT_BYTES: Final = 262_144_000
"""What Lambda unpacks at most of a function's zip, with its layers: 250 MB."""


class PackageError(Exception):
    """The package cannot be made, or could not be used; says why."""


@dataclass(frozen=True)
class Unpacked:
    """A function's package as a folder."""

    product: Product
    folder: Path
    parts: Mapping[str, int]
    """Bytes by library, the heaviest first."""
    installed: Mapping[str, int]
    """The same as pip installed it, before anything was left out, added or stripped."""
    notes: tuple[str, ...]
    """What was done to make it start faster, or why not."""

    @property
    def unpacked_bytes(self) -> int:
        return sum(self.parts.values())

    def table(self) -> str:
        """What weighs what, for people."""
        return table(self.product, self.installed, self.parts, self.notes)


@dataclass(frozen=True)
class Built:
    """A function's package as a zip."""

    path: Path
    sha256: str
    contents: Unpacked

    @property
    def unpacked_bytes(self) -> int:
        return self.contents.unpacked_bytes

    @property
    def parts(self) -> Mapping[str, int]:
        """Bytes by library, unpacked, the heaviest first."""
        return self.contents.parts


def build_zip(product: Product, out: Path) -> Built:
    """Build the function's zip at the path `out`; the same files in make the same zip.

    Raises:
        PackageError: As `unpack`; or the package is over Lambda's limit, which is one of zips and not of images.
    """
    with tempfile.TemporaryDirectory(prefix=f"{product}-package-") as scratch:
        contents = unpack(product, Path(scratch, "task"))
        if contents.unpacked_bytes > LIMIT_BYTES:
            raise PackageError(f"the {product} package has {contents.unpacked_bytes} bytes, Lambda takes {LIMIT_BYTES}")
        return Built(path=out, sha256=write_zip(contents.folder, out), contents=contents)


def unpack(product: Product, folder: Path) -> Unpacked:
    """Fill `folder`, which must be empty or not exist yet, with all that the function needs.

    Raises:
        PackageError: A wheel is missing or another than the lock names, or a rule of what to leave out finds nothing.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PackageError(f"{folder} is not empty")
    function = FUNCTIONS[product]
    try:
        install(function.lock, folder)
        installed = weigh(folder)
        shutil.copytree(SOURCES, folder / "sightline", ignore=shutil.ignore_patterns("__pycache__"))
        for file in (function.handler, *LICENCES):
            shutil.copyfile(file, folder / file.name)
        idle = prune(folder, product)
        notes = _make_fast(folder)
    except (OSError, RuntimeError) as error:
        raise PackageError(f"the {product} package cannot be made: {error}") from error
    if idle:
        patterns = ", ".join(rule.pattern for rule in idle)
        raise PackageError(f"deploy/packages/pruning.py has rules that find nothing in {product}: {patterns}")
    return Unpacked(product=product, folder=folder, parts=weigh(folder), installed=installed, notes=notes)


def _make_fast(folder: Path) -> tuple[str, ...]:
    tool = strip_libraries(folder)
    stripped = f"debug symbols removed by {tool}" if tool else "debug symbols kept: no `strip` here"
    python = find_python()
    if python is not None:
        compile_bytecode(folder, python)
        return stripped, f"bytecode by {python}"
    without = f"no bytecode, for no python{PYTHON_VERSION} is here: each cold start compiles, for about a second"
    print(f"package: {without}", file=sys.stderr)  # whoever deploys sees it, too
    return stripped, without


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Make the packages of the Lambda functions.")
    parser.add_argument("product", nargs="*", choices=[[], *FUNCTIONS], help="crack, gaze; both when left out")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "build", help="the folder for the zips (build)")
    parser.add_argument("--unpacked", type=Path, metavar="DIR", help="fill this folder instead, with one product")
    parser.add_argument("--check-wheels", action="store_true", help="make nothing, only ask pip whether it could")
    arguments = parser.parse_args()
    products: list[Product] = list(dict.fromkeys(arguments.product)) or list(FUNCTIONS)
    if arguments.unpacked and len(products) != 1:
        parser.error("--unpacked wants one product")
    try:
        for product in products:
            if arguments.check_wheels:
                _check_wheels(product)
            elif arguments.unpacked:
                print(unpack(product, arguments.unpacked).table())
            else:
                _report(build_zip(product, arguments.out / f"{product}.zip"))
    except PackageError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


def _check_wheels(product: Product) -> None:
    lock = FUNCTIONS[product].lock
    try:
        with tempfile.TemporaryDirectory() as nowhere:
            install(lock, Path(nowhere), dry_run=True)
    except RuntimeError as error:
        raise PackageError(str(error)) from error
    print(f"{lock.name}: there is a wheel for Amazon Linux 2023 and Python {PYTHON_VERSION} of everything")


def _report(built: Built) -> None:
    print(built.contents.table())
    print(f"  {built.path}: {built.path.stat().st_size / 1e6:.1f} MB, SHA-256 {built.sha256}\n")


if __name__ == "__main__":
    sys.exit(main())
