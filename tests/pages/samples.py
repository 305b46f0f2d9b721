"""What people send in these tests: photos of a wall and videos of a face. All are drawn: nobody was filmed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from docs.make_comparison_pictures import both_photos
from tests.gaze.animated import Performance, SyntheticFace, TrueBlink, jumps

PHOTO_PX: Final = 1000, 750
RATE: Final = 30

PROTOCOL: Final[list[dict[str, Any]]] = [
    {"start_s": 0.9 * n, "end_s": 0.9 * (n + 1), "target": target}
    for n, target in enumerate(("center", "up", "center", "down", "center"))
]
PERFORMANCE: Final = Performance(
    duration_s=4.5,
    fps=RATE,
    gaze_v_deg=jumps([(0, 0), (0.9, 15), (1.8, 0), (2.7, -15), (3.6, 0)]),
    blinks=(TrueBlink(0.4), TrueBlink(2.1), TrueBlink(3.9)),
)


@dataclass(frozen=True, slots=True)
class Samples:
    """Where they lie."""

    march: Path
    june: Path
    face: Path
    long: Path
    """The same face for half a minute: its analysis takes long enough to be looked at."""
    camera: Path
    broken_photo: Path
    broken_video: Path


def make_samples(folder: Path) -> Samples:
    """Make all of them."""
    march, june = write_photos(folder)
    broken_photo, broken_video = folder / "broken.jpg", folder / "broken.mp4"
    broken_photo.write_bytes(b"no photo at all")
    broken_video.write_bytes(b"no video at all" * 100)
    return Samples(
        march=march,
        june=june,
        face=write_video(folder / "face.mp4"),
        long=write_video(folder / "long.mp4", rounds=7),
        camera=write_camera(folder / "camera.mjpeg"),
        broken_photo=broken_photo,
        broken_video=broken_video,
    )


def write_photos(folder: Path) -> tuple[Path, Path]:
    """A wall in March and in June: cracks have come, grown, stayed, and been painted over."""
    paths = folder / "march.jpg", folder / "june.jpg"
    for path, photo in zip(paths, both_photos(), strict=True):
        Image.fromarray(photo).resize(PHOTO_PX, Image.Resampling.LANCZOS).save(path, quality=93)
    return paths


def write_video(path: Path, *, rounds: int = 1) -> Path:
    """The face looks up and down and blinks, so many times over."""
    _write(path, "libx264", {"crf": "20", "preset": "ultrafast"}, "yuv420p", rounds)
    return path


def write_camera(path: Path) -> Path:
    """The same as what Chromium plays in the place of a camera, again and again: single JPEGs, one after the other."""
    _write(path, "mjpeg", {"qscale": "3"}, "yuvj420p", 1)
    return path


def _write(path: Path, codec: str, options: dict[str, str], pixels: str, rounds: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 640, 480, pixels
        for number, picture in enumerate(picture for _ in range(rounds) for picture in _pictures()):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@cache
def _pictures() -> tuple[NDArray[np.uint8], ...]:
    return tuple(picture for _, picture in SyntheticFace(PERFORMANCE).frames())
