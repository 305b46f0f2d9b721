"""When every frame of a video is shown: one pass over its packets, in which nothing is decoded."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInputError, TooLargeError
from sightline.media.video_source import check_duration
from sightline.media.video_times import increasing_times

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

NULL_PACKET_BYTES: Final = 16
"""A packet this small that yields no frame means "the one before, again" (2 bytes in Indeo 5, 7 in MPEG-4)."""

MAX_FRAMES_PER_S: Final = 1000
"""More packets than this for each second that is allowed are no camera's; it bounds the memory of the pass."""


@dataclass(frozen=True, slots=True)
class PacketIndex:
    """The packets of a video stream; an edit list may hide some of them, and the others are its frames.

    A row is a frame's place in the order of presentation; a packet's number is its place in the file, the order in
    which packets are decoded.

    Attributes:
        stamps: (n,) int64 by row, presentation time stamps as they are in the file.
        times_s: (n,) by row, seconds since the file's beginning, strictly increasing.
        null: (n,) bool by row, packets too small to hold a frame.
        packets: (n,) int64 by row, the packet that holds the frame.
        packet_stamps: (m,) int64 presentation stamps by packet, hidden ones included.
        keyframes: (k,) int64, packets at which decoding can begin, ascending.
        by_count: the stamps do not say which frame is which (AVI with reordered frames, stamps that are missing): the
            k-th frame out of the decoder is row k.
        warnings: what a reader of the report should know.
    """

    stamps: NDArray[np.int64]
    times_s: NDArray[np.float64]
    null: NDArray[np.bool_]
    packets: NDArray[np.int64]
    packet_stamps: NDArray[np.int64]
    keyframes: NDArray[np.int64]
    by_count: bool
    warnings: tuple[str, ...]

    def row_of(self, stamp: int | None, expected: int) -> int:
        """The row of a decoded frame, which is the `expected` one unless its stamp names a later one."""
        if stamp is None or self.by_count:
            return expected
        row = max(int(np.searchsorted(self.stamps, stamp)), expected)
        return row if row < len(self.stamps) and self.stamps[row] == stamp else expected

    def entry(self, row: int) -> int:
        """The packet to begin decoding at, so that `row` and all rows after it come out whole.

        A frame that is shown before a keyframe but stored after it may need what lies before that keyframe (an open
        group of pictures), so the keyframe has to come first in both orders.
        """
        if self.by_count or row >= len(self.stamps):
            return 0
        keys = self.keyframes[self.keyframes <= self.packets[row:].min()]
        keys = keys[self.packet_stamps[keys] <= self.stamps[row]]
        return int(keys[-1]) if keys.size else 0

    def keyframe_times_s(self) -> tuple[float, ...]:
        """When the frames are shown at which decoding can begin, ascending."""
        if self.by_count:
            return (float(self.times_s[0]),)
        return tuple(self.times_s[np.isin(self.packets, self.keyframes)].tolist())

    def find(self, packet: Packet[VideoStream]) -> int | None:
        """A packet's number, by its stamps; None if there is no such packet."""
        matches = np.flatnonzero(self.packet_stamps == (packet.dts if packet.pts is None else packet.pts))
        return int(matches[0]) if matches.size else None


def index_packets(container: InputContainer, stream: VideoStream, max_duration_s: float) -> PacketIndex:
    """Read every packet of a video stream.

    Raises:
        BadInputError: There is no frame in it.
        TooLargeError: It lasts longer than `max_duration_s`, or has more frames than any camera takes in that time.
    """
    check_duration(_announced_s(container, stream), max_duration_s)
    table, warnings = _read_packets(container, stream, int(max_duration_s * MAX_FRAMES_PER_S))
    by_count = "avi" in container.format.name and bool(np.any(table[:, _STAMP] != table[:, _DECODE_STAMP]))
    shown = np.flatnonzero(table[:, _SHOWN])
    if not shown.size:
        raise BadInputError("the video holds no frame")
    by = _DECODE_STAMP if by_count else _STAMP
    packets = shown[np.argsort(table[shown, by], kind="stable")]
    stamps = table[packets, by]
    times_s = increasing_times(stamps, stream.time_base or _MICROSECOND, _origin_s(container))
    check_duration(float(times_s[-1] - times_s[0]), max_duration_s)
    equal = int(np.count_nonzero(np.diff(stamps) == 0))
    if equal:
        warnings.append(f"{equal} frames carry the time stamp of the frame before; they were spread up to the next one")
    return PacketIndex(
        stamps=stamps,
        times_s=times_s,
        null=table[packets, _SIZE] <= NULL_PACKET_BYTES,
        packets=packets,
        packet_stamps=table[:, _STAMP],
        keyframes=np.flatnonzero(table[:, _KEY]),
        by_count=by_count,
        warnings=tuple(warnings),
    )


_STAMP, _DECODE_STAMP, _SIZE, _KEY, _SHOWN = range(5)
_MICROSECOND = Fraction(1, 1_000_000)


def _read_packets(container: InputContainer, stream: VideoStream, limit: int) -> tuple[NDArray[np.int64], list[str]]:
    """One row of five integers for each packet, and what went wrong on the way."""
    log = array("q")
    warnings = []
    try:
        for packet in container.demux(stream):
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is None:  # the empty packet with which PyAV ends, or one whose time nobody knows
                continue
            decode_stamp = stamp if packet.dts is None else packet.dts
            log.extend((stamp, decode_stamp, packet.size, packet.is_keyframe, _is_shown(packet)))
            if len(log) > 5 * limit:
                raise TooLargeError(f"the video has more frames than are accepted ({limit})")
    except av.FFmpegError as error:
        warnings.append(f"the file could not be read to its end: {error.strerror}")
    return np.array(log, dtype=np.int64).reshape(-1, 5), warnings


def _is_shown(packet: Packet[VideoStream]) -> bool:
    """Whether a packet's frame is shown: an edit list may hide it, and VP8 has frames that others only refer to.

    Those have bit 4 of their first byte clear (RFC 6386, 9.1). Other codecs put them into a packet with a shown frame.
    """
    if packet.stream.codec_context.name == "vp8" and packet.size and not memoryview(packet)[0] & 0x10:
        return False
    return not packet.is_discard


def _announced_s(container: InputContainer, stream: VideoStream) -> float:
    """The length that the file's header states, 0.0 if it states none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _origin_s(container: InputContainer) -> Fraction:
    """When the file begins, sound included, by its own clock: a player's zero."""
    starts = [
        stream.start_time * stream.time_base
        for stream in container.streams
        if stream.start_time is not None and stream.time_base is not None
    ]
    return min(starts, default=Fraction(0))
