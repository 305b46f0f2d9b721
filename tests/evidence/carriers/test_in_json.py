from __future__ import annotations

import json

import pytest

from sightline.evidence.canonical import canonical, parse
from sightline.evidence.carriers.in_json import digest_of, embed, extract
from sightline.evidence.carriers.json_parts import json_parts

PAYLOAD = canonical({"a": 1})


@pytest.mark.parametrize("document", [b"{}", b' {\n "b": 1.50,\n "a": [1, 2]\n}\n\n', b'{"}":"}"}'])
def test_what_was_embedded_comes_out_again(document: bytes) -> None:
    sealed = embed(document, PAYLOAD)
    found = extract(sealed)

    assert parse(sealed) == parse(document) | {"evidence": {"a": 1}}
    assert found == (canonical(parse(document)), PAYLOAD, b"")
    assert digest_of(found.document) == digest_of(document)


def test_the_document_keeps_its_own_spelling() -> None:
    assert embed(b'{\n "b": 1.50\n}\n', PAYLOAD) == b'{\n "b": 1.50,"evidence":{"a":1}}\n'


def test_a_report_that_was_indented_anew_is_the_same() -> None:
    sealed = embed(b'{"b": 1.50, "a": "\\u00e9"}', PAYLOAD)

    assert extract(json.dumps(json.loads(sealed), indent=4, ensure_ascii=False).encode()) == extract(sealed)


@pytest.mark.parametrize("document", [b"[]", b"1", b'{"evidence": 1}', b"{", b'{"a":1,"a":2}'])
def test_what_cannot_carry_a_seal_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"object|member|Expecting"):
        embed(document, PAYLOAD)


def test_a_member_that_is_named_twice_is_refused() -> None:
    sealed = embed(b'{"verdict": "no crack"}', PAYLOAD)

    with pytest.raises(ValueError, match="twice"):
        extract(sealed.replace(b"{", b'{"verdict": "crack", ', 1))


def test_a_report_without_a_seal_has_none() -> None:
    assert extract(b'{"a": 1}') is None
    assert extract(b"[1]") is None


def test_the_parts_are_members() -> None:
    document = {"a": 1, "b": {}, "photos": [{"stage": "in", "box": {"x": {"deep": 1}}}, []], "outline": [[1, 2]] * 201}

    assert [part.name for part in json_parts(canonical(document))] == [
        *("a", "b", "outline", "photos[0].box", "photos[0].stage", "photos[1]"),
    ]
