"""What each format has to offer, so that a file of it can carry an envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sightline.evidence.manifest import Part


class Extracted(NamedTuple):
    """A sealed file, taken apart.

    Attributes:
        document: the file without its seal.
        payload: the envelope's bytes.
        rest: bytes behind a seal that should end its file.
    """

    document: bytes
    payload: bytes
    rest: bytes = b""


@dataclass(frozen=True, slots=True)
class Carrier:
    """How files of one format carry an envelope.

    Attributes:
        embed: puts an envelope's bytes into a document. Raises ValueError where it is not of the format, or sealed.
        extract: takes a file apart and trusts none of it; None where there is no seal. Raises ValueError where the file
            can be read in two ways.
        intact: whether a file has nothing in it but what was extracted and can be checked.
        digest_of: SHA-256 of a document, in hex.
        parts_of: digests of what is in a document.
    """

    embed: Callable[[bytes, bytes], bytes]
    extract: Callable[[bytes], Extracted | None]
    intact: Callable[[bytes, Extracted], bool]
    digest_of: Callable[[bytes], str]
    parts_of: Callable[[bytes], tuple[Part, ...]]
