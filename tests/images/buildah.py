"""buildah, with a storage of its own: builds and opens images as root without a Docker engine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Container:
    """An image being made or looked at; its files lie in `folder`."""

    name: str
    folder: Path
    buildah: Buildah

    def configure(self, *options: str) -> None:
        self.buildah.run("config", *options, self.name)

    def commit(self, image: str) -> None:
        self.buildah.run("commit", "--quiet", self.name, image)


class Buildah:
    """Images in the folder `storage`."""

    def __init__(self, storage: Path) -> None:
        # The driver that needs nothing of the kernel, and no namespaces: this may itself run in a container.
        places = ["--root", str(storage / "root"), "--runroot", str(storage / "run"), "--storage-driver", "vfs"]
        self._command = ["buildah", *places]

    def run(self, *arguments: str) -> str:
        """What a subcommand prints.

        Raises:
            RuntimeError: It failed, with what it wrote.
        """
        environment = {**os.environ, "BUILDAH_ISOLATION": "chroot"}
        ran = subprocess.run([*self._command, *arguments], env=environment, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"buildah {arguments[0]} failed:\n{ran.stdout}{ran.stderr}")
        return ran.stdout.strip()

    def has(self, image: str) -> bool:
        """Whether an image of that name is in the storage."""
        return any(image in (found["names"] or ()) for found in json.loads(self.run("images", "--json")) or ())

    def build(self, dockerfile: Path, context: Path, image: str) -> None:
        """Build a Dockerfile as it is, over bases that are here already."""
        self.run("bud", "--pull=never", "--layers=false", "--tag", image, "--file", str(dockerfile), str(context))

    def configuration(self, image: str) -> dict[str, Any]:
        """What the image says of itself: `Env`, `Cmd`, `User`, `WorkingDir`, `Labels`."""
        inspected = json.loads(self.run("inspect", "--type", "image", image))
        configuration: dict[str, Any] = inspected["OCIv1"]["config"]
        return configuration

    @contextmanager
    def container(self, image: str) -> Iterator[Container]:
        """A working copy of an image (or `scratch`), removed in the end."""
        name = self.run("from", "--pull=never", image)
        try:
            yield Container(name, Path(self.run("mount", name)), self)
        finally:
            self.run("rm", name)
