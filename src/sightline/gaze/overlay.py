"""The video again, with what was measured drawn into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from uuid import uuid4

import av
import numpy as np

from sightline.gaze.overlay_drawing import draw_frame
from sightline.media.video import open_video
from sightline.settings import get_settings

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from sightline.gaze.report import GazeReport
    from sightline.media.video import VideoMeta

_ENCODERS: Final = (
    ("libx264", {"preset": "superfast", "crf": "22"}),
    ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "6", "crf": "28", "b": "0"}),
    ("mpeg4", {"qscale": "3"}),
)
"""In the order of how many players show them. FFmpeg as PyAV's wheels carry it has all three; a build without GPL parts
lacks the first. A frame of 720p takes x264 13 ms of CPU at `superfast`, 18 ms and half the bytes at `veryfast`."""

_CLOCK: Final = Fraction(1, 90_000)
"""The unit of time stamps: that of MPEG, of which all usual frame rates are multiples."""


def write_overlay(
    source: Path | str | bytes, report: GazeReport, path: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    """Write the frames that a report is about as an MP4 with eyes, gaze and blinks drawn in.

    Each frame keeps its time, and stands upright. Sound is left out. The file takes its name when it is complete.

    Args:
        source: the video that the report comes from.
        report: what was measured in it.
        path: where to write.
        progress: called with the frames done and the frames there are to do.

    Raises:
        BadInputError: the video cannot be read.
        TooLargeError: it is over a limit of the settings.
    """
    settings = get_settings()
    rows = {int(index): row for row, index in enumerate(report.frames.frame_index)}
    last = max(rows, default=-1)
    with (
        open_video(
            source,
            max_bytes=settings.max_video_bytes,
            max_pixels=settings.max_video_pixels,
            max_duration_s=settings.max_video_duration_s,
        ) as video,
        _mp4(path, video.meta) as (output, stream),
    ):
        done = 0
        for frame in video.frames():
            if frame.index > last:
                break
            if frame.index not in rows:
                continue
            picture = draw_frame(frame.rgb(), report, rows[frame.index])
            drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[: stream.height, : stream.width]))
            drawn.pts, drawn.time_base = round(frame.time_s / _CLOCK), _CLOCK
            output.mux(stream.encode(drawn))
            done += 1
            if progress is not None:
                progress(done, len(rows))


@contextmanager
def _mp4(path: Path, meta: VideoMeta) -> Iterator[tuple[OutputContainer, VideoStream]]:
    """An MP4 that is written beside its place and moved there when it is complete."""
    temporary = path.with_name(f".{uuid4().hex}.part")
    try:
        with av.open(str(temporary), "w", format="mp4", options={"movflags": "faststart"}) as output:
            codec, options = next((name, options) for name, options in _ENCODERS if name in av.codecs_available)
            stream = cast("VideoStream", output.add_stream(codec, rate=max(round(meta.fps), 1), options=options))
            # Colours are stored for two pixels a side, so both sides are even.
            stream.width, stream.height = meta.width_px // 2 * 2, meta.height_px // 2 * 2
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = _CLOCK
            yield output, stream
            output.mux(stream.encode(None))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
