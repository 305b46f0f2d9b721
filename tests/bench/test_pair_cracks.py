"""Cracks drawn for the benchmark: their widths are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pair_cracks import Line, coverage, draw_look, natural_line, paint
from pair_edits import drawn_edit, transplanted_edit
from pair_photos import load, photos
from pair_truth import projected_widths
from pair_views import View, grey
from pair_world import Wall, filled

from tests.bench.wall_data import write_data

SHAPE = 240, 320


def wall() -> Wall:
    rng = np.random.default_rng(3)
    pixels = np.repeat(rng.normal(170, 6, (600, 800, 1)), 3, 2).astype(np.float32)
    return Wall(pixels, np.zeros((600, 800), np.bool_))


@pytest.mark.parametrize("width", [0.6, 1.0, 2.3, 7.5])
@pytest.mark.parametrize("angle", [0.0, 0.4, 1.2])
def test_a_line_covers_its_width(width: float, angle: float) -> None:
    along = np.array([np.cos(angle), np.sin(angle)])
    points = np.array([160.0, 120.0]) + np.arange(-40, 41, 2.0)[:, None] * along
    covered = coverage(SHAPE, [Line(points, np.full(len(points), width))])
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]] + 0.5
    middle = np.abs((x - 160) * along[0] + (y - 120) * along[1]) <= 25
    assert covered[middle].sum() / 50 == pytest.approx(width, rel=0.06)


def test_natural_lines_have_the_length_and_width_asked_for() -> None:
    line = natural_line(np.random.default_rng(1), np.array([100.0, 100.0]), 300.0, 3.0)
    assert np.linalg.norm(np.diff(line.points, axis=0), axis=1).sum() == pytest.approx(300, rel=0.02)
    assert line.widths.mean() == pytest.approx(3.0)
    assert line.widths.min() > 0.3


def test_a_crack_is_darker_than_its_wall_and_changes_nothing_else() -> None:
    bare = wall().pixels
    rng = np.random.default_rng(5)
    covered = coverage(bare.shape[:2], [natural_line(rng, np.array([400.0, 300.0]), 250.0, 5.0)])
    painted = paint(bare, covered, draw_look(rng, bare.shape[:2]))
    assert (painted - bare)[covered > 0.9].mean() < -15
    far = np.ones(bare.shape[:2], np.bool_)
    rows, columns = np.nonzero(covered)
    far[rows.min() - 24 : rows.max() + 25, columns.min() - 24 : columns.max() + 25] = False
    np.testing.assert_array_equal(painted[far], bare[far])


def test_a_longer_crack_keeps_its_old_part() -> None:
    edit = drawn_edit(np.random.default_rng(2), wall(), "longer", 4.0)
    untouched = edit.part == 0
    old = (edit.whole > 0.5) & untouched
    assert old.sum() > 100
    changed = np.abs(edit.after - edit.before).max(2)
    assert changed[edit.part > 0.8].mean() > 10
    assert np.median(changed[old]) == 0


def test_a_wider_crack_has_both_widths() -> None:
    edit = drawn_edit(np.random.default_rng(4), wall(), "wider", 6.0)
    assert 1.3 < edit.widths[1].mean() / edit.widths[0].mean() < 4.1
    assert np.abs(edit.after - edit.before).max() > 20


def test_filled_in_colours_know_nothing_of_the_crack() -> None:
    bare = wall().pixels
    covered = coverage(bare.shape[:2], [natural_line(np.random.default_rng(5), np.array([400.0, 300.0]), 250.0, 5.0)])
    cracked = bare * (1 - 0.7 * covered[..., None])
    mended = filled(np.asarray(cracked, np.float32), covered == 0)
    assert np.abs(mended[covered > 0.9] - bare.mean()).max() < 6


def test_a_transplanted_crack_is_real_and_can_lengthen(tmp_path: Path) -> None:
    data = write_data(tmp_path)
    donor = load(data, "train", "concrete", photos(data, "train", "concrete")[0])
    rng = np.random.default_rng(0)
    edit = transplanted_edit(rng, wall(), "longer", 4.0, donor)
    assert edit is not None
    crack, added = edit.whole > 0.5, edit.part > 0.5
    darker = grey(edit.bare - edit.after)
    assert darker[crack].mean() > 40
    assert np.abs(grey(edit.after - edit.before))[crack & ~added].max() == 0
    assert 0.2 < added.sum() / crack.sum() < 0.7
    assert len(edit.stem) > 60
    assert transplanted_edit(rng, wall(), "wider", 4.0, donor) is None


def test_projected_widths_are_measured_across_the_line() -> None:
    stretched = View((400, 400), np.diag([2.0, 1.0, 1.0]), 0.0, 1.4, 0.0)
    segments = np.array([[[50.0, 50], [50, 52]], [[50, 50], [52, 50]]])
    np.testing.assert_allclose(projected_widths(stretched, segments, np.array([3.0, 3.0])), [6.0, 3.0])
