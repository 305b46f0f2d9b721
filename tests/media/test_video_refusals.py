"""What is no video is refused with a reason; what is left of a damaged one is read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sightline.errors import BadInputError, SightlineError, TooLargeError
from sightline.media.video import open_video
from tests.media.clips import encode, number_of, sound
from tests.media.samples import encode as picture
from tests.media.samples import scene

FOREIGN = {
    "text": b"hello, world " * 99,
    "a letter": b"x",
    "a PDF": b"%PDF-1.7\n" + bytes(99),
    "sound without a container of ours": b"RIFF\0\0\0\0WAVEfmt " + bytes(99),
    "a playlist, which names other files": b"#EXTM3U\n#EXTINF:1\nfile:///etc/hostname\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "an MP4 without an index": b"\0\0\0\x18ftypmp42" + bytes(99),
    "a header of Matroska": b"\x1aE\xdf\xa3" + bytes(99),
    "a header of AVI": b"RIFF\xff\0\0\0AVI LIST" + bytes(99),
    "a header of GIF": b"GIF89a" + bytes(20),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_bytes_are_said_to_be_so(kind: str) -> None:
    with pytest.raises(BadInputError, match=r"no video that can be read \(MP4, MOV, WebM, MKV, AVI, GIF\)"):
        open_video(FOREIGN[kind])


def test_nothing_is_no_video() -> None:
    with pytest.raises(BadInputError, match=r"empty \(0 bytes\)"):
        open_video(b"")


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("matroska", "libopus")])
def test_sound_alone_is_no_video(container: str, codec: str) -> None:
    with pytest.raises(BadInputError, match="sound but no video"):
        open_video(sound(container, codec))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_a_picture_is_called_a_picture(kind: str) -> None:
    with pytest.raises(BadInputError, match=f"(?i)a {kind} picture, not a video"):
        open_video(picture(scene(), kind))


def test_a_picture_in_a_container_of_films_is_called_a_picture() -> None:
    avif = BytesIO()
    Image.fromarray(scene()).save(avif, "AVIF")
    for data in (picture(scene(), "HEIF"), avif.getvalue()):
        with pytest.raises(BadInputError, match="picture, not a video"):
            open_video(data)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is no file"):
        open_video(tmp_path)
    with pytest.raises(BadInputError, match="does not exist"):
        open_video(tmp_path / "gone.mp4")


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ({"max_bytes": 99}, r"has \d+ bytes; at most 99 bytes"),
        ({"max_pixels": 6143}, "96 x 64 = 6144 pixels; at most 6143 pixels"),
        ({"max_duration_s": 0.5}, r"lasts \d.\d s; at most 0.5 s"),
    ],
)
def test_limits_name_what_they_are_and_what_was_sent(limit: dict[str, int], message: str) -> None:
    with pytest.raises(TooLargeError, match=message):
        open_video(encode([0, 300, 700]), **limit)


def test_what_is_exactly_as_large_as_allowed_is_read() -> None:
    data = encode([0, 300, 700])

    assert open_video(data, max_bytes=len(data), max_pixels=96 * 64, max_duration_s=1.2).meta.frame_count == 3


WHOLE = {
    "index first": encode([40 * k for k in range(60)], options={"bf": "0", "g": "12"}, mux={"movflags": "faststart"}),
    "fragments": encode([40 * k for k in range(60)], options={"bf": "0", "g": "12"}, mux={"movflags": "frag_keyframe"}),
    "mkv": encode([40 * k for k in range(60)], "mpeg4", "matroska"),
    "webm": encode([40 * k for k in range(60)], "libvpx", "webm", options={"deadline": "realtime"}),
    "avi": encode(list(range(60)), "mpeg4", "avi", rate=25),
    "gif": encode(list(range(60)), "gif", "gif", rate=25, pixel_format="rgb8"),
}


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("kept", [0.6, 0.8])
def test_of_a_file_that_is_cut_off_the_rest_is_read_and_the_loss_told(kind: str, kept: float) -> None:
    video = open_video(WHOLE[kind][: int(kept * len(WHOLE[kind]))])
    numbers = [number_of(frame.rgb()) for frame in video.frames()]

    assert 3 < len(numbers) < 60
    assert numbers[:-1] == list(range(len(numbers) - 1))
    assert "cut off" in video.warnings[0]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_gives_no_warning(kind: str) -> None:
    video = open_video(WHOLE[kind])

    assert len(list(video.frames())) == 60
    assert video.warnings == []


def test_an_mp4_that_lost_its_index_is_refused() -> None:
    data = encode([40 * k for k in range(60)])
    with pytest.raises(BadInputError, match="cut off before its index"):
        open_video(data[: len(data) * 8 // 10])


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=30)
@given(places=st.lists(st.floats(0, 1), min_size=1, max_size=30), value=st.integers(0, 255))
def test_damage_ends_in_fewer_frames_or_a_refusal(kind: str, places: list[float], value: int) -> None:
    data = bytearray(WHOLE[kind])
    for place in places:
        data[int(place * (len(data) - 1))] = value
    try:
        video = open_video(bytes(data), max_pixels=1_000_000)
        times = [frame.time_s for frame in video.frames()]
    except SightlineError:
        return
    assert np.all(np.diff(times) > 0)
    assert len(times) <= video.meta.frame_count
