"""A real Node.js client of the service for faces against a real server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.conftest import PATIENCE_S
from tests.service.faces import SUMMARY, VIDEO
from tests.web.conftest import Serve
from tests.web.test_node_client import NODE, node_major

CLIENT = Path(__file__).parents[1] / "node" / "gaze_client.mjs"

pytestmark = pytest.mark.skipif(node_major() < 18, reason="needs Node.js 18 or later, for fetch and FormData")


def test_a_node_client_sends_a_video_and_waits_for_its_result(gaze_app: FastAPI, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "face.mp4").write_bytes(VIDEO)
    with serve(gaze_app) as url:
        command = [NODE or "node", str(CLIENT), str(tmp_path / "face.mp4")]
        environment = os.environ | {"AI_SERVER_URL": url, "NO_PROXY": "*"}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)

    assert seen["accepted"]["status"] == 202
    assert seen["accepted"]["location"] == f"{url}/gaze/jobs/{seen['accepted']['body']['job_id']}"
    assert seen["job"]["body"]["state"] == "done"
    assert seen["job"]["body"]["result"]["summary"] == SUMMARY
    assert set(seen["files"]) == {"self", "csv", "report", "figure_png", "figure_html", "report_pdf", "report_html"}
    assert all(file["status"] == 200 and file["size"] > 0 for file in seen["files"].values())
    assert (seen["action"]["status"], seen["action"]["body"]["status"]) == (200, "success")
    assert (seen["refused"]["status"], seen["refused"]["body"]["code"]) == (400, "bad_input")
    assert (seen["removed"], seen["gone"]["status"]) == (204, 404)
