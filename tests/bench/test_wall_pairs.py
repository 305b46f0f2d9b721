"""Pairs of photos with a known change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pair_world
import pytest
from pair_photos import alike, group, likeness, load, photos
from pair_views import grey
from scipy.ndimage import gaussian_filter, map_coordinates
from wall_pairs import Kind, WallPair, drawn_truth, make_pair

from tests.bench.wall_data import plaster, write_data


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def pairs(data: Path) -> dict[str, WallPair]:
    kinds: tuple[Kind, ...] = ("unchanged", "longer", "wider", "healed", "other_wall")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair_world, "LONG_SIDE", 600)  # the photos are small, and so is what the tests wait for
        return {kind: make_pair(kind, 1, split="train", data=data) for kind in kinds}


def test_the_same_number_makes_the_same_pair(
    data: Path, pairs: dict[str, WallPair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_world, "LONG_SIDE", 600)
    again = make_pair("longer", 1, split="train", data=data)
    np.testing.assert_array_equal(again.before, pairs["longer"].before)
    np.testing.assert_array_equal(again.after, pairs["longer"].after)
    assert again.facts == pairs["longer"].facts


def test_both_photos_show_the_same_wall_where_the_truth_says(pairs: dict[str, WallPair]) -> None:
    pair = pairs["unchanged"]
    height, width = pair.before.shape[:2]
    y, x = np.mgrid[40 : height - 40 : 4, 40 : width - 40 : 4]
    points = np.stack([x.ravel(), y.ravel()], 1).astype(np.float64) + 0.5
    placed = pair.to_after(np.asarray(points))
    inside = np.all((placed > 5) & (placed < np.array(pair.after.shape[1::-1]) - 5), 1)
    assert inside.sum() > 200
    np.testing.assert_allclose(pair.to_before(placed[inside]), points[inside], atol=1e-3)
    before, after = (gaussian_filter(g, 2) - gaussian_filter(g, 12) for g in (grey(pair.before), grey(pair.after)))
    shown = map_coordinates(after, placed[inside, ::-1].T - 0.5, order=1)
    assert np.corrcoef(before[y.ravel()[inside], x.ravel()[inside]], shown)[0, 1] > 0.4
    assert pair.alignable


@pytest.mark.parametrize("kind", ["longer", "wider", "healed"])
def test_a_change_is_masked_in_both_photos(pairs: dict[str, WallPair], kind: str) -> None:
    pair = pairs[kind]
    (change,) = pair.changes
    assert change.kind == kind
    assert change.mask_before.shape == pair.before.shape[:2]
    assert change.mask_after.shape == pair.after.shape[:2]
    assert not (change.mask_after & ~change.crack_after).any()
    rows, columns = np.nonzero(change.mask_before)
    placed = np.floor(pair.to_after(np.asarray(np.stack([columns, rows], 1) + 0.5, np.float64))).astype(int)
    inside = np.all((placed >= 0) & (placed < np.array(pair.after.shape[1::-1])), 1)
    assert change.mask_after[placed[inside, 1], placed[inside, 0]].mean() > 0.7
    if kind == "wider":
        assert change.width_after_px > 1.3 * change.width_before_px


def test_unchanged_pairs_and_other_walls_have_no_change(pairs: dict[str, WallPair]) -> None:
    assert not pairs["unchanged"].changes
    other = pairs["other_wall"]
    assert not other.changes
    assert not other.alignable
    with pytest.raises(ValueError, match="different walls"):
        other.to_after(np.zeros((1, 2)))


def test_the_truth_can_be_looked_at(pairs: dict[str, WallPair]) -> None:
    picture = drawn_truth(pairs["longer"])
    assert picture.shape[1] == pairs["longer"].before.shape[1] + pairs["longer"].after.shape[1] + 16


def test_an_unknown_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no photos of the split test"):
        make_pair("new", 0, split="test", data=tmp_path)


def test_what_counts_as_the_same_wall(data: Path) -> None:
    assert group("cracking366_jpg.3b7a0d.jpg") == group("cracking366_jpg.aaaaaa.jpg") == "cracking366"
    assert group("12_kitchen.jpg") == group("12_bedroom.jpg") != group("13_bedroom.jpg")
    assert group("DJI0090.jpg") == group("DJI0012.jpg")
    one, other = (load(data, "train", "walls", path) for path in photos(data, "train", "walls"))
    assert not alike(one, other)
    assert alike(one, one)
    wall = np.asarray(plaster(4))
    assert likeness(wall, np.rot90(wall)[:, ::-1]) > 0.5
    assert likeness(wall, np.asarray(plaster(5))) < 0.3
