"""The contract's JSON actions, whichever way they come in: HTTP, or an event of a function in a cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final, Literal

from sightline.errors import BadInputError
from sightline.service.base64_file import decode_file
from sightline.service.gaze_request import ANONYMOUS, Wanted, check_user_id, parse_wanted
from sightline.service.gaze_results import ARTIFACTS
from sightline.service.pictures import PictureAnalysis
from sightline.service.video_analysis import never_interrupted
from sightline.service.videos import Place, VideoService

_ENDINGS: Final[Mapping[str, Literal["picture", "video"]]] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif"), "picture"),
    **dict.fromkeys((".mp4", ".m4v", ".mov", ".3gp", ".webm", ".mkv", ".avi", ".gif"), "video"),
}
_MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class EyeTracking:
    """What the actions work with.

    Attributes:
        videos: analyses videos and keeps them.
        analyse_picture: looks at a picture.
        max_bytes: the largest file that may travel in a request, and the largest picture.
    """

    videos: VideoService
    analyse_picture: PictureAnalysis
    max_bytes: int

    def handle(self, request: object, *, check: Callable[[], None] = never_interrupted) -> dict[str, Any]:
        """Carry out one request of the contract.

        Args:
            request: the JSON of the request: `action` and what it needs.
            check: called often; what it raises ends the work.

        Returns:
            the answer, as JSON can say it.

        Raises:
            BadInputError: the request is not as the contract has it, or its file cannot be read.
            NotFoundError: nothing is stored under `s3_key`.
            TooLargeError: the file is over a limit.
        """
        if not isinstance(request, Mapping):
            raise BadInputError("The request should be a JSON object with an 'action'.")
        action = request.get("action")
        if not isinstance(action, str) or action not in _ACTIONS:
            said = "is missing" if action is None else f"is {str(action)[:40]!r}"
            raise BadInputError(f"action {said}: it should be one of {', '.join(_ACTIONS)}.")
        return _ACTIONS[action](self, request, check)


def _analyze_image(service: EyeTracking, request: Mapping[str, Any], _check: Callable[[], None]) -> dict[str, Any]:
    user_id = check_user_id(request.get("user_id"))
    _file_name(request)
    picture = decode_file(request.get("file_data"), field="file_data", max_bytes=service.max_bytes)
    return _picture_answer(service, picture, user_id)


def _analyze_video(service: EyeTracking, request: Mapping[str, Any], check: Callable[[], None]) -> dict[str, Any]:
    user_id = check_user_id(request.get("user_id"))
    _file_name(request)
    wanted = parse_wanted(request.get("parameters"), request.get("protocol"))
    video = decode_file(request.get("file_data"), field="file_data", max_bytes=service.max_bytes)
    place = Place.new(user_id)
    try:
        service.videos.keep(place, BytesIO(video))
        return _video_answer(service, place, place.video_key, wanted, check)
    except BaseException:
        service.videos.delete(place)  # nobody learnt its name
        raise


def _process_s3_file(service: EyeTracking, request: Mapping[str, Any], check: Callable[[], None]) -> dict[str, Any]:
    key, user_id = _key_of_user(request)
    name = _file_name(request)
    kind = _kind_of(name, "file_name") if name else _kind_of(key, "s3_key")
    wanted = parse_wanted(request.get("parameters"), request.get("protocol"))
    if kind == "picture":
        return _picture_answer(service, service.videos.read(key, service.max_bytes), user_id)
    place = Place.new(user_id)
    try:
        return _video_answer(service, place, key, wanted, check)
    except BaseException:
        service.videos.delete(place)
        raise


_ACTIONS: Final[Mapping[str, Callable[[EyeTracking, Mapping[str, Any], Callable[[], None]], dict[str, Any]]]] = {
    "analyze_image": _analyze_image,
    "analyze_video": _analyze_video,
    "process_s3_file": _process_s3_file,
}
ACTIONS: Final = tuple(_ACTIONS)


def _picture_answer(service: EyeTracking, picture: bytes, user_id: str) -> dict[str, Any]:
    """Look at a picture. What is kept is a record without the landmarks: they would say whose face it is."""
    place = Place.new(user_id)
    result = service.analyse_picture(picture)
    service.videos.record(place, {name: value for name, value in result.items() if name != "landmarks"})
    return {"analysis_id": place.analysis_id, "result": result, "status": "success"}


def _video_answer(
    service: EyeTracking, place: Place, video_key: str, wanted: Wanted, check: Callable[[], None]
) -> dict[str, Any]:
    document = service.videos.analyse(place, video_key, wanted, check=check)
    return {
        "analysis_id": place.analysis_id,
        "summary": document["summary"],
        "screening": document.get("screening"),
        "video_path": service.videos.address(video_key),
        "csv_path": service.videos.address(place.key(ARTIFACTS["csv"].name)),
        "status": "success",
    }


def _key_of_user(request: Mapping[str, Any]) -> tuple[str, str]:
    """`s3_key` and the user whose it is; where no user is named, the key names one.

    Raises:
        BadInputError: the key is missing, or it lies outside `users/{user_id}/`.
    """
    key = request.get("s3_key")
    if not isinstance(key, str) or not key:
        raise BadInputError("s3_key is missing: name the file in the store, as 'users/{user_id}/...'.")
    parts = key.split("/")
    named = request.get("user_id") or (parts[1] if parts[0] == "users" and len(parts) > 2 else ANONYMOUS)
    user_id = check_user_id(named)
    if parts[:2] != ["users", user_id] or len(parts) < 3:
        raise BadInputError(f"s3_key is {key[:80]!r}: it should start with 'users/{user_id}/'.")
    return key, user_id


def _file_name(request: Mapping[str, Any]) -> str:
    """`file_name`, or nothing. Only its ending is ever used: it becomes part of no key and no path."""
    name = request.get("file_name")
    if name is None:
        return ""
    if not isinstance(name, str) or len(name) > _MAX_NAME:
        raise BadInputError(f"file_name should be a text of at most {_MAX_NAME} characters.")
    return name


def _kind_of(name: str, field: str) -> Literal["picture", "video"]:
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _ENDINGS:
        raise BadInputError(f"{field} ends in {ending[:20]!r}: it should end in one of {', '.join(_ENDINGS)}.")
    return _ENDINGS[ending]
