from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import BadInputError, TooLargeError
from sightline.service.base64_file import decode_file

LIMIT = 1000


def decoded(value: object) -> bytes:
    return decode_file(value, field="file_data", max_bytes=LIMIT)


@given(st.binary(min_size=1, max_size=200))
def test_every_dialect_means_the_same_bytes(data: bytes) -> None:
    plain = base64.b64encode(data).decode()

    assert decoded(plain) == data
    assert decoded(plain.rstrip("=")) == data
    assert decoded(base64.urlsafe_b64encode(data).decode()) == data
    assert decoded(base64.encodebytes(data).decode().replace("\n", "\r\n")) == data
    assert decoded(f"data:video/mp4;base64,{plain}") == data
    assert decoded(f"DATA:video/mp4;codecs=avc1;base64, {plain}") == data


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "missing"),
        (7, "a text"),
        (["AAAA"], "a text"),
        ("", "empty"),
        (" \n", "empty"),
        ("====", "empty"),
        ("data:video/mp4;base64,", "empty"),
        ("data:video/mp4,AAAA", "data: URL"),
        ("A", "no base64"),
        ("AAAAA", "no base64"),
        ("AA=A", "no base64"),
        ("AAA*", "no base64"),
        ("눈눈눈눈", "no base64"),
        ("AAAA\0AAA", "no base64"),
    ],
)
def test_what_is_no_file_is_refused_by_the_field_s_name(value: object, words: str) -> None:
    with pytest.raises(BadInputError, match=words) as caught:
        decoded(value)
    assert caught.value.message.startswith("file_data")


def test_a_file_of_exactly_the_limit_passes_one_byte_more_does_not() -> None:
    assert len(decoded(base64.b64encode(bytes(LIMIT)).decode())) == LIMIT
    for size in (LIMIT + 1, 50 * LIMIT):
        with pytest.raises(TooLargeError, match="1000 bytes"):
            decoded(base64.b64encode(bytes(size)).decode())
