"""How large photos are shown on screens, and a photo made that large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ViewSize = Literal["small", "medium", "full"]

MEDIUM_PX: Final = 1600
"""Longer side of a photo that fills a screen: 200 to 400 kB, a second on a phone's connection."""

SMALL_PX: Final = 320
"""Longer side of a photo in a list, on a screen with two dots to a pixel."""

_LONGEST_PX: Final[dict[ViewSize, int | None]] = {"small": SMALL_PX, "medium": MEDIUM_PX, "full": None}

VIEW_QUALITY: Final = 85
"""JPEG quality of what is seen as a whole."""

_FULL_QUALITY: Final = 93
"""Of the full photo, in which people look for hair-thin cracks."""


def reduction(size: tuple[int, int], longest: int | None) -> float:
    """What the sides of a picture are multiplied by, so that the longer one is at most `longest`; it never grows."""
    return 1.0 if longest is None else min(1.0, longest / max(size))


def view_of(image: NDArray[np.uint8], size: ViewSize) -> bytes:
    """A photo, RGB uint8 (H, W, 3), as a JPEG of that size."""
    import numpy as np
    from PIL import Image

    from sightline.media.pictures import encode_jpeg

    height, width = image.shape[:2]
    scale = reduction((width, height), _LONGEST_PX[size])
    if scale < 1:
        smaller = max(1, round(width * scale)), max(1, round(height * scale))
        image = np.asarray(Image.fromarray(image).resize(smaller, Image.Resampling.BICUBIC, reducing_gap=3.0))
    return encode_jpeg(image, _FULL_QUALITY if size == "full" else VIEW_QUALITY)
