"""What tests of the functions share."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image
from wall_photos import make_wall_photo

from tests.aws.deployed import Deployed, deployed
from tests.aws.gaze_world import GazeWorld
from tests.clouds.emulator import LambdaEmulator
from tests.clouds.ministack import Ministack
from tests.gaze.animated import SyntheticFace, played, write_clip
from tests.media.clips import encode

FACE_FRAMES = 24


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A face of 320 x 240 that looks up and down, as an MP4 of 24 frames."""
    gaze = [(0.0, 0.0), (0.0, 15.0), (0.0, 0.0), (0.0, -15.0)] * (FACE_FRAMES // 4)
    path = tmp_path_factory.mktemp("faces") / "face.mp4"
    write_clip(SyntheticFace(played(gaze), width_px=320, height_px=240, iris_diameter_px=20.0), path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def face_jpeg(face_clip: bytes) -> bytes:
    """The first picture of that clip."""
    with av.open(BytesIO(face_clip), "r") as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture(scope="session")
def long_clip() -> bytes:
    """600 small pictures without a face, each of which the detector looks for one in: a second or two of work."""
    return encode([number * 40 for number in range(600)])


@pytest.fixture(scope="session")
def endless_clip() -> bytes:
    """12,000 of them: more than any function in these tests has time for."""
    return encode([number * 40 for number in range(12_000)])


@pytest.fixture
def world(ministack: Ministack) -> GazeWorld:
    return GazeWorld.made(ministack)


@pytest.fixture
def function(world: GazeWorld, tmp_path: Path) -> Iterator[LambdaEmulator]:
    """The gaze function in AWS's emulator."""
    with world.function(tmp_path / "tmp") as function:
        yield function


@pytest.fixture(scope="module")
def one_stack() -> Iterator[Deployed]:
    with deployed(gaze_instances=2) as stack:
        yield stack


@pytest.fixture
def stack(one_stack: Deployed) -> Deployed:
    one_stack.empty()
    return one_stack


@pytest.fixture(scope="module")
def cracked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_wall_photo(tmp_path_factory.mktemp("photos") / "wall.jpg", (640, 480)).read_bytes()
