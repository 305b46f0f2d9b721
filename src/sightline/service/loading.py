"""A model that loads in the background while the service answers already, and truthfully, how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from sightline.errors import NotReadyError, SightlineError
from sightline.telemetry import log_event

T = TypeVar("T")
State = Literal["starting", "ready", "failed"]

_logger = logging.getLogger(__name__)


class ModelLoader(Generic[T]):
    """Loads a model once, in a thread of its own.

    Args:
        load: makes the model; what it raises is kept and told to everyone who asks for the model.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._thread = threading.Thread(target=self._run, name="sightline-load", daemon=True)
        self._start_once = threading.Lock()
        self._finished = threading.Event()
        self._model: T | None = None
        self._failure: SightlineError | None = None

    def start(self) -> None:
        """Begin to load; a second call changes nothing."""
        with self._start_once:
            if self._thread.ident is None:
                self._thread.start()

    @property
    def state(self) -> State:
        if not self._finished.is_set():
            return "starting"
        return "failed" if self._failure else "ready"

    @property
    def model(self) -> T | None:
        """The model if it is ready."""
        return self._model if self._finished.is_set() else None

    @property
    def failure(self) -> str | None:
        """Why loading failed, in words for whoever runs the service."""
        return self._failure.message if self._failure else None

    def wait(self, timeout_s: float) -> T:
        """The model, as soon as it is ready.

        Raises:
            NotReadyError: it is not ready in time, or loading failed (`MissingExtraError` where an extra is missing).
        """
        self.start()
        if not self._finished.wait(timeout_s):
            raise NotReadyError("The model is still loading. Try again in a moment.")
        if self._failure is not None:
            raise type(self._failure)(self._failure.message)  # a fresh one: a shared one would gather tracebacks
        assert self._model is not None
        return self._model

    def _run(self) -> None:
        try:
            self._model = self._load()
            log_event(_logger, "model_ready")
        except SightlineError as error:
            self._failure = error
            log_event(_logger, "model_failed", level=logging.ERROR, reason=error.message)
        except Exception as error:  # the thread ends here: what is not kept is lost, and health would wait for ever
            self._failure = NotReadyError(f"The model could not be loaded ({type(error).__name__}: {error}).")
            _logger.exception("model_failed")
        finally:
            self._finished.set()
