from __future__ import annotations

import json
from typing import Any

import pytest

from sightline.evidence.canonical import canonical, parse
from sightline.evidence.envelope import Envelope, signed
from sightline.evidence.keys import make_key

MANIFEST = {"schema": "x", "results": [1.0, {"b": "벽"}]}


def test_a_signature_is_over_the_manifest_and_its_signer() -> None:
    key = make_key()
    envelope = signed(MANIFEST, key)

    assert envelope.manifest["signed_by"] == key.fingerprint
    assert envelope.signature_holds()
    assert not Envelope({**envelope.manifest, "schema": "y"}, envelope.signature).signature_holds()
    assert not Envelope({**envelope.manifest, "signed_by": None}, envelope.signature).signature_holds()


def test_a_signature_by_another_key_than_the_manifest_says_does_not_hold() -> None:
    said, other = make_key(), make_key()
    manifest = signed(MANIFEST, said).manifest
    forged = signed(manifest, other)

    assert forged.signature_holds()  # it is the other's manifest now, and says so
    assert forged.manifest["signed_by"] == other.fingerprint
    assert not Envelope(manifest, forged.signature).signature_holds()


def test_what_is_unsigned_has_no_signature_that_holds() -> None:
    envelope = signed(MANIFEST, None)

    assert envelope.manifest["signed_by"] is None
    assert not envelope.signature_holds()


@pytest.mark.parametrize("with_key", [True, False])
def test_an_envelope_is_read_back(with_key: bool) -> None:
    envelope = signed(MANIFEST, make_key() if with_key else None)

    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"manifest": []},
        {"manifest": None},
        {"signature": "x"},
        {"signature": {}},
        {"signature": {"algorithm": "none", "public_key": "", "value": ""}},
        {"signature": {"algorithm": "Ed25519", "public_key": "AAAA", "value": "AAAA"}},
        {"signature": {"algorithm": "Ed25519", "public_key": "벽", "value": "AAAA"}},
    ],
)
def test_anything_else_in_an_envelope_is_refused(change: dict[str, Any]) -> None:
    content = parse(signed(MANIFEST, make_key()).to_bytes())

    with pytest.raises(ValueError, match=r"manifest|signature|base64|ASCII"):
        Envelope.from_bytes(canonical(content | change))


def test_another_spelling_of_an_envelope_is_refused() -> None:
    content = parse(signed(MANIFEST, make_key()).to_bytes())
    longer = content | {"signature": content["signature"] | {"note": "x"}}

    for data in (json.dumps(content).encode(), canonical(longer)):
        with pytest.raises(ValueError, match="more in the seal"):
            Envelope.from_bytes(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"1", b"{}", b"\xff", b'{"manifest":{}}'])
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"manifest|Expecting|decode"):
        Envelope.from_bytes(data)
