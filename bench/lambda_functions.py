"""The functions that `bench/lambda.py` compares: what runs them, and what they are asked."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lambda_cloud import BUCKET, TABLE
from lambda_emulator import Program
from lambda_events import Event, analyze_video, detect_crack, raw_health, url_health
from lambda_packages import BENCH

ALL_FRAMES: Final = 12_000
NETWORK: Final = "yolo11n-seg"

HEALTH: Final = "health"
FIRST: Final = {"crack": "photo", "gaze": "frame"}
"""What the aim for a cold start counts to."""


@dataclass(frozen=True, slots=True)
class Function:
    """A column of the table.

    Attributes:
        name: its heading.
        program: what runs.
        firsts: what a fresh environment is asked first, by the word that the table has for it.
        warm: what a running one is asked, in turn.
    """

    name: str
    program: Program
    firsts: Mapping[str, Event]
    warm: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the functions of a product are made of.

    Attributes:
        python: the interpreter for ours.
        folder: where our handlers lie.
        storages: environments by name: `lambda_cloud`'s for S3, an empty one for SAVE_DIR.
        other_python: the interpreter for the guide's function; None leaves it out.
        scratch: a folder for what they write.
    """

    python: str
    folder: Path
    storages: Mapping[str, Mapping[str, str]]
    other_python: str | None
    scratch: Path

    def ours(self, handler: str, aws: Mapping[str, str]) -> dict[str, Program]:
        """Sightline with each storage; `aws` names what lies in the cloud."""
        return {
            f"Sightline, {name}": Program(
                self.python, handler, self.folder, self.own(name) | dict(found) | (dict(aws) if found else {})
            )
            for name, found in self.storages.items()
        }

    def own(self, name: str) -> dict[str, str]:
        """The environment that gives a function a folder of its own."""
        folder = self.scratch / name.strip("/")
        folder.mkdir(exist_ok=True)
        return {"SAVE_DIR": str(folder), "TMPDIR": str(folder)}


def crack_functions(setup: Setup, photos: Sequence[bytes]) -> list[Function]:
    """Sightline, then YOLO."""
    programs = setup.ours("lambda_handler.handler", {"RESULT_BUCKET": BUCKET})
    if setup.other_python:
        programs["torch + ultralytics, /tmp"] = _yolo(setup, setup.other_python)
    firsts = {HEALTH: url_health(), FIRST["crack"]: detect_crack(photos[0])}
    warm = [detect_crack(photo) for photo in photos]
    return [Function(name, program, firsts, warm) for name, program in programs.items()]


def gaze_functions(setup: Setup, clip: bytes) -> list[Function]:
    """Sightline, then MediaPipe."""
    programs = setup.ours("lambda_function.lambda_handler", {"S3_BUCKET": BUCKET, "DYNAMODB_TABLE": TABLE})
    if setup.other_python:
        own = setup.own("mediapipe")
        programs["mediapipe, stores nothing"] = Program(setup.other_python, "mediapipe_handler.handler", BENCH, own)
    firsts = {
        HEALTH: raw_health(),
        FIRST["gaze"]: analyze_video(clip, 1),
        "clip": analyze_video(clip, ALL_FRAMES),
    }
    return [Function(name, program, firsts, [firsts["clip"]]) for name, program in programs.items()]


def _yolo(setup: Setup, python: str) -> Program:
    """Random weights are as good as any for speed; hardly anything is found, so masks cost less than on a crack."""
    own = setup.own("yolo")
    weights = str(Path(own["SAVE_DIR"]) / f"{NETWORK}.pt")
    settings = {"YOLO_CONFIG_DIR": own["SAVE_DIR"], "YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true"}
    code = f"from ultralytics_baseline import load_yolo; load_yolo()('{NETWORK}.yaml').save({weights!r})"
    subprocess.run([python, "-c", code], cwd=BENCH, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
    return Program(python, "ultralytics_handler.handler", BENCH, own | settings | {"MODEL_PATH": weights})
