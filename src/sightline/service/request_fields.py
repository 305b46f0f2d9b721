"""The fields that several actions of the contract share: checked once, for every door."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final, Literal
from uuid import UUID

from sightline.errors import BadInputError, NotFoundError, TooLargeError
from sightline.service.gaze_request import ANONYMOUS, check_user_id
from sightline.storage.blobs import check_key

_PICTURES: Final = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif")
VIDEO_TYPES: Final[Mapping[str, str]] = {
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".3gp": "video/3gpp",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".gif": "image/gif",
}
"""What a video may be called, and the content type that goes with it."""

_MAX_NAME = 255


def analysis_id_of(request: Mapping[str, Any]) -> str:
    """`analysis_id`, in the form that this service hands out: nothing else comes near the storage.

    Raises:
        BadInputError: it is missing.
        NotFoundError: no analysis can have this id.
    """
    value = request.get("analysis_id")
    if not isinstance(value, str) or not value:
        raise BadInputError("analysis_id is missing: it is in the answer of the action that began the analysis.")
    if not is_id(value):
        raise no_such_analysis()
    return value


def is_id(value: str) -> bool:
    """Whether it is an id as this service hands them out."""
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def no_such_analysis() -> NotFoundError:
    """The same words for an id that nobody has and for one of somebody else."""
    return NotFoundError("There is no analysis with this analysis_id for this user_id.")


def key_of_user(request: Mapping[str, Any]) -> tuple[str, str]:
    """`s3_key` and the user whose it is; where no user is named, the key names one.

    Raises:
        BadInputError: the key is missing, no key, or it lies outside `users/{user_id}/`.
    """
    key = request.get("s3_key")
    if not isinstance(key, str) or not key:
        raise BadInputError("s3_key is missing: name the file in the store, as 'users/{user_id}/...'.")
    parts = key.split("/")
    named = request.get("user_id") or (parts[1] if parts[0] == "users" and len(parts) > 2 else ANONYMOUS)
    user_id = check_user_id(named)
    if parts[:2] != ["users", user_id] or len(parts) < 3:
        raise BadInputError(f"s3_key is {key[:80]!r}: it should start with 'users/{user_id}/'.")
    try:
        return check_key(key), user_id
    except BadInputError as error:
        raise BadInputError(f"s3_key: {error.message}") from None


def file_name_of(request: Mapping[str, Any]) -> str:
    """`file_name`, or nothing. Only its ending is ever used: it becomes part of no key and no path.

    Raises:
        BadInputError: it is no text, or too long.
    """
    name = request.get("file_name")
    if name is None:
        return ""
    if not isinstance(name, str) or len(name) > _MAX_NAME:
        raise BadInputError(f"file_name should be a text of at most {_MAX_NAME} characters.")
    return name


def kind_of_file(request: Mapping[str, Any]) -> Literal["picture", "video"]:
    """What the ending of `file_name`, or else of `s3_key`, says.

    Raises:
        BadInputError: it says nothing.
    """
    name = file_name_of(request)
    field, ending = ("file_name", _ending(name)) if name else ("s3_key", _ending(request["s3_key"]))
    if ending in _PICTURES:
        return "picture"
    if ending not in VIDEO_TYPES:
        raise _bad_ending(field, ending, (*_PICTURES, *VIDEO_TYPES))
    return "video"


def content_type_of(request: Mapping[str, Any]) -> str:
    """`content_type` of a video, or what the ending of `file_name` says, or MP4.

    Raises:
        BadInputError: it is no type of a video, or the ending is none of one.
    """
    name, content_type = file_name_of(request), request.get("content_type")
    if name and _ending(name) not in VIDEO_TYPES:
        raise _bad_ending("file_name", _ending(name), tuple(VIDEO_TYPES))
    if content_type is None:
        return VIDEO_TYPES[_ending(name)] if name else VIDEO_TYPES[".mp4"]
    if content_type not in VIDEO_TYPES.values():
        known = ", ".join(VIDEO_TYPES.values())
        raise BadInputError(f"content_type is {str(content_type)[:40]!r}: it should be one of {known}.")
    return str(content_type)


def size_of(request: Mapping[str, Any], max_bytes: int) -> int:
    """`size_bytes` of a file that is announced.

    Raises:
        BadInputError: it is missing or no whole number over 0.
        TooLargeError: it is over the limit.
    """
    size = request.get("size_bytes")
    if isinstance(size, float) and size.is_integer():  # 1000.0, as some languages write the whole number
        size = int(size)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        said = "is missing" if size is None else f"is {repr(size)[:40]}"
        raise BadInputError(f"size_bytes {said}: it should be the file's length in bytes, a whole number from 1.")
    if size > max_bytes:
        raise TooLargeError(f"size_bytes is {size}: at most {max_bytes} bytes are accepted.")
    return size


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _bad_ending(field: str, ending: str, known: tuple[str, ...]) -> BadInputError:
    return BadInputError(f"{field} ends in {ending[:20]!r}: it should end in one of {', '.join(known)}.")
