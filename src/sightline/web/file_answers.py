"""Stored files as answers: themselves, or the way to them where they are larger than an answer may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from fastapi.responses import RedirectResponse, Response

from sightline.errors import TooLargeError
from sightline.settings import Settings
from sightline.web.describe import RESULT_HEADERS

if TYPE_CHECKING:
    from sightline.documents.language import Language

CHANGING_HEADERS: Final = RESULT_HEADERS | {"Cache-Control": "private, no-cache"}
"""For what is made of an inspection as it is now: the next photo, or the removal of one, makes it another."""

# A report is a page at this service's own address with a script, and with a policy that knows it by its digest. Should
# that ever let another one pass, it runs in a sandbox, as nobody's page, and reaches nothing. PDF gets no sandbox:
# browsers would not show it then.
_PAGE_POLICY: Final = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; img-src data:; font-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
}

_ADDRESS_EXPIRES_S = 300  # a client follows a redirect at once; who keeps the address comes back to us for a new one


class Limits(Protocol):
    """What decides how a file is answered; `sightline.web.routes.Services` has it."""

    @property
    def settings(self) -> Settings: ...

    @property
    def max_file_bytes(self) -> int | None: ...


class Address(Protocol):
    """Makes an address of a file that anybody may fetch it at for a while."""

    def __call__(self, *, expires_s: int) -> str: ...


def report_headers(content_type: str, language: Language, cached: Mapping[str, str]) -> dict[str, str]:
    """The headers of a report.

    Args:
        content_type: of the report.
        language: of the report, which the client's own may have decided.
        cached: how long it may be kept, `RESULT_HEADERS` or `CHANGING_HEADERS`.
    """
    policy = _PAGE_POLICY if content_type == "text/html" else {}
    return {**worded_headers(language, cached), **policy}


def worded_headers(language: Language, cached: Mapping[str, str]) -> dict[str, str]:
    """The headers of a file with words in it, in a language that the client's own may have decided."""
    return {**cached, "Content-Language": language, "Vary": "Accept-Language"}


def file_answer(
    data: bytes, content_type: str, limits: Limits, address: Address, headers: Mapping[str, str] = RESULT_HEADERS
) -> Response:
    """A file, or the way to it.

    Raises:
        TooLargeError: the file is too large for an answer, and lies where only this service can read it.
    """
    limit = limits.max_file_bytes
    if limit is None or len(data) <= limit:
        return Response(data, media_type=content_type, headers=dict(headers))
    if limits.settings.result_bucket is None:
        raise TooLargeError(
            f"The file has {len(data)} bytes, more than the {limit} of an answer. With RESULT_BUCKET set, results lie "
            "in a bucket, and such files are fetched from there."
        )
    return RedirectResponse(
        address(expires_s=_ADDRESS_EXPIRES_S), status_code=307, headers={"Cache-Control": "no-store"}
    )
