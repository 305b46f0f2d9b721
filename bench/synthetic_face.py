"""Faces that move as we say: a free portrait whose eyes and lids are drawn anew in every frame.

    python bench/synthetic_face.py OUT.mp4 [--frame-rate 30] [--roll 20] [--blinks] [--variable]

The portrait is NASA's of the astronaut Eileen Collins (public domain), which lies in scikit-image. Where the eyes and
lids are in it was marked once, by hand and landmarks; nothing of the tracker that is to be judged goes into the truth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Final

import av
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image
from synthetic_eye import BROWN, Colours, gaze_vector
from synthetic_motion import TICKS_PER_S, Performance, TrueBlink, Truth, jumps, still
from synthetic_portrait import LEFT_EYE, MM_PER_PORTRAIT_PX, RIGHT_EYE, DrawnEye

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

FACE_CENTRE: Final = (226.0, 118.0)
"""Middle of the face in the portrait, px."""


class SyntheticFace:
    """A performance by the portrait, seen by a camera of a size; `truth` and `frames()` belong together."""

    def __init__(
        self,
        performance: Performance,
        *,
        width_px: int = 640,
        height_px: int = 480,
        iris_diameter_px: float = 30.0,
        colours: Colours = BROWN,
    ) -> None:
        self.performance, self.colours = performance, colours
        self.width_px, self.height_px, self.iris_diameter_px = width_px, height_px, iris_diameter_px
        self._px_per_mm = iris_diameter_px / 11.7
        portrait = skimage.data.astronaut()  # type: ignore[no-untyped-call]
        scale = self._px_per_mm * MM_PER_PORTRAIT_PX
        half = np.hypot(width_px, height_px) / 2 / scale + 4  # room to roll
        corner = np.array(FACE_CENTRE) - half
        side = int(np.ceil(2 * half * scale))
        padded = np.pad(portrait, ((256, 256), (256, 256), (0, 0)), mode="reflect")
        picture = Image.fromarray(padded).transform(
            (side, side),
            Image.Transform.AFFINE,
            (1 / scale, 0, corner[0] + 256, 0, 1 / scale, corner[1] + 256),
            Image.Resampling.BICUBIC,
        )
        self._canvas = np.asarray(picture)
        to_canvas = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
        self._left, self._right = (
            DrawnEye(place, self._canvas, to_canvas, self._px_per_mm) for place in (LEFT_EYE, RIGHT_EYE)
        )

    @cached_property
    def truth(self) -> Truth:
        """What the frames show."""
        played, time_s = self.performance, self.performance.times()
        gaze_h, gaze_v, roll = played.gaze_h_deg(time_s), played.gaze_v_deg(time_s), played.roll_deg(time_s)
        zoom = played.zoom(time_s)
        maps = [self._to_picture(float(t)) for t in time_s]
        gazes = [gaze_vector(h, v) for h, v in zip(gaze_h, gaze_v, strict=True)]
        left, right = (
            np.array([m @ [*eye.on_canvas(gaze), 1.0] for m, gaze in zip(maps, gazes, strict=True)])
            for eye in (self._left, self._right)
        )
        return Truth(
            time_s,
            gaze_h,
            gaze_v,
            played.closure(time_s),
            roll,
            left,
            right,
            self.iris_diameter_px * zoom,
            played.blinks,
        )

    def frames(self) -> Iterator[tuple[float, Pixels]]:
        """Presentation time in seconds and RGB picture (h, w, 3) of every frame."""
        rng = np.random.default_rng(self.performance.seed + 1)
        grain = rng.normal(0.0, 1.0, (self.height_px + 64, self.width_px + 64, 3)).astype(np.float32)
        truth = self.truth
        light = self.performance.light(truth.time_s)
        for i, time_s in enumerate(truth.time_s):
            canvas = self._canvas.copy()
            gaze = gaze_vector(truth.gaze_h_deg[i], truth.gaze_v_deg[i])
            for eye in (self._left, self._right):
                eye.paint(canvas, gaze, float(truth.closure[i]), self.colours)
            a, b = rng.integers(0, 64, 2)
            noise = grain[a : a + self.height_px, b : b + self.width_px] * np.float32(self.performance.noise)
            picture = self._seen(canvas, float(time_s)) * np.float32(light[i]) + noise
            yield float(time_s), np.clip(np.rint(picture), 0, 255).astype(np.uint8)

    def _to_picture(self, time_s: float) -> Floats:
        """Affine map (2, 3) from the canvas to the picture at a time."""
        now, played = np.array([time_s]), self.performance
        angle, zoom = np.radians(played.roll_deg(now)[0]), played.zoom(now)[0]
        turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = np.array(
            [self.width_px / 2 + played.drift_x_px(now)[0], self.height_px / 2 + played.drift_y_px(now)[0]]
        )
        half = self._canvas.shape[0] / 2
        return np.column_stack([turn, centre - turn @ [half, half]])

    def _seen(self, canvas: Pixels, time_s: float) -> NDArray[np.float32]:
        """The canvas as the camera sees it."""
        matrix = np.vstack([self._to_picture(time_s), [0.0, 0.0, 1.0]])
        back = np.linalg.inv(matrix)[:2].ravel()
        picture = Image.fromarray(canvas)
        size = (self.width_px, self.height_px)
        return np.asarray(
            picture.transform(size, Image.Transform.AFFINE, tuple(back), Image.Resampling.BICUBIC), np.float32
        )


def write_clip(face: SyntheticFace, path: Path) -> Truth:
    """Write a performance as a video with its own presentation times; the container is the file name's."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=round(face.performance.fps))
        stream.width, stream.height, stream.pix_fmt = face.width_px, face.height_px, "yuv420p"
        # One thread, and none of x264's macroblock tree: with it the file, and every figure after it, differ each time.
        stream.options = {"crf": "18", "preset": "veryfast", "threads": "1", "x264-params": "mbtree=0"}
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        for time_s, picture in face.frames():
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(time_s * TICKS_PER_S), stream.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return face.truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--frame-rate", type=float, default=30.0)
    parser.add_argument("--roll", type=float, default=0.0, help="degrees that the head is tilted by, clockwise")
    parser.add_argument("--blinks", action="store_true", help="a blink every two seconds")
    parser.add_argument("--variable", action="store_true", help="irregular presentation times, dropped frames")
    arguments = parser.parse_args()
    performance = Performance(
        duration_s=8.0,
        fps=arguments.frame_rate,
        gaze_v_deg=jumps([(0, 0), (1, 15), (2, 0), (3, -15), (4, 0)]),
        gaze_h_deg=jumps([(0, 0), (5, 20), (6, -20), (7, 0)]),
        blinks=tuple(TrueBlink(onset) for onset in (0.5, 2.5, 4.5, 6.5)) if arguments.blinks else (),
        roll_deg=still(arguments.roll),
        timing_jitter=0.5 if arguments.variable else 0.0,
    )
    truth = write_clip(SyntheticFace(performance), arguments.out)
    columns = {name: getattr(truth, name).tolist() for name in ("time_s", "gaze_h_deg", "gaze_v_deg", "closure")}
    arguments.out.with_suffix(".json").write_text(json.dumps(columns))


if __name__ == "__main__":
    main()
