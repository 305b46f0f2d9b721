"""A real Node.js client against a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine
from tests.web.conftest import Serve

NODE = shutil.which("node")
CLIENT = Path(__file__).parents[1] / "node" / "client.mjs"


def node_major() -> int:
    if NODE is None:
        return 0
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.lstrip("v").split(".")[0])


pytestmark = pytest.mark.skipif(node_major() < 18, reason="needs Node.js 18 or later, for fetch and FormData")


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_node_backend_works_as_it_always_did(
    settings: Settings, engine: FakeEngine, serve: Serve, cracked_jpeg: bytes, tmp_path: Path, field: str
) -> None:
    photo = tmp_path / "wall.jpg"
    photo.write_bytes(cracked_jpeg)
    app = create_app(settings.model_copy(update={"max_upload_bytes": 1_000_000}), engine)
    with serve(app) as url:
        app.state.services.photos.model.wait(PATIENCE_S)
        command = [NODE or "node", str(CLIENT), str(photo), field]
        environment = os.environ | {"AI_SERVER_URL": url, "NO_PROXY": "*"}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)

    assert seen["health"]["status"] == 200
    assert seen["health"]["body"]["model_loaded"] is True
    assert seen["answer"]["status"] == 200
    assert seen["answer"]["body"]["has_crack"] is True
    assert seen["answer"]["body"]["result_url"].startswith(f"{url}/result/")
    assert seen["severity"] == "medium"
    jpeg = {"status": 200, "type": "image/jpeg", "start": "ffd8ff"}
    assert (seen["result"], seen["image"]) == (jpeg, jpeg)
    assert seen["missing"]["status"] == 404
    assert seen["nameless"]["status"] == 200
    assert (seen["empty"]["status"], seen["empty"]["body"]["code"]) == (400, "bad_input")
    assert (seen["big"]["status"], seen["big"]["body"]["code"]) == (413, "too_large")
