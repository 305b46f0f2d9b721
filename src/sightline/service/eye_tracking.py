"""The contract's JSON actions, whichever way they come in: HTTP, or an event of a function in a cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from sightline.errors import BadInputError
from sightline.service.base64_file import decode_file
from sightline.service.gaze_request import Wanted, check_user_id, parse_wanted
from sightline.service.pictures import PictureAnalysis
from sightline.service.request_fields import (
    analysis_id_of,
    content_type_of,
    file_name_of,
    key_of_user,
    kind_of_file,
    size_of,
)
from sightline.service.standing import Standing, video_answer
from sightline.service.uploads import Uploads
from sightline.service.video_analysis import never_interrupted
from sightline.service.videos import Place, VideoService
from sightline.telemetry import timed

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class EyeTracking:
    """What the actions work with.

    Attributes:
        videos: analyses videos and keeps them.
        analyse_picture: looks at a picture.
        max_bytes: the largest file that may travel in a request, and the largest picture.
        uploads: takes what no request could carry, as jobs.
        standing: knows how every analysis stands.
    """

    videos: VideoService
    analyse_picture: PictureAnalysis
    max_bytes: int
    uploads: Uploads
    standing: Standing

    def handle(self, request: object, *, check: Check = never_interrupted) -> dict[str, Any]:
        """Carry out one request of the contract.

        Args:
            request: the JSON of the request: `action` and what it needs.
            check: called often; what it raises ends the work.

        Returns:
            the answer, as JSON can say it. Addresses in it may begin with a slash: those are of the service itself.

        Raises:
            BadInputError: the request is not as the contract has it, or its file cannot be read.
            NotFoundError: there is no such file or analysis of this user.
            NotUploadedError: an upload that is submitted has not arrived.
            TooLargeError: the file is over a limit.
            BusyError: too many videos wait already.
        """
        request = _checked(request)
        return _ACTIONS[request["action"]](self, request, check)


def _checked(request: object) -> Mapping[str, Any]:
    if not isinstance(request, Mapping):
        raise BadInputError("The request should be a JSON object with an 'action'.")
    action = request.get("action")
    if not isinstance(action, str) or action not in _ACTIONS:
        said = "is missing" if action is None else f"is {str(action)[:40]!r}"
        raise BadInputError(f"action {said}: it should be one of {', '.join(_ACTIONS)}.")
    return request


def _analyze_image(service: EyeTracking, request: Mapping[str, Any], _check: Check) -> dict[str, Any]:
    user_id = check_user_id(request.get("user_id"))
    file_name_of(request)
    picture = decode_file(request.get("file_data"), field="file_data", max_bytes=service.max_bytes)
    return _picture_answer(service, picture, user_id)


def _analyze_video(service: EyeTracking, request: Mapping[str, Any], check: Check) -> dict[str, Any]:
    user_id = check_user_id(request.get("user_id"))
    file_name_of(request)
    wanted = parse_wanted(request.get("parameters"), request.get("protocol"))
    video = decode_file(request.get("file_data"), field="file_data", max_bytes=service.max_bytes)
    place = Place.new(user_id)
    try:
        service.videos.keep(place, BytesIO(video))
        return _video_answer(service, place, place.video_key, wanted, check)
    except BaseException:
        service.videos.discard(place)  # nobody learnt its name
        raise


def _process_s3_file(service: EyeTracking, request: Mapping[str, Any], check: Check) -> dict[str, Any]:
    key, user_id = key_of_user(request)
    kind = kind_of_file(request)
    wanted = parse_wanted(request.get("parameters"), request.get("protocol"))
    if kind == "picture":
        return _picture_answer(service, service.videos.read(key, service.max_bytes), user_id)
    place = Place.new(user_id)
    try:
        return _video_answer(service, place, key, wanted, check)
    except BaseException:
        service.videos.discard(place)
        raise


def _create_upload(service: EyeTracking, request: Mapping[str, Any], _check: Check) -> dict[str, Any]:
    user_id = check_user_id(request.get("user_id"))
    wanted = parse_wanted(request.get("parameters"), request.get("protocol"))
    content_type = content_type_of(request)
    size_bytes = size_of(request, service.videos.max_bytes)
    place, put = service.uploads.announce(user_id, wanted, size_bytes=size_bytes, content_type=content_type)
    return {
        "analysis_id": place.analysis_id,
        "upload": {
            "method": "PUT",
            "url": put.url,
            "headers": dict(put.headers),
            "expires_at": put.expires_at.isoformat(),
        },
        "s3_key": place.video_key,
        "status": "awaiting_upload",
    }


def _submit(service: EyeTracking, request: Mapping[str, Any], _check: Check) -> dict[str, Any]:
    names_wishes = any(request.get(name) is not None for name in ("parameters", "protocol"))
    wanted = parse_wanted(request.get("parameters"), request.get("protocol")) if names_wishes else None
    place = _upload_named(service, request, wanted)
    if place is not None:
        job = service.uploads.submit(place, wanted)
    else:
        job = service.uploads.submit_stored(*key_of_user(request), wanted or parse_wanted())
    return {"analysis_id": job.id, "job_id": job.id, "state": job.state, "status": "accepted"}


def _upload_named(service: EyeTracking, request: Mapping[str, Any], wanted: Wanted | None) -> Place | None:
    """The place of the upload that a request names by its id or its key; None where it names another stored video.

    The key of an upload with other wishes than those it was announced with is one more analysis of the same video.
    """
    if request.get("analysis_id") is None:
        if request.get("s3_key") is None:
            raise BadInputError("analysis_id is missing: send it, or the s3_key of a video that is stored already.")
        upload = service.uploads.find_key(key_of_user(request)[0])
        return upload.place if upload and wanted in (None, upload.wanted) else None
    place = _place_named(request)
    if request.get("s3_key") not in (None, place.video_key):
        raise BadInputError("analysis_id and s3_key name two videos: send the one or the other.")
    return place


def _get_status(service: EyeTracking, request: Mapping[str, Any], _check: Check) -> dict[str, Any]:
    return service.standing.of(_place_named(request))


def _delete_analysis(service: EyeTracking, request: Mapping[str, Any], _check: Check) -> dict[str, Any]:
    place = _place_named(request)
    service.standing.delete(place)
    return {"analysis_id": place.analysis_id, "status": "deleted"}


_ACTIONS: Final[Mapping[str, Callable[[EyeTracking, Mapping[str, Any], Check], dict[str, Any]]]] = {
    "analyze_image": _analyze_image,
    "analyze_video": _analyze_video,
    "process_s3_file": _process_s3_file,
    "create_upload": _create_upload,
    "submit": _submit,
    "get_status": _get_status,
    "delete_analysis": _delete_analysis,
}
ACTIONS: Final = tuple(_ACTIONS)
_QUICK: Final = frozenset({"create_upload", "submit", "get_status", "delete_analysis"})


def is_quick(request: object) -> bool:
    """Whether a request asks for nothing that keeps a processor busy."""
    return isinstance(request, Mapping) and request.get("action") in _QUICK


def _place_named(request: Mapping[str, Any]) -> Place:
    return Place(check_user_id(request.get("user_id")), analysis_id_of(request))


def _picture_answer(service: EyeTracking, picture: bytes, user_id: str) -> dict[str, Any]:
    """Look at a picture. What is kept is a record without the landmarks: they would say whose face it is."""
    place = Place.new(user_id)
    with timed("analyse"):
        result = service.analyse_picture(picture)
    with timed("store"):
        service.videos.record(place, {name: value for name, value in result.items() if name != "landmarks"})
    return {"analysis_id": place.analysis_id, "result": result, "status": "success"}


def _video_answer(service: EyeTracking, place: Place, video_key: str, wanted: Wanted, check: Check) -> dict[str, Any]:
    document = service.videos.analyse(place, video_key, wanted, check=check).report
    return video_answer(service.videos, place, video_key, document)
