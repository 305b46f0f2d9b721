"""Centre lines as stations."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.compare.lines import crack_lines
from tests.crack.compare.painted import LONG, Crack, report


def test_stations_lie_evenly_along_the_crack() -> None:
    (crack,) = report([LONG]).instances
    lines = crack_lines(crack)
    assert lines.length == pytest.approx(crack.length_px, rel=0.01)
    steps = np.hypot(*np.diff(lines.points, axis=0).T)
    assert np.quantile(steps, [0.05, 0.95]) == pytest.approx(lines.step, rel=0.15)
    assert np.median(lines.widths) == pytest.approx(4, abs=1.5)


def test_normals_run_across() -> None:
    (crack,) = report([Crack([[50, 60], [50, 260]])]).instances
    lines = crack_lines(crack)
    assert np.abs(lines.normals[5:-5, 0]) == pytest.approx(1, abs=0.01)
    assert lines.points[5:-5, 0] == pytest.approx(50, abs=0.6)


def test_a_wide_crack_has_fewer_stations() -> None:
    wide, fine = (crack_lines(report([Crack(LONG.points, width=w)]).instances[0]) for w in (24.0, 3.0))
    assert wide.step == pytest.approx(4, rel=0.15)
    assert fine.step == 1
    assert wide.length == pytest.approx(fine.length, rel=0.1)


def test_pieces_are_runs_on_one_branch() -> None:
    (crack,) = report([LONG]).instances
    lines = crack_lines(crack)
    chosen = np.zeros(len(lines), np.bool_)
    chosen[10:20] = chosen[50:55] = True
    assert [(piece[0], piece[-1]) for piece in lines.pieces(chosen)] == [(10, 19), (50, 54)]
    assert lines.pieces(np.zeros(len(lines), np.bool_)) == []
