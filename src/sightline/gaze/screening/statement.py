"""The screening of one recording: from what was measured to a careful statement."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.gaze.frames import Frames
from sightline.gaze.screening.blink_rate import blink_rate_evidence
from sightline.gaze.screening.lids import lid_evidence
from sightline.gaze.screening.limitations import MetaLike, NoteLike, limitations
from sightline.gaze.screening.observation import BlinkLike, JerkLike, Observation, SaccadeLike
from sightline.gaze.screening.protocol import Target
from sightline.gaze.screening.responses import measure_responses
from sightline.gaze.screening.saccade_velocity import saccade_velocity_evidence
from sightline.gaze.screening.square_wave_jerks import jerk_evidence
from sightline.gaze.screening.values import NamedModel, Screening
from sightline.gaze.screening.verdict import decide
from sightline.gaze.screening.vertical_range import VerticalLike, gaze_range, vertical_range_evidence


def screen(  # noqa: PLR0913 - one keyword for each kind of finding
    *,
    frames: Frames,
    meta: MetaLike,
    blinks: Sequence[BlinkLike],
    saccades: Sequence[SaccadeLike],
    square_wave_jerks: Sequence[JerkLike],
    vertical: VerticalLike,
    targets: Sequence[Target],
    vpp_thresh: float,
    quality: Sequence[NoteLike],
    model: NamedModel,
) -> Screening:
    """Gather the evidence for each ocular-motor domain of the MDS-PSP criteria (Hoglinger et al. 2017), and decide.

    Args:
        frames: the clip, with the frames in and around blinks marked.
        meta: the video that it comes from.
        blinks: found in it.
        saccades: found in it.
        square_wave_jerks: found in it.
        vertical: the range of gaze over the whole clip.
        targets: what was asked for (`parse_protocol`); none where nothing is known of it.
        vpp_thresh: `vertical_peak_to_peak` must be under it for a suspicion.
        quality: notes on the whole recording.
        model: which landmark model the frames come from.
    """
    observation = Observation(frames)
    responses = measure_responses(observation, targets, saccades)
    found = gaze_range(observation, responses, vertical)
    evidence = (
        *vertical_range_evidence(found),
        *saccade_velocity_evidence(observation, saccades),
        *jerk_evidence(observation, square_wave_jerks),
        *lid_evidence(observation, blinks),
        *blink_rate_evidence(observation, blinks),
    )
    verdict, reason = decide(observation, responses, found, vertical.peak_to_peak, vpp_thresh)
    return Screening(
        verdict=verdict,
        psp_suspected=verdict == "suspected",
        psp_rule_reason=reason,
        evidence=evidence,
        responses=responses.items,
        mirrored=responses.mirrored,
        limitations=limitations(observation, meta, responses, evidence, quality),
        model=model,
    )
