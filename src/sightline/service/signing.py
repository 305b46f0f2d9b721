"""Who signs reports: the key that the settings name, or one of the data folder's own."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sightline.errors import BadInputError, NotReadyError
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.evidence.keys import SigningKey

VARIABLE: Final = "SIGHTLINE_SIGNING_KEY"


class Signer:
    """Finds the key when the first report is made: it takes a library that nothing else needs.

    Args:
        settings: `signing_key`, and where results lie.
        durable: whether the folder for results lasts. A key that is lost with it would make every report look like
            that of somebody else, so there is none then, and reports are unsigned and say so. Neither is there one
            where results lie in a bucket.

    Raises:
        BadInputError: `signing_key` is no Ed25519 key and no file of one.
    """

    def __init__(self, settings: Settings, *, durable: bool = True) -> None:
        self._settings = settings
        self._durable = durable
        if settings.signing_key is not None:
            _ = self.key  # a setting that cannot be used is told at the start

    @cached_property
    def key(self) -> SigningKey | None:
        """What signs; None where reports stay unsigned.

        Raises:
            NotReadyError: the key of the data folder cannot be read or made.
        """
        from sightline.evidence.keys import KEY_FILE, load_or_make_key

        if self._settings.signing_key is not None:
            return _key_of(self._settings.signing_key.get_secret_value())
        if self._settings.result_bucket is not None or not self._durable:
            return None
        try:
            return load_or_make_key(self._settings.results_dir / KEY_FILE)
        except BadInputError as error:  # whoever asks for a report did nothing wrong
            raise NotReadyError(f"The signing key of the data folder cannot be used: {error.message}.") from error


def _key_of(text: str) -> SigningKey:
    """The key that the variable holds or names. What it holds is never told: it may be the secret, badly written.

    Raises:
        BadInputError: it is none.
    """
    from sightline.evidence.keys import PEM_BEGINS, load_key

    if PEM_BEGINS not in text and not _is_file(text):
        raise BadInputError(
            f"{VARIABLE} is neither PEM text, which begins with {PEM_BEGINS!r}, nor the path of a file that is there."
        )
    try:
        return load_key(text)
    except BadInputError as error:
        raise BadInputError(f"{VARIABLE}: {error.message}.") from error


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a character that no name has
        return False
