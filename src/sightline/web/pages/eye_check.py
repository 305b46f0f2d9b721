"""A look at one picture of the camera before a recording: is there a face, is it near enough? Nothing of it is kept."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from sightline.errors import BadInputError, TooLargeError
from sightline.web.gaze_door import UsesGaze
from sightline.web.upload import limited_body, unless_disconnected

_MAX_BYTES: Final = 4_000_000
"""A frame of 1080p as a JPEG has a tenth of it."""

router = APIRouter()


@router.post("/eyes/check")
async def check_picture(request: Request, door: UsesGaze) -> Response:
    """Answers `{"face": false}`, or what speaks for and against a recording with this view.

    Unlike the action `analyze_image`, it stores no record: whoever only looks whether the light is good has not sent
    anything yet.

    Raises:
        BadInputError: the body is no picture.
        TooLargeError: it is too large for one.
        BusyError: too many others wait for work.
    """
    refusal = TooLargeError(f"The picture has more than {_MAX_BYTES} bytes.")
    with door.gate.enter():
        picture = await Request(request.scope, limited_body(request, _MAX_BYTES, refusal)).body()
        if not picture:
            raise BadInputError("No picture: the body is empty.")
        look = partial(door.gaze.eye_tracking.analyse_picture, picture)
        seen = await unless_disconnected(request, door.gate.run(look))
    return JSONResponse(_told(seen), headers={"Cache-Control": "no-store"})


def _told(seen: dict[str, Any]) -> dict[str, Any]:
    if not seen.get("detected"):
        return {"face": False}
    irises = [seen[side].get("iris_diameter_px") for side in ("left", "right")]
    return {
        "face": True,
        "faces": seen.get("face_count", 1),
        "iris_px": min((iris for iris in irises if iris is not None), default=None),
        "gate": seen.get("gate"),
    }
