"""A second opinion on DynamoDB and SQS. It takes any signature for good, so it is none on presigned addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from tests.clouds.cloud import Cloud
from tests.clouds.server import Server, answers, free_ports, installed, post, until_started


class Moto(Cloud):
    """A moto server of one's own; a `with` starts it and takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self._program = installed("moto_server")
        self._server = Server()

    def start(self) -> Self:
        """Start it."""

        def start() -> None:
            port = free_ports(1)[0]
            self.point_at(port)
            command: list[str | Path] = [self._program, "-H", "127.0.0.1", "-p", str(port)]
            self._server.launch(command, {}, lambda: answers(f"{self.url}/moto-api/data.json"))

        until_started(start)
        return self

    def reset(self) -> None:
        """Forget everything that it holds."""
        post(f"{self.url}/moto-api/reset")

    def remove(self) -> None:
        """Stop it and remove what it wrote."""
        self.close()
        self._server.remove()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.remove()
