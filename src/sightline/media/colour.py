"""Any picture that Pillow reads, as 8-bit RGB.

An embedded colour profile is not applied. The one that phones embed, Display P3, shares sRGB's white and tone curve:
greys, and with them a crack's contrast with its wall, stay as they are. Converting would take 200 ms at 12 MP
(LittleCMS, one core), four times as long as decoding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.errors import BadInputError

_DEEP_MODES = frozenset(("I", "F"))
"""32 bits a sample: what is black and what is white is not said in the file."""


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Convert a picture of any mode.

    Grey is repeated, 16-bit samples are scaled to 8, palettes are looked up, CMYK is converted, and what is transparent
    lies on white, as it would on a page.

    Returns:
        RGB uint8 (H, W, 3), C-contiguous, possibly read-only.

    Raises:
        BadInputError: The samples have no defined range (32 bits).
    """
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image) >> 8).astype(np.uint8)
        return np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    if image.mode in _DEEP_MODES:
        raise BadInputError("pictures with 32 bits a sample are not read; save it with 8 or 16 bits")
    if image.has_transparency_data:
        image = _on_white(image.convert("RGBA"))
    elif image.mode != "RGB":  # Pillow copies even what has the mode already
        image = image.convert("RGB")
    return np.asarray(image)


def _on_white(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page
