"""The cracks of an inspection as a table for a spreadsheet: a line for each, the names of columns in English."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from sightline.service.inspection_records import StoredPhoto

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells spreadsheets that it is UTF-8: without it they show Korean file names as nonsense."""

_MEASURED = (
    "confidence", "severity", "length_px", "mean_width_px", "max_width_px", "profile_mean_width_px",
    "profile_max_width_px", "profile_width_uncertainty_px", "length_mm", "length_uncertainty_mm", "mean_width_mm",
    "max_width_mm", "width_uncertainty_mm", "orientation_deg", "branch_count", "area_px",
)  # fmt: skip

_FORMULA_SIGNS = (
    "=", "+", "-", "@",
    "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip
"""What a formula begins with; in the wide letters of Korean keyboards, too. Control characters no name has."""

_BOX = ("x", "y", "width", "height")

COLUMNS = (
    "photo", "stage", "file", "taken_at", "received_at", "photo_width_px", "photo_height_px", "crack", *_MEASURED,
    *(f"box_{side}_px" for side in _BOX),
)  # fmt: skip


def findings_csv(photos: Sequence[StoredPhoto]) -> str:
    """The table, its lines in the photos' order; a photo without a crack has one line that says so by its gaps."""
    file = StringIO()
    file.write(_BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number, photo in enumerate(photos, 1):
        about = [
            number,
            photo.stage,
            _harmless(photo.name),
            photo.taken_at.isoformat() if photo.taken_at else "",
            photo.received_at.isoformat(),
            photo.findings["width_px"],
            photo.findings["height_px"],
        ]
        cracks = photo.findings["instances"]
        for place, crack in enumerate(cracks, 1):
            writer.writerow([*about, place, *_measures(crack)])
        if not cracks:
            writer.writerow([*about, *[""] * (len(COLUMNS) - len(about))])
    return file.getvalue()


def _measures(crack: Mapping[str, Any]) -> list[Any]:
    values = [crack.get(name) for name in _MEASURED] + [crack["box"][side] for side in _BOX]
    return ["" if value is None else value for value in values]


def _harmless(name: str) -> str:
    """A file's name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA_SIGNS) else name
