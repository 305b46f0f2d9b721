"""The one call that people use: what gives this photo its scale?"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sightline.crack.scale.find_board import find_board
from sightline.crack.scale.find_card import find_card
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.scale.points import TwoPoints, scale_from_points
from sightline.errors import BadInputError

Reference = Literal["auto", "marker", "card", "none"]


def find_scale(image: NDArray[np.uint8], reference: Reference | TwoPoints = "auto") -> PlaneScale | None:
    """The scale of a photo: how large things are on the plane of a reference in it.

    Args:
        image: RGB (H, W, 3), upright.
        reference: "auto" looks for the printed marker only, for its codes cannot be mistaken: many things on a wall
            have the shape of a card. "marker" and "card" must be found; "none" looks for nothing. Or two points with
            their distance.

    Returns:
        None for "none", and for "auto" where there is no marker.

    Raises:
        BadInputError: the reference that was asked for is not found, two points are not usable, or there is no such
            reference.
    """
    if isinstance(reference, TwoPoints):
        return scale_from_points(reference, (image.shape[1], image.shape[0]))
    if reference == "none":
        return None
    if reference in ("auto", "marker"):
        found = find_board(image)
    elif reference == "card":
        found = find_card(image)
    else:
        raise BadInputError(f"reference must be auto, marker, card or none, not {reference!r}")
    if found is None and reference != "auto":
        raise BadInputError(_MISSING[reference], reason_code=f"{reference}_not_found")
    return found


_MISSING = {
    "marker": "no printed marker was found in the photo: at least two of its codes must be seen whole, sharp and 40 "
    "pixels wide",
    "card": "no card of ISO 7810 size was found in the photo: all of its edges must be seen against a plain wall of "
    "another brightness, and it be about 170 pixels long",
}
"""By reference."""
