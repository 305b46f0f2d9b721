"""The gaze function's start: what it loads, and what it says where it cannot."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sightline
from tests.aws import gaze_samples as samples
from tests.aws.gaze_world import GazeWorld
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.server import ROOT

CODE = """
import base64, json, sys
from pathlib import Path
from sightline.aws.gaze import lambda_handler
def heavy():
    return {"onnxruntime", "diplib", "fastapi", "starlette", "matplotlib", "plotly", "pandas", "mangum", "scipy",
            "ai_edge_litert", "av", "botocore"} & sys.modules.keys()
print(json.dumps(sorted(heavy())))
video = base64.b64encode(Path(sys.argv[1]).read_bytes()).decode()
answer = lambda_handler({"action": "analyze_video", "file_data": video}, None)
assert answer["summary"]["frames_processed"] == 24, answer
print(json.dumps(sorted(heavy())))
"""


def test_the_function_loads_what_it_needs_only(tmp_path: Path, face_clip: bytes) -> None:
    (tmp_path / "face.mp4").write_bytes(face_clip)
    ran = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path / "face.mp4")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "TMPDIR": str(tmp_path), "SIGHTLINE_DATA_DIR": str(tmp_path / "data")},
    )

    assert ran.returncode == 0, ran.stderr
    at_start, after_a_video = (json.loads(line) for line in ran.stdout.splitlines() if line.startswith("["))
    assert at_start == after_a_video == ["ai_edge_litert", "av"]


def test_with_a_cloud_the_analysis_begins_without_botocore(world: GazeWorld, tmp_path: Path) -> None:
    code = "import sys\nimport sightline.aws.gaze\nprint('botocore' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**world.environment, "TMPDIR": str(tmp_path)},
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "False"), ran.stderr


def broken_package(folder: Path) -> Path:
    """A copy of the package whose landmark model is not the one that its card describes."""
    package = folder / "sightline"
    shutil.copytree(Path(sightline.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "crack*"))
    shutil.copytree(ROOT / "deploy", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.yaml", "packages"))
    (package / "models" / "face_landmarker.task").write_bytes(b"something else")
    return folder


@needs_emulator
def test_a_model_that_cannot_be_loaded_is_told_by_every_answer(world: GazeWorld, tmp_path: Path) -> None:
    folder = broken_package(tmp_path / "task")
    environment = {**world.environment, "TMPDIR": str(tmp_path), "PYTHONPATH": str(folder)}
    with LambdaEmulator("lambda_function.lambda_handler", folder=folder, environment=environment) as function:
        for _ in range(2):
            answer = function.invoke(samples.rest_api("GET"))
            document = json.loads(answer["body"])
            assert (answer["statusCode"], document["status"], document["model"]) == (503, "unhealthy", None)
            assert "face_landmarker.task is not the file its card describes" in document["message"]
        picture = base64.b64encode(b"x").decode()
        refused = function.invoke({"action": "analyze_image", "file_data": picture})
        assert (refused["statusCode"], refused["code"]) == (503, "not_ready")
        assert "face_landmarker.task" in refused["error"]


@needs_emulator
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DYNAMODB_TABLE": "", "S3_BUCKET": ""}, "DYNAMODB_TABLE and S3_BUCKET are not set"),
        ({"S3_BUCKET": ""}, "S3_BUCKET is not set"),
        ({"S3_BUCKET": "Not_A_Bucket"}, "S3_BUCKET is 'Not_A_Bucket'"),
        ({"SIGHTLINE_MAX_VIDEO_BYTES": "many"}, "SIGHTLINE_MAX_VIDEO_BYTES is 'many'"),
    ],
)
def test_settings_that_are_wrong_are_told_by_name(
    world: GazeWorld, tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    with world.function(tmp_path / "tmp", environment) as function:
        answer = function.invoke(samples.rest_api("GET"))
        assert answer["statusCode"] == 503
        assert words in json.loads(answer["body"])["message"]
        assert function.invoke({"action": "get_status"})["statusCode"] == 503
