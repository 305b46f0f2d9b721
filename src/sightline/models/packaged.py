"""The models that the package brings: a file beside this one, and its card `NAME.json`.

A card says at least `name`, `version`, `sha256` (of the file, lower-case hex) and, where it is not `NAME.onnx`, the
`file`; the model's own folder of the documentation says what else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sightline.errors import NotReadyError

_FOLDER: Final = Path(str(files("sightline.models")))
"""A real folder: the runtime opens models by path, and wheels are installed unpacked."""


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model file that is what its card says it is."""

    path: Path
    card: Mapping[str, Any]
    sha256: str


def packaged_model(name: str, *, folder: Path = _FOLDER) -> PackagedModel:
    """Find a packaged model and verify its checksum.

    Args:
        name: The card's stem, such as `crack`.
        folder: Where the card `NAME.json` and the file it names lie.

    Raises:
        NotReadyError: A file is missing, the card cannot be read, or the model is not the one the card describes.
    """
    try:
        card = json.loads((folder / f"{name}.json").read_bytes())
        expected = card["sha256"]
        path = folder / Path(card.get("file", f"{name}.onnx")).name
        found = sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise NotReadyError(f"the packaged model {name!r} is not there: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadyError(f"the card {name}.json of the packaged model cannot be read: {error!r}") from error
    if found != expected:
        raise NotReadyError(f"the packaged model {path.name} is not the file its card describes: SHA-256 {found}")
    return PackagedModel(path=path, card=card, sha256=found)
