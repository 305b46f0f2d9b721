"""The gaze function's door: whatever kind of event comes in, the same service behind it, and the answer in its form."""

from __future__ import annotations

import logging
from typing import Any

from sightline.aws.answers import METHODS, cors_headers, error_answer, proxy_answer
from sightline.aws.arrivals import take_arrivals
from sightline.aws.deadline import Deadline
from sightline.aws.deliveries import take_messages
from sightline.aws.events import DirectEvent, HttpEvent, ObjectsEvent, Ping, QueueEvent, read_event
from sightline.aws.gaze_function import FUNCTION, Loading
from sightline.aws.invocation import Invocation, invocation
from sightline.aws.scratch import begin_empty
from sightline.errors import SightlineError, TooLargeError
from sightline.service.eye_tracking import ACTIONS
from sightline.service.statuses import status_of_answer

_logger = logging.getLogger(__name__)

_NOT_ALLOWED = "method_not_allowed"


class GazeDoor:
    """Answers the events of one execution environment, one at a time.

    HTTP requests and direct invocations get an answer in every case. Events that nobody waits for (a bucket's, a
    queue's) raise what keeps them from being carried out now, or name what failed, so that they are delivered again.

    Args:
        loading: the function, or why there is none.
    """

    def __init__(self, loading: Loading) -> None:
        self._loading = loading

    def answer(self, event: object, context: object) -> dict[str, Any]:
        """Carry out what an event asks for."""
        begin_empty()
        told = read_event(event)
        if isinstance(told, QueueEvent):
            return take_messages(self._loading.get(), told.messages, context)
        with invocation(FUNCTION, context) as this:
            match told:
                case HttpEvent():
                    return self._http(told, context, this)
                case ObjectsEvent():
                    this.action = "objects_created"
                    return take_arrivals(self._loading.get(), told.objects, this)
                case Ping():
                    this.action = "ping"
                    return self._loading.health()[1]
                case DirectEvent():
                    return self._direct(told, context, this)

    def _http(self, event: HttpEvent, context: object, this: Invocation) -> dict[str, Any]:
        allowed = self._loading.cors_origins
        headers = {"X-Request-ID": str(getattr(context, "aws_request_id", "")), **cors_headers(event.origin, allowed)}
        if event.method == "OPTIONS":
            this.action = "options"
            return proxy_answer(204, None, {**headers, "Allow": METHODS})
        if event.method in ("GET", "HEAD"):
            this.action = "health"
            healthy, document = self._loading.health()
            answer = proxy_answer(200 if healthy else 503, document, {**headers, "Cache-Control": "no-store"})
            return answer if event.method == "GET" else {**answer, "body": ""}
        if event.method != "POST":
            this.error_code = _NOT_ALLOWED
            document = {"error": f"{event.method} is not allowed here.", "code": _NOT_ALLOWED, "status": "error"}
            return proxy_answer(405, document, {**headers, "Allow": METHODS})
        try:
            result = self._carry_out(event.request(), context, event.gateway_s, this)
            return proxy_answer(status_of_answer(result), result, {**headers, "Cache-Control": "no-store"})
        except Exception as error:
            status, document, more = self._failed(error, this)
            return proxy_answer(status, document, {**headers, **more})

    def _direct(self, event: DirectEvent, context: object, this: Invocation) -> dict[str, Any]:
        try:
            return self._carry_out(event.request, context, None, this)
        except Exception as error:
            status, document, _ = self._failed(error, this)
            return {**document, "statusCode": status}

    def _carry_out(self, request: Any, context: object, gateway_s: float | None, this: Invocation) -> dict[str, Any]:
        action = request.get("action") if isinstance(request, dict) else None
        if isinstance(action, str) and action in ACTIONS:
            this.action = action
        function = self._loading.get()
        this.properties["model_version"] = function.model.version
        function.analysis.begin(Deadline(context, gateway_s=gateway_s, refusal=_too_long))
        try:
            return function.service.eye_tracking.handle(request)
        finally:
            this.figures |= function.analysis.figures()

    @staticmethod
    def _failed(error: Exception, this: Invocation) -> tuple[int, dict[str, Any], dict[str, str]]:
        this.error_code = error.code if isinstance(error, SightlineError) else SightlineError.code
        if not isinstance(error, SightlineError):
            _logger.error("unexpected", exc_info=error)
        return error_answer(error)


def _too_long(allowed_s: float, done: int, total: int) -> TooLargeError:
    return TooLargeError(
        f"The video takes longer than the {allowed_s:.0f} s that there are for an answer here: {done} of {total} "
        "frames were done by then. Send it with the actions create_upload, submit and get_status."
    )
