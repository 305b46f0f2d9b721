"""A zip that is the same, byte by byte, whenever it is made of the same files."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can name."""
_READABLE: Final = 0o100644 << 16
"""A plain file that everyone may read: Lambda's user is none that we know."""


def write_zip(folder: Path, out: Path) -> str:
    """Pack what lies in `folder`, sorted by name; the zip's SHA-256 in hexadecimal comes back."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr = _READABLE
                entry.create_system = 3  # Unix, also when made elsewhere: the permissions are read as Unix's then
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes())
    with out.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
