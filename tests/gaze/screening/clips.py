"""Clips as columns, drawn with known gaze: no picture is needed to test what figures mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.frames import EyeColumns, Frames
from sightline.gaze.screening.protocol import Target, parse_protocol
from sightline.gaze.screening.statement import screen
from sightline.gaze.screening.values import Screening

Floats = NDArray[np.float64]

# Where a target lies in a picture that is not mirrored: the participant's left is the picture's right.
SIDES = {"up": (0, 1), "down": (0, -1), "left": (1, 0), "right": (-1, 0), "center": (0, 0)}

PROTOCOL: list[dict[str, Any]] = [
    {"start_s": 2.0 * number, "end_s": 2.0 * number + 2.0, "target": target}
    for number, target in enumerate(["center", "up", "center", "down", "center", "left", "center", "right", "center"])
]


@dataclass(frozen=True)
class Model:
    name: str = "test landmarks"
    version: str = "1"


@dataclass(frozen=True)
class Meta:
    duration_s: float = 18.0


@dataclass(frozen=True)
class Vertical:
    peak_to_peak: float | None = 0.3
    range_up_deg: float | None = 1.0
    range_down_deg: float | None = 1.0
    horizontal_range_deg: float | None = 2.0


@dataclass(frozen=True)
class Blink:
    onset_s: float
    offset_s: float
    kind: str = "blink"
    reopening_s: float = 0.15
    truncated: bool = False

    @property
    def duration_s(self) -> float:
        return self.offset_s - self.onset_s


@dataclass(frozen=True)
class Saccade:
    onset_s: float
    horizontal_deg: float
    vertical_deg: float
    peak_velocity_deg_s: float | None = None
    peak_velocity_lower_deg_s: float = 0.0

    @property
    def offset_s(self) -> float:
        return self.onset_s + 0.05

    @property
    def amplitude_deg(self) -> float:
        return float(np.hypot(self.horizontal_deg, self.vertical_deg))


@dataclass(frozen=True)
class Jerk:
    onset_s: float
    amplitude_deg: float = 2.0

    @property
    def offset_s(self) -> float:
        return self.onset_s + 0.25


@dataclass(frozen=True)
class Note:
    message: str


def clip(
    gaze_h_deg: Floats, gaze_v_deg: Floats, *, rate_hz: float = 30.0, noise_deg: float = 0.2, **columns: object
) -> Frames:
    """A usable clip with this gaze and some noise; `columns` replace columns of it."""
    count = len(gaze_h_deg)
    noise = np.random.default_rng(1).normal(0, noise_deg, (2, count))
    eye = EyeColumns(**{field.name: np.full(count, 0.3) for field in fields(EyeColumns)})
    zeros = {field.name: np.zeros(count) for field in fields(Frames)}
    frames = Frames(
        **zeros  # type: ignore[arg-type]
        | {
            "frame_index": np.arange(count),
            "time_s": np.arange(count) / rate_hz,
            "left": eye,
            "right": eye,
            "aperture": np.full(count, 0.3),
            "gaze_h_deg": gaze_h_deg + noise[0],
            "gaze_v_deg": gaze_v_deg + noise[1],
            "deg_per_px": np.full(count, 2.0),
            "face_count": np.ones(count, np.int64),
            "gate": np.full(count, "", "<U16"),
            "blink_mask": np.zeros(count, np.bool_),
        }
    )
    return replace(frames, **columns)  # type: ignore[arg-type]


def following(
    reach_deg: Mapping[str, float],
    *,
    protocol: Sequence[Mapping[str, Any]] = PROTOCOL,
    rate_hz: float = 30.0,
    latency_s: float = 0.2,
    mirrored: bool = False,
    **columns: object,
) -> Frames:
    """A clip of somebody who goes this far at each target of the protocol, after a latency, within 50 ms."""
    time = np.arange(round(protocol[-1]["end_s"] * rate_hz)) / rate_hz
    points = [(0.0, 0.0)] + [
        (SIDES[entry["target"]][0] * reach * (-1 if mirrored else 1), SIDES[entry["target"]][1] * reach)
        for entry in protocol
        for reach in [reach_deg.get(entry["target"], 0.0)]
    ]
    starts = [entry["start_s"] + latency_s for entry in protocol]
    knots = np.ravel([(start, start + 0.05) for start in starts])
    stops = np.array(list(pairwise(points))).reshape(-1, 2)
    gaze = [np.interp(time, knots, stops[:, axis]) for axis in (0, 1)]
    return clip(gaze[0], gaze[1], rate_hz=rate_hz, **columns)  # type: ignore[arg-type]


def screened(frames: Frames, protocol: object = PROTOCOL, **changes: Any) -> Screening:
    """The screening of a clip; `changes` replace arguments of `screen`."""
    targets: tuple[Target, ...] = parse_protocol(protocol)
    arguments: dict[str, Any] = {
        "frames": frames,
        "meta": Meta(),
        "blinks": (),
        "saccades": (),
        "square_wave_jerks": (),
        "vertical": Vertical(),
        "targets": targets,
        "vpp_thresh": 0.06,
        "quality": (),
        "model": Model(),
    }
    return screen(**arguments | changes)
