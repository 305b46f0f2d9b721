"""Video files made on the spot, whose frames show their own number."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

BITS = 9
SIZE = 96, 64
MILLISECOND = Fraction(1, 1000)


def numbered(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture (H, W, 3) with the number in black and white bars, below it a slope that no turn leaves as it is."""
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    for bit in range(BITS):
        picture[: height // 2, width * bit // BITS : width * (bit + 1) // BITS] = 255 * (number >> bit & 1)
    picture[height // 2 :, :, 0] = np.linspace(20, 220, width)
    picture[height // 2 :, :, 2] = np.linspace(60, 200, height - height // 2)[:, np.newaxis]
    return picture


def number_of(picture: NDArray[np.uint8]) -> int:
    """What `numbered` wrote."""
    height, width = picture.shape[:2]
    row = picture[height // 4, :, 1]
    return sum(int(row[int(width * (bit + 0.5) / BITS)] > 127) << bit for bit in range(BITS))


def encode(
    stamps_ms: Sequence[int],
    codec: str = "libx264",
    container: str = "mp4",
    *,
    size: tuple[int, int] = SIZE,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    mux: dict[str, str] | None = None,
    orientation: tuple[int, bool, bool] | None = None,
    rate: int = 1000,
    pixel_ratio: Fraction | None = None,
) -> bytes:
    """A video that shows frame k from `stamps_ms[k]` on (k-th in units of 1 / rate of a second)."""
    with (
        tempfile.NamedTemporaryFile() as file,  # "faststart" reads the file again by its name
        av.open(file.name, "w", format=container, container_options=mux or {}) as output,
    ):
        stream = cast("VideoStream", output.add_stream(codec, rate=rate, options=options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = Fraction(1, rate)
        stream.codec_context.thread_count = 1
        if pixel_ratio is not None:
            stream.codec_context.sample_aspect_ratio = pixel_ratio
        if orientation is not None:
            degrees, hflip, vflip = orientation
            stream.set_display_rotation(degrees, hflip=hflip, vflip=vflip)
        for number, stamp in enumerate(stamps_ms):
            frame = av.VideoFrame.from_ndarray(numbered(number, size))
            frame.pts = stamp
            frame.time_base = Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        output.close()
        return Path(file.name).read_bytes()


def remux(data: bytes, packets: Sequence[bytes], container: str, stamps: Sequence[int], unit: Fraction) -> bytes:
    """A file with the codec of `data`, packets of one's own and their time stamps."""
    file = BytesIO()
    with av.open(BytesIO(data)) as source, av.open(file, "w", format=container) as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        for content, stamp in zip(packets, stamps, strict=True):
            packet = av.Packet(content)
            packet.stream = stream
            packet.pts = packet.dts = stamp
            packet.time_base = unit
            output.mux(packet)
    return file.getvalue()


def packets_of(data: bytes) -> list[bytes]:
    """The video packets of a file."""
    with av.open(BytesIO(data), "r") as source:
        return [bytes(packet) for packet in source.demux(video=0) if packet.size]


def sound(container: str = "mp4", codec: str = "aac") -> bytes:
    """Half a second of silence."""
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=48000)
        for number in range(24):
            samples = np.zeros((2 if stream.layout.nb_channels == 2 else 1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=stream.layout.name)
            frame.pts, frame.sample_rate = number * 1024, 48000
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()
