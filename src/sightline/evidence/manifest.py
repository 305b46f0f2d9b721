"""What a report rests on, as one JSON document: originals, model, settings, results, pictures, and the report itself.

docs/evidence.md describes each member. The schema's version is in it: a reader refuses one that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sightline.evidence.canonical import digest
from sightline.evidence.originals import Original

SCHEMA: Final = "sightline-evidence/1"

Format = Literal["pdf", "html", "json"]

SECTIONS: Final = ("originals", "model", "settings", "results", "pictures")
"""The members that have a digest of their own, so that a check can say which of them was changed."""


@dataclass(frozen=True, slots=True)
class Model:
    """The model that spoke."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was made for the report and lies beside it.

    Attributes:
        name: of its file.
        sha256: of its file, in hex.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document that a person would name: a page, the text below a heading, a picture.

    Attributes:
        kind: `page`, `text`, `picture`, `member`, `font`, `style`, `script`, `markup` or `structure`.
        name: which one.
        sha256: of what it consists of, in hex.
    """

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """The report without its seal.

    Attributes:
        format: of the file.
        size_bytes: of the file.
        sha256: of the file; of JSON, of its canonical form without the member `evidence`.
        parts: digests of what is in it, to say where it was changed.
    """

    format: Format
    size_bytes: int
    sha256: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report rests on.

    Attributes:
        kind: what the report is about, such as `crack-inspection`.
        created_at: when the report was made; with a time zone.
        service_version: of Sightline.
        originals: the files it rests on.
        model: the model that spoke.
        settings: what the analysis was asked to do; ready for JSON.
        results: all that was found; ready for JSON.
        subject: which inspection or comparison it is, such as its id.
        pictures: pictures that lie beside the report.
    """

    kind: str
    created_at: datetime
    service_version: str
    originals: tuple[Original, ...]
    model: Model
    settings: Mapping[str, Any]
    results: Mapping[str, Any]
    subject: str | None = None
    pictures: tuple[Picture, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, with a digest of each section. `seal` adds `document` and `signed_by`.

        Raises:
            ValueError, TypeError: settings or results are no JSON.
        """
        content: dict[str, Any] = {
            "originals": [original.to_dict() for original in self.originals],
            "model": asdict(self.model),
            "settings": dict(self.settings),
            "results": dict(self.results),
            "pictures": [asdict(picture) for picture in self.pictures],
        }
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "subject": self.subject,
            "created_at": self.created_at.isoformat(),
            "service_version": self.service_version,
            "digests": {section: digest(content[section]) for section in SECTIONS},
        } | content
