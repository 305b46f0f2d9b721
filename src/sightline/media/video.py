"""Videos as streams of frames with the times at which they are shown.

Time comes from presentation time stamps. A first pass over the packets, without decoding, tells how many frames there
are, when each is shown and where decoding can begin; `Video.frames` then decodes as it goes, so that memory does not
grow with length.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

import numpy as np

from sightline.errors import BadInputError
from sightline.media.frames import VideoFrame
from sightline.media.limits import MAX_VIDEO_BYTES, MAX_VIDEO_DURATION_S, MAX_VIDEO_PIXELS
from sightline.media.orientation import UPRIGHT, Orientation, orientation_of
from sightline.media.video_decoding import decode_rows
from sightline.media.video_index import PacketIndex, index_packets
from sightline.media.video_length import missing_bytes
from sightline.media.video_meta import VideoMeta, describe
from sightline.media.video_source import (
    Source,
    check_frame_size,
    check_source,
    container_name,
    open_container,
    stream_of,
)

if TYPE_CHECKING:
    from types import TracebackType

    from av.buffer import Buffer

__all__ = ["Video", "VideoMeta", "open_video"]


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
        index = index_packets(container, stream, max_duration_s)
        names = container_name(data, container), stream.codec_context.name
        pixel_ratio = stream.sample_aspect_ratio or Fraction(1)
    with closing(decode_rows(data, index, 0, len(index.times_s), lambda _: None)) as rows:
        _, frame = next(rows, (0, None))
    if frame is None:
        raise BadInputError("no frame of the video can be decoded: it is damaged, or its codec is not known")
    check_frame_size(frame.width, frame.height, max_pixels)
    matrix = cast("Buffer | None", frame.side_data.get("DISPLAYMATRIX"))
    orientation = orientation_of(bytes(matrix)) if matrix else UPRIGHT
    meta = describe(index, orientation, (frame.width, frame.height), *names)
    video = Video(data, index, orientation, meta, max_pixels)
    with stream_of(data) as file:
        missing = missing_bytes(file)
    if missing:
        video.warnings.insert(0, f"the file is cut off: at least {missing} bytes are missing; the rest was read")
    if abs(pixel_ratio - 1) > 0.01:
        video.warnings.append(
            f"pixels are not square but {pixel_ratio} as wide as high: lengths and angles across are off by as much"
        )
    return video
