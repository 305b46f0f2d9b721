"""Thinning of a mask to lines one pixel wide, in time that grows with its edge and not with its area.

Guo and Hall, Parallel thinning with two-subiteration algorithms, Communications of the ACM 32, 1989 (their A1). It
keeps lines two pixels wide whole, whatever their direction. diplib has two ways of its own: EuclideanSkeleton takes
milliseconds for the smallest mask, because it fills a table of 16 MB each time; ConditionalThinning2D eats up lines two
pixels wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FULL = np.uint8(255)
"""The code of a pixel whose eight neighbours are all set."""


def thin(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin a mask (h, w), clear along its border, without breaking it or closing a hole."""
    width = mask.shape[1]
    around = np.array([1, 1 - width, -width, -width - 1, -1, width - 1, width, width + 1])
    flat = mask.ravel().astype(np.uint8)
    pixels = np.flatnonzero(flat)
    edge = pixels[_codes(flat, pixels, around) != _FULL]
    inner = flat.astype(np.bool_)
    inner[edge] = False
    changed = True
    while changed:
        changed = False
        for removable in _REMOVABLE:
            gone = removable[_codes(flat, edge, around)]
            if gone.any():
                changed = True
                removed, edge = edge[gone], edge[~gone]
                flat[removed] = 0
                laid_bare = (removed[:, None] + around).ravel()
                laid_bare = np.unique(laid_bare[inner[laid_bare]])
                inner[laid_bare] = False
                edge = np.concatenate([edge, laid_bare])
    return flat.reshape(mask.shape).astype(np.bool_)


def _codes(flat: NDArray[np.uint8], pixels: NDArray[np.intp], around: NDArray[np.intp]) -> NDArray[np.uint8]:
    """One bit for each neighbour that is set, from the east counter-clockwise."""
    codes = np.zeros(len(pixels), np.uint8)
    for bit, step in enumerate(around):
        codes |= flat[pixels + step] << np.uint8(bit)
    return codes


def _removable() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each code, whether the first and the second subiteration removes the pixel."""
    x = [(np.arange(256) >> bit & 1).astype(np.bool_) for bit in range(8)]
    corners = [(x[i], x[i + 1], x[(i + 2) % 8]) for i in (0, 2, 4, 6)]
    crossings = sum((~side & (corner | next_side)).astype(int) for side, corner, next_side in corners)
    pairs = sum((side | corner).astype(int) for side, corner, _ in corners)
    other_pairs = sum((corner | next_side).astype(int) for _, corner, next_side in corners)
    neighbours = np.minimum(pairs, other_pairs)
    spare = (crossings == 1) & (neighbours >= 2) & (neighbours <= 3)
    return spare & ~((x[1] | x[2] | ~x[7]) & x[0]), spare & ~((x[5] | x[6] | ~x[3]) & x[4])


_REMOVABLE = _removable()
