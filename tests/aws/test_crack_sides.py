"""The crack function loads what it needs and nothing of the other one, and writes nowhere but in /tmp."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from wall_photos import make_wall_photo

from tests.aws.lambda_events import body_of, form, function_url, json_of
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.server import ROOT

BWRAP = shutil.which("bwrap")
ANSWERS = """
import json, sys
from lambda_handler import handler
for event in json.load(sys.stdin):
    assert handler(event, None)["statusCode"] in (200, 404)
strange = {"av", "ai_edge_litert", "botocore", "matplotlib", "plotly", "uvicorn", "typer", "pydantic.v1.main"}
strange |= {"sightline.gaze", "sightline.web.gaze_routes", "sightline.service.gaze_setup"}
print(json.dumps(sorted(strange & sys.modules.keys())))
"""


def test_nothing_of_the_other_function_is_loaded(tmp_path: Path) -> None:
    photo = make_wall_photo(tmp_path / "wall.jpg", (640, 480)).read_bytes()
    events = [
        function_url("GET", "/health"),
        function_url("POST", "/detect-crack", form(photo)),
        function_url("GET", "/result/none"),
        function_url("GET", "/openapi.json"),
    ]
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", ANSWERS],
        input=json.dumps(events),
        cwd=ROOT / "deploy",
        env={"SAVE_DIR": str(tmp_path / "result"), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == []


def can_box() -> bool:
    """Whether an unprivileged box can be made here; where programs are boxed themselves, it often cannot."""
    if BWRAP is None:
        return False
    return subprocess.run([BWRAP, "--ro-bind", "/", "/", "true"], capture_output=True, check=False).returncode == 0


@needs_emulator
@pytest.mark.skipif(not can_box(), reason="needs bubblewrap, and the right to make a box")
def test_on_a_read_only_file_system_tmp_is_enough(tmp_path: Path) -> None:
    photo = make_wall_photo(tmp_path / "wall.jpg", (640, 480)).read_bytes()
    box = (str(BWRAP), "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp")
    with LambdaEmulator("lambda_handler.handler", wrapped_in=box) as emulator:
        padded = form(photo + bytes(2_000_000))  # more than a form keeps in memory
        found = json_of(emulator.invoke(function_url("POST", "/detect-crack", padded)))
        picture = emulator.invoke(function_url("GET", f"/result/{found['file_id']}"))

    assert found["has_crack"] is True
    assert body_of(picture)[:3] == b"\xff\xd8\xff"
