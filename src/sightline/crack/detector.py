"""The two calls that people use: is there a crack, and where exactly?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.engine import CrackEngine
from sightline.crack.engines import load_engine
from sightline.crack.quality import quality_notes
from sightline.crack.report import CrackInstance, CrackReport
from sightline.errors import BadInputError
from sightline.media.pictures import decode_picture
from sightline.settings import get_settings

Photo = NDArray[np.uint8] | Path | str | bytes


@cache
def default_engine() -> CrackEngine:
    """The engine that the settings name, loaded once per process."""
    return load_engine(get_settings().model_path)


def detect_cracks(image: Photo, *, engine: CrackEngine | None = None) -> CrackReport:
    """Find and measure the cracks in a photo.

    Args:
        image: RGB uint8 (H, W, 3), or a picture file's path or bytes (EXIF orientation is applied).
        engine: the model to ask; by default the one that the setting MODEL_PATH names, else the packaged one.

    Raises:
        BadInputError: The picture cannot be read, or the array is not RGB uint8.
        TooLargeError: It has more bytes or pixels than the settings allow.
        NotReadyError: The model cannot be loaded.
    """
    pixels = _as_pixels(image)
    engine = engine or default_engine()
    evidence = engine.examine(pixels)
    height, width = pixels.shape[:2]
    rows, columns = evidence.probability.shape
    scale = width / columns, height / rows
    instances = (
        CrackInstance.from_region(region, confidence, scale=scale, photo_size=(width, height))
        for region, confidence in evidence.regions
    )
    return CrackReport(
        width_px=width,
        height_px=height,
        instances=tuple(sorted(instances, key=lambda instance: -instance.confidence)),
        quality=quality_notes(pixels),
        model=engine.info,
    )


def segment_cracks(image: Photo, *, engine: CrackEngine | None = None) -> NDArray[np.float32]:
    """The probability of crack for every pixel of a photo, float32 (H, W) in 0..1.

    Takes and raises what `detect_cracks` does.
    """
    pixels = _as_pixels(image)
    probability = (engine or default_engine()).examine(pixels).probability
    height, width = pixels.shape[:2]
    if probability.shape == (height, width):
        return probability
    enlarged = Image.fromarray(probability).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(enlarged)


def _as_pixels(image: Photo) -> NDArray[np.uint8]:
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
            raise BadInputError(f"An image array is RGB, uint8 (H, W, 3); this one is {image.dtype} {image.shape}.")
        return image
    settings = get_settings()
    return decode_picture(image, max_bytes=settings.max_upload_bytes, max_pixels=settings.max_pixels)
