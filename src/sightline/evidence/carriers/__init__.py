"""The formats of reports, each of which carries its envelope in its own way."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Final

from sightline.errors import BadInputError
from sightline.evidence.carriers import in_html, in_json, in_pdf
from sightline.evidence.carriers.carrier import Carrier
from sightline.evidence.carriers.html_parts import html_parts
from sightline.evidence.carriers.json_parts import json_parts
from sightline.evidence.carriers.pdf_parts import pdf_parts
from sightline.evidence.manifest import Format

_CARRIERS: Final[dict[Format, Carrier]] = {
    "pdf": Carrier(in_pdf.embed, in_pdf.extract, pdf_parts),
    "html": Carrier(in_html.embed, in_html.extract, html_parts),
    "json": Carrier(in_json.embed, in_json.extract, json_parts, digest_of_value=in_json.digest_of),
}
_SNIFFED: Final = 1024
"""First bytes of a file that tell its format: a page's doctype comes within them."""


def carrier_of(document_format: Format) -> Carrier:
    """How files of a format carry an envelope."""
    return _CARRIERS[document_format]


def sniff_format(file: bytes) -> Format:
    """Tell the format of a report from its first bytes.

    Raises:
        BadInputError: it is none of them.
    """
    start = file[:_SNIFFED].removeprefix(BOM_UTF8).lstrip().lower()
    if start.startswith(b"%pdf-"):
        return "pdf"
    if start.startswith(b"{"):
        return "json"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    raise BadInputError("this file is no report: neither PDF nor HTML nor a JSON object")
