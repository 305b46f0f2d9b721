"""Videos as streams of frames with the times at which they are shown.

Time comes from presentation time stamps. A first pass over the packets, without decoding, tells how many frames there
are, when each is shown and where decoding can begin; `Video.frames` then decodes as it goes, so that memory does not
grow with length.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInputError
from sightline.media.frames import VideoFrame
from sightline.media.orientation import UPRIGHT, Orientation, orientation_of
from sightline.media.video_decoding import decode_rows
from sightline.media.video_index import PacketIndex, index_packets
from sightline.media.video_source import (
    MAX_VIDEO_BYTES,
    MAX_VIDEO_DURATION_S,
    MAX_VIDEO_PIXELS,
    Source,
    check_frame_size,
    check_source,
    container_name_of,
    open_container,
)
from sightline.media.video_times import is_variable, mean_rate

if TYPE_CHECKING:
    from types import TracebackType

    from av.buffer import Buffer


@dataclass(frozen=True, slots=True)
class VideoMeta:
    """What a video is, from its container and its packets.

    Attributes:
        width_px: of the upright picture.
        height_px: of the upright picture.
        rotation_deg: by how much the stored picture is turned clockwise to stand upright: 0, 90, 180 or 270.
        frame_count: frames that are shown, also those that repeat the one before.
        fps: the mean rate, (n - 1) / (last - first); 0.0 for a single frame.
        duration_s: from the first frame to the end of the last, which is shown for the mean interval.
        container: the format's name, such as "mp4".
        codec: the codec's name, such as "h264".
        variable_frame_rate: some interval between frames differs from the median one by more than a tenth.
        keyframe_times_s: when the frames are shown at which decoding can begin.
        frame_times_s: (n,) seconds since the file's beginning, strictly increasing.
    """

    width_px: int
    height_px: int
    rotation_deg: int
    frame_count: int
    fps: float
    duration_s: float
    container: str
    codec: str
    variable_frame_rate: bool
    keyframe_times_s: tuple[float, ...]
    frame_times_s: NDArray[np.float64]


class Video:
    """A video that can be read from the beginning, or in windows, as often as one likes.

    It holds no open file between reads and can be pickled, so that several processes can each read a part.

    Attributes:
        meta: what it is.
        warnings: what a reader of the results should know (cut off, damaged, equal time stamps); reading adds to it.
    """

    def __init__(
        self, source: Source, index: PacketIndex, orientation: Orientation, meta: VideoMeta, max_pixels: int
    ) -> None:
        self.meta = meta
        self.warnings = list(index.warnings)
        self._source = source
        self._index = index
        self._orientation = orientation
        self._max_pixels = max_pixels

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def frames(
        self, *, step: int = 1, max_frames: int | None = None, start_s: float | None = None, end_s: float | None = None
    ) -> Iterator[VideoFrame]:
        """Decode frame by frame.

        A frame that a damaged file does not yield is left out: its index is missing, and a warning says how many are.

        Args:
            step: yield the frames whose index is a multiple of it.
            max_frames: stop after so many.
            start_s: leave out what is shown before. Decoding begins at a keyframe from which all is whole, and yields
                the same frames as reading from the beginning would.
            end_s: leave out what is shown then or later.

        Raises:
            BadInputError: `step` or `max_frames` is under 1.
            TooLargeError: the pictures become larger on the way than they may be.
        """
        for name, value in (("step", step), ("max_frames", max_frames)):
            if value is not None and value < 1:
                raise BadInputError(f"{name} must be at least 1, not {value}")
        times = self._index.times_s
        first = 0 if start_s is None else int(np.searchsorted(times, start_s))
        end = len(times) if end_s is None else int(np.searchsorted(times, end_s))
        return itertools.islice(self._read(first, end, step), max_frames)

    def _read(self, first: int, end: int, step: int) -> Iterator[VideoFrame]:
        for row, frame in decode_rows(self._source, self._index, first, end, self._warn):
            if row % step == 0:
                check_frame_size(frame.width, frame.height, self._max_pixels)
                time_s = float(self._index.times_s[row])
                yield VideoFrame(frame, self._orientation, index=row, time_s=time_s)

    def _warn(self, message: str) -> None:
        if message not in self.warnings:
            self.warnings.append(message)


def open_video(
    source: Path | str | bytes,
    *,
    max_bytes: int = MAX_VIDEO_BYTES,
    max_pixels: int = MAX_VIDEO_PIXELS,
    max_duration_s: float = MAX_VIDEO_DURATION_S,
) -> Video:
    """Open a video: MP4, MOV, WebM, MKV, AVI or GIF.

    Args:
        source: the path of the file, or its bytes.
        max_bytes: largest size of the file.
        max_pixels: largest width times height of a frame.
        max_duration_s: longest time from the first frame to the last.

    Raises:
        BadInputError: no readable file; empty; a picture, sound only or foreign; no frame of it can be decoded.
        TooLargeError: a limit is exceeded.
    """
    data = source if isinstance(source, bytes) else Path(source)
    check_source(data, max_bytes)
    with open_container(data) as (container, stream):
        check_frame_size(stream.codec_context.width, stream.codec_context.height, max_pixels)
        container_name, codec = container_name_of(data, container), stream.codec_context.name
    index = index_packets(data, max_duration_s)
    with closing(decode_rows(data, index, 0, len(index.times_s), lambda _: None)) as rows:
        _, frame = next(rows, (0, None))
    if frame is None:
        raise BadInputError("no frame of the video can be decoded: it is damaged, or its codec is not known")
    check_frame_size(frame.width, frame.height, max_pixels)
    matrix = cast("Buffer | None", frame.side_data.get("DISPLAYMATRIX"))
    orientation = orientation_of(bytes(matrix)) if matrix else UPRIGHT
    width_px, height_px = orientation.turned(frame.width, frame.height)
    times = index.times_s
    fps = mean_rate(times)
    meta = VideoMeta(
        width_px=width_px,
        height_px=height_px,
        rotation_deg=orientation.rotation_deg,
        frame_count=len(times),
        fps=fps,
        duration_s=len(times) / fps if fps else 0.0,
        container=container_name,
        codec=codec,
        variable_frame_rate=is_variable(times),
        keyframe_times_s=index.keyframe_times_s(),
        frame_times_s=times,
    )
    return Video(data, index, orientation, meta, max_pixels)
