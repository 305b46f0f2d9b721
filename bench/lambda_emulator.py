"""One execution environment of a function: AWS's Runtime Interface Emulator with AWS's own Python runtime client."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from lambda_box import Box, kill

ROOT: Final = Path(__file__).resolve().parents[1]
EMULATOR: Final = ".venv-deploy/lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
"""Where `scripts/test` puts it: AWS ships it in the wheel of aws-sam-cli."""

INVOKE: Final = "/2015-03-31/functions/function/invocations"
TIMEOUT_S: Final = 900  # Lambda's longest
LISTENS_S: Final = 20
POLL_S: Final = 0.005


class FunctionFailedError(Exception):
    """The function ended or raised; the message is Lambda's, with the end of the log."""


def find_emulator() -> Path:
    """The emulator's program.

    Raises:
        FileNotFoundError: it is not installed.
    """
    for path in sorted(ROOT.glob(EMULATOR)):
        if not os.access(path, os.X_OK):
            path.chmod(0o755)
        return path
    raise FileNotFoundError(
        "AWS's runtime interface emulator is missing: scripts/test makes .venv-deploy, which has it"
    )


@dataclass(frozen=True, slots=True)
class Program:
    """What runs in an execution environment: an interpreter that has awslambdaric, a handler, the handler's folder."""

    python: str
    handler: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


class Emulator:
    """A fresh execution environment; nothing of the function runs before the first `invoke`.

    Args:
        program: what to run.
        memory_mb: what the function believes to have.
        box: what it does have; None for the whole machine.
    """

    def __init__(self, program: Program, memory_mb: int, box: Box | None) -> None:
        self._program, self._memory_mb, self._box = program, memory_mb, box

    def __enter__(self) -> Self:
        port, api_port = free_ports(2)
        self._url = f"http://127.0.0.1:{port}{INVOKE}"
        self._folder = tempfile.TemporaryDirectory()
        self._log = Path(self._folder.name) / "log"
        addresses = ("--runtime-interface-emulator-address", port), ("--runtime-api-address", api_port)
        function = [self._program.python, "-m", "awslambdaric", self._program.handler]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(find_emulator()),
                    *(part for name, number in addresses for part in (name, f"127.0.0.1:{number}")),
                    *(self._box.command(*function) if self._box else function),
                ],
                cwd=self._program.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_for(lambda: listens(port), LISTENS_S, "the emulator does not listen")
        except BaseException:
            self._end()
            raise
        return self

    def _environment(self) -> dict[str, str]:
        own = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": self._folder.name,
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._memory_mb),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT_S),
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            "LAMBDA_TASK_ROOT": str(self._program.folder),
        }
        return own | dict(self._program.environment)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        """Kill the emulator first, or it starts the function again."""
        function = self._pids()
        self._process.kill()
        self._process.wait()
        for pid in function:
            kill(pid)
        self._folder.cleanup()

    def invoke(self, event: Mapping[str, Any]) -> tuple[Any, float]:
        """The function's answer, and how many seconds it took; the first one includes the start of the process.

        Raises:
            FunctionFailedError: the function raised, ended or is out of time or memory.
        """
        data = json.dumps(event).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        started = time.perf_counter()
        try:
            with opener.open(urllib.request.Request(self._url, data=data), timeout=TIMEOUT_S) as response:
                body = response.read()
        except OSError as error:
            raise FunctionFailedError(f"{error}; the log ends: {self.log()[-1500:]}") from error
        took_s = time.perf_counter() - started
        answer = json.loads(body)
        if isinstance(answer, dict) and "errorType" in answer:
            raise FunctionFailedError(f"{answer['errorType']}: {answer.get('errorMessage')}; {self.log()[-1500:]}")
        return answer, took_s

    def log(self) -> str:
        """What the emulator and the function have printed."""
        return self._log.read_text(errors="replace")

    def peak_mb(self) -> float:
        """The most memory that the processes of the function had resident, summed over those that are alive."""
        return sum(peak_rss_mb(pid) for pid in self._pids())

    def _pids(self) -> list[int]:
        if self._box:
            return self._box.pids()
        return descendants(self._process.pid)


def peak_rss_mb(pid: int) -> float:
    """The most memory that a process had resident; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith("VmHWM"))


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    try:
        children = [
            int(word)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for word in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [*children, *(below for child in children for below in descendants(child))]


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


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(ready: Callable[[], bool], limit_s: float, otherwise: str) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: it is not, within the limit.
    """
    until_s = time.monotonic() + limit_s
    while not ready():
        if time.monotonic() > until_s:
            raise TimeoutError(otherwise)
        time.sleep(POLL_S)
