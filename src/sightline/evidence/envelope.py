"""Manifest and signature together, as they lie in a report.

The signature is Ed25519 over `SIGNED_AS` and the manifest's canonical bytes. The envelope itself is canonical JSON too:
it has one spelling only, so that nothing can be hidden in another.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sightline.evidence.canonical import canonical, parse
from sightline.evidence.keys import PublicKey, SigningKey

SIGNED_AS: Final = b"Sightline evidence, version 1\n"
"""Stands before what is signed, so that a signature for something else is none for this, and the other way round."""

_ALGORITHM: Final = "Ed25519"
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose signature, and the signature."""

    key: PublicKey
    value: bytes


@dataclass(frozen=True)
class Envelope:
    """What a sealed report carries.

    Attributes:
        manifest: as `Manifest.to_dict` makes it, with `document` and `signed_by`.
        signature: None in an unsigned report.
    """

    manifest: Mapping[str, Any]
    signature: Signature | None

    def signature_holds(self) -> bool:
        """Whether there is a signature, and it is its key's over this very manifest."""
        signature = self.signature
        if signature is None or self.manifest.get("signed_by") != signature.key.fingerprint:
            return False
        return signature.key.verifies(signature.value, SIGNED_AS + self.manifest_bytes)

    @cached_property
    def manifest_bytes(self) -> bytes:
        """The manifest's canonical form; with all the results in it, that takes a moment."""
        return canonical(self.manifest)

    def signed_with(self, signer: SigningKey) -> Envelope:
        """The same manifest with a signature."""
        signature = Signature(signer.public, signer.sign(SIGNED_AS + self.manifest_bytes))
        made = Envelope(self.manifest, signature)
        vars(made)["manifest_bytes"] = self.manifest_bytes  # not a second time
        return made

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        signature = self.signature and {
            "algorithm": _ALGORITHM,
            "public_key": b64encode(self.signature.key.raw).decode(),
            "value": b64encode(self.signature.value).decode(),
        }
        return b'{"manifest":%b,"signature":%b}' % (self.manifest_bytes, canonical(signature))

    @classmethod
    def from_bytes(cls, data: bytes) -> Envelope:
        """Read an envelope.

        Raises:
            ValueError: it is none, has anything else in it, or is not in its one spelling.
        """
        content = parse(data)
        try:
            envelope = cls(content["manifest"], _signature(content["signature"]))
            same = isinstance(envelope.manifest, dict) and envelope.to_bytes() == data
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no manifest with its signature ({error!r})") from None
        if not same:
            raise ValueError("there is more in the seal than a manifest and its signature")
        return envelope


def signed(manifest: Mapping[str, Any], signer: SigningKey | None) -> Envelope:
    """Sign a manifest, which gets the signer's fingerprint as `signed_by`; None leaves it unsigned."""
    unsigned = Envelope({**manifest, "signed_by": signer.fingerprint if signer else None}, None)
    return unsigned if signer is None else unsigned.signed_with(signer)


def _signature(content: Any) -> Signature | None:
    if content is None:
        return None
    key, value = b64decode(content["public_key"], validate=True), b64decode(content["value"], validate=True)
    if len(key) != _KEY_BYTES or len(value) != _SIGNATURE_BYTES or content["algorithm"] != _ALGORITHM:
        raise ValueError("the signature is not one of Ed25519")
    return Signature(PublicKey(key), value)
