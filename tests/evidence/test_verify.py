from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import BadInputError
from sightline.evidence.canonical import canonical, parse
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import Envelope
from sightline.evidence.keys import SigningKey, make_key
from sightline.evidence.manifest import Format
from sightline.evidence.seal import seal
from sightline.evidence.verification import Outcome, Verification
from sightline.evidence.verify import verify
from tests.evidence.samples import FORMATS, document, manifest, pdf

KEY = make_key()
Write = Callable[[bytes], Path]
Outcomes = set[tuple[str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a report, whatever it is."""

    def write(data: bytes) -> Path:
        path = tmp_path / "report"
        path.write_bytes(data)
        return path

    return write


def sealed(document_format: Format, signer: SigningKey | None = KEY) -> bytes:
    return seal(document(document_format), document_format, manifest(), signer)


def changed(found: Verification) -> Outcomes:
    return {(check.subject, check.name) for check in found.changed}


def resealed(document_format: Format, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A report whose manifest was changed, and which kept its signature."""
    carrier = carrier_of(document_format)
    found = carrier.extract(sealed(document_format))
    assert found is not None
    envelope = Envelope.from_bytes(found.payload)
    content = parse(canonical(envelope.manifest))
    change(content)
    return carrier.embed(found.document, Envelope(content, envelope.signature).to_bytes())


@pytest.mark.parametrize("document_format", FORMATS)
@pytest.mark.parametrize(("key", "trusted"), [(None, None), (KEY.public, True)])
def test_a_report_as_it_was_sealed_holds(write: Write, document_format: Format, key: Any, trusted: bool | None) -> None:
    found = verify(write(sealed(document_format)), key=key)

    assert found.holds
    assert (found.sealed, found.trusted, found.fingerprint) == (True, trusted, KEY.fingerprint)
    assert found.format == document_format
    assert changed(found) == set()
    assert json.loads(json.dumps(found.to_dict()))["holds"] is True


@pytest.mark.parametrize("document_format", FORMATS)
def test_another_key_is_not_trusted(write: Write, document_format: Format) -> None:
    found = verify(write(sealed(document_format, make_key())), key=KEY.public)

    assert not found.holds
    assert found.trusted is False
    assert {subject for subject, _ in changed(found)} == {"key"}


@pytest.mark.parametrize("document_format", FORMATS)
def test_an_unsigned_report_does_not_hold_and_says_why(write: Write, document_format: Format) -> None:
    path = write(sealed(document_format, None))
    found = verify(path)

    assert not found.holds
    assert (found.sealed, found.fingerprint, changed(found)) == (True, None, set())
    assert "unsigned" in found.checks[0].detail
    assert changed(verify(path, key=KEY.public)) == {("signature", "")}


@pytest.mark.parametrize("document_format", FORMATS)
def test_a_signature_that_was_taken_away_is_missed(write: Write, document_format: Format) -> None:
    carrier = carrier_of(document_format)
    extracted = carrier.extract(sealed(document_format))
    assert extracted is not None
    envelope = replace(Envelope.from_bytes(extracted.payload), signature=None)
    found = verify(write(carrier.embed(extracted.document, envelope.to_bytes())))

    assert not found.holds
    assert changed(found) == {("signature", "")}


@pytest.mark.parametrize(
    ("document_format", "was", "now", "parts"),
    [
        ("html", b"One crack", b"No crack", {"text Findings"}),
        ("html", b'alt="after" src="data:image/jpeg;base64,/9j/4A', b'alt="after" src="data:,', {"picture after"}),
        ("html", b"<h2>", b"<h2 hidden>", {"markup"}),
        ("json", b'"stage": "out"', b'"stage": "in"', {"member photos[1].stage"}),
        ("json", b'"wall"', b'"room"', {"member wall", "member room"}),
        ("pdf", b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 995", {"page 1"}),
        ("pdf", b"/Title", b"/Tatle", {"structure"}),
    ],
)
def test_a_change_is_named(write: Write, document_format: Format, was: bytes, now: bytes, parts: set[str]) -> None:
    data = sealed(document_format)
    assert was in data
    found = verify(write(data.replace(was, now, 1)))

    assert not found.holds
    assert changed(found) == {("document", "")} | {("part", part) for part in parts}


def test_a_changed_page_of_another_length_is_named(write: Write) -> None:
    other = pdf(second="A page of another length").ljust(len(pdf()))
    found = verify(write(sealed("pdf").replace(pdf(), other)))

    assert not found.holds
    assert ("part", "page 2") in changed(found)
    assert ("part", "page 1") not in changed(found)


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("results", lambda content: content["results"]["cracks"][0].update(length_px=99.5)),
        ("originals", lambda content: content["originals"][0].update(taken_at="2020-01-01T00:00:00")),
        ("settings", lambda content: content["settings"].update(reference="card")),
        ("model", lambda content: content["model"].update(version="2")),
        ("pictures", lambda content: content["pictures"].append({"name": "x.jpg", "sha256": "0"})),
    ],
)
@pytest.mark.parametrize("document_format", ["pdf", "html"])
def test_a_changed_section_of_the_manifest_is_named(
    write: Write, document_format: Format, section: str, change: Callable[[dict[str, Any]], None]
) -> None:
    found = verify(write(resealed(document_format, change)))

    assert not found.holds
    assert changed(found) == {("signature", ""), (section, "")}


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1], [[]], [{"name": {"x": 1}, "sha256": 5, "role": []}]])
@pytest.mark.parametrize("member", ["originals", "pictures", "document", "digests", "results", "signed_by"])
def test_whatever_stands_in_a_manifest_ends_in_a_verdict(write: Write, tmp_path: Path, member: str, value: Any) -> None:
    found = verify(write(resealed("html", lambda content: content.update({member: value}))), originals=[tmp_path])

    assert found.holds == ((member, value) == ("pictures", []))  # which is what was there before


def test_a_seal_of_another_version_is_said(write: Write) -> None:
    found = verify(write(resealed("pdf", lambda content: content.update(schema="sightline-evidence/2"))))

    assert not found.holds
    assert "sightline-evidence/1" in found.checks[0].detail


@pytest.mark.parametrize("document_format", FORMATS)
def test_a_report_without_a_seal_is_said(write: Write, document_format: Format) -> None:
    found = verify(write(document(document_format)))

    assert not found.holds
    assert (found.sealed, found.manifest) == (False, None)
    assert "no seal" in found.checks[0].detail


def test_bytes_behind_the_seal_of_a_pdf_are_seen(write: Write) -> None:
    found = verify(write(sealed("pdf") + b"\n% a comment\n"))

    assert not found.holds
    assert changed(found) == {("seal", "")}


def test_an_update_behind_the_seal_names_the_page_it_replaces(write: Write) -> None:
    contents = next(line for line in pdf().split(b"\n") if line.startswith(b"/Contents")).split()[1]
    found = verify(write(sealed("pdf") + b"\n%b 0 obj\n<< >>\nstream\n\nendstream\nendobj\n" % contents))

    assert changed(found) == {("seal", ""), ("part", "page 1")}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.pdf", tmp_path):
        with pytest.raises(BadInputError, match="cannot be read"):
            verify(path)


def test_outcomes_are_words() -> None:
    assert [outcome.value for outcome in Outcome] == ["holds", "changed", "unproven", "not_given"]
