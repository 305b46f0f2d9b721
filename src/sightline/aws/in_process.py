"""Videos looked at in the function's own process: an execution environment serves one event at a time and is thrown
away after a crash, so it is the isolation that a server needs a process of its own for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sightline.aws.deadline import Deadline
from sightline.service.gaze_request import Wanted
from sightline.service.gaze_results import make_results


class InProcessAnalysis:
    """`VideoAnalysis` in this process, one at a time, within a deadline.

    Attributes:
        deadline: of the invocation under way; the door sets it.
        frames: looked at since `begin`.
        seconds: that took, without reading and storing the video.
    """

    def __init__(self) -> None:
        self.begin(None)

    def begin(self, deadline: Deadline | None) -> None:
        """The next videos are looked at until then."""
        self.deadline = deadline
        self.frames = 0
        self.seconds = 0.0

    def __call__(
        self,
        video: Path,
        folder: Path,
        wanted: Wanted,
        *,
        figures: bool,
        progress: Callable[[int, int], None],
        check: Callable[[], None],
    ) -> None:
        start_s = time.perf_counter()
        seen = 0

        def tell(done: int, total: int) -> None:
            nonlocal seen
            seen = done
            check()
            if self.deadline is not None:
                self.deadline.check(done, total)
            progress(done, total)

        try:
            make_results(video=str(video), folder=str(folder), **wanted.to_dict(), figures=figures, progress=tell)
        finally:
            self.frames += seen
            self.seconds += time.perf_counter() - start_s

    def figures(self) -> dict[str, float]:
        """What the metrics say of it."""
        if self.frames == 0 or self.seconds <= 0:
            return {}
        return {"frames": self.frames, "frames_per_s": round(self.frames / self.seconds, 2)}
