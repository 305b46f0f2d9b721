"""Build both images over a stand-in for AWS's base and run them within Lambda's limits (`scripts/test-images`)."""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "deploy"), str(ROOT / "bench")]

from lambda_box import Box  # noqa: E402
from lambda_events import detect_crack  # noqa: E402
from packages.products import Product  # noqa: E402

from tests.clouds.emulator import LambdaEmulator  # noqa: E402
from tests.images import sandbox, stand_in  # noqa: E402
from tests.images.buildah import Buildah  # noqa: E402

MEMORY_MB: Final = (1024, 3008)
HEALTH: Final[Mapping[str, Any]] = {"httpMethod": "GET", "path": "/health", "headers": {}, "body": None}
CLIP_FRAMES: Final = 60


@dataclass(frozen=True)
class Trial:
    """What one image did within one memory size."""

    memory_mb: int
    cold_s: float
    """From the start of the process to the answer of /health."""
    first_s: float
    """The first photo or clip."""
    warm_s: float
    """The same once more."""
    peak_mb: float

    def __str__(self) -> str:
        times = f"start {self.cold_s:5.2f} s, first {self.first_s:5.2f} s, again {self.warm_s:5.2f} s"
        return f"  {self.memory_mb:4d} MB: {times}, peak {self.peak_mb:.0f} MB"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photo", type=Path, help="a photo of a cracked wall (default: one that is drawn)")
    parser.add_argument("--clip", type=Path, help="a video of a face (default: a portrait that is animated)")
    arguments = parser.parse_args()
    work: dict[Product, tuple[Mapping[str, Any], Callable[[Any], None]]] = {
        "crack": (detect_crack(arguments.photo.read_bytes() if arguments.photo else _drawn_photo()), _found_a_crack),
        "gaze": (_analyze(arguments.clip.read_bytes() if arguments.clip else _animated_clip()), _saw_a_face),
    }
    buildah = Buildah(ROOT / "build" / "images")
    buildah.run("rm", "--all")  # what an interrupted run left
    with tempfile.TemporaryDirectory(prefix="sightline-images-") as scratch:
        _say("the stand-in for AWS's base")
        stand_in.ensure(buildah, Path(scratch), ROOT / "requirements-dev.lock")
    for product, (event, check) in work.items():
        _say(f"deploy/{product}.Dockerfile")
        image = f"localhost/sightline-{product}"
        buildah.build(ROOT / "deploy" / f"{product}.Dockerfile", ROOT, image)
        with buildah.container(image) as container:
            sandbox.check(container.folder)
            print(f"{_bytes_in(container.folder / 'var' / 'task') / 1e6:.1f} MB in /var/task")
            for memory_mb in MEMORY_MB:
                print(_try(container.folder, buildah.configuration(image), memory_mb, event, check), flush=True)
    return 0


def _try(
    root: Path,
    image: Mapping[str, Any],
    memory_mb: int,
    event: Mapping[str, Any],
    check: Callable[[Any], None],
) -> Trial:
    (handler,) = image["Cmd"]
    environment = dict(line.split("=", 1) for line in image["Env"]) | {"SIGHTLINE_DATA_DIR": "/tmp/sightline"}
    with (
        Box(memory_mb) as box,
        LambdaEmulator(
            handler,
            environment=environment,
            memory_mb=memory_mb,
            timeout_s=300,
            python=stand_in.PYTHON,
            wrapped_in=box.command(*sandbox.command(root)),
        ) as function,
    ):
        cold_s, answer = _timed(lambda: function.invoke(HEALTH))
        assert answer["statusCode"] == 200, answer
        first_s, answer = _timed(lambda: function.invoke(event))
        check(answer)
        warm_s, answer = _timed(lambda: function.invoke(event))
        check(answer)
        return Trial(memory_mb, cold_s, first_s, warm_s, function.peak_mb())


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start_s = time.perf_counter()
    answer = call()
    return time.perf_counter() - start_s, answer


def _found_a_crack(answer: Any) -> None:
    assert answer["statusCode"] == 200, answer
    assert json.loads(answer["body"])["has_crack"] is True, answer["body"]


def _saw_a_face(answer: Any) -> None:
    assert answer.get("status") == "success", answer
    assert answer["summary"]["frames_with_face"] > 0, answer["summary"]


def _analyze(clip: bytes) -> Mapping[str, Any]:
    data = base64.b64encode(clip).decode()
    return {
        "action": "analyze_video",
        "user_id": "images",
        "file_name": "clip.mp4",
        "file_data": data,
        "parameters": {"max_frames": CLIP_FRAMES},
    }


def _drawn_photo() -> bytes:
    from wall_photos import SIZES, make_wall_photo

    with tempfile.TemporaryDirectory() as folder:
        return make_wall_photo(Path(folder, "wall.jpg"), SIZES["2 MP"]).read_bytes()


def _animated_clip() -> bytes:
    from tests.gaze.animated import SyntheticFace, played, write_clip

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.mp4")
        write_clip(SyntheticFace(played([(0.0, float(frame % 20 - 10)) for frame in range(CLIP_FRAMES)])), path)
        return path.read_bytes()


def _bytes_in(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _say(what: str) -> None:
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
