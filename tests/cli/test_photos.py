from __future__ import annotations

import os
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.cli.files import _free_name
from sightline.cli.photos import find_photos


def made(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def found(*arguments: Path, out: Path | None = None) -> list[tuple[str, str]]:
    return [(photo.path.name, photo.name.as_posix()) for photo in find_photos(arguments, out=out)]


def test_a_folder_gives_its_photos_in_order_and_keeps_its_folders(tmp_path: Path) -> None:
    folder = made(tmp_path, "b.JPG", "a.heic", "room/2/c.PNG", "notes.txt", "movie.mp4", "noending", "z.TIFF", "y.webp")

    assert found(folder) == [
        ("a.heic", "a"),
        ("b.JPG", "b"),
        ("c.PNG", "room/2/c"),
        ("y.webp", "y"),
        ("z.TIFF", "z"),
    ]


def test_a_file_that_is_named_may_end_in_anything(tmp_path: Path) -> None:
    made(tmp_path, "photo.dat", "noending")

    assert found(tmp_path / "photo.dat", tmp_path / "noending") == [("photo.dat", "photo"), ("noending", "noending")]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    assert found(made(tmp_path, "._IMG.jpg", ".cache/a.jpg", "b.jpg")) == [("b.jpg", "b")]


def test_results_of_an_earlier_run_are_no_photos(tmp_path: Path) -> None:
    made(tmp_path, "a.jpg", "a.annotated.jpg", "a.mask.png", "out/b.annotated.jpg", "out/c.jpg", "other/d.jpg")

    assert found(tmp_path, out=tmp_path / "out") == [("a.jpg", "a"), ("d.jpg", "other/d")]


def test_the_same_name_in_several_folders_is_kept_apart(tmp_path: Path) -> None:
    made(tmp_path, "one/wall.jpg", "two/wall.jpg", "two/WALL.png", "three/wall.heic", "three/wall-2.jpg")

    names = [name for _, name in found(*(tmp_path / folder for folder in ("one", "two", "three")))]
    assert len({name.casefold() for name in names}) == 5
    assert names[0] == "wall"


def test_the_same_photo_twice_is_one(tmp_path: Path) -> None:
    made(tmp_path, "a.jpg", "sub/b.jpg")

    assert found(tmp_path / "a.jpg", tmp_path, tmp_path / "sub" / ".." / "a.jpg") == [
        ("a.jpg", "a"),
        ("b.jpg", "sub/b"),
    ]


def test_what_gives_no_photo_stays_in_the_list(tmp_path: Path) -> None:
    empty = made(tmp_path, "empty/readme.txt") / "empty"

    assert found(tmp_path / "missing.jpg", empty) == [("missing.jpg", "missing"), ("empty", "empty")]


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a right to make links")
def test_a_link_in_a_circle_does_not_trap_the_search(tmp_path: Path) -> None:
    made(tmp_path, "a/b.jpg")
    (tmp_path / "a" / "again").symlink_to(tmp_path)

    assert found(tmp_path) == [("b.jpg", "a/b")]


def test_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "a.jpg", "sightline-results/x.jpg")
    monkeypatch.chdir(tmp_path)

    assert found(Path(), out=Path("sightline-results")) == [("a.jpg", "a")]


@given(st.lists(st.sampled_from(["a", "A", "a-2", "b/a", "a-2-2", "a-3"]), max_size=12))
def test_no_two_photos_share_a_name(names: list[str]) -> None:
    taken: set[str] = set()
    free = [_free_name(PurePath(name), taken).as_posix().casefold() for name in names]

    assert len(set(free)) == len(names)
