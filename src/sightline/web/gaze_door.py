"""What the routes for faces share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from sightline.service.gate import Places, WorkGate
from sightline.service.gaze_reports import GazeReports
from sightline.service.gaze_setup import GazeService
from sightline.service.retention import Retention
from sightline.service.signing import Signer
from sightline.settings import Settings

# Two, so that a picture does not wait for somebody's video; the videos analysed at once in answer to a request are
# short, and each keeps all cores busy.
_SYNC_WORKERS = 2
_SYNC_QUEUE_LIMIT = 8
_UPLOADS = 8  # each may fill the disk with a temporary file as large as the limit, beside the stored one
_RETRY_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class GazeDoor:
    """The service for faces and its limits: none of them is a photo's, so neither waits for the other."""

    settings: Settings
    gaze: GazeService
    gate: WorkGate
    uploads: Places
    reports: GazeReports
    retention: Retention

    @classmethod
    def around(cls, gaze: GazeService, settings: Settings) -> GazeDoor:
        """A door to an open service."""
        return cls(
            settings=settings,
            gaze=gaze,
            gate=WorkGate(workers=_SYNC_WORKERS, queue_limit=_SYNC_QUEUE_LIMIT),
            uploads=Places(_UPLOADS, retry_after_s=_RETRY_AFTER_S),
            reports=GazeReports(gaze.jobs, Signer(settings)),
            retention=Retention.of(settings),
        )

    def close(self) -> None:
        """Wait for what a client waits for, and interrupt the jobs: they begin again at the next start."""
        self.gaze.jobs.stop()
        self.gate.close()

    def base_url(self, request: Request) -> str:
        """What addresses in answers begin with, without a slash at its end."""
        return (self.settings.public_url or str(request.base_url)).rstrip("/")


def _door(request: Request) -> GazeDoor:
    door: GazeDoor = request.app.state.gaze
    return door


UsesGaze = Annotated[GazeDoor, Depends(_door)]
