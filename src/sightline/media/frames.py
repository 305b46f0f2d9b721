"""One frame of a video, or one picture: its pixels upright, and crops of it in any position."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from sightline.media.affine import needed_box, sample, scale_of
from sightline.media.orientation import UPRIGHT, Orientation
from sightline.media.planes import has_planes, sample_light, sample_planes
from sightline.media.regions import convert, cut, is_planar, rgb_array

_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601."""


class VideoFrame:
    """A frame and when it is shown.

    Pixels stay as the decoder left them until somebody asks: a crop converts little more than itself.

    Args:
        frame: as PyAV decodes it.
        orientation: how it has to be turned to stand upright.
        index: its number in the video, from 0, in the order of presentation.
        time_s: when it is shown, seconds since the file's beginning.

    Attributes:
        index: as above.
        time_s: as above.
        width_px: of the upright picture.
        height_px: of the upright picture.
    """

    __slots__ = ("_frame", "_orientation", "height_px", "index", "time_s", "width_px")

    def __init__(self, frame: av.VideoFrame, orientation: Orientation, *, index: int, time_s: float) -> None:
        self.index = index
        self.time_s = time_s
        self.width_px, self.height_px = orientation.turned(frame.width, frame.height)
        self._frame = frame
        self._orientation = orientation

    @classmethod
    def from_rgb(cls, array: NDArray[np.uint8], index: int = 0, time_s: float = 0.0) -> VideoFrame:
        """A frame from an upright picture, RGB uint8 (H, W, 3)."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(array), "rgb24")
        return cls(frame, UPRIGHT, index=index, time_s=time_s)

    def rgb(self) -> NDArray[np.uint8]:
        """The whole picture, upright, RGB uint8 (H, W, 3), C-contiguous."""
        return np.ascontiguousarray(self._orientation.turn(rgb_array(self._frame)))

    def crop(
        self, matrix: NDArray[np.floating], width: int, height: int, *, antialias: bool = False
    ) -> NDArray[np.uint8]:
        """A piece of the picture in any position, size and angle.

        The centre of an output pixel, (x + 0.5, y + 0.5), shows the upright picture's point `matrix @ [x + 0.5, y +
        0.5, 1]`, interpolated bilinearly between the centres of four pixels. Outside the picture it is black.

        Args:
            matrix: (2, 3), finite, from coordinates of the output to those of the upright picture.
            width: of the output.
            height: of the output.
            antialias: average first where the output skips pixels, which it does from a scale of 2 on.

        Returns:
            RGB uint8 (height, width, 3), C-contiguous.
        """
        return self._crop(self._into_stored(matrix), width, height, antialias=antialias, edge=False)

    def crop_floats(self, matrix: NDArray[np.floating], out: NDArray[np.float32]) -> None:
        """A crop for a net: RGB from 0 to 1, into the memory that the net reads from.

        Beyond the picture its edge goes on. Where the output skips pixels they are skipped, as the nets know it: on a
        close-up in 720p the landmarks are 0.6 % of the distance between the eyes from MediaPipe's, and 0.9 % where
        pixels are averaged.

        Args:
            matrix: (2, 3), as in `crop`.
            out: (height, width, 3), both even.
        """
        into = self._into_stored(matrix)
        if has_planes(self._frame):
            sample_planes(self._frame, into, out)
            return
        height, width = out.shape[:2]
        picture = self._crop(into, width, height, antialias=False, edge=True)
        np.multiply(picture, np.float32(1 / 255), out=out)

    def crop_light(self, matrix: NDArray[np.floating], width: int, height: int) -> NDArray[np.float32]:
        """The brightness of a crop, (height, width), 0 to 255, averaged from a scale of 2 on. The edge goes on."""
        into = self._into_stored(matrix)
        if has_planes(self._frame) and scale_of(into) < 2:
            return sample_light(self._frame, into, width, height) * np.float32(255)
        return self._crop(into, width, height, antialias=True, edge=True) @ _LUMA

    def _into_stored(self, matrix: NDArray[np.floating]) -> NDArray[np.float64]:
        """The matrix, leading to the picture as it is stored."""
        return self._orientation.to_stored(np.array(matrix, dtype=np.float64), self.width_px, self.height_px)

    def _crop(
        self, into: NDArray[np.float64], width: int, height: int, *, antialias: bool, edge: bool
    ) -> NDArray[np.uint8]:
        frame = self._sampled()
        factor = max(int(scale_of(into)), 1) if antialias else 1
        margin = factor if factor > 1 else 0  # an averaged pixel's neighbour is that far away
        left, top, right, bottom = needed_box(into, width, height)
        box = (
            *(max(left - margin, 0), max(top - margin, 0)),
            *(min(right + margin, frame.width), min(bottom + margin, frame.height)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            if not edge:
                return np.zeros((height, width, 3), np.uint8)
            box = (0, 0, frame.width, frame.height)
        words, (left, top, right, bottom) = cut(frame, box, factor)
        into[:, 2] -= left, top
        into *= [[words.shape[1] / (right - left)], [words.shape[0] / (bottom - top)]]
        return sample(words, into, width, height, edge=edge)

    def _sampled(self) -> av.VideoFrame:
        """The frame in a format that crops are cut out of without converting it for each of them anew."""
        if not is_planar(self._frame):
            self._frame = convert(self._frame, "rgba")
        return self._frame
