from __future__ import annotations

import io
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from sightline.gaze.figure import HEIGHT_PX, WIDTH_PX, figure_png
from sightline.gaze.frames import Frames
from tests.gaze.drawn_report import drawn_report
from tests.gaze.screening.clips import clip, screened


def picture(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def with_frames(frames: Frames) -> Any:
    report: Any = drawn_report()
    report.frames, report.blinks, report.saccades = frames, (), ()
    report.screening = screened(frames, None)
    return report


def test_the_picture_is_large_light_and_the_same_each_time() -> None:
    png = figure_png(drawn_report())
    shown = picture(png)
    assert shown.shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert shown.mean() > 200
    assert figure_png(drawn_report()) == png


def test_text_stays_within_the_picture() -> None:
    shown = picture(figure_png(drawn_report()))
    assert (shown[:, -8:] == 255).all()
    assert (shown[-8:] == 255).all()


def test_the_headline_of_a_long_clip_stays_within_the_picture() -> None:
    report: Any = drawn_report()
    report.summary |= {"blink_count": 88_888, "blink_rate_per_min": 888.8}
    report.saccades *= 5000
    report.vertical = SimpleNamespace(vertical_range_deg=188.8, horizontal_range_deg=188.8)
    shown = picture(figure_png(report))
    assert (shown[:60, -8:] == 255).all()


def test_drawing_touches_nothing_global() -> None:
    import sys

    figure_png(drawn_report())
    assert "matplotlib.pyplot" not in sys.modules


def test_a_clip_without_a_face_or_without_frames_has_a_figure_too() -> None:
    level = np.zeros(60)
    nobody = clip(level * np.nan, level * np.nan, gate=np.full(60, "no_face"))
    for eye in (nobody.left, nobody.right):
        for field in fields(eye):
            getattr(eye, field.name)[:] = np.nan
    assert picture(figure_png(with_frames(nobody))).shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert picture(figure_png(with_frames(clip(level[:0], level[:0])))).shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert picture(figure_png(with_frames(clip(level[:1], level[:1])))).shape == (HEIGHT_PX, WIDTH_PX, 3)


def test_a_long_clip_is_drawn_from_few_points() -> None:
    count = 100_000
    frames = clip(np.sin(np.arange(count)), np.cos(np.arange(count)))
    gated = replace(frames, gate=np.where(np.arange(count) % 100 < 5, "blurred", ""))
    assert len(figure_png(with_frames(gated))) < 2_000_000
