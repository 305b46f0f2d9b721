"""A proxy before an emulated cloud that lets one of its services refuse for a while, as AWS does under load."""

from __future__ import annotations

import http.client
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote, urlsplit

from tests.clouds.cloud import Cloud

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class FaultyCloud(Cloud):
    """The same cloud at another address, of which a test can make a service refuse. A `with` starts and stops it.

    Attributes:
        refused: how many requests were refused so far.
        answered: method and path of what went through.
    """

    def __init__(self, behind: Cloud) -> None:
        super().__init__()
        self._behind = behind
        self._faults: dict[str, tuple[int, str, str]] = {}
        self._left: dict[str, int] = {}
        self._cuts: list[int] = []
        self._turn = threading.Lock()
        self.refused = 0
        self.answered: list[tuple[str, str]] = []

    def refuse(
        self, service: str, *, status: int = 503, code: str = "SlowDown", times: int = 1_000_000, method: str = ""
    ) -> None:
        """Let `s3`, `dynamodb` or `sqs` refuse its next requests, or those of one method."""
        with self._turn:
            self._faults[service] = status, code, method
            self._left[service] = times

    def serve(self, service: str) -> None:
        """Let it answer again."""
        with self._turn:
            self._left[service] = 0

    def cut(self, *after_bytes: int) -> None:
        """Let the connection break in the body of the next answers that have one, each after so many bytes."""
        with self._turn:
            self._cuts.extend(after_bytes)

    def fault(self, service: str, method: str) -> tuple[int, str] | None:
        """The status and code to refuse a request with, which counts; None to let it through."""
        with self._turn:
            if not self._left.get(service) or self._faults[service][2] not in ("", method):
                return None
            self._left[service] -= 1
            self.refused += 1
            return self._faults[service][:2]

    def next_cut(self, size_bytes: int) -> int | None:
        """After how many bytes to break off an answer; None to send it whole."""
        with self._turn:
            return self._cuts.pop(0) if self._cuts and size_bytes else None

    def __enter__(self) -> Self:
        cloud = self

        class Handler(_Handler):
            faulty: FaultyCloud = cloud
            behind = urlsplit(cloud._behind.url).netloc

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.point_at(self._server.server_address[1])
        self.environment = self._behind.environment | {"AWS_ENDPOINT_URL": self.url}
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away, which is what clients of a faulty cloud do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5  # a kept connection that nobody uses ends, and its thread with it
    faulty: FaultyCloud
    behind: str

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if fault := self.faulty.fault(self._service(), self.command):
            self._refuse(*fault)
            return
        self.faulty.answered.append((self.command, self.path))
        connection = http.client.HTTPConnection(self.behind)
        try:
            # The host stays the one that the caller has signed.
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            self._send(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815

    def _service(self) -> str:
        """The service that the signature is for, in the header or, on a presigned address, in the query."""
        signed = self.headers.get("Authorization") or unquote(self.path)
        return next((name for name in ("s3", "dynamodb", "sqs") if f"/{name}/aws4_request" in signed), "")

    def _refuse(self, status: int, code: str) -> None:
        if self._service() == "s3":
            text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Come back later.</Message></Error>"
            self._send(status, {"Content-Type": "application/xml"}, text.encode())
        else:
            text = f'{{"__type":"com.amazonaws#{code}","message":"Come back later."}}'
            self._send(status, {"Content-Type": "application/x-amz-json-1.0"}, text.encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP or (self.command == "HEAD" and name.lower() == "content-length"):
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = self.faulty.next_cut(len(body))
        self.wfile.write(body[:cut])
        self.close_connection = cut is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: a test's output is the test's."""
