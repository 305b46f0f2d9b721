"""Objects that were created in the bucket: those that were announced as uploads become jobs, all others are left alone,
but for those that were deleted before they arrived.

The function's own results lie in the same bucket, and an event of one of them must not begin anything.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sightline.aws.events import StoredObject
from sightline.aws.gaze_function import GazeFunction
from sightline.aws.invocation import Invocation
from sightline.errors import BadInputError, NotFoundError, NotUploadedError
from sightline.telemetry import log_event

_logger = logging.getLogger(__name__)


def take_arrivals(function: GazeFunction, objects: Sequence[StoredObject], this: Invocation) -> dict[str, Any]:
    """Submit the jobs of uploads that arrived, and remove those that were deleted before. The same event twice makes no
    second job.

    What went wrong with an upload itself is told in the log and counted; it would go wrong again.

    Raises:
        NotReadyError: there is no queue for jobs.
        UnavailableError: the storage or the queue cannot be reached now.
    """
    submitted = refused = 0
    for stored in objects:
        if stored.bucket != function.settings.s3_bucket:
            continue
        if (upload := function.uploads.find_key(stored.key)) is None:
            if function.uploads.remove_if_deleted(stored.key):
                log_event(_logger, "upload_too_late")
            continue
        try:
            function.uploads.submit(upload.place)
            submitted += 1
        except (NotFoundError, NotUploadedError):
            log_event(_logger, "upload_gone")  # deleted in the meantime
        except BadInputError as error:
            refused += 1
            this.error_code = error.code
            log_event(_logger, "upload_refused", level=logging.ERROR, reason=error.message)
    this.figures |= {"uploads_submitted": submitted, "uploads_refused": refused}
    return {"submitted": submitted, "refused": refused, "left_alone": len(objects) - submitted - refused}
