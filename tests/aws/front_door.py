"""What AWS's name service and certificates do for a Function URL: an address of this machine that leads to it."""

from __future__ import annotations

import threading
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.conftest import PATIENCE_S


class FrontDoor:
    """An address that hands every request on to an emulated cloud, as one to a host of it.

    One at a time, for the function behind it is one instance; who comes meanwhile waits.

    Attributes:
        url: the address to call; it is known before it leads anywhere.
    """

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self._server.daemon_threads = True
        self._thread: threading.Thread | None = None
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def lead_to(self, cloud_url: str, host: str) -> None:
        """Answer from now on."""
        self._server.RequestHandlerClass = _handler(urlsplit(cloud_url).netloc, host)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        """Lead nowhere again."""
        if self._thread:
            self._server.shutdown()
            self._thread.join(PATIENCE_S)
        self._server.server_close()


def _handler(target: str, host: str) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            with one_at_a_time, closing(HTTPConnection(target, timeout=PATIENCE_S)) as connection:
                # ministack answers /health for every host by itself; by the contract / is the same.
                path = "/" if self.path == "/health" else self.path
                connection.request(self.command, path, body, headers | {"Host": host})
                answer = connection.getresponse()
                content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_DELETE = do_OPTIONS = do_PUT = hand_on  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parameter's name there
            """Say nothing."""

    return Door
