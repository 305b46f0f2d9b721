"""What goes wrong between us and AWS, in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, TypeAlias

from sightline.errors import NotReadyError, SightlineError, UnavailableError

What: TypeAlias = Literal["files", "records", "jobs"]

_SETTINGS: Final[dict[What, str]] = {
    "files": "S3_BUCKET or RESULT_BUCKET",
    "records": "DYNAMODB_TABLE",
    "jobs": "DYNAMODB_TABLE, SIGHTLINE_JOB_QUEUE_URL and SIGHTLINE_DEAD_LETTER_QUEUE_URL",
}
_OVERLOADED: Final = frozenset(
    {
        "LimitExceededException",
        "OverLimit",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_MISSING: Final = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchBucket",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
    }
)
_REFUSED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "KmsAccessDeniedException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""The three sets hold the codes of DynamoDB, SQS and S3 together: they do not contradict each other."""


@contextmanager
def cloud_errors(what: What) -> Iterator[None]:
    """Turn what botocore raises inside, after its own retries, into our errors; an answer to a faulty request stays.

    Args:
        what: what is kept where the calls go to.

    Raises:
        UnavailableError: it cannot be reached, is overloaded or broken: the same call may succeed later.
        NotReadyError: it is not there, or refuses us; says which setting or permission to look at.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        ours = _ours(what, error)
        if ours is None:
            raise
        raise ours from error


def error_code(error: Any) -> str:
    """The code that AWS gave a `ClientError`, such as `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def condition_failed(error: Any) -> bool:
    """Whether a write was not made because its condition did not hold, or because another one was just under way."""
    if error_code(error) != "TransactionCanceledException":
        return error_code(error) == "ConditionalCheckFailedException"
    return _reasons(error) <= {"ConditionalCheckFailed", "TransactionConflict"}


def _reasons(error: Any) -> set[str]:
    """Why a transaction was given up: the codes of its parts that failed."""
    return {part["Code"] for part in error.response.get("CancellationReasons", ())} - {"None"}


def _ours(what: What, error: Any) -> SightlineError | None:
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _answered(what, error)
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError):
        return _unavailable(what)
    if isinstance(error, exceptions.NoCredentialsError | exceptions.CredentialRetrievalError):
        return NotReadyError("No AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    return None


def _answered(what: What, error: Any) -> SightlineError | None:
    code, status = error_code(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _OVERLOADED or status >= 500 or _reasons(error) & _OVERLOADED:
        return _unavailable(what)
    if code in _MISSING:
        return NotReadyError(f"There is no store for {what}: AWS says {code}. Check {_SETTINGS[what]} and AWS_REGION.")
    if code in _REFUSED:
        operation = error.operation_name
        return NotReadyError(
            f"The store for {what} refuses {operation}: AWS says {code}. Check the credentials and their permissions, "
            f"and {_SETTINGS[what]}."
        )
    return None


def _unavailable(what: What) -> UnavailableError:
    return UnavailableError(f"The store for {what} cannot be reached now. Try again in a moment.")
