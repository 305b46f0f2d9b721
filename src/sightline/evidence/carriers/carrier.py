"""What each format has to offer, so that a file of it can carry an envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
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
        parts_of: digests of what is in a document.
        digest_of_value: SHA-256, in hex, of what a document says, for a format in which that counts and not its
            spelling; None where every byte counts.
    """

    embed: Callable[[bytes, bytes], bytes]
    extract: Callable[[bytes], Extracted | None]
    parts_of: Callable[[bytes], tuple[Part, ...]]
    digest_of_value: Callable[[bytes], str] | None = None

    def digest_of(self, document: bytes) -> str:
        """SHA-256 of a document, in hex."""
        return self.digest_of_value(document) if self.digest_of_value else sha256(document).hexdigest()

    def intact(self, file: bytes, extracted: Extracted) -> bool:
        """Whether a file has nothing in it but what was extracted and can be checked: embedding that again gives the
        same file, byte for byte. Where only the value counts, it could be read in one way, and so that is all it says.
        """
        if self.digest_of_value:
            return True
        try:
            return self.embed(extracted.document, extracted.payload) == file
        except ValueError:
            return False
