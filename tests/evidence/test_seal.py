from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from math import nan
from typing import Any

import pytest

from sightline.evidence.canonical import canonical, parse
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import Envelope
from sightline.evidence.keys import make_key
from sightline.evidence.manifest import Format
from sightline.evidence.seal import seal
from tests.evidence.samples import FORMATS, RESULTS, document, manifest


def sealed_manifest(file: bytes, document_format: Format) -> dict[str, Any]:
    found = carrier_of(document_format).extract(file)
    assert found is not None
    return dict(Envelope.from_bytes(found.payload).manifest)


@pytest.mark.parametrize("document_format", FORMATS)
def test_a_seal_is_the_same_each_time(document_format: Format) -> None:
    key = make_key()

    assert len({seal(document(document_format), document_format, manifest(), key) for _ in range(2)}) == 1


@pytest.mark.parametrize("document_format", ["pdf", "html"])
def test_the_manifest_describes_the_document(document_format: Format) -> None:
    data = document(document_format)
    found = sealed_manifest(seal(data, document_format, manifest(), None), document_format)["document"]

    assert (found["format"], found["size_bytes"], found["sha256"]) == (
        document_format,
        len(data),
        sha256(data).hexdigest(),
    )
    assert {part["kind"] for part in found["parts"]} >= {"picture"}


def test_the_manifest_holds_what_the_report_rests_on() -> None:
    key = make_key()
    found = sealed_manifest(seal(document("pdf"), "pdf", manifest(), key), "pdf")

    assert found["schema"] == "sightline-evidence/1"
    assert found["kind"] == "crack-inspection"
    assert found["subject"] == "inspection-1"
    assert datetime.fromisoformat(found["created_at"]) == datetime(2026, 5, 6, 12, tzinfo=UTC)
    assert found["results"] == RESULTS
    assert found["digests"]["results"] == sha256(canonical(RESULTS)).hexdigest()
    assert found["model"] == {"name": "crack", "version": "1", "sha256": "0" * 64}
    assert found["signed_by"] == key.fingerprint
    assert found["originals"][0]["role"] == "check-in"


@pytest.mark.parametrize("data", [canonical(RESULTS), canonical({"title": "x", "results": RESULTS})])
def test_a_json_report_does_not_hold_its_results_twice(data: bytes) -> None:
    found = sealed_manifest(seal(data, "json", manifest(), None), "json")

    assert found["results"] is None
    assert found["digests"]["results"] == sha256(canonical(RESULTS)).hexdigest()


def test_a_json_report_without_its_results_has_them_in_the_manifest() -> None:
    assert sealed_manifest(seal(b'{"results": 1}', "json", manifest(), None), "json")["results"] == RESULTS


@pytest.mark.parametrize("document_format", FORMATS)
def test_what_is_sealed_or_of_another_format_is_refused(document_format: Format) -> None:
    sealed = seal(document(document_format), document_format, manifest(), None)

    for data in (sealed, b"", b"anything"):
        with pytest.raises(ValueError, match=r"sealed already|member|</body>|PDF|Expecting"):
            seal(data, document_format, manifest(), None)


def test_results_that_are_no_json_are_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        seal(document("pdf"), "pdf", replace(manifest(), results={"length_px": nan}), None)


def test_a_sealed_json_report_is_json() -> None:
    sealed = parse(seal(document("json"), "json", manifest(), make_key()))

    assert sealed["wall"] == "벽"
    assert set(sealed["evidence"]) == {"manifest", "signature"}
