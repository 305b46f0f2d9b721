"""The handler of the gaze function. Importing it loads the model and opens the storage, as Lambda's init does."""

from __future__ import annotations

from typing import Any

from sightline.aws.gaze_door import GazeDoor
from sightline.aws.gaze_function import Loading

_door = GazeDoor(Loading())


def lambda_handler(event: object, context: object) -> dict[str, Any]:
    """Carry out what an event asks for; see `sightline.aws.gaze_door`."""
    return _door.answer(event, context)
