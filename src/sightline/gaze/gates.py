"""Whether a frame, and a whole clip, can support an answer; and if not, why.

The limits were set on the frames of 42 clips of the ZJU set, 4 natural ones, one interview and 3 further faces. None of
their frames breaks one, apart from those in which no face is found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sightline.gaze.columns import Frames
    from sightline.media.video import VideoMeta

Floats = NDArray[np.float64]

LEAST_CERTAINTY: Final = 0.5
"""See `certainty.certainty`. Of real clips the median frame has 0.94 or more, of a cartoon under 0.01, of a rendered
eyeball 0.1 (its surest frames 0.4)."""

LEAST_IRIS_PX: Final = 5.0
"""Diameter. Of faces 70 px wide, whose blinks still show, irises are 5.6 to 9 px across. At 5 px an open eye is 3.5 px
high, and a lid that is half closed differs from an open one by less than 2 px."""

MOST_YAW_DEG: Final = 30.0
"""The eye that is turned away is then seen at three quarters of its width, and beyond it the nose begins to hide its
inner canthus; real clips reach 19."""

MOST_PITCH_DEG: Final = 35.0
"""Cameras below the face, the hardest view of the ZJU set, see it turned up by 10 to 32 degrees; blinks still show."""

LEAST_BRIGHTNESS: Final = 15.0
"""Mean luma around the eyes, 0..255. Real clips have 61 or more. Darkened, with the grain of a camera (2 grey levels),
blinks keep 80 % of their depth at 20, two thirds at 12 and a quarter at 6."""

LEAST_SHARPNESS: Final = 0.35
"""See `eye_region.light_and_sharpness`. Real clips have 0.51 or more, 0.95 as a rule. Blurred with a sigma of a fifth
of the iris's diameter they have 0.25 to 0.32 and apertures are off by 2 to 15 %; with a third 0.09 to 0.19 and 14 to
46 %."""

LEAST_SHARE: Final = 0.02
"""Of the frames: fewer broken ones are part of any recording and need no note."""

LEAST_BLINK_FPS: Final = 15.0
"""Lids stay down for 100 to 200 ms: two frames at 15 a second."""

LEAST_SACCADE_FPS: Final = 25.0
"""Saccades of some degrees take 30 to 50 ms: at 25 frames a second one has begun and ended between three frames."""

LEAST_VELOCITY_FPS: Final = 200.0
"""A saccade of 417 deg/s reads 262 at 60 frames a second and 146 at 30. Peak velocities are within some per cent of the
truth from 200 to 300 a second on (Juhola, Jantti and Pyykko, Biol Cybern 53, 1985; Mack et al., J Vis 17, 2017)."""

MOST_DEG_PER_PX: Final = 3.5
"""Positions of the iris repeat within about a tenth of a pixel to a third: then gaze is no finer than a degree."""

_RATE_TOLERANCE: Final = 0.98
"""Of a limit: 15 frames a second may come as 14.99."""

_RATES: Final = {
    "blinks": (LEAST_BLINK_FPS, "blinks may fall between two frames"),
    "saccades": (LEAST_SACCADE_FPS, "saccades fall between two frames"),
    "saccade_velocity": (
        LEAST_VELOCITY_FPS,
        "peak velocities of saccades can only be bounded from below",
    ),
}


@dataclass(frozen=True, slots=True)
class QualityNote:
    """Why a clip supports an answer less than it should.

    Attributes:
        code: stable name of the reason.
        message: for the person who sent the clip.
        value: the median of the frames that break the limit, or the clip's value.
        limit: the limit they break.
        frames: how many do.
    """

    code: str
    message: str
    value: float
    limit: float
    frames: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Gate:
    """One reason against a frame: the values, which side of the limit is bad, and what to tell the person."""

    code: str
    values: Floats
    limit: float
    too_large: bool
    message: str

    @property
    def broken(self) -> NDArray[np.bool_]:
        return self.values > self.limit if self.too_large else self.values < self.limit


def gate_codes(
    *,
    certainty: Floats,
    iris_px: Floats,
    yaw_deg: Floats,
    pitch_deg: Floats,
    brightness: Floats,
    sharpness: Floats,
) -> NDArray[np.str_]:
    """The gravest reason against each frame, (n,) "" where there is none; arguments (n,) as in `frames.Frames`."""
    codes = np.full(len(certainty), "", "U16")
    for gate in reversed(_gates(certainty, iris_px, yaw_deg, pitch_deg, brightness, sharpness)):
        codes[gate.broken] = gate.code
    codes[~np.isfinite(yaw_deg)] = "no_face"
    return codes


def quality_notes(
    frames: Frames, meta: VideoMeta, wanted: Collection[str] = ("blinks", "saccades", "saccade_velocity")
) -> tuple[QualityNote, ...]:
    """What stands against a reliable answer from a clip, the gravest first; empty where nothing does.

    Args:
        frames: the clip.
        meta: the video that it comes from.
        wanted: what is asked of it, of "blinks", "saccades" and "saccade_velocity".
    """
    iris_px = (frames.left.iris_diameter_px + frames.right.iris_diameter_px) / 2
    gates = _gates(
        frames.face_confidence, iris_px, frames.yaw_deg, frames.pitch_deg, frames.brightness, frames.sharpness
    )
    notes = [_no_face(frames)]
    notes += [_note(gate, frames.gate == gate.code) for gate in gates]
    notes += [_several_faces(frames), _coarse(frames)]
    notes += [_frame_rate(frames, meta, want) for want in _RATES if want in wanted]
    return tuple(note for note in notes if note)


def _gates(
    certainty: Floats, iris_px: Floats, yaw_deg: Floats, pitch_deg: Floats, brightness: Floats, sharpness: Floats
) -> list[_Gate]:
    """All reasons, the gravest first."""
    turned = np.maximum(np.abs(yaw_deg) / MOST_YAW_DEG, np.abs(pitch_deg) / MOST_PITCH_DEG) * MOST_YAW_DEG
    return [
        _Gate("doubtful_face", certainty, LEAST_CERTAINTY, False, "What was followed may not be a human face."),
        _Gate(
            "face_too_small", iris_px, LEAST_IRIS_PX, False,
            "The face is too small: its eyes cannot be measured. Hold the camera closer.",
        ),
        _Gate(
            "turned_away", turned, MOST_YAW_DEG, True,
            "The head is turned too far from the camera. Look towards the camera and move the eyes only.",
        ),
        _Gate("too_dark", brightness, LEAST_BRIGHTNESS, False, "The eyes are too dark. Turn on a light in front."),
        _Gate(
            "blurred", sharpness, LEAST_SHARPNESS, False,
            "The eyes are blurred. Hold the camera still, wipe its lens and let it focus.",
        ),
    ]  # fmt: skip


def _note(gate: _Gate, broken: NDArray[np.bool_]) -> QualityNote | None:
    if broken.mean() < LEAST_SHARE if len(broken) else True:
        return None
    value = round(float(np.median(gate.values[broken])), 2)
    return QualityNote(gate.code, gate.message, value, gate.limit, int(broken.sum()))


def _no_face(frames: Frames) -> QualityNote | None:
    missing = frames.gate == "no_face"
    share = float(missing.mean()) if len(frames) else 1.0
    if share < LEAST_SHARE:
        return None
    message = "No face was found in a part of the frames." if share < 1 else "No face was found."
    return QualityNote("no_face", message, round(share, 3), LEAST_SHARE, int(missing.sum()))


def _several_faces(frames: Frames) -> QualityNote | None:
    several = frames.face_count > 1
    if not several.any():
        return None
    message = "Several faces are in view: the largest steady one was followed."
    return QualityNote("several_faces", message, float(frames.face_count.max()), 1.0, int(several.sum()))


def _coarse(frames: Frames) -> QualityNote | None:
    coarse = frames.usable & (frames.deg_per_px > MOST_DEG_PER_PX)
    if not coarse.any() or coarse.mean() < LEAST_SHARE:
        return None
    value = round(float(np.median(frames.deg_per_px[coarse])), 2)
    message = f"The eyes are small in the picture: one pixel is {value:.1f} degrees of gaze. Hold the camera closer."
    return QualityNote("coarse_gaze", message, value, MOST_DEG_PER_PX, int(coarse.sum()))


def _frame_rate(frames: Frames, meta: VideoMeta, want: str) -> QualityNote | None:
    """The rate of the frames that were analysed, which may be fewer than the file has."""
    limit, consequence = _RATES[want]
    fps = (len(frames) - 1) / float(frames.time_s[-1] - frames.time_s[0]) if len(frames) > 1 else 0.0
    if fps >= limit * _RATE_TOLERANCE:
        return None
    looked_at = f"{fps:.1f} of {meta.fps:.1f}" if fps < meta.fps * _RATE_TOLERANCE else f"{fps:.1f}"
    message = f"At {looked_at} frames a second {consequence}: {limit:.0f} are needed."
    return QualityNote("frame_rate_too_low", message, round(fps, 2), limit, len(frames))
