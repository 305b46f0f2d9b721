"""A video is tracked in chunks with one result, whatever the number of workers."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.errors import BadInputError
from sightline.gaze import tracking
from sightline.gaze.face.tracker import Face, FaceTracker
from sightline.gaze.tracking import cut, track
from sightline.media.frames import VideoFrame
from sightline.media.video import Video

PIXEL = np.zeros((8, 8, 3), np.uint8)
POINTS = np.zeros((478, 3), np.float32)
POINTS[263, 0] = 100


def moved(points: NDArray[np.float32], x_px: float) -> NDArray[np.float32]:
    return points + np.array([x_px, 0, 0], np.float32)


@dataclass(slots=True)
class FakeMeta:
    frame_count: int
    keyframe_times_s: tuple[float, ...]
    frame_times_s: np.ndarray


@dataclass(slots=True)
class FakeVideo:
    """`count` frames at 30 a second, with a keyframe every `key_every`; some frames may be unreadable."""

    count: int
    key_every: int = 30
    missing: frozenset[int] = frozenset()
    meta: FakeMeta = field(init=False)
    alive: int = 0

    def __post_init__(self) -> None:
        times = np.arange(self.count) / 30
        self.meta = FakeMeta(self.count, tuple(times[:: self.key_every].tolist()), times)

    def frames(
        self, *, step: int = 1, start_s: float | None = None, end_s: float | None = None
    ) -> Iterator[VideoFrame]:
        for index, time_s in enumerate(self.meta.frame_times_s.tolist()):
            inside = (start_s is None or time_s >= start_s) and (end_s is None or time_s < end_s)
            if inside and index % step == 0 and index not in self.missing:
                yield VideoFrame.from_rgb(PIXEL, index, time_s)


class FakeTracker:
    """Sees a face at x = `start` in its first frame, and the same face in every one after."""

    def __init__(self, start: float = 0.0) -> None:
        self.start = start
        self.reset()

    def reset(self) -> None:
        self.x: float | None = None

    def follow(self, face: Face) -> None:
        self.x = float(face.landmarks[33, 0])

    def update(self, frame: VideoFrame) -> Face | None:
        self.x = self.start if self.x is None else self.x
        return Face(moved(POINTS, self.x), 1.0, 1.0, 1.0, 1, redetected=False)


def run(video: FakeVideo, measure: Any, **options: Any) -> list[Any]:
    options.setdefault("new_tracker", FakeTracker)
    return track(cast("Video", video), measure, **options)


def index_of(frame: VideoFrame, face: Face | None) -> int:
    assert face is not None
    return frame.index


@given(st.integers(1, 2000), st.integers(1, 400), st.integers(1, 4), st.integers(1, 2000))
@settings(max_examples=60, deadline=None)
def test_chunks_cover_every_frame_once_and_begin_at_keyframes(count: int, every: int, step: int, end: int) -> None:
    video, end = FakeVideo(count, every), min(end, count)
    chunks = cut(cast("Video", video), end, step)
    assert (chunks[0].warm_up, chunks[0].start, chunks[-1].end) == (0, 0, end)
    for one, after in itertools.pairwise(chunks):
        assert one.end == after.start
        assert after.warm_up % every == 0
        assert after.start - after.warm_up == tracking._WARM_UP_FRAMES * step
        assert one.end - one.start >= tracking._CHUNK_FRAMES * step


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_rows_come_in_the_order_of_the_frames(workers: int) -> None:
    video = FakeVideo(1000)
    assert len(cut(cast("Video", video), 1000, 1)) > 4

    def slow_at_first(frame: VideoFrame, _: Face | None) -> int:
        if frame.index < 20:
            time.sleep(0.001)
        return frame.index

    assert run(video, slow_at_first, workers=workers) == list(range(1000))


def test_steps_and_the_limit_count_analysed_frames() -> None:
    assert run(FakeVideo(1000), index_of, step=3, max_frames=200) == list(range(0, 600, 3))
    assert run(FakeVideo(100), index_of, step=7, max_frames=500) == list(range(0, 100, 7))


def test_frames_that_cannot_be_read_are_left_out() -> None:
    rows = run(FakeVideo(400, missing=frozenset({0, 1, 180, 399})), index_of, workers=2)
    assert rows == [index for index in range(400) if index not in {0, 1, 180, 399}]


def test_threads_have_trackers_of_their_own() -> None:
    used: dict[int, set[int]] = {}

    class Tracker(FakeTracker):
        def update(self, frame: VideoFrame) -> Face | None:
            used.setdefault(id(self), set()).add(threading.get_ident())
            time.sleep(0.0001)
            return super().update(frame)

    kept: list[Tracker] = []

    def new_tracker() -> Tracker:
        kept.append(Tracker())
        return kept[-1]

    run(FakeVideo(900), index_of, workers=3, new_tracker=new_tracker)
    assert len(kept) == 3
    assert all(len(threads) == 1 for threads in used.values())


def test_another_face_after_a_seam_is_tracked_again_from_the_one_before() -> None:
    """Two people: a tracker that starts anew picks the other one in turn."""
    lock, made = threading.Lock(), [0]

    class Fickle(FakeTracker):
        def reset(self) -> None:
            super().reset()
            with lock:
                self.start = 500.0 * (made[0] % 2)
                made[0] += 1

    def place(_: VideoFrame, face: Face | None) -> float:
        assert face is not None
        return float(face.landmarks[33, 0])

    for workers in (1, 2):
        assert len(set(run(FakeVideo(900), place, workers=workers, new_tracker=Fickle))) == 1


def test_progress_is_told_in_the_callers_thread_and_ends_complete() -> None:
    told: list[tuple[int, int, int]] = []

    def slow(frame: VideoFrame, face: Face | None) -> int:
        time.sleep(0.001)
        return frame.index

    run(
        FakeVideo(700),
        slow,
        step=2,
        workers=2,
        progress=lambda n, total: told.append((n, total, threading.get_ident())),
    )
    assert told[-1][:2] == (350, 350)
    assert {total for _, total, _ in told} == {350}
    assert [n for n, *_ in told] == sorted(n for n, *_ in told)
    assert {thread for *_, thread in told} == {threading.get_ident()}
    assert len(told) > 1


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_ends_the_work_and_reaches_the_caller(workers: int) -> None:
    seen: list[int] = []

    def failing(frame: VideoFrame, _: Face | None) -> None:
        seen.append(frame.index)
        time.sleep(0.0005)
        if frame.index == 20:
            raise BadInputError("frame 20")

    with pytest.raises(BadInputError, match="frame 20"):
        run(FakeVideo(5000), failing, workers=workers)
    assert len(seen) < 2000
    at_work = len(seen)
    time.sleep(0.05)
    assert len(seen) == at_work


def test_a_caller_who_gives_up_is_not_kept_waiting() -> None:
    seen = []

    def slow(frame: VideoFrame, _: Face | None) -> None:
        seen.append(frame.index)
        time.sleep(0.01)

    def give_up(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(FakeVideo(5000), slow, workers=2, progress=give_up)
    assert len(seen) < 2000


def test_faces_are_the_same_within_a_tenth_of_the_eyes_distance() -> None:
    face = FakeTracker().update(VideoFrame.from_rgb(PIXEL))
    assert face is not None
    near, far = (replace(face, landmarks=moved(face.landmarks, x)) for x in (9, 11))
    assert tracking._same(face, near)
    assert not tracking._same(face, far)
    assert not tracking._same(face, None)
    assert tracking._same(None, None)


def test_the_real_tracker_fits() -> None:
    assert run(FakeVideo(3), lambda _, face: face, new_tracker=FaceTracker) == [None] * 3
