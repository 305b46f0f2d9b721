"""Room for a photo in an inspection: its limits hold however many photos arrive at the same moment, and wherever.

Who brings a photo first says so, in a record of its own, and only then looks at what is there and what else is on its
way. Of any that would together pass a limit, the one that said so last sees all the others, so not all of them go on.
This asks of the records only that a list shows what was put before, which SQLite and S3 both do; nothing is locked, and
what a process leaves that ends in between is forgotten after a while.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from sightline.errors import TooLargeError, UnavailableError
from sightline.service.inspection_records import StoredPhoto, arrivals_of
from sightline.service.inspection_store import InspectionStore
from sightline.storage.records import Record

MAX_PHOTOS: Final = 20
"""Of an inspection: one a month for a year and a half. A report shows each on a page."""

MAX_TOTAL_PIXELS: Final = 300_000_000
"""Of all its photos together, 25 of 12 MP: they are decoded at the same time for a report, which takes 0.9 GB."""

PATIENCE_S: Final = 10.0
"""Storing a photo takes a second: by then those on their way have arrived, or failed."""

_PAUSES_S: Final = (0.05, 0.25)
"""Between two looks, by chance, so that two that stepped back for each other do not do so again."""

_FORGOTTEN_AFTER: Final = timedelta(minutes=15)
"""No request lasts longer: it is Lambda's longest."""

_MOST: Final = 1000  # photos on their way to one inspection

FULL: Final = "inspection_full"
"""The `reason_code` where a photo finds no room."""

Pixels = Mapping[str, int]
"""How many a photo has, by its id."""


def check_room(kept: Pixels, photo_id: str, pixels: int) -> None:
    """Return if a photo has room beside others.

    Raises:
        TooLargeError: it has none.
    """
    others = {other: size for other, size in kept.items() if other != photo_id}
    if len(others) >= MAX_PHOTOS:
        message = f"The inspection has {len(others)} photos: at most {MAX_PHOTOS} are accepted."
        raise TooLargeError(message, reason_code=FULL)
    total = sum(others.values()) + pixels
    if total > MAX_TOTAL_PIXELS:
        raise TooLargeError(
            f"The photos of the inspection would have {total} pixels together: at most {MAX_TOTAL_PIXELS} are "
            "accepted.",
            reason_code=FULL,
        )


def pixels_of(photo: StoredPhoto) -> int:
    """How many a kept photo has."""
    pixels: int = photo.findings["width_px"] * photo.findings["height_px"]
    return pixels


class Room:
    """Keeps inspections within their limits. Safe to call from several threads, processes and machines.

    Args:
        store: the inspections.
    """

    def __init__(self, store: InspectionStore) -> None:
        self._store = store
        self._records = store.records

    @contextmanager
    def taken(self, inspection_id: str, photo_id: str, pixels: int) -> Iterator[None]:
        """Hold room for a photo until it is kept.

        Raises:
            TooLargeError: there is none.
            UnavailableError: others are on their way, and whether there is room depends on what becomes of them.
        """
        until_s = time.monotonic() + PATIENCE_S
        while (mine := self._claim(inspection_id, photo_id, pixels)) is None:
            if time.monotonic() > until_s:
                raise UnavailableError(
                    "Other photos are arriving at this inspection at this moment, and not all have room. Send the same "
                    "again in a moment."
                )
            time.sleep(random.uniform(*_PAUSES_S))  # noqa: S311 - no secret
        try:
            yield
        finally:
            self._records.delete(mine.kind, mine.id)

    def _claim(self, inspection_id: str, photo_id: str, pixels: int) -> Record | None:
        """Say that a photo is on its way; None where those that are on theirs may leave no room for it."""
        now = datetime.now(UTC)
        mine = Record(arrivals_of(inspection_id), str(uuid4()), now, {"photo_id": photo_id, "pixels": pixels})
        self._records.put(mine)
        try:
            arriving = self._arriving(mine)
            # Read after the arrivals: who has arrived in between is in both, never in neither.
            kept = {photo.photo_id: pixels_of(photo) for photo in self._store.photos(inspection_id)}
            check_room(kept, photo_id, pixels)
        except BaseException:
            self._records.delete(mine.kind, mine.id)
            raise
        try:
            check_room(arriving | kept, photo_id, pixels)
        except TooLargeError:
            self._records.delete(mine.kind, mine.id)
            return None
        return mine

    def _arriving(self, mine: Record) -> dict[str, int]:
        """What else is on its way; what nobody brings any more is forgotten."""
        found = {}
        for each in self._records.list(mine.kind, limit=_MOST):
            if mine.created_at - each.created_at > _FORGOTTEN_AFTER:
                self._records.delete(each.kind, each.id)
            elif each.id != mine.id:
                found[each.data["photo_id"]] = int(each.data["pixels"])
        return found
