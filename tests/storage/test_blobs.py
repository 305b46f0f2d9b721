from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import BadInputError
from sightline.storage.blobs import check_key
from tests.storage.blob_contract import BAD_KEYS


@pytest.mark.parametrize(
    "key", ["a", "crack/7b6f/annotated.jpg", "users/a.b@example.com/eye/1/raw_video.mp4", "_x/y=1"]
)
def test_keys_that_every_backend_can_hold(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize("key", BAD_KEYS)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(BadInputError, match="storage key"):
        check_key(key)


@given(st.text(max_size=40))
def test_no_accepted_key_leaves_its_folder(key: str) -> None:
    try:
        check_key(key)
    except BadInputError:
        return
    assert not key.startswith("/")
    assert ".." not in key.split("/")
    assert key.isascii()
    assert key.isprintable()
