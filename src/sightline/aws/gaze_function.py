"""What the gaze function is made of, once for an execution environment: its settings, its model, its service."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

import sightline
from sightline.aws.in_process import InProcessAnalysis
from sightline.aws.scratch import largest_video_bytes
from sightline.errors import NotReadyError, SightlineError
from sightline.gaze.face.nets import ModelInfo
from sightline.jobs.queue import JobQueue
from sightline.service.eye_tracking import ACTIONS
from sightline.service.gaze_setup import GazeService, open_gaze_service, open_queue
from sightline.service.no_queue import NoQueue
from sightline.service.uploads import Uploads
from sightline.settings import Settings, get_settings
from sightline.telemetry import configure_logging

FUNCTION: Final = "gaze"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GazeFunction:
    """A function that is ready.

    Attributes:
        settings: of this environment.
        service: on the storage that they name.
        queue: where jobs come from.
        analysis: looks at videos, within the deadline that it is given.
        model: the landmark model.
    """

    settings: Settings
    service: GazeService
    queue: JobQueue
    analysis: InProcessAnalysis
    model: ModelInfo

    @property
    def uploads(self) -> Uploads:
        return self.service.eye_tracking.uploads

    @classmethod
    def open(cls) -> GazeFunction:
        """Read the settings, load the model, open the storage.

        Raises:
            BadInputError: a setting has an invalid value.
            NotReadyError: the model or the storage cannot be used.
        """
        settings = get_settings()
        configure_logging(settings.log_level)
        logging.getLogger("botocore").setLevel(logging.WARNING)  # it tells at each start where it found what
        settings = settings.model_copy(update={"max_video_bytes": largest_video_bytes(settings.max_video_bytes)})
        if settings.dynamodb_table is None and not {"data_dir", "save_dir"} & settings.model_fields_set:
            raise NotReadyError(
                "DYNAMODB_TABLE and S3_BUCKET are not set: they name the table and the bucket that results are kept in."
            )
        model = _load_model()
        analysis = InProcessAnalysis()
        queue = _queue(settings)
        service = open_gaze_service(settings, analyse_video=analysis, queue=queue, figures=False)
        return cls(settings, service, queue, analysis, model)


class Loading:
    """The function, or why there is none: an environment whose start failed says so, and tries again each time."""

    def __init__(self) -> None:
        self._function: GazeFunction | None = None
        self.failure: NotReadyError | None = None
        self.attempt()

    def attempt(self) -> GazeFunction | None:
        """The function; None where it cannot be had, and `failure` says why."""
        if self._function is None:
            try:
                self._function = GazeFunction.open()
                self.failure = None
            except SightlineError as error:
                self.failure = NotReadyError(error.message)
                _logger.error("start_failed", extra={"fields": {"code": error.code, "reason": error.message}})
            except Exception as error:  # a library that is missing, say: health is to tell of it, not to die of it
                self.failure = NotReadyError(f"The function could not start ({type(error).__name__}: {error}).")
                _logger.exception("start_failed")
        return self._function

    def get(self) -> GazeFunction:
        """The function.

        Raises:
            NotReadyError: it cannot be had.
        """
        if (function := self.attempt()) is None:
            assert self.failure is not None
            raise NotReadyError(self.failure.message)  # a fresh one: a shared one would gather tracebacks
        return function

    @property
    def cors_origins(self) -> tuple[str, ...]:
        """The origins whose pages may read an answer; all, where the settings cannot be read: they get errors only."""
        return self._function.settings.cors_origins if self._function else ("*",)

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether faces can be analysed now, and the document that says so."""
        function = self.attempt()
        model = None if function is None else function.model
        return function is not None, {
            "status": "healthy" if function else "unhealthy",
            "message": self.failure.message if self.failure else "Eye tracking is running",
            "version": sightline.__version__,
            "model": model and {"name": model.name, "version": model.version, "sha256": model.sha256},
            "actions": list(ACTIONS),
        }


def _load_model() -> ModelInfo:
    """Load the nets, and with them all that the first video needs: during the start, for whose time there is a limit
    of its own and a whole processor, whatever the function's memory.
    """
    import sightline.gaze.analysis
    import sightline.gaze.image  # noqa: F401
    from sightline.gaze.face.nets import model_info
    from sightline.gaze.face.tracker import FaceTracker

    FaceTracker()
    return model_info()


def _queue(settings: Settings) -> JobQueue:
    if settings.dynamodb_table is None:
        return NoQueue("There is no queue for jobs: set DYNAMODB_TABLE, S3_BUCKET and SIGHTLINE_JOB_QUEUE_URL.")
    return open_queue(settings)
