"""`sightline`: the commands and what they share."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import sightline
from sightline.cli.compare import compare
from sightline.cli.crack import crack
from sightline.cli.exit_codes import exit_code_of, help_text
from sightline.cli.gaze import gaze
from sightline.cli.key import key
from sightline.cli.marker import marker
from sightline.cli.report import report
from sightline.cli.serve import serve
from sightline.cli.verify import verify
from sightline.errors import SightlineError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a bug shows Python's own traceback, which people can copy into a report
    rich_markup_mode="markdown",
    epilog=help_text(),
)
for command in (crack, compare, report, verify, key, marker, gaze, serve):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(sightline.__version__)
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Visual screening: cracks in walls, signs in eyes."""


def main() -> None:
    """The console script: runs a command; an error of ours becomes one line on stderr and an exit code."""
    try:
        app()
    except SightlineError as error:
        print(f"sightline: {error.message}", file=sys.stderr)
        sys.exit(exit_code_of(error))
