"""Where the eyes are in the portrait, and how they and their lids are painted over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from synthetic_eye import Colours, Lids, draw_eyeball, iris_centre_mm

Floats = NDArray[np.float64]

MM_PER_PORTRAIT_PX: Final = 11.7 / 7.8
"""The portrait's irises are 7.8 px wide."""

LASH_MM: Final = 1.6
"""The lashes' strip above the upper margin moves as one."""


@dataclass(frozen=True, slots=True)
class EyePlace:
    """One eye in the portrait, px: canthi from left to right of the picture, iris, points on both lids' margins."""

    canthi: tuple[tuple[float, float], tuple[float, float]]
    iris: tuple[float, float]
    upper: tuple[tuple[float, float], ...]
    lower: tuple[tuple[float, float], ...]


RIGHT_EYE: Final = EyePlace(
    canthi=((195.69, 101.09), (214.43, 104.07)),
    iris=(204.1, 101.7),
    upper=(
        (196.48, 100.43),
        (197.58, 99.66),
        (199.61, 98.79),
        (203.05, 98.42),
        (206.68, 98.92),
        (210.37, 100.58),
        (213.14, 102.76),
    ),
    lower=(
        (197.16, 102.39),
        (198.75, 103.38),
        (201.09, 104.27),
        (204.63, 104.76),
        (208.12, 104.6),
        (211.44, 104.3),
        (213.61, 104.27),
    ),
)
LEFT_EYE: Final = EyePlace(
    canthi=((237.08, 105.14), (256.34, 103.91)),
    iris=(246.96, 103.72),
    upper=(
        (238.47, 103.87),
        (241.26, 101.99),
        (245.05, 100.66),
        (248.88, 100.59),
        (252.32, 101.32),
        (254.47, 102.44),
        (255.59, 103.27),
    ),
    lower=(
        (237.98, 105.36),
        (239.99, 105.65),
        (243.19, 106.19),
        (246.82, 106.64),
        (250.41, 106.48),
        (252.94, 105.9),
        (254.75, 105.1),
    ),
)


class DrawnEye:
    """One eye's patch of the canvas: draws ball and lids over the portrait."""

    def __init__(self, place: EyePlace, canvas: NDArray[np.uint8], to_canvas: Floats, px_per_mm: float) -> None:
        """Of a canvas (h, w, 3) and the affine map (2, 3) from the portrait's to the canvas's pixels."""
        points = {
            name: np.atleast_2d(np.array(getattr(place, name))) @ to_canvas[:, :2].T + to_canvas[:, 2]
            for name in ("canthi", "iris", "upper", "lower")
        }
        left, right = points["canthi"]
        self._px_per_mm = px_per_mm
        self._middle = (left + right) / 2
        self._axis = (right - left) / np.linalg.norm(right - left)
        self._half_width_mm = float(np.linalg.norm(right - left)) / 2 / px_per_mm
        (self.iris_mm,) = self._in_eye(points["iris"])
        ends = self._in_eye(points["canthi"])
        upper, lower = (self._margin(ends, self._in_eye(points[name])) for name in ("upper", "lower"))
        self._lids = Lids(upper, lower, self._half_width_mm)
        reach = np.array([self._half_width_mm + 4.0, 20.0]) * px_per_mm
        self._origin = np.floor(self._middle - reach).astype(int)
        width, height = np.ceil(2 * reach).astype(int)
        self._part = np.s_[self._origin[1] : self._origin[1] + height, self._origin[0] : self._origin[0] + width]
        self._skin = canvas[self._part].astype(np.float64)
        rows, columns = np.mgrid[:height, :width] + 0.5
        grid = np.stack([columns + self._origin[0], rows + self._origin[1]], axis=-1)
        self._x, self._y = np.moveaxis(self._in_eye(grid), -1, 0)

    def _in_eye(self, points: Floats) -> Floats:
        """Canvas px to mm in the eye's axes."""
        x, y = self._axis
        turned: Floats = (points - self._middle) @ np.array([[x, -y], [y, x]]) / self._px_per_mm
        return turned

    @staticmethod
    def _margin(ends: Floats, points: Floats) -> Floats:
        """Coefficients of a lid's margin through marked points; the canthi weigh twice."""
        x, y = np.concatenate([ends, ends, points]).T
        coefficients: Floats = np.polyfit(x, y, 4)
        return coefficients

    def on_canvas(self, gaze: Floats) -> Floats:
        """The iris's centre (2,) in px of the canvas."""
        x, y = self._axis
        turned: Floats = (self.iris_mm + iris_centre_mm(gaze)) @ np.array([[x, y], [-y, x]]) * self._px_per_mm
        on_canvas: Floats = turned + self._middle
        return on_canvas

    def paint(self, canvas: NDArray[np.uint8], gaze: Floats, closure: float, colours: Colours) -> None:
        """Draw this eye into a canvas (h, w, 3) of whole grey levels."""
        x, y = self._x, self._y
        down_mm = float(iris_centre_mm(gaze)[1])
        rest = self._lids.margins(x, 0.0, 0.0)
        upper, lower = margins = self._lids.margins(x, down_mm, closure)
        skin = self._shifted(self._source(y, rest, margins))
        pixel_mm = 1 / self._px_per_mm
        ball_margins = (upper - self.iris_mm[1], lower - self.iris_mm[1])
        ball = draw_eyeball(x - self.iris_mm[0], y - self.iris_mm[1], gaze, ball_margins, colours, 0.7 * pixel_mm)
        soft = 0.7 * pixel_mm + 0.1
        inside = np.clip(0.5 + (y - upper) / (2 * soft), 0, 1) * np.clip(0.5 + (lower - y) / (2 * soft), 0, 1)
        inside = inside * (np.abs(x) < self._half_width_mm) * np.clip((lower - upper) / 0.6, 0, 1)
        lash = np.exp(-(((y - upper + 0.2) / 0.5) ** 2)) * np.clip(1.1 - (x / self._half_width_mm) ** 2, 0, 1) * 0.6
        drawn = skin + inside[..., None] * (ball - skin)
        drawn += lash[..., None] * (np.array([48.0, 34.0, 30.0]) - drawn)
        canvas[self._part] = np.clip(np.rint(drawn), 0, 255)

    def _source(self, y: Floats, rest: tuple[Floats, Floats], margins: tuple[Floats, Floats]) -> Floats:
        """How many mm each pixel's skin came down: all the way at the margins, ever less towards brow and cheek."""
        upper_shift, lower_shift = margins[0] - rest[0], margins[1] - rest[1]
        near, far = margins[0] - LASH_MM, rest[0] - 11.0
        above = _smooth((y - far) / (near - far)) * upper_shift
        near, far = margins[1] + 0.8, rest[1] + 9.0
        below = _smooth((far - y) / (far - near)) * lower_shift
        shift: Floats = np.where(y < (margins[0] + margins[1]) / 2, above, below)
        return shift

    def _shifted(self, shift_mm: Floats) -> Floats:
        """The skin moved down across the eye by so many mm at each pixel of the result."""
        height, width = shift_mm.shape
        rows, columns = np.mgrid[:height, :width]
        shift = shift_mm * self._px_per_mm
        source_x = np.clip(columns + self._axis[1] * shift, 0, width - 1.001)
        source_y = np.clip(rows - self._axis[0] * shift, 0, height - 1.001)
        x0, y0 = source_x.astype(int), source_y.astype(int)
        fx, fy = (source_x - x0)[..., None], (source_y - y0)[..., None]
        top = self._skin[y0, x0] * (1 - fx) + self._skin[y0, x0 + 1] * fx
        bottom = self._skin[y0 + 1, x0] * (1 - fx) + self._skin[y0 + 1, x0 + 1] * fx
        moved: Floats = top * (1 - fy) + bottom * fy
        return moved


def _smooth(share: Floats) -> Floats:
    """0 up to 0, 1 from 1 on, and a soft step between."""
    share = np.clip(share, 0.0, 1.0)
    return share * share * (3 - 2 * share)
