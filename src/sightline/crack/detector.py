"""The two calls that people use: is there a crack, and where exactly?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.engine import CrackEngine
from sightline.crack.engines import load_engine
from sightline.crack.quality import quality_notes
from sightline.crack.report import CrackInstance, CrackReport
from sightline.crack.scale import PlaneScale, Reference, TwoPoints, find_scale
from sightline.crack.sizes import measure_sizes
from sightline.errors import BadInputError
from sightline.media.pictures import decode_picture
from sightline.settings import get_settings

_MARGIN_MM = {"marker": 10.0, "card": 3.0}
"""Around a reference, where its own edges lie. The page around the marker is no part of it: it may have been cut off,
and cracks beside it are what the marker was put there for."""

_MOSTLY = 0.8
"""Of a finding's centre line: with so much of it on the reference it is a part of the reference."""

Photo = NDArray[np.uint8] | Path | str | bytes


@cache
def default_engine() -> CrackEngine:
    """The engine that the settings name, loaded once per process."""
    return load_engine(get_settings().model_path)


def detect_cracks(
    image: Photo,
    *,
    engine: CrackEngine | None = None,
    reference: Reference | TwoPoints = "auto",
    faint: bool = False,
) -> CrackReport:
    """Find and measure the cracks in a photo.

    Args:
        image: RGB uint8 (H, W, 3), or a picture file's path or bytes (EXIF orientation is applied).
        engine: the model to ask; by default the one that the setting MODEL_PATH names, else the packaged one.
        reference: what gives sizes in mm, see `find_scale`. "auto" looks for the printed marker, and only where a
            crack was found. What looks like a crack on the marker or the card itself is not reported.
        faint: whether to keep what is too faint to be reported too, for comparing with another photo.

    Raises:
        BadInputError: The picture cannot be read, the array is not RGB uint8, or the reference that was asked for is
            not there.
        TooLargeError: It has more bytes or pixels than the settings allow.
        NotReadyError: The model cannot be loaded.
    """
    pixels = as_pixels(image)
    engine = engine or default_engine()
    evidence = engine.examine(pixels)
    height, width = pixels.shape[:2]
    rows, columns = evidence.probability.shape
    scale = width / columns, height / rows
    instances, suspects = (
        [
            CrackInstance.from_region(region, confidence, scale=scale, photo_size=(width, height))
            for region, confidence in sorted(regions, key=lambda each: -each[1])
        ]
        for regions in (evidence.regions, evidence.faint() if faint else ())
    )
    plane = find_scale(pixels, reference) if instances or suspects or reference != "auto" else None
    return CrackReport(
        width_px=width,
        height_px=height,
        instances=with_sizes(pixels, _on_wall(instances, plane), plane),
        quality=quality_notes(pixels),
        model=engine.info,
        scale=plane,
        faint=tuple(_on_wall(suspects, plane)),
    )


def segment_cracks(image: Photo, *, engine: CrackEngine | None = None) -> NDArray[np.float32]:
    """The probability of crack for every pixel of a photo, float32 (H, W) in 0..1.

    Takes and raises what `detect_cracks` does.
    """
    pixels = as_pixels(image)
    probability = (engine or default_engine()).examine(pixels).probability
    height, width = pixels.shape[:2]
    if probability.shape == (height, width):
        return probability
    enlarged = Image.fromarray(probability).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(enlarged)


def with_sizes(
    image: NDArray[np.uint8], instances: Sequence[CrackInstance], scale: PlaneScale | None
) -> tuple[CrackInstance, ...]:
    """The instances of a photo, RGB uint8 (H, W, 3), with their fine sizes; in mm too where there is a scale."""
    sizes = measure_sizes(image, [found.crack_shape for found in instances], scale)
    return tuple(replace(found, sizes=size) for found, size in zip(instances, sizes, strict=True))


def _on_wall(instances: Sequence[CrackInstance], scale: PlaneScale | None) -> list[CrackInstance]:
    """Without those that are the reference itself."""
    return [found for found in instances if scale is None or not _is_reference(found, scale)]


def _is_reference(found: CrackInstance, scale: PlaneScale) -> bool:
    """Whether it lies on the marker or the card."""
    if scale.kind == "points":
        return False
    outline = scale.points_mm(scale.outline)
    margin = _MARGIN_MM[scale.kind]
    places = scale.points_mm(np.concatenate([line.points for line in found.centre_lines]))
    inside = ((places > outline.min(axis=0) - margin) & (places < outline.max(axis=0) + margin)).all(axis=1)
    return float(inside.mean()) >= _MOSTLY


def as_pixels(image: Photo) -> NDArray[np.uint8]:
    """The photo as RGB uint8 (H, W, 3), decoded where it is a file; raises what `detect_cracks` does."""
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
            raise BadInputError(f"An image array is RGB, uint8 (H, W, 3); this one is {image.dtype} {image.shape}.")
        return image
    settings = get_settings()
    return decode_picture(image, max_bytes=settings.max_upload_bytes, max_pixels=settings.max_pixels)
