"""`sightline verify`: whether a report is what was sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sightline.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from sightline.evidence.verification import Check, Verification

_FILES = {"original", "picture", "file"}
"""Subjects of checks that are about files beside the report."""

_SHOWN_DIGITS = 16
"""Of a key's fingerprint in the table; the line below it has all 64."""


def verify(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="A PDF, HTML or JSON report.")],
    originals: Annotated[
        list[Path] | None, typer.Argument(metavar="ORIGINAL_OR_FOLDER", help="Files that it rests on.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The public key that should have signed it, as `sightline key` prints it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Tell whether anything in a report was changed since it was made, and what."""
    from sightline.evidence.keys import load_public_key
    from sightline.evidence.verify import verify as check

    found = check(report, originals=originals or (), key=load_public_key(key) if key else None)
    if as_json:
        print(json.dumps(found.to_dict()), flush=True)
    else:
        _print_subject(found)
        _print_table(found)
        print(_conclusion(found))
    if not found.holds:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _print_subject(found: Verification) -> None:
    """What the report says of itself; whether that is true the table tells."""
    if found.manifest:
        told = [str(found.manifest.get(name)) for name in ("kind", "subject", "created_at", "service_version")]
        print(_plain("{} {}, made at {} by Sightline {}".format(*told)))


def _print_table(found: Verification) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE)
    for header in ("Checked", "Outcome", "In words"):
        table.add_column(header, overflow="fold", no_wrap=header == "Outcome")
    for check in found.checks:
        cells = (_title(check), check.outcome.replace("_", " "), check.detail)
        table.add_row(*(Text(_plain(cell)) for cell in cells))
    Console().print(table)


def _title(check: Check) -> str:
    name = check.name[:_SHOWN_DIGITS] if check.subject == "key" else check.name
    return " ".join(word for word in ("" if check.subject == "part" else check.subject, name) if word)


def _conclusion(found: Verification) -> str:
    if not found.sealed:
        return "Nothing is known of this report: it carries no seal that can be read."
    if found.fingerprint is None:
        return "The report is unsigned: nobody vouches for it, whatever the table says."
    wrong = {check.subject for check in found.changed}
    if wrong - _FILES - {"key"}:
        return "The report is NOT what was sealed."
    if "key" in wrong:
        return "The report is NOT signed by the key that was given."
    if wrong:
        return "The report is what was sealed, but NOT all files that were handed over are."
    whose = "by the key that was given" if found.trusted else "by whoever holds this key"
    return f"Nothing was changed since the report was signed {whose}:\n{found.fingerprint}"


def _plain(text: str) -> str:
    """Text of a report in characters that do nothing to a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)
