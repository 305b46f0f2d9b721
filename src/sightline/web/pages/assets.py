"""Style sheets and scripts of the pages, at addresses that name their content, so that browsers keep them for good.

All of them share one digest: a script is sent with all that it imports, and a change in any of them is a new address.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sightline.errors import NotFoundError
from sightline.web.pages.modules import joined

_FOLDER: Final = Path(__file__).with_name("static")

PLOTLY: Final = "plotly.min.js"
"""The chart library, served out of the installed package: no copy of it is kept here."""

JOINT: Final = "+"
"""Several style sheets asked for in one: `tokens.css+app.css+walls.css`."""

_OF_ALL_PAGES: Final = ("tokens.css", "app.css")

_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

# 9 saves 5 % over 6 and takes three times as long: worth it for our own files, not for the 5 MB of the chart library.
_SMALL_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content_type: str
    plain: bytes
    gzipped: bytes


def asset_address(name: str) -> str:
    """The address of a file, or of several style sheets joined by `+`.

    Raises:
        KeyError: there is no such file, which is a fault of the template.
    """
    _paths_of(name)
    return f"/app/assets/{digest()}/{name}"


def styles_address(*own: str) -> str:
    """The address of a page's style sheets in one: those of all pages, then its own.

    Raises:
        KeyError: there is no such file, which is a fault of the template.
    """
    return asset_address(JOINT.join((*_OF_ALL_PAGES, *own)))


@cache
def digest() -> str:
    """Sixteen letters that change whenever any file does."""
    sum_ = sha256(metadata.version("plotly").encode())
    for file in sorted(_FOLDER.iterdir()):
        sum_.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return sum_.hexdigest()[:16]


@lru_cache(maxsize=64)  # more than there are, and not as many as somebody may join together
def read_asset(name: str) -> Asset:
    """A file, compressed once for all who ask.

    Raises:
        NotFoundError: there is no such file.
    """
    try:
        paths = _paths_of(name)
    except KeyError:
        raise NotFoundError("There is nothing at this address.") from None
    if paths[0].suffix == ".js" and paths[0].parent == _FOLDER:
        plain = joined(name, lambda needed: _paths_of(needed)[0].read_text("utf-8")).encode()
    else:
        plain = b"\n".join(path.read_bytes() for path in paths)
    level = 9 if len(plain) < _SMALL_BYTES else 6
    return Asset(_TYPES[paths[0].suffix], plain, gzip.compress(plain, compresslevel=level, mtime=0))


def _paths_of(name: str) -> list[Path]:
    parts = name.split(JOINT)
    if len(parts) > 1 and not (len(set(parts)) == len(parts) <= 4 and all(part.endswith(".css") for part in parts)):
        raise KeyError(name)
    return [_known()[part] for part in parts]


@cache
def _known() -> dict[str, Path]:
    """Every file by its name: what is asked for is looked up here, and never made into a path."""
    return {path.name: path for path in _FOLDER.iterdir() if path.suffix in _TYPES} | {PLOTLY: _plotly()}


def _plotly() -> Path:
    found = find_spec("plotly")  # says where it lies without importing it
    origin = found.origin if found else None
    assert origin is not None, "plotly is one of our requirements"
    return Path(origin).with_name("package_data") / PLOTLY
