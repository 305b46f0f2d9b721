from __future__ import annotations

import re
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.scale.board import BOARDS, Board
from sightline.crack.scale.find_board import find_board
from sightline.crack.scale.marker_pdf import CHECK_LINE_MM, PAPERS_MM, Paper, marker_pdf
from sightline.documents.language import LANGUAGES, Language

PX_PER_MM = 4.0
POINT_MM = 25.4 / 72

PAGES = [(board, paper, language) for board in BOARDS for paper in PAPERS_MM for language in LANGUAGES]
PAGE_NAMES = [f"{board.name}-{paper}-{language}" for board, paper, language in PAGES]


def content(page: bytes) -> str:
    """What the page draws: the stream that has rectangles in it."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", page, re.DOTALL)
    opened = (zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"\x78")
    return next(stream.decode("latin-1") for stream in opened if b" re " in stream)


def rectangles(page: bytes) -> NDArray[np.float64]:
    """Filled rectangles in mm from the page's upper left corner, (n, 4): left, top, right, bottom."""
    found, kept, matrix, numbers = [], [], np.eye(3), []
    for word in content(page).split():
        if re.fullmatch(r"-?\d*\.?\d+", word):
            numbers.append(float(word))
            continue
        if word == "q":
            kept.append(matrix)
        elif word == "Q":
            matrix = kept.pop()
        elif word == "cm":
            a, b, c, d, e, f = numbers[-6:]
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif word == "re":
            x, y, wide, high = numbers[-4:]
            found.append(np.array([[x, y, 1], [x + wide, y + high, 1]]) @ matrix)
        numbers = []
    corners = np.array(found)[..., :2] * POINT_MM
    corners[..., 1] = page_size(page)[1] - corners[..., 1]
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def page_size(page: bytes) -> tuple[float, float]:
    found = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", page)
    assert found
    return float(found[1]) * POINT_MM, float(found[2]) * POINT_MM


@pytest.mark.parametrize(("board", "paper", "language"), PAGES, ids=PAGE_NAMES)
def test_what_is_printed_is_found_at_its_true_size(board: Board, paper: Paper, language: Language) -> None:
    page = marker_pdf(board, paper=paper, language=language)
    assert page_size(page) == pytest.approx(PAPERS_MM[paper], abs=0.01)
    width, height = (round(side * PX_PER_MM) for side in PAPERS_MM[paper])
    picture = np.full((height, width, 3), 255, np.uint8)
    for left, top, right, bottom in np.rint(rectangles(page) * PX_PER_MM).astype(int).tolist():
        picture[top:bottom, left:right] = 0

    scale = find_board(picture)

    assert scale is not None
    assert scale.mm_per_px == pytest.approx(1 / PX_PER_MM, rel=0.001)
    across = scale.points_mm(scale.outline)
    np.testing.assert_allclose(np.ptp(across, axis=0), board.size_mm, rtol=1e-6)


@pytest.mark.parametrize(("board", "paper", "language"), PAGES, ids=PAGE_NAMES)
def test_everything_lies_where_printers_reach(board: Board, paper: Paper, language: Language) -> None:
    page = marker_pdf(board, paper=paper, language=language)
    places = rectangles(page)
    width, height = PAPERS_MM[paper]
    text_at = [float(number) for number in re.findall(r"1 0 0 1 [\d.-]+ ([\d.-]+) Tm", content(page))]

    assert places.min() >= 7
    assert places[:, 2].max() <= width - 7
    assert places[:, 3].max() <= height - 7
    assert text_at


def test_the_line_is_as_long_as_it_says() -> None:
    places = rectangles(marker_pdf(BOARDS[0]))
    thin = places[(places[:, 3] - places[:, 1] < 0.5)]

    assert np.ptp(thin[:, [0, 2]]) == pytest.approx(CHECK_LINE_MM, abs=0.01)


def test_the_same_page_is_the_same_bytes_with_its_fonts_inside() -> None:
    page = marker_pdf(BOARDS[1], language="ko")

    assert page == marker_pdf(BOARDS[1], language="ko")
    assert page != marker_pdf(BOARDS[1], language="en")
    assert page.count(b"/FontFile2") >= 2
    assert b"/PrintScaling /None" in page
