"""The printed marker: boards of ArUco codes whose places are known to the size of a printer's dot.

Several codes, because the corners of one alone tell little about perspective, and part of the board may be hidden, in a
shadow or in glare. Each board has codes of its own: which one a photo shows, and so how large it is, is read from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

BoardName = Literal["large", "small"]


@dataclass(frozen=True, slots=True)
class Board:
    """Square codes in rows, numbered along the rows.

    Places on it are mm from its middle, x right and y down as one reads the page.

    Attributes:
        name: what `sightline marker --size` calls it.
        columns, rows: of codes.
        code_mm: side of a code, its black border included.
        gap_mm: between neighbours. OpenCV asks for a white margin of at least one module; twice that keeps dark
            neighbours apart in a blurred photo.
        first_id: of the codes' numbers, which go on from there.
    """

    name: BoardName
    columns: int
    rows: int
    code_mm: float
    gap_mm: float
    first_id: int

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height over all codes, without the margin around them."""
        pitch = self.code_mm + self.gap_mm
        return self.columns * pitch - self.gap_mm, self.rows * pitch - self.gap_mm

    @property
    def ids(self) -> range:
        return range(self.first_id, self.first_id + self.columns * self.rows)

    @property
    def corners_mm(self) -> NDArray[np.float64]:
        """(codes, 4, 2): upper left, upper right, lower right and lower left corner of each code."""
        pitch, (width, height) = self.code_mm + self.gap_mm, self.size_mm
        row, column = np.divmod(np.arange(len(self.ids)), self.columns)
        upper_left = np.stack([column * pitch - width / 2, row * pitch - height / 2], axis=1)
        corners: NDArray[np.float64] = upper_left[:, None] + self.code_mm * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        return corners


LARGE = Board("large", columns=3, rows=4, code_mm=40.0, gap_mm=16.0, first_id=0)
"""Fills a page of A4 or Letter; read from as far as 3 m in a photo of 12 megapixels."""

SMALL = Board("small", columns=3, rows=2, code_mm=24.0, gap_mm=12.0, first_id=12)
"""As large as a hand, for cracks in corners and photos from near by."""

BOARDS: tuple[Board, ...] = (LARGE, SMALL)
