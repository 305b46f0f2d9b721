"""The sealed report of a video of a face, for `sightline gaze --report`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.errors import BadInputError, NotReadyError

if TYPE_CHECKING:
    from sightline.documents.language import Language
    from sightline.evidence.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Reporting:
    """How reports are to be made.

    Attributes:
        language: of the report.
        signer: signs it.
        settings: what the analysis was asked to do, JSON-ready.
    """

    language: Language
    signer: SigningKey
    settings: Mapping[str, Any]


def reporting(language: Language, settings: Mapping[str, Any]) -> Reporting:
    """Find the key before any video is looked at.

    Raises:
        BadInputError: SIGHTLINE_SIGNING_KEY holds none.
        NotReadyError: there is none, or the data folder's cannot be made.
    """
    from sightline.service.signing import Signer
    from sightline.settings import get_settings

    signer = Signer(get_settings()).key
    if signer is None:
        raise NotReadyError("There is no key to sign with: set SIGHTLINE_SIGNING_KEY.")
    return Reporting(language, signer, settings)


def report_files(
    video: Path, document: Mapping[str, Any], asked: Reporting, figure_png: bytes | None
) -> dict[str, tuple[str, bytes]]:
    """The report in its formats: by what they are, the end of the file's name and its content.

    Raises:
        BadInputError: the video cannot be read again.
    """
    from sightline.service.gaze_reports import FORMATS, VideoFacts, make_gaze_report

    try:
        with video.open("rb") as file:
            sha256, size_bytes = file_digest(file, "sha256").hexdigest(), file.tell()
    except OSError as error:
        raise BadInputError(f"the video {video} cannot be read: {error.strerror}") from error
    facts = VideoFacts(video.name, sha256, size_bytes, datetime.now(UTC), asked.settings)
    return {
        f"report_{name}": (
            f".report.{name}",
            make_gaze_report(
                document, facts, name, language=asked.language, signer=asked.signer, figure_png=figure_png
            ),
        )
        for name in FORMATS
    }
