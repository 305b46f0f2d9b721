"""From the bytes of a photo to a report and the two pictures that show it. Pure: nothing is stored here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.telemetry import timed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sightline.crack.engine import CrackEngine
    from sightline.crack.report import CrackReport
    from sightline.service.references import Reference


@dataclass(frozen=True, slots=True)
class Examination:
    """A decoded photo and what was found in it.

    Attributes:
        image: uint8 (H, W, 3) RGB, upright.
        report: in pixels of `image`.
    """

    image: NDArray[np.uint8]
    report: CrackReport

    def annotated_jpeg(self) -> bytes:
        """The photo with every crack outlined and numbered."""
        from sightline.crack.annotate import annotate
        from sightline.media.pictures import encode_jpeg

        return encode_jpeg(annotate(self.image, self.report))

    def mask_png(self) -> bytes:
        """The crack pixels, one bit each, white on black, as large as the photo."""
        from sightline.media.pictures import encode_png

        return encode_png(self.report.mask)


def examine_photo(
    photo: bytes | Path,
    *,
    engine: CrackEngine,
    max_bytes: int,
    max_pixels: int,
    reference: Reference = "auto",
    faint: bool = False,
) -> Examination:
    """Decode a photo and look for cracks in it.

    Args:
        photo: the bytes of a picture file, or its path.
        engine: the model to ask.
        max_bytes: the largest file.
        max_pixels: the largest photo, width times height.
        reference: what gives the scale, as `detect_cracks` takes it.
        faint: whether to keep what is too faint to be reported too, for comparing with another photo.

    Raises:
        BadInputError: the bytes are no picture that can be read, or the reference is not found in it.
        TooLargeError: more than `max_bytes` or `max_pixels`.
    """
    from sightline.crack.detector import detect_cracks
    from sightline.media.pictures import decode_picture

    with timed("decode"):
        image = decode_picture(photo, max_bytes=max_bytes, max_pixels=max_pixels)
    with timed("detect"):
        report = detect_cracks(image, engine=engine, reference=reference, faint=faint)
    return Examination(image=image, report=report)
