"""The use case for a single picture of a face. The picture is not kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

PictureAnalysis: TypeAlias = Callable[[bytes], dict[str, Any]]
"""From the bytes of a picture file to the contract's `result`."""


def analyse_picture(picture: bytes) -> dict[str, Any]:
    """The packaged model's view of a picture.

    Unlike a video's, a picture's analysis runs in this process: pictures are decoded by the libraries that decode the
    photos of walls here too, and a process of its own would take several times as long as the analysis.

    Raises:
        BadInputError: the bytes are no picture that can be read.
        TooLargeError: it is over a limit of the settings.
        NotReadyError: the model cannot be loaded.
    """
    from sightline.gaze import analyze_image

    return analyze_image(picture).to_dict()
