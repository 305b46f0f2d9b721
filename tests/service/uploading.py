"""What tests of uploads ask the service for."""

from __future__ import annotations

from typing import Any

from sightline.service.gaze_setup import GazeService
from sightline.storage.local import LocalBlobStore
from tests.jobs.handlers import until
from tests.service.faces import VIDEO

Answer = dict[str, Any]


def ask(gaze: GazeService, action: str, **fields: Any) -> Answer:
    return gaze.eye_tracking.handle({"action": action, "user_id": "u1"} | fields)


def announced(gaze: GazeService, **fields: Any) -> Answer:
    return ask(gaze, "create_upload", **({"size_bytes": len(VIDEO)} | fields))


def arrived(gaze: GazeService, blobs: LocalBlobStore, **fields: Any) -> str:
    """The id of an upload whose video is there."""
    answer = announced(gaze, **fields)
    blobs.put(answer["s3_key"], VIDEO, "video/mp4")
    analysis_id: str = answer["analysis_id"]
    return analysis_id


def ended(gaze: GazeService, analysis_id: str, **fields: Any) -> Answer:
    def status() -> Answer:
        return ask(gaze, "get_status", analysis_id=analysis_id, **fields)

    until(lambda: status()["state"] in ("done", "failed"))
    return status()
