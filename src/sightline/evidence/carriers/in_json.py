"""JSON reports carry their envelope as the member `evidence`.

What counts is the value, not its spelling: a report that some tool has indented anew is still the same report.
"""

from __future__ import annotations

from typing import Final

from sightline.evidence.canonical import canonical, digest, parse
from sightline.evidence.carriers.carrier import Extracted

MEMBER: Final = "evidence"


def embed(document: bytes, payload: bytes) -> bytes:
    """Add the envelope as the last member.

    Raises:
        ValueError: the document is no JSON object, or has that member already.
    """
    content = parse(document)
    if not isinstance(content, dict):
        raise ValueError("a JSON report is an object")
    if MEMBER in content:
        raise ValueError(f"the JSON report has a member {MEMBER!r} already")
    members = document.rstrip().removesuffix(b"}").rstrip()
    return b'%b%b"%b":%b}\n' % (members, b"," if content else b"", MEMBER.encode(), payload)


def extract(file: bytes) -> Extracted | None:
    """Take the envelope out; None where there is none. The document is in its canonical form then.

    Raises:
        ValueError: the file is no JSON that can be read in one way only.
    """
    content = parse(file)
    if not isinstance(content, dict) or MEMBER not in content:
        return None
    payload = canonical(content.pop(MEMBER))
    return Extracted(canonical(content), payload)


def digest_of(document: bytes) -> str:
    """SHA-256 of the canonical form."""
    return digest(parse(document))
