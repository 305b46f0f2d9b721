"""Draw what smoke tests send: a wall with a crack, and a clip of a face whose eyes look up and down. Of nobody.

    .venv/bin/python deploy/releases/make_samples.py

The files lie in the repository, so that whoever deploys needs no codecs.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SAMPLES: Final = Path(__file__).parent / "samples"
FRAMES: Final = 10
FRAMES_PER_S: Final = 10

SKIN, HAIR, WHITE, IRIS, LIPS = (224, 180, 150), (60, 40, 30), (245, 245, 245), (60, 40, 20), (180, 80, 80)


def wall() -> Image.Image:
    """Plaster, 640 x 480, with one crack from side to side."""
    chance = np.random.default_rng(0)
    plaster = np.full((480, 640, 3), (205, 200, 190), float) + chance.normal(0, 4, (480, 640, 1))
    picture = Image.fromarray(plaster.clip(0, 255).astype(np.uint8))
    steps = np.cumsum(np.column_stack([chance.integers(6, 18, 46), chance.integers(-10, 11, 46)]), axis=0)
    ImageDraw.Draw(picture).line([(40 + int(x), 240 + int(y)) for x, y in steps], fill=(40, 36, 32), width=4)
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def face(up_px: float) -> Image.Image:
    """A face, 320 x 240, that the detector takes for one; its irises `up_px` above the middle of the eyes."""
    picture = Image.new("RGB", (320, 240), (120, 140, 150))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, 190, 190, 240), fill=SKIN)
    draw.ellipse((95, 30, 225, 215), fill=SKIN)
    draw.pieslice((88, 10, 232, 150), 180, 360, fill=HAIR)
    draw.ellipse((100, 50, 220, 212), fill=SKIN)
    for x in (132, 188):
        draw.ellipse((x - 18, 98, x + 18, 118), fill=WHITE)
        draw.ellipse((x - 8, 100 - up_px, x + 8, 116 - up_px), fill=IRIS)
        draw.ellipse((x - 3, 105 - up_px, x + 3, 111 - up_px), fill=(0, 0, 0))
        draw.arc((x - 24, 80, x + 24, 110), 200, 340, fill=HAIR, width=5)
    draw.line((160, 110, 152, 150, 168, 152), fill=(180, 130, 105), width=4)
    draw.ellipse((136, 172, 184, 190), fill=LIPS)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def write_clip(path: Path) -> None:
    """The face for a second, looking up and down once."""
    with av.open(str(path), "w", format="mp4", container_options={"movflags": "+faststart"}) as output:
        stream = output.add_stream("libx264", rate=FRAMES_PER_S, options={"crf": "30"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(np.asarray(face(3 * np.sin(2 * np.pi * number / FRAMES))))
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_S)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    wall().save(SAMPLES / "wall.jpg", quality=70)
    write_clip(SAMPLES / "clip.mp4")
