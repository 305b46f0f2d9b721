"""The photos of inspections as screens show them: upright, a JPEG whatever was sent, and no larger than asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from sightline.service.inspection_files import Made
from sightline.service.inspection_records import StoredPhoto
from sightline.service.inspection_store import InspectionStore
from sightline.service.outcomes import Outcomes
from sightline.service.view_sizes import ViewSize, view_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEPT: Final[tuple[ViewSize, ...]] = ("small", "medium")
"""Both are made at once, for decoding is what takes time. The full one would take as much room as the photo again."""


class PhotoViews:
    """Makes views and keeps them until a photo of the inspection is removed. Safe to call from several threads.

    Photos are decoded one at a time: a page asks for twenty at once, and each takes 36 MB at 12 megapixels.

    Args:
        store: the inspections.
        outcomes: reads originals, and keeps what is made of them.
    """

    def __init__(self, store: InspectionStore, outcomes: Outcomes) -> None:
        self._store = store
        self._outcomes = outcomes
        self._one_at_a_time = threading.Lock()

    def view(self, inspection_id: str, photo_id: str, size: ViewSize) -> bytes:
        """A view of a photo, a JPEG.

        Raises:
            NotFoundError, GoneError: there is no such inspection or photo (any more).
            NotReadyError: the storage changed the photo.
            UnavailableError: it is being removed.
        """
        self._store.get(inspection_id)
        photo = self._store.photo(inspection_id, photo_id)
        if size not in _KEPT:
            with self._one_at_a_time:
                return view_of(self._image(photo), size)
        if (kept := self._kept(inspection_id, photo, size)) is not None:
            return kept
        with self._one_at_a_time:
            if (kept := self._kept(inspection_id, photo, size)) is not None:
                return kept
            image = self._image(photo)
            views = {each: view_of(image, each) for each in _KEPT}
        keys = {each: self._key(inspection_id, photo, each) for each in _KEPT}
        self._outcomes.files.keep(
            inspection_id, [Made(keys[each], data, "image/jpeg", (photo,)) for each, data in views.items()]
        )
        return views[size]

    def address(self, inspection_id: str, photo_id: str, size: ViewSize, data: bytes, *, expires_s: int) -> str:
        """An address that anybody may fetch a view at for a while.

        Raises:
            NotFoundError, GoneError: there is no such inspection or photo (any more).
        """
        photo = self._store.photo(inspection_id, photo_id)
        key = self._key(inspection_id, photo, size)
        if size not in _KEPT:
            self._outcomes.files.keep(inspection_id, [Made(key, data, "image/jpeg", (photo,))])
        return self._store.blobs.presign_get(key, expires_s=expires_s)

    def _kept(self, inspection_id: str, photo: StoredPhoto, size: ViewSize) -> bytes | None:
        return self._outcomes.files.kept(self._key(inspection_id, photo, size))

    def _key(self, inspection_id: str, photo: StoredPhoto, size: ViewSize) -> str:
        return self._outcomes.photo_key(inspection_id, photo, f"view-{size}.jpg")

    def _image(self, photo: StoredPhoto) -> NDArray[np.uint8]:
        from sightline.media.pictures import decode_picture

        pixels = photo.findings["width_px"] * photo.findings["height_px"]
        return decode_picture(self._outcomes.files.original(photo), max_bytes=photo.size_bytes, max_pixels=pixels)
