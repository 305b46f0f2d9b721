"""A video's frames measured one by one, with the face followed; long videos in chunks, several at a time.

Chunks begin at keyframes, where decoding can begin, so that the same video is cut in the same way whatever the number
of workers. Each tracker starts a few frames before its seam, and where it then follows another face than the chunk
before left, the chunk is done again from that face.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np

from sightline.gaze.face.region import LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER
from sightline.gaze.face.tracker import Face, FaceTracker
from sightline.media.frames import VideoFrame
from sightline.media.video import Video
from sightline.models.cpus import available_cpus

_CHUNK_FRAMES: Final = 120
"""At least so many analysed frames make a chunk (4 s at 30 fps), of which the warm-up is a fortieth."""

_CHUNKS: Final = 32
"""Not many more in a long video: as many as keep the CPUs of most machines busy to the end."""

_WARM_UP_FRAMES: Final = 3
"""From then on the landmarks differ by 0.05 % of the distance between the eyes from those of a tracker that came from
afar (clips of zju/ and unlabelled/, mean over 478 points); the net's own jitter is 0.2 %."""

_SAME_FACE: Final = 0.1
"""Mean distance of the landmarks, over the one between the outer eye corners, up to which two faces are the same."""

_TELL_S: Final = 0.1
"""How often the caller hears of progress."""

Row = TypeVar("Row")
Measure = Callable[[VideoFrame, Face | None], Row]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames `start` up to but without `end`, tracked from `warm_up` on (indices in the video)."""

    warm_up: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Tracked(Generic[Row]):
    """A chunk's rows, and the face in the frame before its first and in its last one."""

    rows: list[Row]
    before: Face | None
    last: Face | None


def track(
    video: Video,
    measure: Measure[Row],
    *,
    step: int = 1,
    max_frames: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    new_tracker: Callable[[], FaceTracker] = FaceTracker,
) -> list[Row]:
    """Follow the face through a video and measure every `step`-th frame.

    Args:
        video: The video.
        measure: Called for each frame with the face in it, from several threads at a time. It keeps no frame: a frame
            holds on to the decoder's memory.
        step: The frames whose index is a multiple of it are tracked and measured.
        max_frames: Stop after so many.
        workers: How many threads; None takes as many as there are CPUs. The result does not depend on it.
        progress: Called in this thread ten times a second and at the end with frames done and frames in all.
        new_tracker: What makes a thread's tracker.

    Returns:
        What `measure` returned, in the order of the frames.

    Raises:
        SightlineError: As opening the model and reading the video raise it. What `measure` raises is passed on, too.
    """
    count = video.meta.frame_count
    end = count if max_frames is None else min(count, step * max_frames)
    chunks = cut(video, end, step)
    work = _Work(video, measure, step, new_tracker)

    def tell() -> None:
        if progress is not None:
            progress(work.done, -(-end // step))

    parts = _run(work, chunks, min(workers or available_cpus(), len(chunks)), tell)
    for number in range(1, len(parts)):
        last = parts[number - 1].last
        if not _same(last, parts[number].before):
            parts[number] = work.track(chunks[number], follow=last)
    tell()
    return [row for part in parts for row in part.rows]


def cut(video: Video, end: int, step: int) -> list[Chunk]:
    """Cut the frames up to `end` at keyframes: about `_CHUNKS` chunks, of `_CHUNK_FRAMES` analysed frames or more."""
    least, lead = max(_CHUNK_FRAMES * step, end // _CHUNKS), _WARM_UP_FRAMES * step
    keys = np.searchsorted(video.meta.frame_times_s, video.meta.keyframe_times_s)
    seams = [(0, 0)]
    for key in keys.tolist():
        start = key + lead
        if start - seams[-1][1] >= least and end - start >= least:
            seams.append((key, start))
    ends = [start for _, start in seams[1:]] + [end]
    return [Chunk(warm_up, start, stop) for (warm_up, start), stop in zip(seams, ends, strict=True)]


class _Work(Generic[Row]):
    """What the chunks of a video have in common, how many of its frames are done, and whether to go on."""

    def __init__(self, video: Video, measure: Measure[Row], step: int, new_tracker: Callable[[], FaceTracker]) -> None:
        self._video, self._measure, self._step, self._new_tracker = video, measure, step, new_tracker
        self._own = threading.local()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.done = 0

    def stop(self) -> None:
        """Let whoever is at work end at the next frame."""
        self._stopped.set()

    def track(self, chunk: Chunk, follow: Face | None = None) -> _Tracked[Row]:
        """A chunk's rows, after a warm-up or from the face in the frame before."""
        tracker = self._tracker()
        tracker.reset()
        if follow is not None:
            tracker.follow(follow)
        rows: list[Row] = []
        face = before = None
        for frame in self._frames(chunk):
            if self._stopped.is_set():
                break
            if frame.index >= chunk.start:
                face = tracker.update(frame)
                rows.append(self._measure(frame, face))
                with self._lock:
                    self.done += 1
            elif follow is None:
                before = face = tracker.update(frame)
        return _Tracked(rows, before, face)

    def _frames(self, chunk: Chunk) -> Iterator[VideoFrame]:
        times_s = self._video.meta.frame_times_s
        end_s = None if chunk.end >= len(times_s) else float(times_s[chunk.end])
        return self._video.frames(step=self._step, start_s=float(times_s[chunk.warm_up]), end_s=end_s)

    def _tracker(self) -> FaceTracker:
        """This thread's own: a net's memory is not to be shared."""
        if not hasattr(self._own, "tracker"):
            self._own.tracker = self._new_tracker()
        tracker: FaceTracker = self._own.tracker
        return tracker


def _run(work: _Work[Row], chunks: Sequence[Chunk], workers: int, tell: Callable[[], None]) -> list[_Tracked[Row]]:
    """All chunks from fresh trackers, in order. Whatever goes wrong, nobody is at work any more when it returns."""
    with ThreadPoolExecutor(workers, thread_name_prefix="track") as pool:
        futures = [pool.submit(work.track, chunk) for chunk in chunks]
        try:
            while wait(futures, _TELL_S, FIRST_EXCEPTION).not_done and not any(map(_failed, futures)):
                tell()
        finally:
            if not all(future.done() for future in futures):
                work.stop()
                pool.shutdown(cancel_futures=True)
        return [future.result() for future in futures]


def _failed(future: Future[_Tracked[Row]]) -> bool:
    return future.done() and future.exception() is not None


def _same(one: Face | None, other: Face | None) -> bool:
    """Whether two trackers saw the same face in the same frame."""
    if one is None or other is None:
        return one is other
    apart = np.linalg.norm((one.landmarks - other.landmarks)[:, :2], axis=1).mean()
    eyes = np.linalg.norm((one.landmarks[RIGHT_OUTER_CORNER] - one.landmarks[LEFT_OUTER_CORNER])[:2])
    return bool(apart <= _SAME_FACE * eyes)
