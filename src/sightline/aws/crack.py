"""The handler of the crack function. Importing it opens the storage and loads the model, as Lambda's init does."""

from __future__ import annotations

import os
import sys

# Both before pydantic is imported, and for the start alone, which has a second in all.
# FastAPI asks of every model whether it is one of pydantic 1, and loads all of that for a no: a tenth of the init.
sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]
# pydantic looks through every installed package for plugins of its own; there are none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from sightline.aws.photo_function import PhotoFunction  # noqa: E402
from sightline.settings import Settings, get_settings  # noqa: E402
from sightline.telemetry import configure_logging  # noqa: E402


def _settings() -> Settings:
    settings = get_settings()
    configure_logging(settings.log_level)
    return settings


handler = PhotoFunction(_settings)
