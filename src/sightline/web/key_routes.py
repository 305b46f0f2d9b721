"""The public half of the key that reports are signed with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from sightline.errors import NotFoundError
from sightline.web.describe import errors_described
from sightline.web.routes import UsesServices
from sightline.web.schemas import ErrorAnswer

router = APIRouter(
    tags=["inspections"], responses={"default": {"model": ErrorAnswer, "description": "Any other error."}}
)

_PEM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The key.", "content": {"application/x-pem-file": {"schema": {"type": "string"}}}}
}


@router.get(
    "/signing-key.pem",
    response_class=Response,
    responses=_PEM | errors_described({404: "Reports of this service are not signed."}),
)
def signing_key(services: UsesServices) -> Response:
    """The public key that `sightline verify --key` takes. Fetch it once and keep it: a key that comes with the report
    that it is to check shows nothing.
    """
    key = services.walls.signer.key
    if key is None:
        raise NotFoundError("Reports of this service are not signed: it has no key.")
    return Response(key.public.to_pem(), media_type="application/x-pem-file")
