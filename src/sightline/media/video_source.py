"""A video file opened within limits: which containers are read, and what is said of what is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import av

from sightline.errors import BadInputError, TooLargeError
from sightline.media.formats import sniff

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_DEMUXERS: Final = "mov,matroska,avi,gif"
"""FFmpeg's readers for mp4, mov, 3gp and m4a; mkv and webm; avi; gif.

Nothing else is ever reached: playlists and `concat` lists, which name other files and addresses, are refused.
"""

_BUFFER_BYTES: Final = 1 << 18
"""What FFmpeg asks Python for at a time; at 256 kB the calls cost nothing that can be measured."""

_PICTURE_BRANDS: Final = frozenset((b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix"))
"""ISO media files that hold pictures, which FFmpeg would open as a video of one frame."""

Source = Path | bytes


def check_source(source: Source, max_bytes: int) -> None:
    """Refuse what is no readable file, empty, too large, or a picture.

    Raises:
        BadInputError: The path is no readable file, there are no bytes, or they are a picture.
        TooLargeError: There are more than `max_bytes`.
    """
    size = len(source) if isinstance(source, bytes) else _file_size(source)
    if size == 0:
        raise BadInputError("the video is empty (0 bytes)")
    if size > max_bytes:
        raise TooLargeError(f"the video has {size} bytes; at most {max_bytes} bytes are accepted")
    with stream_of(source) as file:
        head = file.read(32)
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        raise BadInputError("these bytes are a picture, not a video")
    try:
        picture = sniff(head)
    except BadInputError:
        return
    if picture.name != "GIF":
        raise BadInputError(f"these bytes are a {picture.name} picture, not a video")


def stream_of(source: Source) -> BinaryIO:
    """The source as an open file.

    Raises:
        BadInputError: It cannot be opened.
    """
    if isinstance(source, bytes):
        return BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise BadInputError(f"{source} cannot be read: {error.strerror}") from error


@contextmanager
def open_container(source: Source) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first video stream that is not a cover picture; all other streams are skipped.

    The decoder runs on one thread, so that several videos, or parts of one, can be read side by side.

    Raises:
        BadInputError: The bytes are no container that is read, are cut off before its index, or hold no video.
    """
    with stream_of(source) as file:
        try:
            container = av.open(
                file,
                "r",
                container_options={"format_whitelist": _DEMUXERS},
                metadata_errors="replace",  # titles come in any encoding; those of the ZJU clips are in GBK
                buffer_size=_BUFFER_BYTES,
            )
        except (av.FFmpegError, UnicodeError) as error:
            raise BadInputError(
                "these bytes are no video that can be read (MP4, MOV, WebM, MKV, AVI, GIF), "
                "or the file was cut off before its index"
            ) from error
        with container:
            stream = _video_stream(container)
            stream.codec_context.thread_count = 1
            yield container, stream


def container_name(source: Source, container: InputContainer) -> str:
    """One of mp4, mov, webm, mkv, avi and gif; FFmpeg has one name for the first two and one for the next two."""
    name = container.format.name.split(",")[0]
    with stream_of(source) as file:
        head = file.read(64)
    if name == "mov":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if name == "matroska":
        return "webm" if b"webm" in head else "mkv"
    return name


def _video_stream(container: InputContainer) -> VideoStream:
    from av.stream import Disposition

    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None:
            return stream
    if container.streams.audio:
        raise BadInputError("the file holds sound but no video")
    raise BadInputError("the file holds no video")


def check_frame_size(width_px: int, height_px: int, max_pixels: int) -> None:
    """Refuse frames of more than `max_pixels` pixels.

    Raises:
        TooLargeError: They have more.
    """
    if width_px * height_px > max_pixels:
        raise TooLargeError(
            f"the video's frames have {width_px} x {height_px} = {width_px * height_px} pixels; "
            f"at most {max_pixels} pixels are accepted"
        )


def check_duration(duration_s: float, max_duration_s: float) -> None:
    """Refuse a video that lasts longer than `max_duration_s`.

    Raises:
        TooLargeError: It does.
    """
    if duration_s > max_duration_s:
        raise TooLargeError(f"the video lasts {duration_s:.1f} s; at most {max_duration_s:g} s are accepted")


def _file_size(path: Path) -> int:
    try:
        if not path.is_file():
            raise BadInputError(f"{path} is no file" if path.exists() else f"{path} does not exist")
        return path.stat().st_size
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}") from error
