from __future__ import annotations

import stat
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat as Public

from sightline.errors import BadInputError, NotReadyError
from sightline.evidence.keys import PublicKey, load_key, load_or_make_key, load_public_key, make_key


def test_a_key_checks_what_it_signed() -> None:
    key, other = make_key(), make_key()
    signature = key.sign(b"data")

    assert key.public.verifies(signature, b"data")
    assert not key.public.verifies(signature, b"other data")
    assert not other.public.verifies(signature, b"data")
    assert not key.public.verifies(b"too short", b"data")
    assert key.sign(b"data") == signature


def test_the_fingerprint_is_the_digest_of_what_the_pem_holds() -> None:
    key = make_key()
    der = b64decode("".join(key.public.to_pem().splitlines()[1:-1]))

    assert key.fingerprint == sha256(der).hexdigest()


def test_any_32_bytes_are_some_key() -> None:
    for raw in (bytes(32), b"\xff" * 32, bytes(range(32))):
        assert len(PublicKey(raw).fingerprint) == 64
        assert not PublicKey(raw).verifies(bytes(range(64)), b"data")


def test_the_secret_does_not_show_itself() -> None:
    key = make_key()
    secret = key.to_pem().splitlines()[1]

    assert secret not in repr(key)
    assert secret not in str(key)


def test_a_folder_gets_one_key_for_its_owner_s_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "signing-key.pem"
    key = load_or_make_key(path)

    assert load_or_make_key(path).fingerprint == key.fingerprint
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["signing-key.pem"]


def test_all_who_come_at_the_same_time_get_the_same_key(tmp_path: Path) -> None:
    for attempt in range(10):
        with ThreadPoolExecutor(8) as pool:
            keys = list(pool.map(load_or_make_key, [tmp_path / str(attempt) / "key.pem"] * 8))
        assert len({key.fingerprint for key in keys}) == 1


def test_a_folder_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(NotReadyError, match="signing key"):
        load_or_make_key(tmp_path / "file" / "key.pem")


def test_a_key_is_read_from_text_and_from_a_file(tmp_path: Path) -> None:
    key = make_key()
    path = tmp_path / "key.pem"
    path.write_text(key.to_pem())

    one_line = [key.to_pem().replace("\n", end) for end in ("\\n", " ", "\r\n", "")]
    given_as: list[str | Path] = [key.to_pem(), *one_line, path, str(path)]
    for given in given_as:
        assert load_key(given).fingerprint == key.fingerprint


def test_a_public_key_is_read_from_either_half(tmp_path: Path) -> None:
    key = make_key()
    path = tmp_path / "public.pem"
    path.write_text(key.public.to_pem())

    for given in (key.to_pem(), key.public.to_pem(), path):
        assert load_public_key(given) == key.public


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.pem").write_text("-----BEGIN NOTHING-----")
    (tmp_path / "picture.pem").write_bytes(b"\xff\xd8\xff")

    for name in ("note.pem", "picture.pem", "missing.pem"):
        for load in (load_key, load_public_key):
            with pytest.raises(BadInputError, match=name):
                load(tmp_path / name)


def test_a_key_of_another_kind_is_refused() -> None:
    other = generate_private_key(SECP256R1())
    private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = other.public_key().public_bytes(Encoding.PEM, Public.SubjectPublicKeyInfo).decode()

    for text, load in ((private, load_key), (private, load_public_key), (public, load_public_key)):
        with pytest.raises(BadInputError, match="another kind"):
            load(text)


def test_a_key_behind_a_password_is_refused_without_showing_it() -> None:
    other = generate_private_key(SECP256R1())
    text = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")).decode()

    with pytest.raises(BadInputError, match="password") as caught:
        load_key(text)
    assert text.splitlines()[1] not in caught.value.message
