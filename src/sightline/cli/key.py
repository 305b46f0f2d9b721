"""`sightline key`: the public half of the key that reports are signed with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sightline.errors import NotReadyError


def key(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder for results. Otherwise SAVE_DIR, SIGHTLINE_DATA_DIR or ./sightline-data."),
    ] = None,
) -> None:
    """Print the public key that this machine's reports are signed with, for whoever checks them.

    The key goes to stdout, its fingerprint to stderr. A data folder that has no key yet gets one.
    """
    from sightline.service.signing import Signer
    from sightline.settings import get_settings

    settings = get_settings()
    if data is not None:
        settings = settings.model_copy(update={"save_dir": data})
    found = Signer(settings).key
    if found is None:
        raise NotReadyError("There is no key: results lie in a bucket, and SIGHTLINE_SIGNING_KEY is not set.")
    print(found.public.to_pem(), end="", flush=True)
    print(f"Fingerprint: {found.fingerprint}", file=sys.stderr)
