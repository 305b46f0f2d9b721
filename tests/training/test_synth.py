"""Painted cracks come with their masks; painted decoys come without."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra `train`")

from training import augment, synth
from training.labels import POSITIVE


def wall() -> tuple[np.ndarray, np.ndarray]:
    return np.full((256, 256, 3), 190, np.uint8), np.zeros((256, 256), np.uint8)


@pytest.mark.parametrize("seed", range(5))
def test_a_painted_crack_is_where_its_mask_says_and_darker(seed: int) -> None:
    image, label = wall()
    synth.paint_crack(np.random.default_rng(seed), image, label)
    assert (label == POSITIVE).any()
    assert image[label == POSITIVE].mean() < image[label == 0].mean() - 20


@pytest.mark.parametrize("seed", range(12))
def test_a_decoy_changes_the_picture_and_teaches_no_crack(seed: int) -> None:
    image, label = wall()
    synth.paint_decoy(np.random.default_rng(seed), image, label)
    assert not label.any()
    assert image.min() < 190


@pytest.mark.parametrize("seed", range(5))
def test_views_and_light_keep_shapes_and_types(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image, label = wall()
    label[100:104] = POSITIVE
    image, label = augment.view(rng, image, label, 128, (0.6, 1.6))
    image = augment.light(rng, image)
    assert image.shape == (128, 128, 3)
    assert image.dtype == label.dtype == np.uint8
    assert label.shape == (128, 128)


def test_masonry_is_a_picture_of_the_size_asked_for() -> None:
    assert synth.masonry(np.random.default_rng(1), wall()[0], 320).shape == (320, 320, 3)
