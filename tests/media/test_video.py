"""Every frame of a video, with the time at which it is shown."""

from __future__ import annotations

import os
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.errors import BadInputError
from sightline.media.video import Video, open_video
from tests.media.clips import MILLISECOND, encode, number_of, packets_of, remux

PHONE_MS = [int(ms) for ms in np.cumsum([0, *[33, 34, 33, 50, 33, 17, 41] * 6])]
"""A phone that slows down in the dark."""

FIXED = list(range(40))

KINDS: dict[str, tuple[list[int], int, dict[str, Any]]] = {
    "mp4": (PHONE_MS, 1000, {"codec": "libx264", "container": "mp4", "options": {"g": "12", "bf": "3"}}),
    "mov": (PHONE_MS, 1000, {"codec": "mpeg4", "container": "mov", "options": {"g": "12", "bf": "2"}}),
    "webm": (
        PHONE_MS,
        1000,
        {"codec": "libvpx-vp9", "container": "webm", "options": {"g": "12", "deadline": "realtime"}},
    ),
    "mkv": (PHONE_MS, 1000, {"codec": "libx264", "container": "matroska", "options": {"g": "12", "bf": "3"}}),
    "avi": (FIXED, 25, {"codec": "mpeg4", "container": "avi", "options": {"g": "12"}}),
    "avi, reordered": (FIXED, 25, {"codec": "libx264", "container": "avi", "options": {"g": "12", "bf": "2"}}),
    "gif": (FIXED, 25, {"codec": "gif", "container": "gif", "pixel_format": "rgb8"}),
}


def clip(kind: str) -> tuple[bytes, list[float]]:
    stamps, rate, how = KINDS[kind]
    return encode(stamps, rate=rate, **how), [stamp / rate for stamp in stamps]


def shown(video: Video, start_s: float | None = None, end_s: float | None = None) -> list[tuple[int, float, int]]:
    frames = video.frames(start_s=start_s, end_s=end_s)
    return [(frame.index, round(frame.time_s, 6), number_of(frame.rgb())) for frame in frames]


@pytest.mark.parametrize("kind", KINDS)
def test_each_frame_comes_in_its_turn_at_its_own_time(kind: str) -> None:
    data, times = clip(kind)
    with open_video(data) as video:
        found = shown(video)

    assert [index for index, _, _ in found] == [number for _, _, number in found] == list(range(len(times)))
    assert [time_s for _, time_s, _ in found] == pytest.approx(times, abs=1e-9)
    assert video.meta.frame_times_s == pytest.approx(times, abs=1e-9)
    assert video.warnings == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_read_like_its_bytes(kind: str, tmp_path: Path) -> None:
    data, _ = clip(kind)
    path = tmp_path / "clip: 얼굴.bin"
    path.write_bytes(data)

    assert shown(open_video(path)) == shown(open_video(str(path))) == shown(open_video(data))


def test_what_the_container_says_is_passed_on() -> None:
    said = {}
    for kind in KINDS:
        meta = open_video(clip(kind)[0]).meta
        said[kind] = (meta.container, meta.codec, meta.variable_frame_rate)

    assert said == {
        "mp4": ("mp4", "h264", True),
        "mov": ("mov", "mpeg4", True),
        "webm": ("webm", "vp9", True),
        "mkv": ("mkv", "h264", True),
        "avi": ("avi", "mpeg4", False),
        "avi, reordered": ("avi", "h264", False),
        "gif": ("gif", "gif", False),
    }


def test_rate_and_length_come_from_the_stamps() -> None:
    meta = open_video(encode([0, 100, 150, 400])).meta

    assert (meta.width_px, meta.height_px, meta.rotation_deg, meta.frame_count) == (96, 64, 0, 4)
    assert meta.fps == pytest.approx(3 / 0.4)
    assert meta.duration_s == pytest.approx(0.4 * 4 / 3)
    assert meta.keyframe_times_s[0] == 0.0


def test_a_single_frame_has_no_rate() -> None:
    meta = open_video(encode([0])).meta

    assert (meta.frame_count, meta.fps, meta.duration_s, meta.variable_frame_rate) == (1, 0.0, 0.0, False)


def test_rounding_to_milliseconds_makes_no_rate_variable() -> None:
    assert not open_video(
        encode([round(k * 1000 / 60) for k in range(60)], container="matroska")
    ).meta.variable_frame_rate


def test_step_and_max_frames() -> None:
    video = open_video(encode(PHONE_MS))

    assert [frame.index for frame in video.frames(step=5)] == list(range(0, 43, 5))
    assert [frame.index for frame in video.frames(step=5, max_frames=3)] == [0, 5, 10]
    assert [frame.index for frame in video.frames(step=5, start_s=0.2)] == [10, 15, 20, 25, 30, 35, 40]
    assert [frame.index for frame in video.frames(max_frames=2, start_s=0.2)] == [6, 7]


@pytest.mark.parametrize("wrong", [{"step": 0}, {"max_frames": 0}, {"step": -1}])
def test_a_step_or_a_count_under_one_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadInputError, match=f"{next(iter(wrong))} must be at least 1"):
        open_video(encode([0, 40])).frames(**wrong)


def test_what_an_edit_list_hides_is_not_shown() -> None:
    video = open_video(encode([40 * k - 200 for k in range(20)], options={"g": "10", "bf": "0"}))

    assert shown(video)[:2] == [(0, 0.0, 5), (1, 0.04, 6)]
    assert video.meta.frame_count == 15
    assert [number for _, _, number in shown(video, start_s=0.2)] == list(range(10, 20))


ORIENTATIONS = [(degrees, flip, False) for degrees in (0, 90, 180, -90) for flip in (False, True)]


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_frames_stand_upright(orientation: tuple[int, bool, bool]) -> None:
    degrees, flip, _ = orientation
    stored = next(open_video(encode([0, 40])).frames()).rgb()
    upright = np.rot90(stored, degrees // 90)  # counter-clockwise, as FFmpeg counts
    video = open_video(encode([0, 40], orientation=orientation))
    frame = next(video.frames())

    assert np.array_equal(frame.rgb(), upright[:, ::-1] if flip else upright)
    assert (frame.width_px, frame.height_px) == (video.meta.width_px, video.meta.height_px) == upright.shape[1::-1]
    assert video.meta.rotation_deg in (-degrees % 360, (180 - degrees) % 360 if flip else -degrees % 360)


def not_coded(number: int) -> bytes:
    """An MPEG-4 picture that says "as before" (ISO/IEC 14496-2, vop_coded = 0), at 30 frames a second."""
    bits = f"0101{number % 30:05b}100"
    return b"\0\0\1\xb6" + int(bits.ljust(16, "1"), 2).to_bytes(2)


def test_a_null_packet_repeats_the_frame_before() -> None:
    data = encode(list(range(12)), "mpeg4", "avi", rate=30, options={"g": "1"})
    packets = packets_of(data)
    for number in (3, 4, 8, 11):
        packets[number] = not_coded(number)
    video = open_video(remux(data, packets, "avi", range(12), Fraction(1, 30)))

    assert [number for _, _, number in shown(video)] == [0, 1, 2, 2, 2, 5, 6, 7, 7, 9, 10, 10]
    assert [time_s for _, time_s, _ in shown(video)] == pytest.approx([k / 30 for k in range(12)], abs=1e-6)
    assert shown(video, start_s=0.13, end_s=0.2) == shown(video)[4:6]
    assert video.warnings == []


def test_a_frame_that_is_there_to_refer_to_is_not_shown() -> None:
    data = encode([40 * k for k in range(6)], "libvpx", "webm", options={"g": "1", "deadline": "realtime"})
    packets = packets_of(data)
    hidden = bytes([packets[5][0] & ~0x10]) + packets[5][1:]
    packets.insert(3, hidden)
    video = open_video(remux(data, packets, "webm", [0, 40, 80, 119, 120, 160, 200], MILLISECOND))

    assert shown(video) == [(k, 0.04 * k, k) for k in range(6)]
    assert video.meta.frame_count == 6
    assert video.warnings == []


def test_equal_stamps_are_spread_and_told() -> None:
    data = encode([40 * k for k in range(8)], "mpeg4", "matroska", options={"g": "4"})
    video = open_video(remux(data, packets_of(data), "matroska", [0, 40, 80, 80, 80, 140, 180, 180], MILLISECOND))

    assert [number for _, _, number in shown(video)] == list(range(8))
    assert [time_s for _, time_s, _ in shown(video)] == pytest.approx([0, 0.04, 0.08, 0.1, 0.12, 0.14, 0.18, 0.2])
    assert video.warnings == ["3 frames carry the time stamp of the frame before; they were spread up to the next one"]
    assert shown(video, start_s=0.11) == shown(video)[4:]


def test_pixels_that_are_not_square_are_told_of() -> None:
    video = open_video(encode([0, 40], pixel_ratio=Fraction(15, 16)))

    assert video.meta.width_px == 96
    assert video.warnings == [
        "pixels are not square but 15/16 as wide as high: lengths and angles across are off by as much"
    ]
    assert open_video(encode([0, 40], pixel_ratio=Fraction(1))).warnings == []


def test_two_readers_do_not_disturb_each_other() -> None:
    video = open_video(encode(PHONE_MS))
    pairs = zip(video.frames(), video.frames(), strict=True)

    assert all(a.index == b.index and np.array_equal(a.rgb(), b.rgb()) for a, b in pairs)


def test_a_video_can_be_sent_to_another_process() -> None:
    video = open_video(encode(PHONE_MS))

    assert shown(pickle.loads(pickle.dumps(video)), start_s=0.3) == shown(video, start_s=0.3)


def test_memory_does_not_grow_with_length() -> None:
    import resource

    data = encode(list(range(200)), "mpeg4", "avi", rate=30, size=(640, 480))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in open_video(data).frames()) == 200
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < 200 * 640 * 480 * 1.5 / 1024 / 3


DATA = Path(os.environ.get("SIGHTLINE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "gaze" / "raw_avi"


@pytest.mark.skipif(not DATA.is_dir(), reason="the AVIs with null frames are not here")
@pytest.mark.parametrize("path", sorted(DATA.glob("*.avi")), ids=lambda path: path.stem)
def test_indeo_with_null_frames_yields_as_many_frames_as_were_labelled(path: Path) -> None:
    lines = path.with_suffix(".tag").read_text(encoding="latin-1").splitlines()
    labelled = 1 + max(int(line.split(":")[0]) for line in lines if line[:1].isdigit())
    video = open_video(path)
    frames = [(frame.index, frame.time_s) for frame in video.frames()]

    assert [index for index, _ in frames] == list(range(labelled))
    assert [time_s for _, time_s in frames] == video.meta.frame_times_s.tolist()
    assert np.all(np.diff(video.meta.frame_times_s) > 0)
