"""A share of the processor and a bound on memory for one process, as Lambda gives them to a function: by cgroups."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

MB_PER_VCPU: Final = 1769
"""The memory size at which AWS documents a function to have the equivalent of one vCPU; CPU grows in proportion."""

PERIOD_US: Final = 20_000
"""How often the share is renewed. AWS does not say; a short period spreads the throttling evenly, a longer one (the
kernel's default is 100 ms) would round the time of a start that takes half a second."""

MOUNTS: Final = Path("/proc/self/mounts")
REMOVE_S: Final = 10
"""Killed processes are gone within milliseconds; a cgroup can be removed only then."""


class NoBoxError(Exception):
    """This machine does not let us make cgroups; says what is missing."""


def quota_us(memory_mb: int, period_us: int = PERIOD_US) -> int:
    """Microseconds of processor time per period that a memory size is worth."""
    return round(period_us * memory_mb / MB_PER_VCPU)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where new cgroups go: in version 1 a folder per controller, in version 2 one for both."""

    version: int
    cpu: Path
    memory: Path

    def files(self, memory_mb: int) -> dict[str, dict[str, str]]:
        """What is written to which file of the cgroup of `cpu` and of `memory`."""
        quota, limit = quota_us(memory_mb), memory_mb * 1024 * 1024
        if self.version == 2:
            return {"cpu": {"cpu.max": f"{quota} {PERIOD_US}"}, "memory": {"memory.max": str(limit)}}
        return {
            "cpu": {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": str(quota)},
            "memory": {"memory.limit_in_bytes": str(limit)},
        }


def find_hierarchy(mounts: str | None = None) -> Hierarchy:
    """The hierarchy that has the controllers `cpu` and `memory`.

    Raises:
        NoBoxError: none has both.
    """
    found: dict[str, Path] = {}
    for line in (MOUNTS.read_text() if mounts is None else mounts).splitlines():
        _, folder, kind, options, *_ = line.split()
        path = Path(folder)
        if kind == "cgroup":
            found |= {name: path for name in ("cpu", "memory") if name in options.split(",")}
        elif kind == "cgroup2" and {"cpu", "memory"} <= set(_controllers(path)):
            return Hierarchy(2, path, path)
    if found.keys() == {"cpu", "memory"}:
        return Hierarchy(1, found["cpu"], found["memory"])
    raise NoBoxError("no cgroup hierarchy with the controllers cpu and memory is mounted")


def _controllers(folder: Path) -> list[str]:
    try:
        return (folder / "cgroup.controllers").read_text().split()
    except OSError:
        return []


class Box:
    """A cgroup with a function's share; a `with` makes it, kills what is left in it, and takes it away.

    Raises:
        NoBoxError: it cannot be made, with the file that could not be written.
    """

    def __init__(self, memory_mb: int, hierarchy: Hierarchy | None = None) -> None:
        self.memory_mb = memory_mb
        self._hierarchy = hierarchy or find_hierarchy()
        name = f"sightline-bench-{os.getpid()}-{memory_mb}"
        self._folders = {"cpu": self._hierarchy.cpu / name, "memory": self._hierarchy.memory / name}

    def __enter__(self) -> Self:
        try:
            if self._hierarchy.version == 2:
                (self._hierarchy.cpu / "cgroup.subtree_control").write_text("+cpu +memory")
            for controller, settings in self._hierarchy.files(self.memory_mb).items():
                self._folders[controller].mkdir(exist_ok=True)
                for name, value in settings.items():
                    (self._folders[controller] / name).write_text(value)
        except OSError as error:
            self._remove()
            raise NoBoxError(f"cgroups cannot be made here: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def command(self, *command: str) -> list[str]:
        """The command, run inside: a shell joins the box and becomes the command."""
        joins = "".join(f'echo $$ > "{folder}/cgroup.procs"; ' for folder in sorted(set(self._folders.values())))
        return ["/bin/sh", "-c", f'{joins}exec "$0" "$@"', *command]

    def pids(self) -> list[int]:
        """The processes inside."""
        return [int(line) for line in (self._folders["cpu"] / "cgroup.procs").read_text().split()]

    def _remove(self) -> None:
        limit_s = time.monotonic() + REMOVE_S
        for folder in {folder for folder in self._folders.values() if folder.exists()}:
            while True:
                try:
                    folder.rmdir()
                    break
                except OSError:  # somebody is in it
                    if time.monotonic() > limit_s:
                        raise
                    for pid in self.pids():
                        kill(pid)
                    time.sleep(0.02)


def kill(pid: int) -> None:
    """SIGKILL a process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
