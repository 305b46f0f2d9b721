"""The guides' calls, verbatim but for the host and the ids that an answer gave, against a server of this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine
from tests.docs.guides import blocks_of, section_of, text_of
from tests.service.faces import VIDEO
from tests.web.conftest import Serve
from tests.web.test_node_client import node_major

needs_curl = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl"))), reason="needs bash and curl, as the guides do"
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _run(code: str, folder: Path, **variables: str) -> str:
    script = "set -eo pipefail\n" + re.sub(r"^export \w+_URL=.*\n", "", code, flags=re.MULTILINE)
    environment = os.environ | {"NO_PROXY": "*", "no_proxy": "*"} | variables
    ran = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode(errors="replace")


def _documents(text: str) -> list[Any]:
    """The JSON documents that stand one after the other."""
    found, decoder, text = [], json.JSONDecoder(), text.strip()
    while text:
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].strip()
    return found


@contextmanager
def _photos(settings: Settings, engine: FakeEngine, served: Serve) -> Iterator[str]:
    app = create_app(settings, engine)
    with served(app) as url:
        app.state.services.photos.model.wait(PATIENCE_S)
        yield url


@needs_curl
def test_the_calls_of_the_crack_guide(
    settings: Settings,
    engine: FakeEngine,
    serve: Serve,
    cracked_jpeg: bytes,
    tmp_path: Path,
) -> None:
    (tmp_path / "wall.jpg").write_bytes(cracked_jpeg)
    guide = text_of("aws-crack.md")
    ask, fetch, _ = blocks_of(section_of(guide, "First calls"), "bash")
    (delete,) = blocks_of(section_of(guide, "Deleting results"), "bash")
    shown = [json.loads(block.code) for block in blocks_of(section_of(guide, "First calls"), "json")]
    with _photos(settings, engine, serve) as url:
        health, found = _documents(_run(ask.code, tmp_path, AI_SERVER_URL=url))
        assert (set(shown[0]) - set(health), set(shown[1]) - set(found)) == (set(), set())
        report = _run(_ID.sub(found["file_id"], fetch.code), tmp_path, AI_SERVER_URL=url)
        assert json.loads(report)["has_crack"] is True
        assert (tmp_path / "result.jpg").read_bytes().startswith(b"\xff\xd8")
        assert (tmp_path / "mask.png").read_bytes().startswith(b"\x89PNG")
        assert _run(delete.code, tmp_path, AI_SERVER_URL=url, ID=found["file_id"]) == ""
        assert _run(delete.code, tmp_path, AI_SERVER_URL=url, ID=found["file_id"]) != ""


@pytest.mark.skipif(node_major() < 18, reason="needs Node.js 18 or later, for fetch and FormData")
def test_the_node_client_of_the_crack_guide(
    settings: Settings,
    engine: FakeEngine,
    serve: Serve,
    cracked_jpeg: bytes,
    tmp_path: Path,
) -> None:
    (tmp_path / "wall.jpg").write_bytes(cracked_jpeg)
    client = blocks_of(section_of(text_of("aws-crack.md"), "From Node.js"), "js")[0]
    (tmp_path / "client.mjs").write_text(client.code)
    with _photos(settings, engine, serve) as url:
        told = _run("node client.mjs", tmp_path, AI_SERVER_URL=url)
    assert told.startswith("true 1 medium ")
    assert told.rstrip().endswith("image/jpeg")


class _AtTheRoot:
    """The address of the actions, where the guide's REST API has it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            scope["path"] = "/eye-tracking"
        await self._app(scope, receive, send)


@needs_curl
def test_the_calls_of_the_gaze_guide(
    gaze_app: FastAPI, serve: Callable[[Any], AbstractContextManager[str]], tmp_path: Path
) -> None:
    (tmp_path / "video.mp4").write_bytes(VIDEO)
    guide = text_of("aws-gaze.md")
    health, at_once, begin, put, follow = blocks_of(section_of(guide, "First calls"), "bash")
    delete = blocks_of(section_of(guide, "Deleting a user's data"), "bash")[0]
    shown = [json.loads(block.code) for block in blocks_of(section_of(guide, "First calls"), "json")]
    with serve(_AtTheRoot(gaze_app)) as url:
        (answer,) = _documents(_run(health.code, tmp_path, GAZE_URL=url))
        assert answer["status"] == "healthy"
        (answer,) = _documents(_run(at_once.code, tmp_path, GAZE_URL=url))
        assert answer["status"] == "success", answer
        (made,) = _documents(_run(begin.code, tmp_path, GAZE_URL=url))
        assert set(made) == set(shown[1])
        assert made["upload"]["headers"] == {"Content-Type": "video/mp4"}, made
        _run(put.code, tmp_path, UPLOAD_URL=made["upload"]["url"])
        accepted, standing = _documents(_run(_ID.sub(made["analysis_id"], follow.code), tmp_path, GAZE_URL=url))
        assert accepted["status"] == "accepted", accepted
        assert set(standing) == set(shown[2])
        assert standing["state"] in ("queued", "running", "done"), standing
        (gone,) = _documents(_run(_ID.sub(made["analysis_id"], delete.code), tmp_path, GAZE_URL=url))
        assert gone == {"analysis_id": made["analysis_id"], "status": "deleted"}
