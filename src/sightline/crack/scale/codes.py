"""The codes of the markers: 4 x 4 modules in a black border, of the dictionary DICT_4X4_50.

ArUco: Garrido-Jurado et al., Automatic generation and detection of highly reliable fiducial markers under occlusion,
Pattern Recognition 47, 2014. The bits are those of OpenCV's predefined dictionary of that name, so that any other tool
reads our boards too. Between any two of the codes used here, however turned, at least five modules differ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.scale.homography import project, unit_square_to

MODULES = 4
"""Along a side, without the border."""

CELLS = MODULES + 2
"""Along a side, with the border of one module."""

_INNER = np.pad(np.ones((MODULES, MODULES), np.bool_), 1)
"""Which cells are modules and not border."""

_WORDS = (
    0xB532, 0x0F9A, 0x332D, 0x9946, 0x549E, 0x79CD, 0x9E2E, 0xC4F2, 0xFEDA, 0xCF56, 0xF991, 0x11A7,
    0x0EB7, 0x2A0F, 0x24B1, 0x263E, 0x4665, 0x6600,
)  # fmt: skip
"""Codes 0 to 17, a bit for each module row by row, the highest first; 1 is white."""

_LEAST_CONTRAST = 20.0
"""In grey levels, between border and margin: fainter things in a photo are texture or noise."""

_BORDER_ERRORS = 1
"""Of 20 border cells so many may look white (a glint)."""

_BIT_ERRORS = 1
"""Of 16 modules so many may be misread; OpenCV corrects as many for this dictionary."""

_PROBES = np.array([0.3, 0.5, 0.7])
"""Where a cell is looked at, along x and along y, in cells: its edges are blurred."""

_MARGIN = 0.45
"""How far outside the border its white margin is looked at, in cells."""


def modules(number: int) -> NDArray[np.bool_]:
    """Which modules of a code are white, (MODULES, MODULES)."""
    bits = _WORDS[number] >> np.arange(MODULES * MODULES)[::-1] & 1
    return bits.astype(np.bool_).reshape(MODULES, MODULES)


_TURNED = np.array(
    [[np.rot90(modules(number), turns).ravel() for turns in range(4)] for number in range(len(_WORDS))], np.bool_
)
"""(codes, turns, bits): each code as it looks after quarter turns counter-clockwise."""


def read_codes(
    grey: NDArray[np.uint8], quads: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Read the codes in some quadrilaterals.

    Args:
        grey: (H, W).
        quads: (n, 4, 2) corners in pixels, clockwise from any one, where the picture spans 0..W and 0..H.

    Returns:
        For those that hold a code: which quads (k,), the codes' numbers (k,), and which of each quad's corners is the
        code's upper left one (k,).
    """
    cells, margin = _look(grey, quads)
    inner, border = cells[:, _INNER], cells[:, ~_INNER]
    black, white = np.median(border, axis=1), np.median(margin, axis=1)
    level = (black + white)[:, None] / 2
    framed = (white - black >= _LEAST_CONTRAST) & (np.count_nonzero(border > level, axis=1) <= _BORDER_ERRORS)
    differing = np.count_nonzero((inner > level)[:, None] != _TURNED.reshape(-1, MODULES**2), axis=-1)
    best = differing.argmin(axis=1)
    which = np.flatnonzero(framed & (differing.min(axis=1) <= _BIT_ERRORS))
    numbers, turns = np.divmod(best[which], 4)
    return which, numbers, (-turns) % 4


def _look(grey: NDArray[np.uint8], quads: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How light the cells are, (n, CELLS, CELLS), and places in the margin around them, (n, m)."""
    at = ((np.arange(CELLS)[:, None] + _PROBES) / CELLS).ravel()
    inside = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    along, out = (np.arange(CELLS) + 0.5) / CELLS, _MARGIN / CELLS
    sides = [np.stack([along, np.full(CELLS, end)], axis=1) for end in (-out, 1 + out)]
    around = np.concatenate([*sides, *(side[:, ::-1] for side in sides)])
    places = project(unit_square_to(quads), np.concatenate([inside, around]))
    height, width = grey.shape
    x, y = (places[..., axis].clip(0, size - 1).astype(np.intp) for axis, size in ((0, width), (1, height)))
    values = grey[y, x].astype(np.float64)
    probes = len(_PROBES)
    cells = values[:, : len(inside)].reshape(-1, CELLS, probes, CELLS, probes).mean(axis=(2, 4))
    return cells, values[:, len(inside) :]
