"""What a client asks for when it sends a face: checked once, for every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sightline.errors import BadInputError
from sightline.gaze.options import GazeOptions
from sightline.storage.blobs import check_key

ANONYMOUS = "anonymous"
"""The user whom files are kept under where a request names none."""

_OPTION_NAMES = tuple(field.name for field in fields(GazeOptions))
_MAX_USER_ID = 128  # an e-mail address, a UUID or an identity pool's id; room is left in a key for the rest


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a video is to be analysed.

    Attributes:
        options: the contract's parameters.
        protocol: what the participant was asked to look at, as it was sent; checked.
    """

    options: GazeOptions
    protocol: tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON can say it; `parse_wanted` takes it back."""
        return {"parameters": asdict(self.options), "protocol": [dict(target) for target in self.protocol]}


def parse_wanted(parameters: object = None, protocol: object = None) -> Wanted:
    """Check parameters and protocol as they come from JSON; what is missing or null has its default.

    Raises:
        BadInputError: something is unknown, of the wrong type or out of its range; the message names it.
    """
    from sightline.gaze.screening.protocol import parse_protocol  # brings NumPy: the service starts without it

    parse_protocol(protocol)
    targets = tuple(protocol) if isinstance(protocol, list) else ()
    if parameters is None:
        return Wanted(GazeOptions(), targets)
    if not isinstance(parameters, Mapping):
        raise BadInputError(f"parameters should be an object, not {_kind(parameters)}.")
    if unknown := [str(name)[:40] for name in parameters if name not in _OPTION_NAMES]:
        raise BadInputError(f"parameters has the unknown {unknown[0]!r}; known are {', '.join(_OPTION_NAMES)}.")
    given = {name: _whole(name, value) for name, value in parameters.items() if value is not None}
    return Wanted(GazeOptions(**given), targets)


def check_user_id(value: object) -> str:
    """The user whose prefix (`users/{user_id}/`) files are kept under.

    Raises:
        BadInputError: it could not be a part of a storage key.
    """
    if value is None or value == "":
        return ANONYMOUS
    if not isinstance(value, str):
        raise BadInputError(f"user_id should be a text, not {_kind(value)}.")
    if len(value) > _MAX_USER_ID or "/" in value or not _is_key(value):
        raise BadInputError(
            f"user_id is {value[:40]!r}: it should have 1 to {_MAX_USER_ID} ASCII letters, digits and ._@=+-, "
            "the first of them a letter, a digit or _."
        )
    return value


def _is_key(value: str) -> bool:
    try:
        check_key(value)
    except BadInputError:
        return False
    return True


def _whole(name: str, value: object) -> Any:
    """`2.0`, as some languages write the whole number 2, where a whole number is wanted."""
    wants_int = isinstance(getattr(GazeOptions(), name), int)
    return int(value) if wants_int and isinstance(value, float) and value.is_integer() else value


def _kind(value: object) -> str:
    """What JSON calls the type of a value."""
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return names.get(type(value), "null" if value is None else "an object")
