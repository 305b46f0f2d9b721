"""How long two photos of 12 megapixels take to compare, and where the time goes."""

from __future__ import annotations

import io
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from wall_pairs import WallPair

from sightline.crack.compare.comparison import compare_registered
from sightline.crack.compare.registration import register
from sightline.crack.detector import detect_cracks
from sightline.media.pictures import decode_picture

_LONG_SIDE_PX = 4032
_LIMIT_BYTES, _LIMIT_PIXELS = 10**8, 10**8


def phone_photo(image: NDArray[np.uint8], seed: int) -> bytes:
    """A view of a pair as a phone's JPEG of 12 megapixels, with the grain that such a file has."""
    factor = _LONG_SIDE_PX / max(image.shape[:2])
    size = round(image.shape[1] * factor), round(image.shape[0] * factor)
    large = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC), np.float32)
    grain = np.random.default_rng(seed).normal(0, 3, large.shape[:2]).astype(np.float32)
    file = io.BytesIO()
    Image.fromarray(np.clip(large + grain[..., None], 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def measure(pairs: list[WallPair], repeats: int) -> dict[str, float]:
    """The median seconds of each part, and of them all, after one comparison to warm up."""
    files = [(phone_photo(pair.before, 0), phone_photo(pair.after, 1)) for pair in pairs]
    spent: dict[str, list[float]] = defaultdict(list)
    for turn in range(repeats + 1):
        for before, after in files:
            taken = _compare_timed(before, after)
            if turn:
                for part, seconds in taken.items():
                    spent[part].append(seconds)
    return {part: statistics.median(seconds) for part, seconds in spent.items()}


def _compare_timed(before: bytes, after: bytes) -> dict[str, float]:
    """What `compare_photos` does, step by step."""
    taken: dict[str, float] = {}

    @contextmanager
    def timed(part: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        taken[part] = time.perf_counter() - started

    with timed("all"):
        with timed("decode both"):
            images = [
                decode_picture(data, max_bytes=_LIMIT_BYTES, max_pixels=_LIMIT_PIXELS) for data in (before, after)
            ]
        with timed("find cracks in both"):
            reports = [detect_cracks(image, faint=True) for image in images]
        with timed("register"):
            registration = register(*images)
        with timed("compare"):
            compare_registered(images[0], reports[0], images[1], reports[1], registration)
    return taken
