"""What a screening says: plain, frozen values, JSON-ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from sightline.gaze.plain import json_ready

Verdict = Literal["suspected", "not_suspected", "insufficient_data"]
Finding = Literal["normal", "abnormal", "unclear"]
Reliability = Literal["good", "limited", "not_measurable"]
Direction = Literal["up", "down", "left", "right", "center"]
Span = tuple[float, float]

DISCLAIMER: Final = (
    "This is a screening aid, not a diagnosis, and no medical device. Only an examination by a physician can find or "
    "rule out a disease."
)


class NamedModel(Protocol):
    """Which landmark model spoke."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measurement, beside what is known of it in health and in disease.

    Attributes:
        domain: `O1`, `O2`, `O3` of the MDS-PSP criteria (Hoglinger et al. 2017), or `blink_rate`.
        name: what was measured.
        value: None where it could not be measured.
        unit: of the value; empty for a ratio.
        reference: what the value is compared with, in words.
        source: where the reference comes from.
        reliability: how far the value can be trusted in this recording.
        why: the reason for the reliability and for the finding.
        frames: the stretches of the recording that support it, seconds.
        finding: how the value stands to the reference. It is no verdict.
    """

    domain: str
    name: str
    value: float | None
    unit: str
    reference: str
    source: str
    reliability: Reliability
    why: str
    frames: tuple[Span, ...]
    finding: Finding

    def __post_init__(self) -> None:
        if self.value is None and (self.reliability != "not_measurable" or self.finding != "unclear"):
            raise ValueError(f"{self.name}: what has no value is not measurable and leaves the finding unclear")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be measured, and what is known of it; the fields are those of `Evidence`."""

    domain: str
    name: str
    unit: str
    reference: str
    source: str

    def found(
        self, value: float, finding: Finding, why: str, frames: tuple[Span, ...], reliability: Reliability = "limited"
    ) -> Evidence:
        """Evidence with a value."""
        return Evidence(
            self.domain, self.name, value, self.unit, self.reference, self.source, reliability, why, frames, finding
        )

    def unseen(self, why: str) -> Evidence:
        """Evidence without one."""
        return Evidence(
            self.domain, self.name, None, self.unit, self.reference, self.source, "not_measurable", why, (), "unclear"
        )


@dataclass(frozen=True, slots=True)
class TargetResponse:
    """What the eyes did while one target was asked for.

    Attributes:
        target: where the participant was to look; left and right are the participant's own.
        start_s, end_s: when, as the protocol says.
        amplitude_deg: the position held furthest in the target's direction, from the primary position; for `center`
            the distance from it. Eye in head. None where too few frames could be used.
        reached: whether the amplitude is what the target asks for; None where there is no amplitude.
        held_s: from when to when that position was held.
        latency_s: from the start of the target to the response; None where `latency_note` says why.
        latency_note: what the latency was taken from, or why there is none.
        head_deg: how far the head turned in the target's direction; None where unknown or for `center`.
        usable_share: 0..1, the part of the target's time with frames that gaze can be read from.
    """

    target: Direction
    start_s: float
    end_s: float
    amplitude_deg: float | None
    reached: bool | None
    held_s: Span | None
    latency_s: float | None
    latency_note: str
    head_deg: float | None
    usable_share: float


@dataclass(frozen=True, slots=True)
class Screening:
    """The statement about one recording.

    Attributes:
        verdict: `insufficient_data` is an answer, too.
        psp_suspected: True only with the verdict `suspected`.
        psp_rule_reason: how the verdict came about, with the figures.
        evidence: for each ocular-motor domain.
        responses: one for each target of the protocol, in order of time.
        mirrored: whether left and right are swapped in the picture; None where that cannot be told.
        limitations: what the recording does not show, in sentences.
        model: name and version of the landmark model.
    """

    verdict: Verdict
    psp_suspected: bool
    psp_rule_reason: str
    evidence: tuple[Evidence, ...]
    responses: tuple[TargetResponse, ...]
    mirrored: bool | None
    limitations: tuple[str, ...]
    model: NamedModel

    def __post_init__(self) -> None:
        if self.psp_suspected != (self.verdict == "suspected"):
            raise ValueError(f"psp_suspected {self.psp_suspected} contradicts the verdict {self.verdict}")

    @property
    def targets_reached(self) -> int:
        """How many of the targets asked for were reached."""
        return sum(response.reached is True for response in self.responses)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "verdict": self.verdict,
            "psp_suspected": self.psp_suspected,
            "psp_rule_reason": self.psp_rule_reason,
            "evidence": json_ready(self.evidence),
            "responses": json_ready(self.responses),
            "targets_asked": len(self.responses),
            "targets_reached": self.targets_reached,
            "mirrored": self.mirrored,
            "limitations": list(self.limitations),
            "model": {"name": self.model.name, "version": self.model.version},
            "disclaimer": DISCLAIMER,
        }
