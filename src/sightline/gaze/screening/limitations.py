"""What a recording does not show, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from sightline.gaze.screening.observation import Observation
from sightline.gaze.screening.responses import Responses
from sightline.gaze.screening.values import Evidence

# What no recording of this kind shows, however good.
ALWAYS: Final = (
    "Whether a restriction is supranuclear (whether it yields to the vestibulo-ocular reflex) is not tested.",
    "Of the criteria for PSP only eye signs are looked at: not balance, movement, cognition, age or course.",
)
SHORT_S: Final = 60.0
LEAST_SHARE: Final = 0.5


class NoteLike(Protocol):
    """What is used of a note on quality (`gaze.gates.QualityNote`)."""

    @property
    def message(self) -> str: ...


class MetaLike(Protocol):
    """What is used of a video's description (`media.video.VideoMeta`)."""

    @property
    def duration_s(self) -> float: ...


def limitations(
    observation: Observation,
    meta: MetaLike,
    responses: Responses,
    evidence: Sequence[Evidence],
    quality: Sequence[NoteLike],
) -> tuple[str, ...]:
    """All that the report cannot say, and why.

    Args:
        observation: the clip.
        meta: the video that it comes from.
        responses: to the targets of its protocol.
        evidence: what was measured.
        quality: notes on the whole recording.
    """
    sentences = [
        *(note.message for note in quality),
        *_of_the_protocol(observation, meta, responses),
        *_of_the_recording(observation),
        *(f"{item.domain}, {item.name}: {item.why}" for item in evidence if item.reliability == "not_measurable"),
        *ALWAYS,
    ]
    return tuple(dict.fromkeys(sentences))


def _of_the_recording(observation: Observation) -> Iterator[str]:
    seen_s = observation.seconds(observation.lids_ok)
    if 0 < seen_s < SHORT_S:
        yield f"The eyes were seen for {seen_s:.1f} s: rates a minute are uncertain under {SHORT_S:g} s."


def _of_the_protocol(observation: Observation, meta: MetaLike, responses: Responses) -> Iterator[str]:
    if not responses.items:
        yield "There is no protocol: what the participant was asked to look at is not known."
        return
    directions = {item.target for item in responses.items}
    if missing := [target for target in ("up", "down", "left", "right", "center") if target not in directions]:
        yield f"The protocol has no target {', '.join(missing)}."
    if responses.primary_from != "center targets":
        yield f"The primary position is taken from the {responses.primary_from}: no center target was seen."
    time = observation.frames.time_s
    seen_until_s = float(time[-1]) + observation.step_s if len(time) else 0.0
    for item in responses.items:
        name = f"The target {item.target} at {item.start_s:g} to {item.end_s:g} s"
        if item.end_s > meta.duration_s + observation.step_s:
            yield f"{name} goes on beyond the video, which ends at {meta.duration_s:.2f} s."
        elif item.end_s > seen_until_s + observation.step_s:
            yield f"{name} goes on beyond the frames that were looked at, which end at {seen_until_s:.2f} s."
        elif item.usable_share < LEAST_SHARE:
            yield f"{name}: gaze could be read in {item.usable_share:.0%} of the time only."
    if responses.mirrored:
        yield (
            "Left and right were answered the wrong way round throughout: the recording is taken as mirrored, as front "
            "cameras often do, and the sides are swapped back."
        )
    elif responses.mirrored is None and {"left", "right"} <= directions:
        yield "Whether the recording is mirrored cannot be told from the answers to left and right."
