from __future__ import annotations

import errno
import sqlite3
import tempfile
from pathlib import Path

import pytest

from sightline.errors import UnavailableError
from sightline.service.disk import room_needed


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_by_whose_work_it_was(code: int) -> None:
    with (
        pytest.raises(UnavailableError, match="no room left for the photo and its results") as caught,
        room_needed("photo"),
    ):
        raise OSError(code, "full")

    assert tempfile.gettempdir() in caught.value.message
    assert "send a smaller photo" in caught.value.message


def test_a_database_that_cannot_grow_is_a_full_disk_too(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "records.sqlite3")
    connection.execute("CREATE TABLE t (data BLOB)")
    connection.execute("PRAGMA max_page_count = 4")
    with pytest.raises(UnavailableError, match="no room left"), room_needed():
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    connection.close()


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O"), sqlite3.OperationalError("no such table"), KeyError("x")])
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error)), room_needed():
        raise error
