"""A real Node.js client compares two photos of a wall with a real server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine
from tests.web.conftest import Serve
from tests.web.test_node_client import NODE, node_major

CLIENT = Path(__file__).parents[1] / "node" / "wall_client.mjs"

pytestmark = pytest.mark.skipif(node_major() < 18, reason="needs Node.js 18 or later, for fetch and FormData")


@pytest.mark.usefixtures("quick_comparison")
def test_a_node_backend_keeps_a_wall_over_time(
    settings: Settings, engine: FakeEngine, serve: Serve, clean_jpeg: bytes, cracked_jpeg: bytes, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.jpg", tmp_path / "after.jpg"
    before.write_bytes(clean_jpeg)
    after.write_bytes(cracked_jpeg)
    with serve(create_app(settings, engine)) as url:
        environment = os.environ | {"AI_SERVER_URL": url, "NO_PROXY": "*"}
        command = [NODE or "node", str(CLIENT), str(before), str(after)]
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)

    assert (seen["begun"]["status"], seen["begun"]["body"]["wall"]) == (201, "침실 벽")
    assert [(each["status"], each["body"]["has_crack"]) for each in seen["sent"]] == [(201, False), (201, True)]
    assert [photo["name"] for photo in seen["inspection"]["body"]["photos"]] == ["벽.jpg", "벽.jpg"]
    assert len(seen["inspection"]["body"]["comparisons"]) == 1
    assert seen["original"] == {"status": 200, "type": "image/jpeg", "start": start_of(clean_jpeg)}
    assert (seen["pdf"]["status"], seen["pdf"]["start"]) == (200, "%PDF-")
    assert seen["compared"]["body"]["refusal"]["code"] == "other_wall"
    assert seen["removed"]["status"] == 204
    assert (seen["gone"]["status"], seen["gone"]["body"]["code"]) == (410, "gone")


def start_of(photo: bytes) -> str:
    """The first bytes of a photo, as the client prints them."""
    return photo[:5].decode("latin1")
