"""Reading a part of a video gives what reading all of it gives there."""

from __future__ import annotations

import itertools
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.media.video import Video, open_video
from tests.media.clips import encode, number_of, packets_of

FRAMES = 40
OPEN = "open-gop=1:keyint=12:bframes=3:scenecut=0"
"""Frames shown before a keyframe that need what comes before it."""

KINDS: dict[str, dict[str, Any]] = {
    "closed groups": {"options": {"g": "12", "bf": "3"}},
    "open groups": {"options": {"x264-params": OPEN}},
    "open groups in Matroska": {"container": "matroska", "options": {"x264-params": OPEN}},
    "open groups of HEVC": {"codec": "libx265", "options": {"x265-params": f"{OPEN}:log-level=none:pools=1"}},
    "one keyframe": {"options": {"g": "1000"}},
    "no keyframe but the first, and places that are called so": {
        "options": {"x264-params": "intra-refresh=1:keyint=12"}
    },
    "fragments": {"options": {"g": "12"}, "mux": {"movflags": "frag_keyframe+empty_moov"}},
    "webm": {"codec": "libvpx", "container": "webm", "options": {"g": "12", "deadline": "realtime"}},
    "mov": {"codec": "mpeg4", "container": "mov", "options": {"g": "12", "bf": "2"}},
    "avi": {"codec": "mpeg4", "container": "avi", "options": {"g": "12"}, "rate": 25},
    "avi, reordered": {"codec": "mpeg4", "container": "avi", "options": {"g": "12", "bf": "2"}, "rate": 25},
    "gif": {"codec": "gif", "container": "gif", "pixel_format": "rgb8", "rate": 25},
    "hidden beginning": {"options": {"g": "12", "bf": "3"}, "first": -7},
}

Shown = list[tuple[int, float, bytes]]


@cache
def clip(kind: str) -> tuple[Video, Shown]:
    how = dict(KINDS[kind])
    first = how.pop("first", 0)
    unit = 1 if "rate" in how else 37
    video = open_video(encode([(first + k) * unit for k in range(FRAMES)], **how))
    return video, shown(video)


def shown(video: Video, start_s: float | None = None, end_s: float | None = None) -> Shown:
    frames = video.frames(start_s=start_s, end_s=end_s)
    return [(frame.index, frame.time_s, sha256(frame.rgb().tobytes()).digest()) for frame in frames]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_window_holds_the_frames_that_are_shown_in_it(kind: str, data: st.DataObject) -> None:
    video, everything = clip(kind)
    stamps = st.sampled_from([time_s for _, time_s, _ in everything])
    moment = st.one_of(st.none(), stamps, st.floats(-1, 2))
    start_s, end_s = data.draw(moment), data.draw(moment)
    expected = [
        frame
        for frame in everything
        if (start_s is None or frame[1] >= start_s) and (end_s is None or frame[1] < end_s)
    ]

    assert shown(video, start_s, end_s) == expected
    assert video.warnings == []


def test_windows_side_by_side_make_the_whole() -> None:
    video, everything = clip("open groups")
    cuts = [None, 0.2, 0.7, 0.701, 1.2, None]

    assert [frame for pair in itertools.pairwise(cuts) for frame in shown(video, *pair)] == everything


def test_a_window_does_not_need_what_lies_before_its_keyframe() -> None:
    data = encode(list(range(FRAMES)), "mpeg4", "avi", rate=25, options={"g": "10"})
    damaged = data
    for packet in packets_of(data)[1:28]:
        damaged = damaged.replace(packet, bytes(len(packet)))
    video = open_video(damaged)

    assert [number_of(frame.rgb()) for frame in video.frames(start_s=1.3)] == list(range(33, 40))
    assert video.warnings == []
