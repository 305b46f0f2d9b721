"""What the windows of a crack and the cracks of a photo have in common, found together with what each has for itself.

The unknowns form a tree: a window has its own, a crack's windows share its darkness and its blur, and the cracks of a
photo differ from one another in these by about as much as is expected. Each level is eliminated from the equations of
the one above it (as in bundle adjustment: Triggs and others, Bundle adjustment, a modern synthesis, 1999, section 6.1),
so what a wide crack tells helps a narrow one, by as much as is known of how alike they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_model import Floats


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of the s things that a crack's windows share, before they are looked at.

    Attributes:
        mean, deviation: (s,) of a photo's mean of them; 1 sigma.
        differ: (s,) how much the cracks of one photo differ from that, 1 sigma.
    """

    mean: Floats
    deviation: Floats
    differ: Floats


@dataclass(frozen=True, slots=True)
class Shared:
    """Where things stand: of each crack (n, s), and their mean in the photo (s,)."""

    of_crack: Floats
    of_photo: Floats


@dataclass(frozen=True, slots=True)
class Solved:
    """A round's result.

    Attributes:
        shared: where things are to stand next.
        steps: (j, p) by how much each window's own unknowns are to move.
        own_covariance: (j, p, p) of these, were the shared ones known.
        per_shared: (j, p, s) how they follow the shared ones.
        covariance: (n, s, s) of the shared ones.
    """

    shared: Shared
    steps: Floats
    own_covariance: Floats
    per_shared: Floats
    covariance: Floats


def solve_shared(
    matrix: Floats,
    right: Floats,
    owner: NDArray[np.intp],
    worth: Floats,
    now: Shared,
    expected: Expected,
    most: Floats,
) -> Solved:
    """Solve the normal equations of all windows together.

    Args:
        matrix: (j, p + s, p + s), each window's own p unknowns first; those must be determined.
        right: (j, p + s).
        owner: (j,) the crack that each is on, from 0 without gaps.
        worth: (n,) by how much what a crack's windows tell of the shared ones counts: less than 1 where they err alike.
        now: where the shared unknowns stand.
        expected: of them.
        most: (s,) no shared one of a crack moves by more in a round.
    """
    own = matrix.shape[1] - now.of_photo.size
    inverse: Floats = np.linalg.inv(matrix[:, :own, :own]).astype(np.float64)
    per_shared = -inverse @ matrix[:, :own, own:]
    alone = _times(inverse, right[:, :own])
    turned = matrix[:, own:, :own]
    count = len(now.of_crack)
    curvature = _sums(owner, matrix[:, own:, own:] + turned @ per_shared, count)
    pull = _sums(owner, right[:, own:] - _times(turned, alone), count)

    curvature, pull = curvature * worth[:, None, None], pull * worth[:, None]
    bond, hold = np.diag(1 / expected.differ**2), np.diag(1 / expected.deviation**2)
    of_crack: Floats = np.linalg.inv(curvature + bond).astype(np.float64)
    pull += (now.of_photo - now.of_crack) @ bond
    of_photo = np.linalg.inv(hold + bond @ (np.eye(len(bond)) - of_crack @ bond).sum(axis=0))
    wanted = hold @ (expected.mean - now.of_photo) + bond @ (
        (now.of_crack - now.of_photo) + _times(of_crack, pull)
    ).sum(axis=0)
    photo_step = of_photo @ wanted
    step = np.clip(_times(of_crack, pull + bond @ photo_step), -most, most)
    through = of_crack @ bond
    return Solved(
        shared=Shared(now.of_crack + step, now.of_photo + photo_step),
        steps=alone + _times(per_shared, step[owner]),
        own_covariance=inverse,
        per_shared=per_shared,
        covariance=of_crack + through @ of_photo @ through.transpose(0, 2, 1),
    )


def _times(matrices: Floats, vectors: Floats) -> Floats:
    product: Floats = (matrices @ vectors[..., None])[..., 0]
    return product


def _sums(owner: NDArray[np.intp], values: Floats, count: int) -> Floats:
    """Sums over each crack's windows, (count, ...)."""
    total = np.zeros((count, *values.shape[1:]))
    np.add.at(total, owner, values)
    return total
