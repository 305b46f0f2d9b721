from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sightline.cli.marker import PaperSize, Size, marker
from sightline.crack.scale.board import BOARDS
from sightline.crack.scale.marker_pdf import PAPERS_MM, marker_pdf
from sightline.errors import BadInputError

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(marker)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_options_name_all_boards_and_papers() -> None:
    assert {size.value for size in Size} == {board.name for board in BOARDS}
    assert {paper.value for paper in PaperSize} == set(PAPERS_MM)


def test_without_options_it_writes_the_large_marker(run: Run) -> None:
    ran = run()

    assert ran.exit_code == 0
    assert Path("sightline-marker.pdf").read_bytes() == marker_pdf(BOARDS[0])
    assert "sightline-marker.pdf" in ran.output
    assert "100 mm" in ran.output


def test_options_choose_file_board_paper_and_language(run: Run, tmp_path: Path) -> None:
    ran = run("--out", tmp_path / "m.pdf", "--size", "small", "--paper", "letter", "--lang", "ko")

    assert ran.exit_code == 0
    assert (tmp_path / "m.pdf").read_bytes() == marker_pdf(BOARDS[1], paper="letter", language="ko")
    assert "LETTER" in ran.output


def test_a_file_that_cannot_be_written_is_an_error_of_the_argument(run: Run, tmp_path: Path) -> None:
    ran = run("--out", tmp_path / "missing" / "m.pdf")

    assert isinstance(ran.exception, BadInputError)
    assert "m.pdf: No such file or directory" in ran.exception.message
