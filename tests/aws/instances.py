"""The instances of one function: what Lambda does with the events that ministack has for it."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.clouds.emulator import LambdaEmulator
from tests.conftest import PATIENCE_S

_FUNCTION_ERROR = 500


def until(condition: Callable[[], bool], *, every_s: float = 0.05) -> None:
    """Wait for something that comes about in other processes, which need the processor more than the asking does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(every_s)


class Instances:
    """Where ministack sends the invocations of a function: each to the instance that has been idle longest.

    Where none is idle they wait; Lambda would start one more. A function's error becomes the HTTP error by which
    ministack knows it: the runtime's emulator answers it with 200, which would pass for a batch that is done.

    Attributes:
        url: what ministack calls.
        all: the instances.
        events: the events of the queue that went through, the oldest first.
        answered: how many invocations each instance has answered.
    """

    def __init__(self) -> None:
        self._idle: queue.Queue[LambdaEmulator] = queue.Queue()
        self.all: list[LambdaEmulator] = []
        self._busy: set[LambdaEmulator] = set()
        self.events: list[dict[str, Any]] = []
        self._fresh: list[dict[str, Any]] = []
        self.answered: list[int] = []
        instances = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = instances.invoke(event)
                with suppress(ConnectionError):  # ministack waits no longer than the function's timeout
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: a test's output is the test's."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def add(self, instance: LambdaEmulator) -> None:
        """One more that is idle."""
        self.answered.append(0)
        self.all.append(instance)
        self._idle.put(instance)

    def invoke(self, event: bytes) -> tuple[int, bytes]:
        """Let an instance answer an event; gives an HTTP status and the answer."""
        if b'"aws:sqs"' in event:
            self.events.append(json.loads(event))
            self._fresh.append(self.events[-1])
        instance = self._idle.get(timeout=PATIENCE_S)
        self._busy.add(instance)
        try:
            status, answer = instance.post(event)
        except (OSError, HTTPException) as error:  # a test that ends takes it away
            return _FUNCTION_ERROR, str(error).encode()
        finally:
            self._busy.remove(instance)
            self.answered[self.all.index(instance)] += 1
            self._idle.put(instance)
        return (_FUNCTION_ERROR if _is_error(answer) else status), answer

    def take_events(self) -> list[dict[str, Any]]:
        """The events of the queue since this was asked last."""
        fresh, self._fresh = self._fresh, []
        return fresh

    @property
    def busy(self) -> bool:
        """Whether any instance has an event in hand."""
        return bool(self._busy)

    def kill_busy(self) -> None:
        """SIGKILL the processes of the instances that have an event in hand."""
        for instance in tuple(self._busy):
            instance.kill_function()

    def log(self) -> str:
        """What they have written."""
        return "".join(instance.log() for instance in self.all)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)


def _is_error(answer: bytes) -> bool:
    """Whether a function has raised or ended instead of answering."""
    try:
        document = json.loads(answer)
    except ValueError:
        return True
    return isinstance(document, dict) and {"errorType", "errorMessage"} <= document.keys()
