"""Nets open on what is one, run on one thread's memory, and say why on what is none."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from sightline.errors import NotReadyError
from sightline.models.litert import LiteNet

MODEL = (Path(str(files("sightline.models"))) / "face_landmarks.tflite").read_bytes()


def test_a_net_answers_to_what_its_input_holds() -> None:
    net = LiteNet(MODEL)
    net.input()[:] = 0.2
    dark = net.run()
    net.input()[:] = 0.8
    bright = net.run()
    assert [output.shape for output in dark] == [(1, 1, 1, 1434), (1, 1, 1, 1), (1, 1)]
    assert not np.array_equal(dark[0], bright[0])
    net.input()[:] = 0.2
    assert np.array_equal(net.run()[0], dark[0])


def test_answers_are_copies() -> None:
    net = LiteNet(MODEL)
    net.input()[:] = 0.2
    first = net.run()[0]
    kept = first.copy()
    net.input()[:] = 0.8
    net.run()
    assert np.array_equal(first, kept)


def test_two_nets_do_not_share_memory() -> None:
    one, other = LiteNet(MODEL), LiteNet(MODEL)
    one.input()[:], other.input()[:] = 0.2, 0.8
    assert not np.array_equal(one.run()[0], other.run()[0])


def test_it_does_not_run_while_somebody_holds_its_input() -> None:
    net = LiteNet(MODEL)
    held = net.input()
    with pytest.raises(RuntimeError):
        net.run()
    del held
    net.run()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 no net", MODEL[: len(MODEL) // 2]], ids=["empty", "foreign", "cut off"]
)
def test_what_is_no_net_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(NotReadyError, match=r"^face\.tflite is no net that can be run: \S") as caught:
        LiteNet(data, name="face.tflite")
    assert "\n" not in caught.value.message


def test_a_processs_first_net_says_nothing_on_stderr() -> None:
    code = (
        "import sys; from pathlib import Path; from sightline.models.litert import LiteNet\n"
        "LiteNet(Path(sys.argv[1]).read_bytes()).run()"
    )
    path = str(files("sightline.models").joinpath("face_landmarks.tflite"))
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
