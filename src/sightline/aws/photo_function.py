"""The crack function: the web application behind a Function URL or an API Gateway, one request at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.aws.invocation import Invocation, invocation
from sightline.aws.web_answer import (
    MAX_FILE_BYTES,
    MAX_PHOTO_BYTES,
    error_code_of,
    refusal,
    sendable,
    unready_app,
    without_cors,
)
from sightline.aws.web_request import WebRequest, web_request
from sightline.errors import BadInputError, SightlineError
from sightline.settings import Settings
from sightline.telemetry import log_event

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sightline.crack.engine import CrackEngine
    from sightline.service.photos import PhotoService
    from sightline.service.results import ResultStore

FUNCTION = "crack"
SAVE_DIR = Path("/tmp/result")  # noqa: S108 - the guide's default; on Lambda nothing outside /tmp can be written

RESULTS_IN_TMP = 20
"""How many results stay where there is no bucket: at up to 15 MB each they leave room in the 512 MB of /tmp."""

COMPARISONS_IN_TMP = 10
"""The same for comparisons, at up to 10 MB each."""

_logger = logging.getLogger(__name__)

# Lambda gives the init 10 s and begins again from the start where it takes longer. It takes about one; a model that is
# not there by now is waited for by the first photo, and /health says so.
_INIT_WAIT_S = 7.0


class PhotoFunction:
    """The handler of the crack function.

    Made once, during Lambda's init: the model loads while the web framework is imported. What keeps it from working is
    kept as well, and told in answer to every request.

    CORS is the Function URL's: its own setting answers preflights without a call, also where callers sign (AWS_IAM),
    and its headers stand beside those of the function; browsers refuse an origin that is allowed twice. Behind a
    Function URL the function therefore adds none, unless `SIGHTLINE_CORS_ORIGINS` is set (leave the URL's empty then).

    Args:
        read_settings: reads the settings; results go to `result_bucket`, else to `save_dir`, else to `/tmp/result`.
    """

    def __init__(self, read_settings: Callable[[], Settings]) -> None:
        self._photos: PhotoService | None = None
        self._comparisons: ResultStore | None = None
        self._keeps_in_tmp = False
        self._leaves_cors_to_url = True
        # Mangum runs every request on the thread's current loop; without one Python 3.12 warns and 3.14 refuses.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        logging.getLogger("mangum").setLevel(logging.WARNING)  # its line for each request has the result's id
        try:
            self._app = self._open(_fit_for_lambda(read_settings()))
        except SightlineError as error:
            log_event(_logger, "not_ready", level=logging.ERROR, reason=error.message)
            self._app = unready_app(error)

    def _open(self, settings: Settings) -> ASGIApp:
        start_s = time.monotonic()
        from sightline.service.setup import open_photo_service

        self._keeps_in_tmp = settings.result_bucket is None
        self._leaves_cors_to_url = "cors_origins" not in settings.model_fields_set
        self._photos = open_photo_service(settings)
        self._photos.model.start()
        import mangum  # noqa: F401

        from sightline.web.app import app_around

        app = app_around(
            self._photos,
            settings,
            max_file_bytes=MAX_FILE_BYTES,
            max_request_bytes=MAX_PHOTO_BYTES,
            durable=not self._keeps_in_tmp,
        )
        self._comparisons = app.state.services.walls.comparisons.results
        with suppress(SightlineError):  # the loader has logged it, and tells it to whoever asks
            _rehearse(self._photos.model.wait(_INIT_WAIT_S - (time.monotonic() - start_s)), self._loop)
        return app

    def __call__(self, event: object, context: object) -> dict[str, Any]:
        """Answer an HTTP request.

        Raises:
            BadInputError: the event comes from a queue or a bucket, where any answer would mean that it is done.
        """
        with invocation(FUNCTION, context) as this:
            this.properties |= self._model_version()
            try:
                request = web_request(event)
            except BadInputError as error:
                this.error_code = error.code
                if isinstance(event, dict) and "Records" in event:
                    raise
                return refusal(400, error)
            answer = self._answer(request, context, this)
            this.error_code = error_code_of(answer)
            self._keep_tmp_small()
            return answer

    def _answer(self, request: WebRequest, context: object, this: Invocation) -> dict[str, Any]:
        from mangum import Mangum

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["root_path"] = request.root_path
            await self._app(scope, receive, send)
            this.action = getattr(scope.get("route"), "name", None) or this.action

        # The lifespan would begin and end in every call; the model is loaded already, and nothing needs an end.
        answer = Mangum(app, lifespan="off")(request.event, context)  # type: ignore[arg-type]
        if request.by_function_url and self._leaves_cors_to_url:
            answer = without_cors(answer)
        return sendable(answer)

    def _model_version(self) -> dict[str, str]:
        model = self._photos.model.model if self._photos else None
        return {"model_version": model.info.version} if model else {}

    def _keep_tmp_small(self) -> None:
        if self._photos and self._comparisons and self._keeps_in_tmp:
            try:
                self._photos.keep_newest(RESULTS_IN_TMP)
                self._comparisons.keep_newest(COMPARISONS_IN_TMP)
            except Exception:  # a full disk, say: the answer is made, and the next invocation tries again
                _logger.exception("tmp_not_emptied")

    def close(self) -> None:
        """Let go of the storage and the event loop. Lambda ends the process instead."""
        if self._photos:
            self._photos.close()
        self._loop.run_until_complete(asyncio.sleep(0))  # what was cancelled in the last request ends now
        self._loop.close()
        asyncio.set_event_loop(None)


def _rehearse(engine: CrackEngine, loop: asyncio.AbstractEventLoop) -> None:
    """Go once through what the first photo would else be the first to go through, on a picture of nothing.

    It takes 20 ms of the init, where Lambda gives a whole CPU whatever the function's share is; a snapshot (SnapStart)
    holds what it leaves behind.
    """
    import numpy as np
    from anyio.to_thread import run_sync

    from sightline.media.pictures import encode_jpeg
    from sightline.service.analysis import examine_photo

    nothing = encode_jpeg(np.full((64, 64, 3), 200, np.uint8))
    found = examine_photo(nothing, engine=engine, max_bytes=len(nothing), max_pixels=64 * 64)
    loop.run_until_complete(run_sync(found.annotated_jpeg))
    loop.run_until_complete(run_sync(found.mask_png))


def _fit_for_lambda(settings: Settings) -> Settings:
    """The settings with the limits and the folder that hold here."""
    return settings.model_copy(
        update={
            "save_dir": settings.save_dir or SAVE_DIR,
            "max_upload_bytes": min(settings.max_upload_bytes, MAX_PHOTO_BYTES),
        }
    )
