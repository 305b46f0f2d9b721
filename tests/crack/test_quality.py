from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sightline.crack.quality import quality_notes


def room(width: int = 640, height: int = 480) -> Image.Image:
    """A wall with a door and a shelf on it, and a little noise."""
    rng = np.random.default_rng(0)
    pixels = 150 + rng.normal(0, 2, (height, width, 3))
    pixels[height // 4 :, width // 2 : width // 2 + width // 5] -= 90
    pixels[height // 3 : height // 3 + 12, width // 10 : width // 3] += 60
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def codes(image: Image.Image | NDArray[np.uint8]) -> list[str]:
    return [note.code for note in quality_notes(np.asarray(image))]


def test_a_good_photo_has_no_notes() -> None:
    assert quality_notes(np.asarray(room())) == ()


@pytest.mark.parametrize(("sigma", "expected"), [(1, []), (3, ["too_blurred"]), (5, ["too_blurred"])])
def test_blur(sigma: float, expected: list[str]) -> None:
    assert codes(room().filter(ImageFilter.GaussianBlur(sigma))) == expected


def test_a_hand_that_shakes_blurs_one_direction() -> None:
    pixels = np.asarray(room(), np.float32)
    shaken = np.mean([np.roll(pixels, shift, axis=1) for shift in range(9)], axis=0)
    assert codes(shaken.astype(np.uint8)) == ["too_blurred"]


def test_a_large_photo_that_is_soft_pixel_by_pixel_is_sharp_enough() -> None:
    large = room(4000, 3000)
    assert codes(large.filter(ImageFilter.GaussianBlur(2))) == []
    assert codes(large.filter(ImageFilter.GaussianBlur(8))) == ["too_blurred"]


@pytest.mark.parametrize("noise", [0, 1, 3, 8])
@pytest.mark.parametrize("shade", [120, 230])
def test_a_plain_wall_is_not_called_blurred(noise: float, shade: int) -> None:
    wall = shade + np.random.default_rng(0).normal(0, noise, (480, 640, 1)) + np.zeros(3)
    assert codes(wall.clip(0, 255).astype(np.uint8)) == []


def test_darkness() -> None:
    assert codes(room().point(lambda value: value * 0.15)) == ["too_dark"]


def test_brightness() -> None:
    assert codes(room().point(lambda value: min(255, value * 2))) == ["too_bright"]


@pytest.mark.parametrize("size", [(255, 600), (600, 255), (1, 1), (3, 3000), (3000, 3)])
def test_small(size: tuple[int, int]) -> None:
    assert codes(np.full((*size, 3), 120, np.uint8)) == ["too_small"]


def test_a_note_names_value_and_limit() -> None:
    (note,) = quality_notes(np.full((300, 400, 3), 12, np.uint8))
    assert (note.code, note.value, note.limit) == ("too_dark", 12.0, 35.0)
    assert "too dark" in note.message


def test_of_twelve_megapixels_a_sample_is_looked_at() -> None:
    image = np.random.default_rng(0).integers(0, 255, (3000, 4000, 3), dtype=np.uint8)
    tracemalloc.start()
    quality_notes(image)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < image.nbytes / 4  # a grey copy alone would be a third of it
