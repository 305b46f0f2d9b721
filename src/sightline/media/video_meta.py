"""What a video is, in figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.media.orientation import Orientation
from sightline.media.video_index import PacketIndex
from sightline.media.video_times import is_variable, mean_rate


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


def describe(
    index: PacketIndex, orientation: Orientation, stored_size: tuple[int, int], container: str, codec: str
) -> VideoMeta:
    """Sum up what is known once the packets and the first frame (its width and height as stored) have been read."""
    width_px, height_px = orientation.turned(*stored_size)
    fps = mean_rate(index.times_s)
    return VideoMeta(
        width_px=width_px,
        height_px=height_px,
        rotation_deg=orientation.rotation_deg,
        frame_count=len(index.times_s),
        fps=fps,
        duration_s=len(index.times_s) / fps if fps else 0.0,
        container=container,
        codec=codec,
        variable_frame_rate=is_variable(index.times_s),
        keyframe_times_s=index.keyframe_times_s(),
        frame_times_s=index.times_s,
    )
