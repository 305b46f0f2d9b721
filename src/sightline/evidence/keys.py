"""The keys that reports are signed with: Ed25519 (RFC 8032), kept as PEM."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sightline.errors import BadInputError, NotReadyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_FILE: Final = "signing-key.pem"
"""The key's name in the data folder."""

PEM_BEGINS: Final = "-----BEGIN "
"""What every key in PEM begins with."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What checks signatures.

    Attributes:
        raw: the key's 32 bytes.
    """

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key in DER (SubjectPublicKeyInfo), in hex; `openssl pkey -pubin -outform DER` gives the same
        bytes.
        """
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return sha256(self._key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    def to_pem(self) -> str:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this key's over exactly these bytes."""
        from cryptography.exceptions import InvalidSignature

        try:
            self._key().verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def _key(self) -> Ed25519PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self.raw)


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """What signs. It never shows itself: neither in a log nor in a traceback."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._private.public_key().public_bytes_raw())

    @property
    def fingerprint(self) -> str:
        return self.public.fingerprint

    def sign(self, data: bytes) -> bytes:
        """64 bytes; the same for the same data, for Ed25519 uses no chance."""
        return self._private.sign(data)

    def to_pem(self) -> str:
        """The secret itself, as PKCS #8."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def make_key() -> SigningKey:
    """A new key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.generate())


def load_or_make_key(path: Path) -> SigningKey:
    """The key in a file; where there is none, a new one is made and kept there for its owner's eyes only (0600).

    Of several processes that make one at the same time, all get the same.

    Raises:
        NotReadyError: the file cannot be read or made.
        BadInputError: it holds no Ed25519 key.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_new(path, make_key().to_pem().encode())
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadyError(f"The signing key {path} cannot be read or made: {error}.") from error
    return _private_key(text, str(path))


def load_key(text_or_path: str | Path) -> SigningKey:
    """A private key from PEM text, or from the file of that name.

    Raises:
        BadInputError: there is no such file, or what is there is no Ed25519 key without a password.
    """
    return _private_key(*_pem_of(text_or_path))


def load_public_key(text_or_path: str | Path) -> PublicKey:
    """A public key from PEM text, or from the file of that name; of a private key, its public half.

    Raises:
        BadInputError: there is no such file, or what is there is no Ed25519 key.
    """
    text, name = _pem_of(text_or_path)
    if "PRIVATE KEY" in text:
        return _private_key(text, name).public
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadInputError(f"{name} holds no public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInputError(f"{name} holds a key of another kind; only Ed25519 is read")
    return PublicKey(key.public_bytes_raw())


def _pem_of(text_or_path: str | Path) -> tuple[str, str]:
    """PEM text, and what to call it in a message: never the text itself, which may be a secret."""
    if isinstance(text_or_path, str) and PEM_BEGINS in text_or_path:
        return _in_lines(text_or_path), "the signing key"
    try:
        return Path(text_or_path).read_text(), str(text_or_path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInputError(f"the key {text_or_path} cannot be read: {reason}") from None


def _in_lines(pem: str) -> str:
    """PEM with line ends again: variables often carry it in one line, with backslash and n, or blanks, where
    lines ended.
    """
    found = re.search(r"(-----BEGIN [A-Z ]+-----)(.*?)(-----END [A-Z ]+-----)", pem.replace("\\n", "\n"), re.DOTALL)
    return "\n".join((found[1], "".join(found[2].split()), found[3], "")) if found else pem


def _private_key(text: str, name: str) -> SigningKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it asks for a password
        raise BadInputError(f"{name} holds no private key in PEM that opens without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInputError(f"{name} holds a key of another kind; reports are signed with Ed25519 only")
    return SigningKey(key)


def _write_new(path: Path, data: bytes) -> None:
    """Write a secret, whole or not at all; where another process was faster, its file stays."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
