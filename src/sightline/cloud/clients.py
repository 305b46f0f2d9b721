"""Clients of AWS's services, one of each for the process, with bounded waiting."""

from __future__ import annotations

import os
import threading
from typing import Any, Final, Literal, TypeAlias

from sightline.errors import NotReadyError

Service: TypeAlias = Literal["dynamodb", "sqs", "s3"]

# Both services answer in milliseconds. A call that hangs ends after at most 3 x (2 + 5) s and the pauses in between:
# within the 29 s of a gateway, and within the lease of a job that it may hold up.
_CONNECT_TIMEOUT_S: Final = 2
_READ_TIMEOUT_S: Final = 5
_ATTEMPTS: Final = 3

_clients: dict[Service, Any] = {}
_session: Any = None
_lock = threading.Lock()


def client(service: Service) -> Any:
    """The client of this process for a service; made at the first call, safe to use from several threads.

    Where it is and who asks is AWS's to say: `AWS_REGION`, the credentials of the environment, of a configuration file
    or of the function's role, and `AWS_ENDPOINT_URL` for another place than AWS.

    Raises:
        NotReadyError: the region or the credentials are missing, or the endpoint is no URL; says what to set.
    """
    with _lock:
        if service not in _clients:
            _clients[service] = _make(service)
        return _clients[service]


def close_clients() -> None:
    """Close the connections of all clients; the next ones are made from the environment as it is then."""
    global _session  # noqa: PLW0603
    with _lock:
        for made in _clients.values():
            made.close()
        _clients.clear()
        _session = None


def _make(service: Service) -> Any:
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    global _session  # noqa: PLW0603
    try:
        _session = _session or Session()
        # botocore itself reads AWS_DEFAULT_REGION only; every other SDK, and Lambda, say AWS_REGION.
        region = os.environ.get("AWS_REGION") or _session.get_config_variable("region")
        if not region:
            raise NotReadyError("AWS_REGION is not set: name the region that the buckets, tables and queues are in.")
        if _session.get_credentials() is None:
            raise NotReadyError("No AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        return _session.create_client(service, region_name=region, config=_config(service))
    except (BotoCoreError, ValueError) as error:  # a profile that is not there, half a key, an endpoint that is no URL
        raise NotReadyError(f"The AWS client for {service} cannot be made: {error}") from error


def _config(service: Service) -> Any:
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_TIMEOUT_S,
        read_timeout=_READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
    )
    if service != "s3":
        return config
    # Elsewhere than on AWS a bucket's name is rarely part of a host's; there "auto" would leave out the region.
    elsewhere = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    style = "path" if elsewhere else "virtual"
    return config.merge(
        Config(
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            s3={"addressing_style": style},
        )
    )
