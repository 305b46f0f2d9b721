"""The way to a bucket: where it is, whose credentials, how long to wait, and what S3's refusals mean in our words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sightline.errors import MissingExtraError, NotFoundError, NotReadyError, UnavailableError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config, S3Credential, S3Store

_CONNECT_TIMEOUT: Final = timedelta(seconds=3)
# While S3 says nothing, which includes the time that a part of an upload takes: 8 MiB at 2.2 Mbit/s.
_SILENCE_TIMEOUT: Final = timedelta(seconds=30)
_REQUEST_TIMEOUT: Final = timedelta(seconds=300)  # with the whole body; as long as a function lives
# Five attempts after 0.1, 0.2, 0.4 and 0.8 s, and none that begins later than this: the caller's gateway waits 29 s.
_RETRY: Final[RetryConfig] = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=15),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}
_NO_CREDENTIALS: Final = "No AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
_CREDENTIALS_LAST: Final = timedelta(minutes=5)  # before botocore is asked again; it renews them by itself

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_UNKNOWN_CREDENTIALS = frozenset(
    {"ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "TokenRefreshRequired"}
)


def open_bucket(bucket: str) -> S3Store:
    """A client for a bucket; nothing is asked yet.

    It reads `AWS_REGION`, the credentials that AWS's tools read, and `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` for
    another place than AWS, by http as well.

    Raises:
        MissingExtraError: obstore is not installed.
        NotReadyError: the region or the credentials are missing.
    """
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise MissingExtraError("Files in S3 need the extra 'aws': pip install 'sightline[aws]'.") from error

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise NotReadyError(f"AWS_REGION is not set: name the region that the bucket {bucket} is in.")
    config: S3Config = {
        "region": region,
        # Elsewhere than on AWS a bucket's name is rarely part of a host's, and AWS's certificates cover no dots.
        "virtual_hosted_style_request": not endpoint and "." not in bucket,
        "disable_bulk_delete": True,  # one blob goes at a time, and an answer of its own says whether it may
    }
    if endpoint:
        config["endpoint"] = endpoint
    client: ClientConfig = {
        "allow_http": bool(endpoint and endpoint.startswith("http://")),
        "connect_timeout": _CONNECT_TIMEOUT,
        "read_timeout": _SILENCE_TIMEOUT,
        "timeout": _REQUEST_TIMEOUT,
    }
    if keys := _keys_in_environment():
        return S3Store(bucket, config=config | keys, client_options=client, retry_config=_RETRY)
    provider = _CredentialsOfBotocore()
    return S3Store(bucket, config=config, client_options=client, retry_config=_RETRY, credential_provider=provider)


def _keys_in_environment() -> S3Config:
    """The keys that a function of Lambda has, or whoever sets them; empty where there are none."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return {}
    token = os.environ.get("AWS_SESSION_TOKEN")
    found: S3Config = {"access_key_id": key, "secret_access_key": secret}
    return found | {"session_token": token} if token else found


class _CredentialsOfBotocore:
    """Credentials from elsewhere than the environment: a profile, a container's, a machine's role, or those that a
    function started from a snapshot (SnapStart) asks for at a local address, of which obstore does not know.

    Raises:
        NotReadyError: there are none.
    """

    def __init__(self) -> None:
        try:
            from botocore.exceptions import BotoCoreError
            from botocore.session import Session
        except ImportError as error:
            raise NotReadyError(_NO_CREDENTIALS) from error
        try:
            self._found = Session().get_credentials()
        except BotoCoreError as error:  # half a key, a profile that is not there
            raise NotReadyError(f"The AWS credentials cannot be used: {error}.") from error
        if self._found is None:
            raise NotReadyError(_NO_CREDENTIALS)

    def __call__(self) -> S3Credential:
        frozen = self._found.get_frozen_credentials()
        return {
            "access_key_id": frozen.access_key,
            "secret_access_key": frozen.secret_key,
            "token": frozen.token,
            "expires_at": datetime.now(UTC) + _CREDENTIALS_LAST,
        }


@contextmanager
def s3_errors(bucket: str, key: str, permission: str) -> Iterator[None]:
    """Turn what obstore raises inside, after its own retries, into our errors; an answer to a faulty request stays.

    Args:
        bucket: the bucket that is asked.
        key: the blob that it is about.
        permission: what the caller must be allowed to do, such as `s3:GetObject`.

    Raises:
        NotFoundError: nothing is stored under the key.
        NotReadyError: there is no such bucket, or no access to it; says which setting or permission to look at.
        UnavailableError: S3 cannot be reached, is overloaded or broken: the same call may succeed later.
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        ours = _ours(error, bucket, key, permission)
        if ours is None:
            raise
        raise ours from error


def _ours(error: Any, bucket: str, key: str, permission: str) -> Exception | None:
    """Ours for an error of obstore, which tells its reason in its text only; None where there is no such."""
    from obstore.exceptions import PreconditionError

    text = str(error).partition("\n\nDebug source")[0]
    status = int(found[1]) if (found := _STATUS.search(text)) else None
    code = found[1] if (found := _CODE.search(text)) else ""
    if isinstance(error, PreconditionError):
        # Without the key, which may name a person: this one is logged, and it may be why a job failed.
        return UnavailableError("A file in the store was replaced while it was read. Try again.")
    if isinstance(error, FileNotFoundError) and code != "NoSuchBucket":
        return NotFoundError(f"Nothing is stored under {key!r}.")
    if "incorrectly configured region" in text:
        return NotReadyError(f"The bucket {bucket} is in another region than AWS_REGION says.")
    if code == "NoSuchBucket" or code in _UNKNOWN_CREDENTIALS or status in (401, 403):
        return NotReadyError(_what_to_set(code, bucket, permission))
    if status is None or status == 429 or status >= 500:
        return UnavailableError("The store for files cannot be reached now. Try again in a moment.")
    return None


def _what_to_set(code: str, bucket: str, permission: str) -> str:
    if code == "NoSuchBucket":
        return f"There is no bucket {bucket} in this region: check the bucket's name and AWS_REGION."
    if code in _UNKNOWN_CREDENTIALS:
        return f"S3 refuses the credentials ({code}): check AWS_ACCESS_KEY_ID and what belongs to it."
    says = f" ({code})" if code else ""
    return f"No access to the bucket {bucket}{says}: the credentials need the permission {permission}."
