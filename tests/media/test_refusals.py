"""What cannot be a photo is refused with a reason, and before it costs anything."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import BadInputError, SightlineError, TooLargeError
from sightline.media.limits import MAX_PIXELS
from sightline.media.pictures import decode_picture
from tests.media.samples import encode, png, resized, scene, tiff

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "GIF", "BMP")
FILES = {kind: encode(scene(), kind) for kind in KINDS}


def resident_peak_kb() -> int:
    """The most memory this process ever held, from the system: it sees what C libraries allocate, too."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_nothing_is_no_picture() -> None:
    with pytest.raises(BadInputError, match="empty"):
        decode_picture(b"")


@pytest.mark.parametrize(
    "data", [b"x", b"hello, world " * 9, b"%PDF-1.7\n", b"RIFF\0\0\0\0WAVEfmt ", b"\0\0\0\x18ftypmp42" + bytes(99)]
)
def test_foreign_bytes_are_said_to_be_so(data: bytes) -> None:
    with pytest.raises(BadInputError, match=r"no picture that can be read \(JPEG, PNG, WebP, TIFF, HEIC\)"):
        decode_picture(data)


def test_formats_that_pillow_could_read_but_nobody_photographs_in_stay_out_of_reach() -> None:
    for kind in ("PPM", "TGA", "PCX", "ICNS", "DDS"):
        with pytest.raises(BadInputError, match="no picture that can be read"):
            decode_picture(encode(scene(64, 64), kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_that_is_cut_off_is_refused(kind: str, kept: float) -> None:
    data = FILES[kind]
    with pytest.raises(BadInputError, match=r"ends early|cut off"):
        decode_picture(data[: int(len(data) * kept)])


def test_a_jpeg_that_lost_its_middle_is_refused() -> None:
    noise = np.random.default_rng(0)
    data = bytearray(encode(noise.integers(0, 255, (64, 96, 3), np.uint8), "JPEG"))
    del data[3000:3300]
    with pytest.raises(BadInputError, match="JPEG file ends early"):
        decode_picture(bytes(data))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", png(60_000, 60_000, bytes(1000))),
        ("TIFF", tiff(60_000, 60_000)),
        ("TIFF, compressed", tiff(60_000, 60_000, compression=8)),
        *((kind, resized(FILES[kind], kind, 60_000, 60_000)) for kind in ("JPEG", "GIF", "BMP", "HEIF")),
    ],
)
def test_a_decompression_bomb_costs_no_memory(kind: str, data: bytes) -> None:
    resident_kb = resident_peak_kb()
    tracemalloc.start()
    with pytest.raises(TooLargeError, match=f"60000 x 60000 = 3600000000 pixels; at most {MAX_PIXELS}"):
        decode_picture(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    assert resident_peak_kb() - resident_kb < 20_000


def test_a_webp_over_the_limit_of_its_reader_is_too_large() -> None:
    data = bytearray(encode(np.dstack([scene(), scene()[:, :, 0]]), "WEBP"))
    assert data[12:16] == b"VP8X"
    data[24:30] = (16_383).to_bytes(3, "little") * 2
    with pytest.raises(TooLargeError):
        decode_picture(bytes(data))


def test_a_small_tiff_of_huge_tiles_costs_no_memory() -> None:
    resident_kb = resident_peak_kb()
    with pytest.raises(BadInputError):
        decode_picture(tiff(100, 100, tile_px=65_536, compression=8))
    assert resident_peak_kb() - resident_kb < 20_000


def test_the_limit_on_pixels_is_the_callers() -> None:
    width, height = 96, 64
    assert decode_picture(FILES["JPEG"], max_pixels=width * height).shape == (height, width, 3)
    with pytest.raises(TooLargeError, match="at most 6143 pixels") as refused:
        decode_picture(FILES["JPEG"], max_pixels=width * height - 1)
    assert refused.value.reason_code == "too_many_pixels"


def test_the_limit_on_bytes_is_the_callers(tmp_path: Path) -> None:
    data = FILES["PNG"]
    path = tmp_path / "wall.png"
    path.write_bytes(data)
    decode_picture(data, max_bytes=len(data))
    for source in (data, path):
        with pytest.raises(TooLargeError, match=f"has {len(data)} bytes; at most {len(data) - 1} bytes"):
            decode_picture(source, max_bytes=len(data) - 1)


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="does not exist"):
        decode_picture(tmp_path / "missing.jpg")
    with pytest.raises(BadInputError, match="is no file"):
        decode_picture(tmp_path)


@given(kind=st.sampled_from(KINDS), data=st.data())
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_damaged_files_give_a_picture_or_one_of_our_errors(kind: str, data: st.DataObject) -> None:
    file = bytearray(FILES[kind])
    for position, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(file) - 1), st.integers(0, 255)), max_size=20)
    ):
        file[position] = value
    try:
        decoded = decode_picture(bytes(file), max_pixels=1_000_000)
    except SightlineError:
        return
    assert decoded.ndim == 3
    assert decoded.dtype == np.uint8
