"""What stands against a reliable comparison of two photos that were laid on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sightline.crack.compare.softness import Softness
from sightline.crack.report import QualityNote

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

LEAST_OVERLAP = 0.3
"""Share of the smaller view that both photos show: below it most cracks can only be called not comparable."""

LEAST_SCALE = 0.5
"""Pixels of one photo per pixel of the other: below it a crack two pixels wide here is less than one there."""

MOST_SOFTER_PX = 2.0
"""By how much one photo may be softer than the other: beyond it cracks of the sharper photo's own fineness are gone."""

MOST_ERROR_PX = 4.0
"""RMS error of the registration in after pixels: beyond it neighbouring fine cracks may be taken for each other."""


def pair_notes(registration: Registration, softness: Softness) -> tuple[QualityNote, ...]:
    """The remarks, the gravest first; empty where nothing stands against it."""
    notes = []
    overlap = _overlap(registration)
    if overlap < LEAST_OVERLAP:
        message = "The two photos share only a small part of the wall: what lies beyond it could not be compared."
        notes.append(QualityNote("small_overlap", message, round(overlap, 3), LEAST_OVERLAP))
    scale = _scale(registration)
    for name, coarser in (("before", 1 / scale), ("after", scale)):
        if coarser < LEAST_SCALE:
            message = f"The {name} photo shows the wall much coarser than the other: it hides fine cracks."
            notes.append(QualityNote(f"{name}_coarser", message, round(coarser, 3), LEAST_SCALE))
    softer = 0.0 if softness.variance is None else float(np.sign(softness.variance) * np.sqrt(abs(softness.variance)))
    for name, blur in (("before", -softer * scale), ("after", softer)):
        if blur > MOST_SOFTER_PX:
            message = f"The {name} photo is much softer than the other: it hides fine cracks."
            notes.append(QualityNote(f"{name}_softer", message, round(blur, 2), MOST_SOFTER_PX))
    if registration.error_px > MOST_ERROR_PX:
        message = "The photos could be laid on each other only roughly: the wall may not be flat."
        notes.append(QualityNote("rough_registration", message, round(registration.error_px, 2), MOST_ERROR_PX))
    return tuple(notes)


def _overlap(registration: Registration) -> float:
    """Share of either photo that both show, whichever is larger."""
    width, height = registration.before_size
    shown = registration.overlap * width * height * _scale(registration) ** 2
    return max(registration.overlap, min(1.0, shown / (registration.after_size[0] * registration.after_size[1])))


def _scale(registration: Registration) -> float:
    """After pixels per before pixel in the middle of what both show."""
    outline = registration.overlap_outline
    middle = outline.mean(axis=0, keepdims=True) if len(outline) else np.array([registration.before_size]) / 2
    return float(registration.scale_at(middle)[0])
