"""Whatever is done to a sealed file, the check says so, and never breaks."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.errors import BadInputError
from sightline.evidence.canonical import canonical, parse
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import Envelope, Signature
from sightline.evidence.keys import make_key
from sightline.evidence.manifest import Format
from sightline.evidence.seal import seal
from sightline.evidence.verify import verify
from tests.evidence.samples import FORMATS, document, manifest

KEY = make_key()
SEALED = {name: seal(document(name), name, manifest(), KEY) for name in FORMATS}

on_one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
"""Each example writes its own report into the same folder."""


def holds(folder: Path, file: bytes) -> bool:
    path = folder / "report"
    path.write_bytes(file)
    try:
        return verify(path, key=KEY.public).holds
    except BadInputError:
        return False


def same(document_format: Format, file: bytes) -> bool:
    """Whether a file says what was sealed; of JSON the value counts, not how it is spelled."""
    sealed = SEALED[document_format]
    with contextlib.suppress(ValueError):
        return file == sealed or (document_format == "json" and canonical(parse(file)) == canonical(parse(sealed)))
    return False


@pytest.mark.parametrize("document_format", FORMATS)
@on_one_file
@given(data=st.data())
def test_no_byte_can_be_changed(tmp_path: Path, document_format: Format, data: st.DataObject) -> None:
    file = bytearray(SEALED[document_format])
    file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))

    assert holds(tmp_path, bytes(file)) == same(document_format, bytes(file))


@pytest.mark.parametrize("document_format", FORMATS)
@on_one_file
@given(data=st.data())
def test_nothing_can_be_taken_away_or_put_in(tmp_path: Path, document_format: Format, data: st.DataObject) -> None:
    sealed = SEALED[document_format]
    start = data.draw(st.integers(0, len(sealed)))
    stop = data.draw(st.integers(start, min(start + 40, len(sealed))))
    file = sealed[:start] + data.draw(st.binary(max_size=40)) + sealed[stop:]

    assert holds(tmp_path, file) == same(document_format, file)


@on_one_file
@given(st.binary(max_size=200), st.sampled_from([b"%PDF-", b"{", b"<html>", b""]))
def test_foreign_files_never_hold(tmp_path: Path, data: bytes, start: bytes) -> None:
    assert not holds(tmp_path, start + data)


def test_whoever_changes_a_report_can_seal_it_again_but_not_with_our_key(tmp_path: Path) -> None:
    carrier, forger = carrier_of("html"), make_key()
    extracted = carrier.extract(SEALED["html"])
    assert extracted is not None
    changed = extracted.document.replace(b"One crack", b"No crack")
    path = tmp_path / "forged.html"
    path.write_bytes(seal(changed, "html", manifest(), forger))

    assert verify(path).holds  # nothing was changed since the forger signed it
    assert verify(path).fingerprint == forger.fingerprint
    assert not verify(path, key=KEY.public).holds

    envelope = Envelope.from_bytes(extracted.payload)
    borrowed = Envelope(envelope.manifest, Signature(KEY.public, forger.sign(b"anything")))
    assert not holds(tmp_path, carrier.embed(extracted.document, borrowed.to_bytes()))
    assert not holds(tmp_path, carrier.embed(changed, extracted.payload))
