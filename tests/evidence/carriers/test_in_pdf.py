from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sightline.evidence.carriers import carrier_of
from sightline.evidence.carriers.in_pdf import embed, extract
from sightline.evidence.carriers.pdf_parts import pdf_parts
from tests.evidence.samples import pdf

CARRIER = carrier_of("pdf")
PAYLOAD = '{"text":"endstream %%EOF 벽"}'.encode()


def test_what_was_embedded_comes_out_again() -> None:
    sealed = embed(pdf(), PAYLOAD)
    found = extract(sealed)

    assert found == (pdf(), PAYLOAD, b"")
    assert sealed.startswith(pdf())
    assert CARRIER.intact(sealed, found)
    assert embed(pdf(), PAYLOAD) == sealed


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_document_s_own_end_is_kept(end: bytes) -> None:
    document = pdf().rstrip() + end
    found = extract(embed(document, PAYLOAD))

    assert found is not None
    assert CARRIER.digest_of(found.document) == CARRIER.digest_of(document)


def test_the_cross_reference_table_leads_to_the_new_object() -> None:
    sealed = embed(pdf(), PAYLOAD)
    table = int(sealed.split(b"startxref\n")[-1].split()[0])
    _, _, first, number, entry = sealed[table:].split(b"\n")[:5]
    place = int(entry.split()[0])

    assert sealed[table:].startswith(b"xref\n")
    assert first == b"0000000000 65535 f "
    assert sealed[place:].startswith(number.split()[0] + b" 0 obj\n")
    assert b"/Prev %d " % int(pdf().split(b"startxref\n")[-1].split()[0]) in sealed[table:]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
def test_a_reader_shows_the_same_text(tmp_path: Path) -> None:
    shown = []
    for data in (pdf(), embed(pdf(), PAYLOAD)):
        (tmp_path / "a.pdf").write_bytes(data)
        ran = subprocess.run(["pdftotext", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
        assert ran.stderr == b""
        shown.append(ran.stdout)

    assert shown[0] == shown[1]
    assert b"Page 2" in shown[0]


def test_what_is_no_pdf_or_sealed_already_is_refused() -> None:
    for document in (b"", b"%PDF-1.4\n%%EOF\n", b"hello" + pdf(), embed(pdf(), PAYLOAD)):
        with pytest.raises(ValueError, match="PDF"):
            embed(document, PAYLOAD)


def test_a_file_without_a_seal_has_none() -> None:
    assert extract(pdf()) is None


def test_what_is_added_behind_the_seal_is_seen() -> None:
    sealed = embed(pdf(), PAYLOAD)
    found = extract(sealed + b"more")

    assert found == (pdf(), PAYLOAD, b"more")
    assert not CARRIER.intact(sealed + b"more", found)


def test_an_update_by_somebody_else_counts_as_a_change_of_its_parts() -> None:
    was = {(part.kind, part.name): part.sha256 for part in pdf_parts(pdf())}
    second = next(line for line in pdf().split(b"\n") if line.startswith(b"/Contents"))
    contents = second.split()[1]
    update = b"\n%b 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n" % contents
    now = {(part.kind, part.name): part.sha256 for part in pdf_parts(pdf() + update)}

    assert [part for part in was if was[part] != now[part]] == [("page", "1")]


def test_the_parts_are_pages_and_pictures() -> None:
    names = [(part.kind, part.name) for part in pdf_parts(pdf())]
    other = pdf_parts(pdf(second="Page 3"))

    assert names == [
        ("page", "1"),
        ("picture", "1 on page 1"),
        ("page", "2"),
        ("picture", "1 on page 2"),
        ("font", ""),
        ("structure", ""),
    ]
    assert [new.name for new, old in zip(other, pdf_parts(pdf()), strict=True) if new != old] == ["2"]


@pytest.mark.parametrize(
    "objects",
    [
        b"",
        b"\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>\nendobj\n",
        b"\n1 0 obj\n<< /Type /Catalog /Pages 9 0 R >>\n",
        b"\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Kids [3 0 R 2 0 R] >>\nendobj\n3 0 obj\n",
    ],
)
def test_broken_trees_of_pages_stop_nothing(objects: bytes) -> None:
    assert len(pdf_parts(b"%PDF-1.4\n" + objects)) <= 2
