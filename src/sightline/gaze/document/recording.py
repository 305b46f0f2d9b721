"""What a gaze report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A video with what was found in it.

    Attributes:
        report: `GazeReport.to_dict()`, as it is stored.
        name: of the video's file, as its sender called it; may be empty.
        sha256, size_bytes: of the file as it was received.
        created_at: when this document is made; with a time zone.
        service_version: of Sightline.
        analysis_id: names the analysis in the service; None where nothing was stored.
        received_at: when the service had the video; None where nobody received it (a file on the user's own disk).
        figure_png: lid opening and gaze over time; None where none was drawn.
        key_fingerprint: of the key that the document will be signed with; None where it will not be.
    """

    report: Mapping[str, Any]
    name: str
    sha256: str
    size_bytes: int
    created_at: datetime
    service_version: str
    analysis_id: str | None = None
    received_at: datetime | None = None
    figure_png: bytes | None = None
    key_fingerprint: str | None = None

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError("created_at needs a time zone")
