"""Photos of every kind come out upright, in RGB, 8 bits."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sightline.errors import BadInputError
from sightline.media.pictures import decode_picture, encode_jpeg, encode_png
from tests.media.samples import encode, png, scene, with_orientation

LOSSLESS: list[tuple[str, dict[str, Any]]] = [
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("BMP", {}),
]
LOSSY: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {"quality": 95}),
    ("JPEG", {"quality": 95, "progressive": True}),
    ("JPEG", {"quality": 95, "keep_rgb": True}),
    ("WEBP", {"quality": 95}),
    ("HEIF", {"quality": 95}),
]

# What EXIF says the stored picture needs to become upright, and its inverse, as a camera would store it.
STORED: dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


def far(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
def test_lossless_formats_come_back_as_they_were(kind: str, options: dict[str, Any]) -> None:
    image = scene()
    decoded = decode_picture(encode(image, kind, **options))
    assert decoded.dtype == np.uint8
    assert decoded.flags.c_contiguous
    assert np.array_equal(decoded, image)


@pytest.mark.parametrize(("kind", "options"), LOSSY)
def test_lossy_formats_come_back_nearly(kind: str, options: dict[str, Any]) -> None:
    assert far(decode_picture(encode(scene(), kind, **options)), scene()) < 6


def test_the_short_way_for_jpegs_gives_what_pillow_gives() -> None:
    data = encode(scene(), "JPEG")
    assert np.array_equal(decode_picture(data), np.asarray(Image.open(BytesIO(data))))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_becomes_upright(kind: str, orientation: int) -> None:
    stored = np.ascontiguousarray(STORED[orientation](scene()))
    decoded = decode_picture(encode(stored, kind, exif=with_orientation(orientation)))
    assert far(decoded, scene()) < 6
    assert decoded.flags.c_contiguous


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", with_orientation(9), with_orientation(0)])
def test_broken_exif_data_is_no_reason_to_refuse(exif: bytes) -> None:
    assert far(decode_picture(encode(scene(), "JPEG", quality=95, exif=exif)), scene()) < 6


def test_grey_is_repeated() -> None:
    grey = scene()[:, :, 0]
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(decode_picture(encode(grey, kind)), np.dstack([grey] * 3))
    jpeg = decode_picture(encode(grey, "JPEG", quality=95))
    assert np.array_equal(jpeg[:, :, 0], jpeg[:, :, 2])
    assert far(jpeg, np.dstack([grey] * 3)) < 3


def test_bits_are_black_and_white() -> None:
    bits = scene()[:, :, 2] > 100
    assert np.array_equal(decode_picture(encode(bits, "PNG")), np.dstack([np.where(bits, 255, 0)] * 3))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(kind: str) -> None:
    grey = np.linspace(0, 65535, 64 * 96).reshape(64, 96).astype(np.uint16)
    decoded = decode_picture(encode(grey, kind))
    assert np.array_equal(decoded, np.dstack([grey >> 8] * 3))


def test_16_bit_grey_of_the_other_byte_order() -> None:
    grey = np.linspace(0, 65535, 64 * 96).reshape(64, 96).astype(np.uint16)
    big_endian = Image.frombytes("I;16B", (96, 64), grey.astype(">u2").tobytes())
    assert np.array_equal(decode_picture(encode(big_endian, "TIFF")), np.dstack([grey >> 8] * 3))


def test_16_bit_colour_is_scaled_not_clipped() -> None:
    deep = scene().astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    assert np.array_equal(decode_picture(png(96, 64, rows, depth=16)), scene())


def test_32_bit_samples_are_refused() -> None:
    with pytest.raises(BadInputError, match="32 bits"):
        decode_picture(encode(np.zeros((8, 8), np.float32), "TIFF"))


def test_a_palette_is_looked_up() -> None:
    palette = Image.fromarray(scene()).quantize(16)
    for kind in ("PNG", "GIF"):
        assert np.array_equal(decode_picture(encode(palette, kind)), np.asarray(palette.convert("RGB")))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_lies_on_white(mode: str) -> None:
    picture = Image.new(mode, (4, 2))
    picture.putpixel((0, 0), (100,) * (len(mode) - 1) + (255,))
    picture.putpixel((1, 0), (100,) * (len(mode) - 1) + (51,))
    decoded = decode_picture(encode(picture, "PNG"))
    assert decoded[0, 0].tolist() == [100] * 3
    assert decoded[0, 1].tolist() == [224] * 3  # a fifth of 100 and four fifths of 255
    assert (decoded[1] == 255).all()


def test_a_transparent_colour_of_a_palette_lies_on_white() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([10, 20, 30, 40, 50, 60])
    picture.putpixel((1, 0), 1)
    decoded = decode_picture(encode(picture, "PNG", transparency=0))
    assert decoded.tolist() == [[[255, 255, 255], [40, 50, 60]]]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(kind: str) -> None:
    picture = Image.fromarray(scene()).convert("CMYK")
    assert far(decode_picture(encode(picture, kind)), scene()) < 6


def test_the_first_of_several_pictures_counts() -> None:
    black, white = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8), "white")
    for kind in ("TIFF", "GIF", "WEBP"):
        decoded = decode_picture(encode(black, kind, save_all=True, append_images=[white]))
        assert decoded.max() < 8


def test_an_unusual_jpeg_is_left_to_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("Could not determine subsampling level of JPEG image")

    monkeypatch.setattr("simplejpeg.decode_jpeg", refuse)
    assert far(decode_picture(encode(scene(), "JPEG", quality=95)), scene()) < 6


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wall.png"
    path.write_bytes(encode(scene(), "PNG"))
    assert np.array_equal(decode_picture(path), scene())
    assert np.array_equal(decode_picture(str(path)), scene())


def test_jpegs_are_written_for_everyone_to_read() -> None:
    data = encode_jpeg(scene(), quality=95)
    assert Image.open(BytesIO(data)).format == "JPEG"
    assert far(decode_picture(data), scene()) < 6
    assert len(encode_jpeg(scene(), quality=30)) < len(data)


def test_masks_are_written_with_one_bit_a_pixel() -> None:
    mask = scene()[:, :, 2] > 100
    data = encode_png(mask)
    assert Image.open(BytesIO(data)).mode == "1"
    assert np.array_equal(np.asarray(Image.open(BytesIO(data))), mask)


def test_pngs_come_back_as_they_were() -> None:
    for image in (scene(), scene()[:, :, 0]):
        assert np.array_equal(np.asarray(Image.open(BytesIO(encode_png(image)))), image)
