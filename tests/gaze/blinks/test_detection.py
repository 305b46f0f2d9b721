from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.blinks import Blink, detect_blinks
from tests.gaze.blinks.lids import Closure, Floats, aperture, frame_times, regular

FRAME_RATES = (10, 15, 25, 30, 50, 60, 120)


def both_eyes(time_s: Floats, closures: list[Closure], *, noise: float = 0.003) -> tuple[Blink, ...]:
    left, right = (aperture(time_s, closures, noise=noise, seed=seed) for seed in (1, 2))
    return detect_blinks(time_s, left, 0.9 * right)


def assert_same(found: tuple[Blink, ...], expected: tuple[Blink, ...]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.kind, one.eyes, one.first_frame, one.last_frame) == (
            other.kind,
            other.eyes,
            other.first_frame,
            other.last_frame,
        )
        assert one.onset_s == pytest.approx(other.onset_s, abs=1e-3)
        assert one.duration_s == pytest.approx(other.duration_s, abs=1e-3)
        assert one.completeness == pytest.approx(other.completeness, abs=1e-3)


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_every_blink_is_found_once_at_any_frame_rate(fps: int) -> None:
    time_s, blinks = frame_times(40, fps), regular(40, every_s=3.37)
    found = both_eyes(time_s, blinks)
    assert [blink.kind for blink in found] == ["blink"] * len(blinks)
    for blink, made in zip(found, blinks, strict=True):
        assert made.start_s - 1 / fps <= blink.closed_s <= made.end_s + 1 / fps
        assert blink.eyes == "both"
        assert not blink.truncated


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_times_are_those_of_the_lids(fps: int) -> None:
    made = Closure(5.013, shut_s=0.2, closing_s=0.1, reopening_s=0.2)
    (blink,) = both_eyes(frame_times(10, fps), [made], noise=0.0005)
    # A half wave is a fifth of the way down after 0.295 of its time, and four fifths after 0.705.
    assert blink.onset_s == pytest.approx(made.start_s + 0.0295, abs=0.4 / fps)
    assert blink.offset_s == pytest.approx(made.end_s - 0.059, abs=0.4 / fps)
    assert blink.closing_s == pytest.approx(0.041, abs=0.5 / fps)
    assert blink.reopening_s == pytest.approx(0.082, abs=0.5 / fps)
    assert blink.duration_s == pytest.approx(blink.offset_s - blink.onset_s)
    assert blink.completeness == pytest.approx(1, abs=0.03)


def test_frames_are_rows_of_the_series_that_was_given() -> None:
    time_s = frame_times(10, 30)
    left = aperture(time_s, [Closure(5)])
    unseen = np.ones(len(time_s), np.bool_)
    unseen[::7] = False
    found = detect_blinks(time_s, left, left, usable=unseen)
    assert [blink.kind for blink in found] == ["blink"]
    assert 5 <= time_s[found[0].first_frame] <= time_s[found[0].last_frame] <= 5.3
    assert unseen[[found[0].first_frame, found[0].last_frame]].all()


def test_a_partial_blink_is_measured_against_the_full_ones() -> None:
    partial = Closure(10, way=0.4)
    found = both_eyes(frame_times(20, 30), [*regular(9), partial, Closure(14)])
    assert [blink.kind for blink in found] == ["blink", "blink", "partial_blink", "blink"]
    assert found[2].completeness == pytest.approx(0.4, abs=0.08)


def test_a_long_closure_is_no_blink_and_holds_none() -> None:
    found = both_eyes(frame_times(40, 30), [*regular(12), Closure(15, shut_s=6), Closure(30)])
    assert [blink.kind for blink in found] == ["blink", "blink", "blink", "long_closure", "blink"]
    assert found[3].duration_s == pytest.approx(6.15, abs=0.1)
    assert found[3].completeness == pytest.approx(1, abs=0.1)


def test_eyes_shut_for_longer_than_the_open_level_looks_back_are_still_shut() -> None:
    found = both_eyes(frame_times(80, 30), [*regular(12), Closure(20, shut_s=30), Closure(60)])
    assert [blink.kind for blink in found][-2:] == ["long_closure", "blink"]
    assert found[-2].duration_s == pytest.approx(30, abs=0.5)


@pytest.mark.parametrize("way", [0.2, 0.35, 0.6])
def test_a_squint_is_no_closure(way: float) -> None:
    squint = Closure(10, shut_s=4, way=way, closing_s=0.7, reopening_s=0.7)
    found = both_eyes(frame_times(30, 30), [*regular(8), squint, Closure(20)])
    assert [blink.kind for blink in found] == ["blink"] * 3
    assert all(not squint.start_s < blink.closed_s < squint.end_s for blink in found)


@pytest.mark.parametrize("turn_s", [0.4, 1.0, 3.0])
def test_a_turn_of_the_head_is_no_closure(turn_s: float) -> None:
    """Turned by 35 degrees the nearer eye's width is a fifth less, and the farther eye's opening is misjudged by it."""
    time_s = frame_times(30, 30)
    turned = Closure(14.5, turn_s, closing_s=0.4, reopening_s=0.4).lowered(time_s)
    blinks = [*regular(12), Closure(22)]
    near, far = aperture(time_s, blinks) / (1 - 0.2 * turned), aperture(time_s, blinks, seed=2) * (1 - 0.25 * turned)
    assert [blink.kind for blink in detect_blinks(time_s, near, far)] == ["blink"] * len(blinks)


def test_blinks_are_found_while_squinting() -> None:
    time_s = frame_times(30, 30)
    squint = 1 - 0.4 * Closure(8, shut_s=12, closing_s=1, reopening_s=1).lowered(time_s)
    left = aperture(time_s, regular(30)) * squint
    assert [blink.kind for blink in detect_blinks(time_s, left, left)] == ["blink"] * len(regular(30))


def test_the_baseline_follows_slow_change() -> None:
    time_s, blinks = frame_times(120, 30), regular(120)
    drifting = aperture(time_s, blinks) * (1 - 0.45 * np.sin(np.pi * time_s / 120))
    assert [blink.kind for blink in detect_blinks(time_s, drifting, drifting)] == ["blink"] * len(blinks)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_wink_is_told_by_its_eye(side: str) -> None:
    time_s = frame_times(20, 30)
    winking, other = aperture(time_s, [*regular(9), Closure(12)]), aperture(time_s, [*regular(9), Closure(12, way=0.2)])
    found = detect_blinks(time_s, *((winking, other) if side == "left" else (other, winking)))
    assert [blink.eyes for blink in found] == ["both", "both", side]
    assert found[-1].kind == "blink"


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_eye_is_enough(side: str) -> None:
    time_s = frame_times(20, 30)
    seen, unseen = aperture(time_s, regular(20)), np.full(len(time_s), np.nan)
    found = detect_blinks(time_s, *((seen, unseen) if side == "left" else (unseen, seen)))
    assert [(blink.kind, blink.eyes) for blink in found] == [("blink", side)] * len(regular(20))


def test_one_odd_frame_of_a_fast_clip_is_no_blink() -> None:
    time_s = frame_times(10, 60)
    left = aperture(time_s, [Closure(3)])
    left[400] = 0.05
    assert len(detect_blinks(time_s, left, left)) == 1


@pytest.mark.parametrize("at_s", [0.0, 9.9])
def test_what_the_edge_cuts_is_marked(at_s: float) -> None:
    found = both_eyes(frame_times(10, 30), [Closure(at_s - 0.1, shut_s=0.1), Closure(5)])
    assert [blink.truncated for blink in found] == [at_s < 5, at_s > 5]


def test_a_gap_is_no_blink_and_cuts_one() -> None:
    time_s = frame_times(20, 30)
    left = aperture(time_s, [Closure(5), Closure(12)])
    left[(time_s > 12.12) & (time_s < 14)] = np.nan
    left[(time_s > 8) & (time_s < 9)] = np.nan
    found = detect_blinks(time_s, left, left)
    assert [(round(blink.closed_s), blink.truncated) for blink in found] == [(5, False), (12, True)]


def test_a_blink_during_which_the_face_is_lost_for_a_frame_or_two_is_found() -> None:
    time_s = frame_times(10, 30)
    left = aperture(time_s, [Closure(5)])
    left[151:153] = np.nan
    assert [(blink.kind, blink.truncated) for blink in detect_blinks(time_s, left, left)] == [("blink", False)]


@pytest.mark.parametrize("value", [np.nan, 0.0, 0.3])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 100])
def test_nothing_is_found_where_nothing_moves(n: int, value: float) -> None:
    time_s = frame_times(n / 30 + 0.01, 30)
    still = np.full(len(time_s), value)
    assert detect_blinks(time_s, still, still, v_offset=np.zeros(len(time_s))) == ()


def test_noise_alone_has_no_blinks() -> None:
    time_s = frame_times(120, 30)
    assert [blink for blink in both_eyes(time_s, [], noise=0.02) if blink.kind == "blink"] == []


@pytest.mark.parametrize(
    ("time_s", "left", "right"), [([0, 1], [1], [1]), ([0, 0], [1, 1], [1, 1]), ([[0]], [[1]], [[1]])]
)
def test_series_that_cannot_be_are_refused(time_s: list[float], left: list[float], right: list[float]) -> None:
    with pytest.raises(ValueError, match="times"):
        detect_blinks(time_s, left, right)


@st.composite
def clips(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    """Frame times that vary, and the apertures of two eyes that blink now and then."""
    seed, fps = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([15, 30, 60]))
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(0.7, 1.3, int(12 * fps)) / fps)
    starts = np.cumsum(rng.uniform(0.6, 3, 6))
    closures = [Closure(float(s), float(rng.uniform(0, 0.2)), float(rng.uniform(0.3, 1))) for s in starts]
    return time_s, aperture(time_s, closures, seed=seed), 0.8 * aperture(time_s, closures, seed=seed + 1)


@given(clips(), st.floats(0.7, 1.4))
@settings(max_examples=25)
def test_the_size_of_the_opening_does_not_matter(clip: tuple[Floats, Floats, Floats], factor: float) -> None:
    time_s, left, right = clip
    assert_same(detect_blinks(time_s, factor * left, factor * right), detect_blinks(time_s, left, right))


@given(clips())
@settings(max_examples=25)
def test_eyes_that_change_places_change_sides(clip: tuple[Floats, Floats, Floats]) -> None:
    time_s, left, right = clip
    sides = {"left": "right", "right": "left", "both": "both"}
    swapped = tuple(replace(blink, eyes=sides[blink.eyes]) for blink in detect_blinks(time_s, right, left))  # type: ignore[arg-type]
    assert_same(swapped, detect_blinks(time_s, left, right))


@given(clips(), st.floats(-1000, 1000))
@settings(max_examples=25)
def test_a_later_clip_has_later_blinks(clip: tuple[Floats, Floats, Floats], delay_s: float) -> None:
    time_s, left, right = clip
    found = detect_blinks(time_s + delay_s, left, right)
    moved = tuple(replace(blink, onset_s=blink.onset_s - delay_s, offset_s=blink.offset_s - delay_s) for blink in found)
    assert_same(moved, detect_blinks(time_s, left, right))


@given(clips())
@settings(max_examples=25)
def test_closures_are_ordered_and_apart(clip: tuple[Floats, Floats, Floats]) -> None:
    time_s, left, right = clip
    found = detect_blinks(time_s, left, right)
    for blink in found:
        assert time_s[0] <= blink.onset_s <= blink.closed_s <= blink.offset_s <= time_s[-1]
        assert 0 <= blink.first_frame <= blink.last_frame < len(time_s)
        assert 0 < blink.completeness <= 1
        assert min(blink.closing_s, blink.reopening_s) >= 0
    for one, next_one in itertools.pairwise(found):
        assert one.last_frame < next_one.first_frame


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_twice_the_frames_are_the_same_blinks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    starts = 1 + np.cumsum(rng.uniform(0.8, 3, 8))
    closures = [Closure(float(start), shut_s=float(rng.uniform(0.02, 0.3))) for start in starts]
    counts = [len(both_eyes(frame_times(30, fps), closures)) for fps in (30, 60)]
    assert counts == [8, 8]
