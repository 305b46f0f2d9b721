"""`sightline serve`: the HTTP service on this machine."""

from __future__ import annotations

import ipaddress
import socket
import sys
from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightline.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from fastapi import FastAPI

    from sightline.settings import Settings

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000

LAST_ANSWERS_S = 15
"""How long open answers may go on once the service is told to stop: longer than a photo or a stream of events takes.
Without an end, one paused video player or one stalled upload would keep it from ever stopping.
"""


class LogLevel(StrEnum):
    """From which level on the log says something."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 lets other machines in.")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = DEFAULT_PORT,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder for results. Otherwise SAVE_DIR, SIGHTLINE_DATA_DIR or ./sightline-data."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Photos to analyse at the same time.")] = None,
    log_level: Annotated[LogLevel | None, typer.Option(help="What the log leaves out. Otherwise info.")] = None,
) -> None:
    """Run the HTTP service until Ctrl-C.

    The log goes to stderr, one JSON object a line.
    """
    settings = _settings(data, workers, log_level)
    listener = _listen(host, port)

    from sightline.telemetry import configure_logging

    configure_logging(settings.log_level)
    from sightline.service.gaze_setup import open_gaze_service
    from sightline.service.setup import open_photo_service

    with closing(open_photo_service(settings)) as photos, closing(open_gaze_service(settings)) as gaze:
        photos.model.start()  # it loads while the web framework is imported
        from sightline.web.app import app_around

        _run(app_around(photos, settings, gaze=gaze), listener)


def _settings(data: Path | None, workers: int | None, log_level: LogLevel | None) -> Settings:
    """The environment's settings, with the options of the command line over them.

    Raises:
        BadInputError: a value is out of its range.
    """
    from sightline.settings import get_settings

    options: dict[str, Any] = {"save_dir": data, "workers": workers, "log_level": log_level and log_level.value}
    return get_settings().model_copy(update={name: value for name, value in options.items() if value is not None})


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"sightline: cannot listen at {host}, port {port}: {reason}. Try another --port.", file=sys.stderr)
        raise typer.Exit(ExitCode.PORT_TAKEN) from None


def _run(app: FastAPI, listener: socket.socket) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Says where it is, once it answers there."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(_url(listener))

    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=LAST_ANSWERS_S
    )
    with suppress(KeyboardInterrupt):  # uvicorn has shut down in order by then, and passes on what stopped it
        Server(config).run(sockets=[listener])


def _url(listener: socket.socket) -> str:
    """An address that works on this machine, also where it listens at all of them."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(url: str) -> None:
    print(f"Sightline answers at {url} (Ctrl-C stops it). In a browser:\n")
    print(f"  {url}/app\n")
    print("Or try a photo of a wall:\n")
    print(f"  curl -F file=@wall.jpg {url}/detect-crack\n")
    print("or a video of a face:\n")
    print(f"  curl -F file=@face.mp4 {url}/gaze/videos\n")
    print(f"All its routes: {url}/docs", flush=True)
