from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sightline.gaze.eye_region import light_and_sharpness
from sightline.media.frames import VideoFrame
from tests.gaze.heads import SIZE, Head


def seen(image: Image.Image | NDArray[np.uint8], head: Head | None = None) -> tuple[float, float]:
    return light_and_sharpness(VideoFrame.from_rgb(np.asarray(image)), (head or Head()).landmarks())


def drawing() -> Image.Image:
    """Edges and spots of all sizes, as in a face, and the grain of a camera."""
    rng = np.random.default_rng(0)
    pixels = np.full((SIZE[1], SIZE[0]), 130.0)
    for size in (4, 8, 16, 32):
        spots = rng.normal(0, 18, (SIZE[1] // size, SIZE[0] // size))
        pixels += np.kron(spots, np.ones((size, size)))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert("RGB")


def test_brightness_is_the_mean_luma_there() -> None:
    assert seen(np.full((SIZE[1], SIZE[0], 3), 90, np.uint8))[0] == pytest.approx(90, abs=1)
    image = drawing()
    assert seen(image.point(lambda value: value // 4))[0] == pytest.approx(seen(image)[0] / 4, abs=2)


def test_blur_lowers_sharpness() -> None:
    image = drawing()
    blurred = [seen(image.filter(ImageFilter.GaussianBlur(sigma)))[1] for sigma in (0, 2, 4, 8)]
    assert blurred == sorted(blurred, reverse=True)
    assert blurred[0] > 2 * blurred[-1]


def test_contrast_and_brightness_do_not() -> None:
    image = drawing()
    faint = image.point(lambda value: 60 + value // 3)
    assert seen(faint)[1] == pytest.approx(seen(image)[1], rel=0.05)


def test_a_hand_that_shakes_in_one_direction_lowers_it() -> None:
    pixels = np.asarray(drawing(), np.float32)
    shaken = np.mean([np.roll(pixels, shift, axis=1) for shift in range(24)], axis=0).astype(np.uint8)
    assert seen(shaken)[1] < 0.7 * seen(pixels.astype(np.uint8))[1]


def test_a_plain_surface_has_no_detail() -> None:
    assert seen(np.full((SIZE[1], SIZE[0], 3), 90, np.uint8))[1] == 0


def test_the_head_may_tilt_and_leave_the_picture() -> None:
    upright, tilted = seen(drawing()), seen(drawing(), Head(roll_deg=30))
    assert tilted[1] == pytest.approx(upright[1], rel=0.25)
    assert seen(drawing(), Head(at_cm=(200, 0, 40))) == (0.0, 0.0)
