"""Starts servers of other people for tests, on free ports of this machine, and takes them away with all they wrote."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
CLOUDS = ROOT / ".venv-clouds" / "bin"
_POLL_S = 0.02
_TRIES = 5  # a port that was free a moment ago may be taken by the time the server asks for it


def installed(name: str) -> Path:
    """A program of the environment of emulators; the test skips where that is not made (`scripts/test` does)."""
    program = CLOUDS / name
    if not program.exists():
        pytest.skip(f"{program.relative_to(ROOT)} is not installed: scripts/test makes the environment")
    return program


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on at this moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def answers(url: str) -> bool:
    """Whether a GET there is answered with a success."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5):
            return True
    except OSError:  # also URLError and the timeout
        return False


class Server:
    """One process with a folder of its own, in which it works and writes, and which goes with it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sightline-test-"))
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self, command: Sequence[str | Path], environment: Mapping[str, str], ready: Callable[[], bool]) -> None:
        """Start it and wait until it is ready.

        Raises:
            RuntimeError: it ended, or is not ready after `PATIENCE_S`; the message shows the end of its log.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        own = {"HOME": str(self.folder), "TMPDIR": str(self.folder), "NO_PROXY": "*", "no_proxy": "*"}
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                env=kept | own | dict(environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        limit_s = time.monotonic() + PATIENCE_S
        while not ready():
            if self._process.poll() is not None or time.monotonic() > limit_s:
                self.end()
                raise RuntimeError(f"{command[0]} did not start:\n{self.log()[-2000:]}")
            time.sleep(_POLL_S)

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def log_path(self) -> Path:
        return self.folder / "server.log"

    def log(self) -> str:
        """What it has printed so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def end(self, patience_s: float = 10) -> None:
        """End the process and keep its folder: it can be launched again on what it left there."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self, patience_s: float = 10) -> None:
        """End the process and remove its folder."""
        self.end(patience_s)
        shutil.rmtree(self.folder, ignore_errors=True)


def until_started(start: Callable[[], None]) -> None:
    """Call `start` again, with other ports, where it fails for having lost a race for one."""
    for left in reversed(range(_TRIES)):
        try:
            return start()
        except RuntimeError as error:
            if not left or "in use" not in str(error):
                raise
    return None


def post(url: str) -> None:
    """Send an empty POST.

    Raises:
        urllib.error.URLError: it is not answered with a success.
    """
    request = urllib.request.Request(url, data=b"", method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE_S):
        pass
