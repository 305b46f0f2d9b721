from __future__ import annotations

import pytest

from sightline.documents.blocks import Column, Figure, Pair, Table, Together
from tests.documents.samples import document, every_block, picture


def test_a_document_tells_its_pictures_once_each_in_order() -> None:
    names = [found.name for found in document(*every_block(), Figure(picture("first"))).pictures()]
    assert names == ["first.jpg", "small.jpg", "a.jpg", "b.jpg", "before.jpg", "after.jpg"]


def test_two_pictures_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"'photo\.jpg'"):
        document(Figure(picture()), Together((Figure(picture(shade=10)),))).pictures()


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table((Column("a"), Column("b")), (("1",),))


def test_the_pictures_of_a_slider_have_one_size() -> None:
    left, right = Figure(picture()), Figure(picture("other", width=61))
    assert Pair(left, right).slider is False
    with pytest.raises(ValueError, match="same size"):
        Pair(left, right, slider=True)
