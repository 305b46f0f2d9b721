"""A Lambda function in AWS's own Runtime Interface Emulator, with AWS's own client of the runtime, on this machine.

The emulator is one execution environment: it carries out one invocation at a time. What it does otherwise than Lambda:
the function's init counts against the timeout of the first invocation, nothing limits the memory, and a request over
6 MB is cut without a word.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import pytest

from tests.clouds.server import ROOT, free_ports, until_started
from tests.conftest import PATIENCE_S

PATH = "/2015-03-31/functions/function/invocations"
FUNCTION_NAME = "function-under-test"

_IN_THE_WHEEL = "lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
_STOP_S = 5.0  # the emulator waits up to 2 s for a function that it stops


class FunctionError(Exception):
    """The function, or the runtime around it, failed.

    Attributes:
        kind: the `errorType` that the caller of the function sees, such as `ValueError` or `Runtime.ExitError`.
        message: the `errorMessage`.
        stack: the `stackTrace` that goes with it.
    """

    def __init__(self, kind: str, message: str, stack: Sequence[str] = ()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.stack = tuple(stack)


def emulator_binary() -> Path | None:
    """The emulator in the wheel of `aws-sam-cli`; None where that is not installed."""
    return next((ROOT / ".venv-deploy").glob(_IN_THE_WHEEL), None)


needs_emulator = pytest.mark.skipif(
    emulator_binary() is None, reason="needs the environment .venv-deploy (scripts/test makes it)"
)


class LambdaEmulator:
    """A function that starts with the `with`; its process starts, as Lambda's do, with the first invocation.

    Args:
        handler: `module.name`, as Lambda takes it.
        folder: the function's task root, where the module lies (or it is importable anyway).
        environment: variables that the function sees beside those that Lambda sets. None are taken from this process
            but `PATH`.
        memory_mb: what the function is told to have; nothing enforces it.
        timeout_s: after which the function is killed, in whole seconds; it counts the function's init too.
        python: the interpreter, with the package `awslambdaric`; this process's where it is None.
        wrapped_in: a command in front of the interpreter's, such as `("taskset", "-c", "0")`.
    """

    def __init__(
        self,
        handler: str,
        *,
        folder: Path = ROOT / "deploy",
        environment: Mapping[str, str] | None = None,
        memory_mb: int = 1024,
        timeout_s: int = PATIENCE_S,
        python: str | None = None,
        wrapped_in: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "AWS_REGION": "eu-west-1",
            "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s),
            "LAMBDA_TASK_ROOT": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        } | dict(environment or {})
        self._runtime = (*wrapped_in, python or sys.executable, "-m", "awslambdaric", handler)
        self._one_at_a_time = threading.Lock()
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        binary = emulator_binary()
        assert binary, "no emulator: make the environment .venv-deploy"
        self._scratch = Path(self._opened.enter_context(tempfile.TemporaryDirectory(prefix="sightline-emulator-")))
        emulator = self._scratch / "emulator"
        shutil.copyfile(binary, emulator)
        emulator.chmod(0o755)  # pip leaves it without the right to run
        (self._scratch / "tmp").mkdir()
        self._environment.setdefault("TMPDIR", str(self._scratch / "tmp"))  # as each environment has a /tmp of its own
        self._log = self._scratch / "log"
        try:
            until_started(lambda: self._start(emulator))
        except BaseException:
            self._opened.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._opened.close()

    @property
    def url(self) -> str:
        """Where the function is invoked: `POST` an event."""
        return f"http://127.0.0.1:{self._port}{PATH}"

    def invoke(self, event: Any) -> Any:
        """Invoke the function and wait for what it returns.

        Raises:
            FunctionError: it raised, ended or ran out of time.
        """
        status, answer = self.post(json.dumps(event).encode())
        try:
            value = json.loads(answer)
        except ValueError:
            raise FunctionError("Emulator", f"{status}: {answer.decode(errors='replace')}") from None
        if isinstance(value, dict) and "errorMessage" in value and "errorType" in value:
            raise FunctionError(value["errorType"], value["errorMessage"], value.get("stackTrace") or ())
        return value

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Send the bytes of an event; gives the emulator's status, which is 200 for a function's error too, and what
        it answered."""
        with self._one_at_a_time, closing(HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)) as connection:
            connection.request("POST", PATH, body)
            response = connection.getresponse()
            return response.status, response.read()

    def log(self) -> str:
        """All that the function and the emulator wrote so far."""
        return self._log.read_text(errors="replace")

    def kill_function(self) -> None:
        """SIGKILL the function's process, whatever it does; the next invocation starts a new one.

        Waits until there is a process, so that it may be called beside an `invoke` in another thread.
        """
        _until(lambda: bool(self._processes()))
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def peak_mb(self) -> float:
        """The most memory that the function's process had resident since it started, in 10^6 bytes."""
        peaks = []
        for process in self._processes():
            with suppress(FileNotFoundError):
                lines = Path(f"/proc/{process}/status").read_text().splitlines()
                peaks += [int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")]
        assert peaks, "the function has no process: invoke it first"
        return max(peaks)

    def _start(self, emulator: Path) -> None:
        self._port, runtime_port = free_ports(2)
        addresses = [
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
            *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [emulator, *addresses, "--log-level", "warn", *self._runtime],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            _until(self._listens)
        except BaseException:
            self._stop()
            raise

    def _listens(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"the emulator ended: {self.log()}")
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def _stop(self) -> None:
        """End the emulator and, in case that it left one, the function's process."""
        processes = self._processes()
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            processes |= self._processes()
            self._process.kill()
            self._process.wait()
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _processes(self) -> set[int]:
        """All processes below the emulator's own."""
        found: set[int] = set()
        waiting = [self._process.pid]
        while waiting:
            children = set(_children(waiting.pop())) - found
            found |= children
            waiting += children
        return found


def _children(process: int) -> Iterator[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                yield from map(int, (thread / "children").read_text().split())


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
