"""Who deploys, and the clients of AWS's services in one region."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.session import Session

from releases.targets import DeployError

_SIGN_IN = (
    "Sign in with `aws configure sso` or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --profile names a profile."
)

# A smoke test waits for as long as a function may run; a second attempt of botocore's own would run it twice.
_INVOKE = Config(read_timeout=910, retries={"total_max_attempts": 1})
# A zip of 100 MB takes minutes on a slow line; the rest answers in seconds.
_OTHERS = Config(connect_timeout=10, read_timeout=120, retries={"mode": "standard", "total_max_attempts": 5})


class Account:
    """The account of whoever runs this, seen from one region.

    Raises:
        DeployError: there are no credentials, or AWS does not accept them.
    """

    def __init__(self, region: str, profile: str | None = None) -> None:
        self.region = region
        self._clients: dict[str, Any] = {}
        with plain_errors():
            self._session = Session(profile=profile)
            identity = self.client("sts").get_caller_identity()
        self.id: str = identity["Account"]

    def client(self, service: str) -> Any:
        """The client of a service; made at the first call."""
        if service not in self._clients:
            config = _INVOKE if service == "lambda" else _OTHERS
            self._clients[service] = self._session.create_client(service, region_name=self.region, config=config)
        return self._clients[service]

    def credentials(self) -> Any:
        """What requests are signed with that no client of botocore's sends."""
        return self._session.get_credentials()

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what botocore raises into words.

    Raises:
        DeployError: in the block, AWS refused or could not be asked.
    """
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise DeployError(f"AWS does not know who you are: {error}. {_SIGN_IN}") from None
    except ProfileNotFound as error:
        raise DeployError(f"{error}. `aws configure list-profiles` shows what there is.") from None
    except NoRegionError:
        raise DeployError("No region: name one with --region.") from None
    except ClientError as error:
        raise DeployError(_refusal(error)) from None
    except BotoCoreError as error:
        raise DeployError(f"AWS cannot be asked: {error}") from None


def error_code(error: ClientError) -> str:
    """AWS's own word for what is wrong."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code


def _refusal(error: ClientError) -> str:
    code, message = error_code(error), error.response.get("Error", {}).get("Message", "")
    if code in {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}:
        return f"Your sign-in has run out ({code}). {_SIGN_IN}"
    if code in {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}:
        return f"AWS does not accept these credentials ({code}). {_SIGN_IN}"
    if "AccessDenied" in code or code in {"UnauthorizedOperation", "Forbidden"}:
        return f"You may not {error.operation_name}: {message}"
    return f"{error.operation_name}: {message or code}"
