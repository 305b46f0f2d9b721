"""Labels say what is known about a crack's edge, no more."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra `train`")

from training.labels import NEGATIVE, POSITIVE, UNKNOWN, patch_label, tighten


def wall_with_line(darkness: int) -> tuple[np.ndarray, np.ndarray]:
    """A noisy wall with a line 4 px wide, and a polygon 20 px wide around it."""
    rng = np.random.default_rng(0)
    image = np.clip(rng.normal(180, 3, (200, 200, 3)), 0, 255).astype(np.uint8)
    image[98:102] -= np.uint8(darkness)
    polygon = np.zeros((200, 200), bool)
    polygon[90:110] = True
    return image, polygon


def test_a_wide_polygon_shrinks_to_the_dark_line_inside() -> None:
    label = tighten(*wall_with_line(120))
    assert (label[99:101] == POSITIVE).mean() > 0.95
    assert (label[91:95] == NEGATIVE).mean() > 0.95
    assert (label[:85] == NEGATIVE).all()


def test_a_polygon_without_a_clear_line_is_unknown_as_a_whole() -> None:
    label = tighten(*wall_with_line(0))
    assert (label[90:110] == UNKNOWN).all()


def test_a_thin_polygon_is_kept_as_drawn() -> None:
    image, _ = wall_with_line(0)
    polygon = np.zeros((200, 200), bool)
    polygon[99:102] = True
    np.testing.assert_array_equal(tighten(image, polygon) == POSITIVE, polygon)


def test_a_patch_is_labelled_by_its_darkness_and_specks_are_not_taught() -> None:
    image, _ = wall_with_line(120)
    image[20:30, 20:30] = 60
    label = patch_label(image)
    assert (label[99:101] == POSITIVE).all()
    assert (label[22:28, 22:28] == UNKNOWN).all()
