"""Pictures within documents: small enough to send, named so that each can be told from the others."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONGEST_PX = 1600
"""Printed across a page of A4 that is 230 dots an inch; more adds weight and nothing to see."""

QUALITY = 85
"""JPEG's: below it, blocks show beside the fine dark lines that these pictures are about."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture.

    Attributes:
        name: unique within its document: letters, digits, hyphens and a dot.
        data: the file's bytes.
        media_type: "image/jpeg" or "image/png".
        width_px, height_px: its size.
        alt: what it shows, for those who do not see it.
    """

    name: str
    data: bytes
    media_type: str
    width_px: int
    height_px: int
    alt: str


def jpeg_picture(name: str, pixels: NDArray[np.uint8], alt: str, *, longest_px: int = LONGEST_PX) -> Picture:
    """Encode pixels, reduced where they are larger than a document needs.

    Args:
        name: the picture's, without an ending.
        pixels: RGB uint8 (H, W, 3).
        alt: what it shows.
        longest_px: what its longer side may have.
    """
    image = Image.fromarray(fitting(pixels, longest_px))
    file = BytesIO()
    # optimize and subsampling=0: a red outline on a grey wall keeps its edge
    image.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return Picture(f"{name}.jpg", file.getvalue(), "image/jpeg", image.width, image.height, alt)


def fitting(pixels: NDArray[np.uint8], longest_px: int) -> NDArray[np.uint8]:
    """The same picture with its longer side at most so long, (h, w, 3); the same array where it fits already."""
    height, width = pixels.shape[:2]
    share = longest_px / max(height, width)
    if share >= 1:
        return pixels
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
