from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sightline.errors import BadInputError
from sightline.evidence.exif import order_of, read_metadata
from sightline.media.pictures import decode_picture
from tests.evidence.samples import RECEIVED, photo

KST = timezone(timedelta(hours=9))


def test_the_tags_are_read() -> None:
    found = read_metadata(
        photo(
            make="Apple\0",
            model=" iPhone 15 ",
            software="17.4.1",
            taken="2026:05:06 07:08:09",
            offset="+09:00",
            saved="2026:05:06 07:08:10",
            saved_offset="+09:00",
        )
    )

    assert (found.media_type, found.width, found.height) == ("image/jpeg", 24, 16)
    assert (found.camera_make, found.camera_model, found.software) == ("Apple", "iPhone 15", "17.4.1")
    assert found.taken_at == datetime(2026, 5, 6, 7, 8, 9, tzinfo=KST)
    assert found.saved_at == datetime(2026, 5, 6, 7, 8, 10, tzinfo=KST)


@pytest.mark.parametrize("offset", [None, "", "local", "+25:00", "+0900", "٠٩:٠٠"])
def test_a_time_without_a_zone_stays_so(offset: str | None) -> None:
    tags: dict[str, Any] = {"taken": "2026:05:06 07:08:09"} | ({} if offset is None else {"offset": offset})

    assert read_metadata(photo(**tags)).taken_at == datetime(2026, 5, 6, 7, 8, 9)


@pytest.mark.parametrize(("offset", "zone"), [("Z", UTC), ("-03:30", timezone(-timedelta(hours=3, minutes=30)))])
def test_zones(offset: str, zone: timezone) -> None:
    assert read_metadata(photo(taken="2026:05:06 07:08:09", offset=offset)).taken_at == datetime(
        2026, 5, 6, 7, 8, 9, tzinfo=zone
    )


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026:02:30 00:00:00", "now", ""])
def test_what_is_no_time_is_none(taken: str) -> None:
    assert read_metadata(photo(taken=taken)).taken_at is None


def test_a_photo_without_tags_has_none() -> None:
    found = read_metadata(photo())

    assert (found.taken_at, found.saved_at, found.camera_make, found.camera_model, found.software) == (None,) * 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_size_is_that_of_the_upright_picture(kind: str, orientation: int) -> None:
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    data = photo(size=(64, 48), kind=kind, orientation=orientation, taken="2026:05:06 07:08:09")
    found = read_metadata(data)

    assert (found.height, found.width) == decode_picture(data).shape[:2]
    assert found.media_type == {"HEIF": "image/heic"}.get(kind, f"image/{kind.lower()}")


def test_texts_are_one_line_of_a_bounded_length() -> None:
    found = read_metadata(photo(make="two\nlines\x1b[31m", software="x" * 1000))

    assert found.camera_make == "two lines [31m"
    assert found.software == "x" * 100


@pytest.mark.filterwarnings("ignore:.*EXIF:UserWarning")
def test_broken_tags_are_no_reason_to_refuse_a_photo() -> None:
    whole = photo(make="Apple", taken="2026:05:06 07:08:09")
    at = whole.index(b"Exif\0\0") + 6
    broken = whole[:at] + b"MM\0*\xff\xff\xff\xff" + whole[at + 8 :]

    assert read_metadata(broken).taken_at is None


def test_where_a_photo_was_taken_is_not_told() -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)  # GPSLatitude
    exif[0x010F] = "Apple"
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)

    assert "37" not in repr(read_metadata(file.getvalue()))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(BadInputError):
        read_metadata(b"no picture")


def test_photos_are_in_order_of_when_they_were_taken() -> None:
    taken = datetime(2026, 5, 6, 7, 8, 9)

    assert order_of(None, RECEIVED) == RECEIVED
    assert order_of(taken, RECEIVED) == taken.replace(tzinfo=UTC)
    assert order_of(taken.replace(tzinfo=KST), RECEIVED) == taken.replace(tzinfo=KST)
