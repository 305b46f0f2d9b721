"""A document as one HTML page that needs nothing else: it opens from a disk, without a network, and prints well.

The page may run the one small script that is in it and load nothing: its policy names the script and the style sheet
by their SHA-256.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sightline.documents.blocks import Document
from sightline.documents.fonts import web_fonts
from sightline.documents.picture import Picture
from sightline.documents.text import tidy
from sightline.documents.tones import INK, LINE, QUIET, SHADE, TONES, hexadecimal

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).with_name("templates")


def document_html(document: Document) -> bytes:
    """Set a document, UTF-8."""
    document.pictures()  # raises where two have one name
    style, script = _style(), _script()
    page = (
        _environment()
        .get_template("document.html")
        .render(document=document, style=style, script=script, policy=_policy(style, script))
    )
    return page.encode()


def _policy(style: str, script: str) -> str:
    return (
        "default-src 'none'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: tidy(value) if type(value) is str else value,
    )
    environment.filters["data_uri"] = _data_uri
    return environment


def _data_uri(picture: Picture) -> Markup:
    from markupsafe import Markup

    # Not to be escaped, nor gone through for letters that deceive: it is a megabyte of base64.
    return Markup(f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}")  # noqa: S704


@cache
def _style() -> str:
    """The style sheet, with the fonts and the colours of the tones put before it."""
    faces = "".join(
        f'@font-face {{ font-family: "Pretendard"; font-weight: {weight}; src: url("{uri}") format("woff2"); }}\n'
        for weight, uri in web_fonts().items()
    )
    named = {"ink": INK, "quiet": QUIET, "line": LINE, "shade": SHADE}
    colours = " ".join(f"--{name}: {hexadecimal(colour)};" for name, colour in named.items())
    tones = "".join(
        f".{tone} {{ --strong: {hexadecimal(palette.strong)}; --letters: {hexadecimal(palette.letters)}; "
        f"--pale: {hexadecimal(palette.pale)}; }}\n"
        for tone, palette in TONES.items()
    )
    return f"{faces}:root {{ {colours} }}\n{tones}{(_TEMPLATES / 'document.css').read_text(encoding='utf-8')}"


@cache
def _script() -> str:
    return (_TEMPLATES / "slider.js").read_text(encoding="utf-8")
