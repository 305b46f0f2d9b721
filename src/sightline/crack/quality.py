"""Whether a photo can support an answer at all: too small, too dark, too bright, too blurred.

The limits were set on 1,551 photos of walls, rooms, concrete and plasterboard, and on darkened and blurred copies of
them. As they came, 8 of the photos break a limit: 4 too bright, 2 too dark, 1 blurred, 1 small. All is measured on a
sample of the pixels, so that a large photo costs a few milliseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.report import QualityNote

LEAST_SIDE_PX = 256
"""A crack that is 1/500 of the view wide, a hairline to the eye, is then half a pixel wide: it cannot be found."""

LEAST_MEDIAN = 35.0
"""Median luma, 0..255. Of the photos as they came 99 % have 50 or more; below 35 the steps of an 8-bit picture are as
large as the contrast of a fine crack."""

MOST_CLIPPED = 0.35
"""Share of pixels with luma over 250, where nothing can be seen any more. Rooms with windows in view reach 0.26."""

LEAST_SHARPNESS = 0.20
"""Share of a strong edge's rise that falls within one pixel. Of the photos as they came 99 % have 0.23 or more; blurred
with a sigma of 2 px, half have under 0.19: strong edges are then smeared over five pixels."""

_LEAST_CONTRAST = 12.0
"""Grey levels across a strong edge. A plain wall has no edge of this height: then nothing is said about blur."""

_STRONG = 0.995
"""The strongest 0.5 % of all places count as strong edges: a plain wall with one socket has as many."""

_SAMPLED = 7
"""Every so many places are enough to know what the strongest are: some ten thousand remain."""

_SPAN_PX = 9
"""The rise of an edge is taken over this much, which holds all of it in any photo that is not badly blurred."""

_WORK_SIDE_PX = 1536
"""Blur is judged at about the size at which models look at a photo: a large one may be soft pixel by pixel."""

_BANDS, _BAND_ROWS = 12, 20
"""Blur is judged on so many bands of rows across the photo."""

_POINTS_PER_SIDE = 320
"""Brightness is judged on a grid of about so many points along the longer side."""


def quality_notes(image: NDArray[np.uint8]) -> tuple[QualityNote, ...]:
    """What stands against a reliable answer, the gravest first; empty where nothing does.

    Args:
        image: RGB uint8 (H, W, 3).
    """
    side = min(image.shape[:2])
    step = max(1, max(image.shape[:2]) // _POINTS_PER_SIDE)
    luma = image[::step, ::step] @ np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
    median, clipped = float(np.median(luma)), float((luma > 250).mean())
    sharpness = _sharpness(image)
    notes = []
    if side < LEAST_SIDE_PX:
        message = "The photo is too small: fine cracks may not show in it. Send it in its original size."
        notes.append(QualityNote("too_small", message, side, LEAST_SIDE_PX))
    if median < LEAST_MEDIAN:
        message = "The photo is too dark: fine cracks may not show in it. Turn on a light or use the flash."
        notes.append(QualityNote("too_dark", message, round(median, 1), LEAST_MEDIAN))
    if clipped > MOST_CLIPPED:
        message = "The photo is too bright: large parts are plain white. Avoid the flash and light from the front."
        notes.append(QualityNote("too_bright", message, round(clipped, 3), MOST_CLIPPED))
    if sharpness is not None and sharpness < LEAST_SHARPNESS:
        message = "The photo is blurred: fine cracks may not show in it. Hold still and tap the wall to focus."
        notes.append(QualityNote("too_blurred", message, round(sharpness, 3), LEAST_SHARPNESS))
    return tuple(notes)


def _sharpness(image: NDArray[np.uint8]) -> float | None:
    """How steep the strongest edges are, 1 / (their width in px); None where there are none.

    Edges are judged along rows and along columns apart, and the softer direction counts: a hand that shakes blurs one.
    """
    bands = _bands(image)
    steepness = [_steepness(along) for along in (bands, bands.swapaxes(1, 2))]
    return min((value for value in steepness if value is not None), default=None)


def _bands(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bands of green pixels at about working size, (bands, rows, columns); means of k x k pixels of a larger photo."""
    height, width = image.shape[:2]
    k = max(1, round(max(height, width) / _WORK_SIDE_PX))
    rows, columns = min(_BAND_ROWS, height // k), width // k
    count = max(1, min(_BANDS, height // (rows * k))) if rows else 0
    tops = np.linspace(0, height - rows * k, count).astype(int)
    bands = np.zeros((count, rows, columns), np.float32)
    for band, top in zip(bands, tops, strict=True):
        green = image[top : top + rows * k, : columns * k, 1].astype(np.uint16)
        for y in range(k):
            for x in range(k):
                band += green[y::k, x::k]
    bands /= k * k
    return bands


def _steepness(bands: NDArray[np.float32]) -> float | None:
    """Median over strong edges along the last axis of: largest step within the span / rise over the span."""
    if bands.size == 0 or bands.shape[2] <= _SPAN_PX:
        return None
    rise = np.abs(bands[..., _SPAN_PX:] - bands[..., :-_SPAN_PX])
    sample = rise.ravel()[::_SAMPLED]
    strong = rise >= max(float(np.quantile(sample, _STRONG)), _LEAST_CONTRAST)
    band, row, start = np.nonzero(strong)
    if not len(start):
        return None
    profiles = bands[band[:, None], row[:, None], start[:, None] + np.arange(_SPAN_PX + 1)]
    return float(np.median(np.abs(np.diff(profiles, axis=1)).max(axis=1) / rise[strong]))
