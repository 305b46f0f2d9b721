from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import httpx2
import pytest

from sightline.cli.exit_codes import ExitCode
from sightline.cli.serve import _settings, _url
from sightline.errors import BadInputError
from tests.conftest import PATIENCE_S

SERVE = [sys.executable, "-m", "sightline", "serve"]
HASTY = "from sightline.cli import app, serve; serve.LAST_ANSWERS_S = 1; app.main()"
"""The same command, except that it waits a second for open answers."""


@contextmanager
def started(
    folder: Path, *arguments: str, command: Sequence[str] = SERVE, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """`sightline serve` on a free port; gives the process, the address it printed, and all that it printed.

    The announcement is read to its last line: what `readline` leaves in its buffer, `communicate` would not see.
    """
    process = subprocess.Popen(
        [*command, "--port", "0", *arguments],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = Timer(PATIENCE_S, process.kill)
    watchdog.start()
    assert process.stdout is not None
    shown = ""
    while "/docs" not in shown and (line := process.stdout.readline()):
        shown += line
    try:
        address = re.search(r"http://\S+", shown)
        assert address, process.communicate()
        yield process, address[0], shown
    finally:
        process.kill()
        process.communicate()
        watchdog.cancel()


def test_it_says_where_it_answers_and_how_to_try_it_and_stops_in_order(tmp_path: Path) -> None:
    with started(tmp_path, "--data", "there", MODEL_PATH="missing.onnx") as (process, url, shown):
        health = httpx2.get(f"{url}/health", timeout=PATIENCE_S)
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=PATIENCE_S)

    assert f"curl -F file=@wall.jpg {url}/detect-crack" in shown
    assert f"curl -F file=@face.mp4 {url}/gaze/videos" in shown
    assert health.status_code == 503
    assert process.returncode == ExitCode.OK
    assert (tmp_path / "there" / "records.sqlite3").is_file()
    events = [json.loads(line) for line in log.splitlines()]
    failed = [event for event in events if event["event"] == "model_failed"]
    assert "missing.onnx" in failed[0]["reason"]
    assert [event["route"] for event in events if event["event"] == "request"] == ["/health"]
    assert not (tmp_path / "sightline-data").exists()


def test_an_upload_that_never_ends_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HASTY, "serve"]
    with started(tmp_path, command=command, MODEL_PATH="missing.onnx") as (process, url, _):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            form = b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\nExpect: 100-continue"
            client.sendall(b"POST /gaze/videos HTTP/1.1\r\nHost: x\r\n" + form + b"\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 100")  # the route is waiting for the rest
            process.send_signal(signal.SIGINT)
            _, log = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == ExitCode.OK
    assert "timeout graceful shutdown exceeded" in log


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ran = subprocess.run([*SERVE, "--port", port], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == ExitCode.PORT_TAKEN
    assert port in ran.stderr
    assert "--port" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_an_address_that_is_not_this_machine_s(tmp_path: Path, host: str) -> None:
    ran = subprocess.run([*SERVE, "--host", host], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == ExitCode.PORT_TAKEN
    assert host in ran.stderr


def test_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    command = [*SERVE, "--port", "0", "--data", "file"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == ExitCode.NOT_READY
    assert "data folder" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_options_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAVE_DIR", "/from/environment")
    monkeypatch.setenv("SIGHTLINE_WORKERS", "3")

    settings = _settings(Path("given"), None, None)
    assert (settings.results_dir, settings.workers, settings.log_level) == (Path("given"), 3, "info")
    assert _settings(None, 2, None).results_dir == Path("/from/environment")
    assert _settings(None, 2, None).workers == 2


def test_a_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_QUEUE_LIMIT", "-5")

    with pytest.raises(BadInputError, match="SIGHTLINE_QUEUE_LIMIT"):
        _settings(None, None, None)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost")])
def test_the_address_works_on_this_machine(host: str, shown: str) -> None:
    with socket.create_server((host, 0)) as listener:
        assert _url(listener) == f"http://{shown}:{listener.getsockname()[1]}"
