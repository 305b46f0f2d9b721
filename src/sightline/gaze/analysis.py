"""From a video to a report: the steps, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from sightline.gaze.blinks import Blink, blink_mask, detect_blinks, fixed_rule_blinks
from sightline.gaze.face.nets import model_info
from sightline.gaze.frames import Frames, measure_frame, stack
from sightline.gaze.gates import quality_notes
from sightline.gaze.movements import detect_fixations, detect_saccades, detect_square_wave_jerks
from sightline.gaze.movements.filters import smooth, smoothing_for
from sightline.gaze.options import GazeOptions
from sightline.gaze.report import GazeReport
from sightline.gaze.screening import Target, parse_protocol, screen
from sightline.gaze.tracking import track
from sightline.gaze.vertical import vertical_gaze
from sightline.media.video import VideoMeta, open_video
from sightline.settings import get_settings

Progress = Callable[[int, int], None]

_MASKED = "gaze: left out where a gate speaks against the frame, and in and around blinks"


def analyze_video(  # noqa: PLR0913 - the names and defaults that existing clients send
    source: Path | str | bytes,
    step: int = 1,
    vpp_thresh: float = 0.06,
    blink_thresh: float = 0.18,
    max_frames: int = 12_000,
    blink_min_frames: int = 2,
    protocol: object = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> GazeReport:
    """Follow the eyes through a video.

    Args:
        source: a video file's path, or its bytes.
        step: every how many frames one is looked at.
        vpp_thresh: `vertical_peak_to_peak` under it is a restricted vertical range.
        blink_thresh: opening over width under which an eye is closed; another value than the default lets the fixed
            rule count the blinks.
        blink_min_frames: how many closed frames in a row are a blink; likewise.
        max_frames: the most frames that are looked at.
        protocol: what the person was asked to look at: a list of `{"start_s", "end_s", "target"}` with target `up`,
            `down`, `left`, `right` or `center`.
        workers: parts of the video that are tracked at the same time; None takes as many as there are CPUs.
        progress: called with the frames done and the frames there are to do.

    Raises:
        BadInputError: the video cannot be read, or a parameter is out of its range.
        TooLargeError: the video is over a limit of the settings.
        NotReadyError: the landmark model cannot be loaded.
    """
    options = GazeOptions(step, vpp_thresh, blink_thresh, max_frames, blink_min_frames)
    targets = parse_protocol(protocol)
    settings = get_settings()
    with open_video(
        source,
        max_bytes=settings.max_video_bytes,
        max_pixels=settings.max_video_pixels,
        max_duration_s=settings.max_video_duration_s,
    ) as video:
        rows = track(video, measure_frame, step=step, max_frames=max_frames, workers=workers, progress=progress)
        meta, warnings = video.meta, tuple(video.warnings)
    straight = [(target.start_s, target.end_s) for target in targets if target.target == "center"]
    frames = stack(rows, (meta.width_px, meta.height_px), straight=straight)
    return interpret(frames, meta, options=options, targets=targets, warnings=warnings)


def interpret(
    frames: Frames,
    meta: VideoMeta,
    *,
    options: GazeOptions,
    targets: tuple[Target, ...] = (),
    warnings: tuple[str, ...] = (),
) -> GazeReport:
    """What measured frames say: events, ranges, the screening.

    Args:
        frames: the columns of a clip.
        meta: the video they come from.
        options: thresholds.
        targets: what the person was asked to look at.
        warnings: what was wrong with the file.
    """
    time_s = frames.time_s
    found, counted = _blinks(frames, options)
    # A frame that shows no gaze is left out by what was found in the lids, whichever rule counts the blinks.
    mask = blink_mask(time_s, found)
    gaze_h, gaze_v = (np.where(frames.usable & ~mask, deg, np.nan) for deg in (frames.gaze_h_deg, frames.gaze_v_deg))
    saccades = detect_saccades(time_s, gaze_h, gaze_v)
    jerks = detect_square_wave_jerks(saccades)
    fixations = detect_fixations(time_s, gaze_h, gaze_v)
    frames = replace(frames, blink_mask=mask, gaze_h_deg=smooth(time_s, gaze_h), gaze_v_deg=smooth(time_s, gaze_v))
    vertical = vertical_gaze(frames, targets)
    quality = quality_notes(frames, meta)
    model = model_info()
    return GazeReport(
        meta=meta,
        frames=frames,
        blinks=counted,
        blink_rule="fixed_threshold" if options.fixed_blink_rule else "personal_baseline",
        saccades=saccades,
        fixations=fixations,
        square_wave_jerks=jerks,
        vertical=vertical,
        screening=screen(
            frames=frames,
            meta=meta,
            blinks=found,
            saccades=saccades,
            square_wave_jerks=jerks,
            vertical=vertical,
            targets=targets,
            vpp_thresh=options.vpp_thresh,
            quality=quality,
            model=model,
        ),
        quality=quality,
        filters=(smoothing_for(time_s).words, _MASKED),
        warnings=warnings,
        model=model,
    )


def _blinks(frames: Frames, options: GazeOptions) -> tuple[tuple[Blink, ...], tuple[Blink, ...]]:
    """What was found in the lids, and what the rule counts that was asked for: mostly the same."""
    found = detect_blinks(
        frames.time_s, frames.left.aperture, frames.right.aperture, v_offset=frames.v_offset, usable=frames.usable
    )
    if not options.fixed_blink_rule:
        return found, found
    return found, fixed_rule_blinks(
        frames.time_s, frames.aperture, blink_thresh=options.blink_thresh, blink_min_frames=options.blink_min_frames
    )
