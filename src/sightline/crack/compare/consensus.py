"""Which maps many matches agree upon, though most matches are wrong.

Each match has a size and a direction at both ends, so that it alone proposes a map (a similarity); all proposals are
tried, none at random. The best grow: an affine map of those that agree roughly, then a homography of those that agree
closely, as in locally optimised RANSAC (Chum, Matas and Kittler, DAGM 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Matrix, Points, apply, fit_affine, fit_homography, plausible_at
from sightline.crack.compare.matching import Matches
from sightline.crack.compare.robust import distance

_PROPOSING = 500
"""The most distinct matches propose maps."""

_ROUGH = 0.05
"""How far from where a similarity puts it a match may be, as a share of the photo's longer side: a wall seen askew is
no similarity of itself."""

_ROUGH_TURN, _ROUGH_SCALE = np.radians(40.0), np.log(1.9)

_CLOSER = (0.05, 0.03, 0.018, 0.01, 0.006, 0.004, 0.004)
"""The limits while a map grows, in the same share; the first ones with an affine map."""

_AFFINE_STEPS = 2

_MANY = 24
"""Matches that fix a homography three times over, noise or not."""

_LEAST = 5
"""Matches that must agree: the proposal and four more fix a homography."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A map with the matches that agree with it."""

    matrix: Matrix
    inliers: NDArray[np.intp]
    score: float


def candidates(matches: Matches, *, most: int) -> list[Candidate]:
    """The maps that most matches agree upon, best first, no two alike.

    Args:
        matches: between two pictures.
        most: how many to return.
    """
    if len(matches) < _LEAST:
        return []
    side = float(max(np.ptp(matches.after, axis=0).max(), 1.0))
    votes, order = _votes(matches, side)
    found: list[Candidate] = []
    tried = 0
    used = np.zeros(len(matches), np.bool_)
    for proposal in order:
        support = votes[proposal]
        if tried >= 3 * most or len(found) >= most or support.sum() < _LEAST:
            break
        if used[proposal]:
            continue
        tried += 1
        grown = _grow(matches, support, side)
        used |= support
        if grown is None or not _is_plausible(grown, matches):
            continue
        used[grown.inliers] = True
        alike = [other for other in found if _alike(grown, other)]
        if all(grown.score > other.score for other in alike):
            found = [other for other in found if other not in alike] + [grown]
    return sorted(found, key=lambda candidate: -candidate.score)


def _votes(matches: Matches, side: float) -> tuple[NDArray[np.bool_], list[int]]:
    """Who roughly agrees with each proposal, (proposals, matches), and the proposals in order of that support."""
    count = min(_PROPOSING, len(matches))
    spin = (matches.scale * np.exp(1j * matches.turn))[:count, None]
    before, after = (points[:, 0] + 1j * points[:, 1] for points in (matches.before, matches.after))
    away = np.abs(after[None] - (after[:count, None] + spin * (before[None] - before[:count, None])))
    turn = np.angle(np.exp(1j * (matches.turn[None] - matches.turn[:count, None])))
    scale = np.log(matches.scale[None] / matches.scale[:count, None])
    agree = (away < _ROUGH * side) & (np.abs(turn) < _ROUGH_TURN) & (np.abs(scale) < _ROUGH_SCALE)
    weight = _weights(matches)
    support = agree @ weight
    return agree, np.argsort(-support, kind="stable").tolist()


def _is_plausible(grown: Candidate, matches: Matches) -> bool:
    """Whether a wall can be seen so.

    A map of many matches is asked where they are: beyond what both photos show, a wall seen askew may run off to its
    horizon. One of few is asked over the middle of the photo: it fits them whatever it is.
    """
    places = matches.before[grown.inliers]
    if len(places) < _MANY:
        low, high = matches.before.min(0), matches.before.max(0)
        places = low + (high - low) * np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75], [0.5, 0.5]])
    return bool(plausible_at(grown.matrix, places).all())


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether most of what agrees with the lesser of two maps agrees with both."""
    both = len(np.intersect1d(one.inliers, other.inliers, assume_unique=True))
    return 2 * both > min(len(one.inliers), len(other.inliers))


def _weights(matches: Matches) -> NDArray[np.float64]:
    """Distinct matches count more: among wrong ones hardly any stands out by a tenth."""
    return 0.1 + np.minimum(matches.quality, 0.4)


def _grow(matches: Matches, support: NDArray[np.bool_], side: float) -> Candidate | None:
    weight = _weights(matches)
    inliers = np.flatnonzero(support)
    matrix: Matrix | None = None
    for step, limit in enumerate(_CLOSER):
        fit = fit_affine if step < _AFFINE_STEPS or len(inliers) < 8 else fit_homography
        matrix = fit(matches.before[inliers], matches.after[inliers], weight[inliers])
        if matrix is None:
            return None
        away = distances(matrix, matches.before, matches.after)
        # Far from what supports it a map that is still growing is less sure: matches of another size are wrong there.
        inliers = np.flatnonzero(away < limit * side)
        if len(_distinct(matches.before[inliers])) < _LEAST:
            return None
    score = float(weight[_distinct_rows(matches, inliers)].sum())
    return Candidate(matrix, inliers, score) if matrix is not None else None


def _distinct(points: Points) -> Points:
    return np.unique(np.round(points), axis=0)


def _distinct_rows(matches: Matches, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """One match a place: a blob with two directions counts once."""
    _, first = np.unique(np.round(matches.before[rows]), axis=0, return_index=True)
    return rows[first]


def distances(matrix: Matrix, before: Points, after: Points) -> NDArray[np.float64]:
    """How far each point before lands from its point after."""
    return distance(apply(matrix, before), after)
