"""One picture of a face."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from sightline.errors import BadInputError
from sightline.gaze import analyze_image


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def test_a_portrait() -> None:
    result = analyze_image(_png(skimage.data.astronaut())).to_dict()  # type: ignore[no-untyped-call]
    assert result["detected"]
    assert len(result["landmarks"]) == 478
    assert 0.15 < result["eye_open"] < 0.6
    assert result["blink_prob"] < 0.5
    assert result["left"]["iris_cx"] > result["right"]["iris_cx"], "her left eye is to the right in the picture"
    assert 80 < result["left"]["iris_cy"] < 140
    json.dumps(result, allow_nan=False)


def test_a_picture_without_a_face_says_why() -> None:
    result = analyze_image(_png(np.full((200, 300, 3), 127, np.uint8))).to_dict()
    assert result["detected"] is False
    assert "no face" in result["reason"]


def test_foreign_bytes_are_refused() -> None:
    with pytest.raises(BadInputError):
        analyze_image(b"no picture at all")
