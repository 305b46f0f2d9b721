"""The report of a video of a face as PDF or page, sealed: for a job of the service as for a file on a disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import sightline
from sightline.errors import NotFoundError
from sightline.service.gaze_results import ARTIFACTS
from sightline.service.video_jobs import VideoJobs, video_key_of
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.documents.language import Language
    from sightline.evidence.keys import SigningKey
    from sightline.evidence.manifest import Manifest
    from sightline.service.signing import Signer

Format = Literal["pdf", "html"]
FORMATS: Final[Mapping[Format, str]] = {"pdf": "application/pdf", "html": "text/html"}
"""The content type of each. What was measured is there as JSON already."""

KIND: Final = "gaze-recording"
"""The kind of the reports' manifests."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known about a video beside what is seen in it.

    Attributes:
        name: of its file, as its sender called it; empty where nobody said.
        sha256: of the file, in hex.
        size_bytes: of the file.
        received_at: when the service had it, or its file was read; with a time zone.
        settings: what the analysis was asked to do, JSON-ready.
        analysis_id: names it in the service; None where it was read from a disk.
    """

    name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    settings: Mapping[str, Any]
    analysis_id: str | None = None


def make_gaze_report(
    report: Mapping[str, Any],
    facts: VideoFacts,
    report_format: Format,
    *,
    language: Language,
    signer: SigningKey | None,
    figure_png: bytes | None = None,
) -> bytes:
    """Make a report in one format.

    Args:
        report: `GazeReport.to_dict()`.
        facts: about the video.
        report_format: of the file.
        language: of the PDF and the page.
        signer: signs it; without it the report is sealed without a signature and says so.
        figure_png: lid opening and gaze over time, if it was drawn.
    """
    from sightline.documents.html import document_html
    from sightline.documents.pdf import document_pdf
    from sightline.evidence.seal import seal
    from sightline.gaze.document import Recording, gaze_document

    recording = Recording(
        report=report,
        name=facts.name,
        sha256=facts.sha256,
        size_bytes=facts.size_bytes,
        created_at=datetime.now(UTC),
        service_version=sightline.__version__,
        analysis_id=facts.analysis_id,
        received_at=facts.received_at if facts.analysis_id else None,
        figure_png=figure_png,
        key_fingerprint=signer.fingerprint if signer else None,
    )
    with timed("report"):
        document = gaze_document(recording, language)
        made = document_pdf(document) if report_format == "pdf" else document_html(document)
    with timed("seal"):
        return seal(made, report_format, _manifest(report, facts, recording.created_at), signer)


class GazeReports:
    """Makes the reports of finished jobs.

    Args:
        jobs: knows them and their files.
        signer: finds the key.
    """

    def __init__(self, jobs: VideoJobs, signer: Signer) -> None:
        self._jobs = jobs
        self._signer = signer

    def make(self, job_id: str, report_format: Format, language: Language) -> bytes:
        """The report of a job.

        Raises:
            NotFoundError: there is no such job, it is not done, or its video is gone.
            NotReadyError: the key to sign with cannot be read or made, or the video was changed since.
        """
        report = json.loads(self._jobs.artifact(job_id, ARTIFACTS["report"]))
        job = self._jobs.get(job_id)
        video = self._jobs.video_of(job)
        facts = VideoFacts(
            name=video_key_of(job).rpartition("/")[2],
            sha256=video.sha256,
            size_bytes=video.size_bytes,
            received_at=job.created_at,
            settings={name: job.payload[name] for name in ("parameters", "protocol")},
            analysis_id=job.id,
        )
        return make_gaze_report(
            report, facts, report_format, language=language, signer=self._signer.key, figure_png=self._figure(job_id)
        )

    def _figure(self, job_id: str) -> bytes | None:
        try:
            return self._jobs.artifact(job_id, ARTIFACTS["figure_png"])
        except NotFoundError:  # a worker without the libraries for it
            return None


def _manifest(report: Mapping[str, Any], facts: VideoFacts, created_at: datetime) -> Manifest:
    from sightline.evidence.manifest import Manifest, Model
    from sightline.evidence.originals import Original

    meta, model = report["summary"]["video_meta"], report["model"]
    original = Original(
        name=facts.name,
        role="video",
        sha256=facts.sha256,
        size_bytes=facts.size_bytes,
        media_type="video",
        received_at=facts.received_at,
        width=meta["width_px"],
        height=meta["height_px"],
    )
    return Manifest(
        kind=KIND,
        created_at=created_at,
        service_version=sightline.__version__,
        originals=(original,),
        model=Model(model["name"], model["version"], model["sha256"]),
        settings=facts.settings,
        results=report,
        subject=facts.analysis_id,
    )
