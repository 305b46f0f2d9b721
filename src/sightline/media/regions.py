"""Decoded frames in RGB, whole or a rectangle of them, converted by FFmpeg's swscale on one thread."""

from __future__ import annotations

from typing import Final, cast

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from sightline.media.affine import Box
from sightline.media.planes import plane_array

_PLANAR: Final = frozenset(
    f"{family}{sampling}p{depth}"
    for family in ("yuv", "yuvj")
    for sampling in ("410", "411", "420", "422", "440", "444")
    for depth in ("", "10le", "12le")
)
"""Formats with Y, U and V in planes of their own, out of which a rectangle is quickly cut."""

_ALIGNMENT_PX: Final = 16
"""Rectangles begin and end at multiples of it: of 4 for the coarsest colour, of 16 for rows without a gap between."""


def convert(
    frame: av.VideoFrame, pixel_format: str, width: int | None = None, height: int | None = None
) -> av.VideoFrame:
    """A frame in another format and size; where it becomes smaller, pixels are averaged."""
    how = Interpolation.BILINEAR if width is None else Interpolation.AREA
    return frame.reformat(width, height, pixel_format, interpolation=how, threads=1)


def rgb_array(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """A frame as RGB uint8 (H, W, 3)."""
    return cast("NDArray[np.uint8]", convert(frame, "rgb24").to_ndarray())


def cut(frame: av.VideoFrame, box: Box, factor: int) -> tuple[NDArray[np.uint32], Box]:
    """A rectangle of a frame as words of the bytes R, G, B and 255.

    The rectangle of a face is converted in 0.1 ms; a whole frame takes 0.2 ms at 720p, 0.5 at 1080p and 2 at 4K.

    Args:
        frame: of any format; either `is_planar` or "rgba".
        box: within the frame, not empty.
        factor: average over so many pixels a side.

    Returns:
        uint32 (H, W), and what it shows: `box` or more.
    """
    left, top = (edge // _ALIGNMENT_PX * _ALIGNMENT_PX for edge in box[:2])
    right, bottom = (
        min(-(-edge // _ALIGNMENT_PX) * _ALIGNMENT_PX, size)
        for edge, size in zip(box[2:], (frame.width, frame.height), strict=True)
    )
    if is_planar(frame):
        return _averaged(_cut_planes(frame, (left, top, right, bottom)), factor), (left, top, right, bottom)
    if factor > 1:
        return _averaged(frame, factor), (0, 0, frame.width, frame.height)
    return _words(frame)[top:bottom, left:right], (left, top, right, bottom)


def _averaged(frame: av.VideoFrame, factor: int) -> NDArray[np.uint32]:
    if factor == 1:
        return _words(convert(frame, "rgba"))
    return _words(convert(frame, "rgba", max(frame.width // factor, 1), max(frame.height // factor, 1)))


def is_planar(frame: av.VideoFrame) -> bool:
    """Whether `cut` converts no more of a frame than it is asked for."""
    return frame.format.name in _PLANAR


def _cut_planes(frame: av.VideoFrame, box: Box) -> av.VideoFrame:
    left, top, right, bottom = box
    piece = av.VideoFrame(right - left, bottom - top, frame.format.name)
    piece.colorspace, piece.color_range = frame.colorspace, frame.color_range
    kind = np.uint16 if frame.format.name.endswith("le") else np.uint8
    for source, target in zip(frame.planes, piece.planes, strict=True):
        x = left // round(frame.width / source.width)
        y = top // round(frame.height / source.height)
        plane_array(target, kind)[:] = plane_array(source, kind)[y : y + target.height, x : x + target.width]
    return piece


def _words(frame: av.VideoFrame) -> NDArray[np.uint32]:
    """The pixels of an "rgba" frame (H, W), a view."""
    return cast("NDArray[np.uint32]", plane_array(frame.planes[0], np.uint32))
