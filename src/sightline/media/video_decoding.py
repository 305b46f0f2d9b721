"""From packets to frames, each in its row of the index."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import av
from av.video.frame import PictureType

from sightline.media.video_index import PacketIndex
from sightline.media.video_source import Source, open_container

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream


def decode_rows(
    source: Source, index: PacketIndex, first: int, end: int, warn: Callable[[str], None]
) -> Generator[tuple[int, av.VideoFrame]]:
    """The rows from `first` up to but without `end`, with their frames.

    Decoding begins at a keyframe before; where a container does not lead there, or the wanted frame does not come out,
    it begins at the start. A row that holds a null packet has the frame before once more; one that cannot be decoded
    is left out, and `warn` is told how many are.
    """
    if first >= end:
        return
    entry = index.entry(first)
    rows = _window(source, index, entry, first, end)
    if entry:
        head = next(rows, None)
        led_there = head is not None and head[1] is not None
        rows = chain([head], rows) if head and led_there else _window(source, index, 0, first, end)
    lost = 0
    try:
        for row, frame in rows:
            if frame is None:
                lost += 1
            else:
                yield row, frame
    finally:
        if lost:
            warn(f"{lost} of {end - first} frames could not be decoded: the file is damaged there")


def _window(
    source: Source, index: PacketIndex, entry: int, first: int, end: int
) -> Iterator[tuple[int, av.VideoFrame | None]]:
    """Every row from `first` to `end`, None where there is no frame."""
    with open_container(source) as (container, stream):
        for row, frame in _placed(_frames(container, stream, index, entry), index, from_start=entry == 0):
            if row >= end:
                return
            if row >= first:
                yield row, frame


def _placed(
    frames: Iterator[av.VideoFrame], index: PacketIndex, *, from_start: bool
) -> Iterator[tuple[int, av.VideoFrame | None]]:
    """Every row in turn: its frame, the frame before where the packet is a null packet, or None.

    It begins at row 0, or at that of the first frame when decoding did not begin at the start.
    """
    previous = None
    expected = 0
    for frame in frames:
        row = index.row_of(frame.pts, expected)
        if previous is None and not from_start:
            expected = row
        for skipped in range(expected, row):
            yield skipped, previous if index.null[skipped] else None
        yield row, frame
        previous, expected = frame, row + 1
    for skipped in range(expected, len(index.times_s)):
        yield skipped, previous if index.null[skipped] else None


def _frames(container: InputContainer, stream: VideoStream, index: PacketIndex, entry: int) -> Iterator[av.VideoFrame]:
    """What is decoded from a packet on, in the order of presentation; nothing if the container misses the packet."""
    packets = container.demux(stream)
    if not entry:
        yield from _decoded(stream, packets)
        return
    try:
        container.seek(int(index.packet_stamps[entry]), stream=stream)
        landing = next(packets)
    except av.FFmpegError:
        return
    number = index.find(landing)
    if number is not None and number <= entry:
        yield from _whole(_decoded(stream, chain([landing], packets)), int(index.packet_stamps[number]))


def _whole(frames: Iterator[av.VideoFrame], stamp: int) -> Iterator[av.VideoFrame]:
    """The frames from a keyframe on; nothing if it is no picture of its own.

    Encoders that refresh a picture strip by strip mark places as keyframes that are whole some frames later only.
    """
    for frame in frames:
        if frame.pts == stamp:
            if frame.pict_type == PictureType.I:
                yield frame
                yield from frames
            return


def _decoded(stream: VideoStream, packets: Iterator[av.Packet[VideoStream]]) -> Iterator[av.VideoFrame]:
    """Every frame that can be decoded; a damaged packet yields nothing, and the file may break off."""
    try:
        for packet in packets:
            yield from _decode(stream, packet)
    except av.FFmpegError:  # the index has told of it
        yield from _decode(stream, None)


def _decode(stream: VideoStream, packet: av.Packet[VideoStream] | None) -> list[av.VideoFrame]:
    try:
        return [frame for frame in stream.codec_context.decode(packet) if not frame.is_corrupt]
    except av.FFmpegError:
        return []
