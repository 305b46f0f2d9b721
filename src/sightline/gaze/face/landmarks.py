"""The landmark net: 478 points of the face in a region, and whether a face is there at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.face.region import Region
from sightline.media.frames import VideoFrame
from sightline.models.litert import LiteNet


class LandmarkNet:
    """Face Mesh V2: 468 points of the face's surface and 2 x 5 of the irises (Grishchenko et al., 2020)."""

    def __init__(self, net: LiteNet) -> None:
        self._net = net
        self._side_px = net.input_shape[1]

    def find(self, frame: VideoFrame, region: Region) -> tuple[NDArray[np.float32], float]:
        """The landmarks and the probability that the region shows a face.

        Returns:
            (478, 3) x and y in pixels of the upright picture, z in the same scale (smaller is nearer the camera);
            and the presence, 0 to 1.
        """
        matrix = region.to_picture(self._side_px)
        frame.crop_floats(_as_mediapipe_samples(matrix), self._net.input()[0])
        points, presence, _tongue_out = self._net.run()
        raw = points.reshape(-1, 3)
        landmarks = np.empty_like(raw)
        landmarks[:, :2] = raw[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        landmarks[:, 2] = raw[:, 2] * (region.width_px / self._side_px)
        return landmarks, float(1 / (1 + np.exp(-presence.item())))


def _as_mediapipe_samples(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let a crop's pixel of index i show the picture's pixel of index `matrix @ i`, as MediaPipe's warp does.

    Its corners are then half a pixel, of the crop less the picture's, beside where `matrix` has them: with pixel
    centres kept apart from pixel indices the landmarks lie 0.1 to 0.8 px beside MediaPipe's (0.3 % of the distance
    between the eyes at 720p), which is more than all other differences together.
    """
    shifted = matrix.copy()
    shifted[:, 2] += 0.5 - matrix[:, :2].sum(axis=1) / 2
    return shifted
