"""What is drawn into a frame: eyes, irises, gaze, blinks, and why a frame was not used."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from sightline.gaze.frames import EyeColumns
    from sightline.gaze.report import GazeReport

Colour = tuple[int, int, int]
Points = NDArray[np.float64]
Stroke = tuple[Points, Colour]

EYE: Final[Colour] = (86, 180, 233)
IRIS: Final[Colour] = (240, 228, 66)
GAZE: Final[Colour] = (213, 94, 0)
CLOSED: Final[Colour] = (204, 121, 167)
"""From the palette of Okabe and Ito, told apart with the common kinds of colour blindness."""

_WIDTHS_PER_DEG: Final = 1 / 15
"""Length of the gaze arrow in widths of the eye: one for 15 degrees, so that 3 degrees can be seen."""

_UPPER_SHARE: Final = 2 / 3
"""How much of the opening lies above the line through the corners of the eye. The columns do not say; in an open eye
the upper lid stands about twice as far from it as the lower one, so this is a drawing, not a measurement."""

_SMOOTH: Final = 4
"""Lines are drawn this many times larger and reduced: Pillow's own are ragged."""

_SHADE: Final = 0.55
"""How much darker the picture becomes under letters and around lines, to be readable on skin and on hair."""


def draw_frame(rgb: NDArray[np.uint8], report: GazeReport, row: int) -> NDArray[np.uint8]:
    """Draw one row of a report into its frame.

    The lids are drawn as parabolas through the corners of the eye, as far apart as the opening that was measured.
    The arrow shows where the eye looks in the head; in and around blinks, where gaze is not to be trusted, there is
    neither iris nor arrow.

    Args:
        rgb: uint8 (H, W, 3), upright.
        report: in pixels of that picture.
        row: the frame's row in it.

    Returns:
        A new picture, uint8 (H, W, 3).
    """
    image = Image.fromarray(rgb)
    frames = report.frames
    for eye in (frames.left, frames.right):
        if np.isfinite(eye.iris_x_px[row]):
            strokes = _eye_strokes(eye, row, float(frames.roll_deg[row]), masked=bool(frames.blink_mask[row]))
            _draw_strokes(image, strokes, max(1.0, float(eye.width_px[row]) / 40))
    letter_px = max(10, image.height // 36)
    _draw_caption(image, _caption(report, row), letter_px)
    _draw_timeline(image, report, row, max(4, letter_px // 2))
    return np.asarray(image)


def _eye_strokes(eye: EyeColumns, row: int, roll_deg: float, *, masked: bool) -> list[Stroke]:
    """An eye's lines in pixels of the picture."""
    roll = np.radians(roll_deg)
    along, down = np.array([np.cos(roll), np.sin(roll)]), np.array([-np.sin(roll), np.cos(roll)])
    iris = np.array([eye.iris_x_px[row], eye.iris_y_px[row]])
    middle = iris - eye.offset_x_px[row] * along - eye.offset_y_px[row] * down
    place = np.linspace(-1, 1, 25)[:, np.newaxis]
    lid_line = middle + place * along * eye.width_px[row] / 2
    bulge = (1 - place**2) * down * eye.opening_px[row]
    lids = np.concatenate([lid_line - _UPPER_SHARE * bulge, (lid_line + (1 - _UPPER_SHARE) * bulge)[::-1]])
    strokes = [(lids, CLOSED if masked else EYE)]
    if masked:
        return strokes
    angle = np.linspace(0, 2 * np.pi, 33)[:, np.newaxis]
    strokes.append((iris + (np.cos(angle) * along + np.sin(angle) * down) * eye.iris_diameter_px[row] / 2, IRIS))
    gaze_deg = np.array([eye.gaze_h_deg[row], -eye.gaze_v_deg[row]])
    arrow = (gaze_deg[0] * along + gaze_deg[1] * down) * _WIDTHS_PER_DEG * eye.width_px[row]
    if np.all(np.isfinite(arrow)):
        strokes.extend(_arrow(iris, arrow, float(eye.width_px[row]) / 8))
    return strokes


def _arrow(start: Points, way: Points, barb_px: float) -> list[Stroke]:
    length = float(np.hypot(*way))
    if length < barb_px / 4:  # too short to point anywhere
        return []
    back = -way / length * min(barb_px, length)
    side = np.array([-back[1], back[0]]) / 2
    end = start + way
    return [(np.array([start, end]), GAZE), (np.array([end + back + side, end, end + back - side]), GAZE)]


def _draw_strokes(image: Image.Image, strokes: list[Stroke], line_px: float) -> None:
    """Draw lines smoothly, each with a shade around it."""
    margin = 3 * line_px + 1
    points = np.concatenate([stroke for stroke, _ in strokes])
    left, top = np.clip(np.floor(points.min(axis=0) - margin), 0, image.size).astype(int).tolist()
    right, bottom = np.clip(np.ceil(points.max(axis=0) + margin), 0, image.size).astype(int).tolist()
    if right <= left or bottom <= top:
        return
    size, corner = (right - left, bottom - top), (left, top)
    around = _mask([(stroke - corner) for stroke, _ in strokes], size, 2.2 * line_px)
    image.paste((0, 0, 0), corner, around.point(lambda value: value * _SHADE))
    for stroke, colour in strokes:
        image.paste(colour, corner, _mask([stroke - corner], size, line_px))


def _mask(lines: list[Points], size: tuple[int, int], line_px: float) -> Image.Image:
    """How much of each pixel lies on the lines, 0 to 255."""
    large = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH))
    draw = ImageDraw.Draw(large)
    for line in lines:
        draw.line([tuple(point) for point in (line * _SMOOTH).tolist()], 255, round(line_px * _SMOOTH))
    return large.reduce(_SMOOTH)


def _caption(report: GazeReport, row: int) -> list[tuple[str, Colour]]:
    """The lines at the top: time and figures, then what is special about the frame."""
    frames = report.frames
    figures = [f"{frames.time_s[row]:.2f} s"]
    if np.isfinite(frames.aperture[row]):
        figures.append(f"opening {frames.aperture[row]:.2f}")
    if not frames.blink_mask[row] and np.isfinite(frames.gaze_v_deg[row]):
        figures.append(f"vertical {frames.gaze_v_deg[row]:+.1f}°, horizontal {frames.gaze_h_deg[row]:+.1f}°")
    lines = [(", ".join(figures), (255, 255, 255))]
    for blink in report.blinks:
        if blink.onset_s <= frames.time_s[row] <= blink.offset_s:
            eyes = "" if blink.eyes == "both" else f", {blink.eyes} eye"
            lines.append((f"{blink.kind.replace('_', ' ')}{eyes}", CLOSED))
    if frames.gate[row]:
        lines.append((str(frames.gate[row]).replace("_", " "), IRIS))
    return lines


def _draw_caption(image: Image.Image, lines: list[tuple[str, Colour]], letter_px: int) -> None:
    height = round(letter_px * (1.35 * len(lines) + 0.3))
    width = round(max(_font(letter_px).getlength(text) for text, _ in lines) + letter_px)
    _darken(image, (0, 0, min(width, image.width), min(height, image.height)))
    draw = ImageDraw.Draw(image)
    for number, (text, colour) in enumerate(lines):
        draw.text((letter_px / 2, letter_px * (1.35 * number + 0.3)), text, colour, _font(letter_px))


def _draw_timeline(image: Image.Image, report: GazeReport, row: int, height_px: int) -> None:
    """A strip along the lower edge: the whole time, blinks in it, and where this frame is."""
    times = report.frames.time_s
    start, span = times[0], max(times[-1] - times[0], 1e-9)
    top = image.height - height_px
    _darken(image, (0, top, image.width, image.height))
    draw = ImageDraw.Draw(image)
    for blink in report.blinks:
        left, right = ((moment - start) / span * image.width for moment in (blink.onset_s, blink.offset_s))
        draw.rectangle((left, top, max(right, left + 1), image.height), CLOSED)
    here = (times[row] - start) / span * (image.width - 1)
    draw.rectangle((here - 1, top, here + 1, image.height), (255, 255, 255))


def _darken(image: Image.Image, box: tuple[int, int, int, int]) -> None:
    image.paste(image.crop(box).point(lambda value: value * (1 - _SHADE)), box)


@lru_cache(maxsize=4)
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, there on every machine."""
    return ImageFont.load_default(size_px)
