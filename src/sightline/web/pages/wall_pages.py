"""The pages about walls: photos are chosen, looked at with what was found in them, and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from sightline.documents.language import Wording
from sightline.service.inspection_fields import MAX_REMARKS, MAX_WALL
from sightline.service.inspection_records import StoredInspection, StoredPhoto
from sightline.service.outcomes import with_findings
from sightline.service.room import MAX_PHOTOS
from sightline.web.file_answers import CHANGING_HEADERS
from sightline.web.inspection_parts import worked
from sightline.web.pages.language import page_language
from sightline.web.pages.render import NOT_KEPT, page
from sightline.web.pages.texts import texts_in
from sightline.web.routes import Services, UsesServices

if TYPE_CHECKING:
    from sightline.web.pages.wall_changes import PairPanel
    from sightline.web.pages.wall_view import PhotoPanel

STAGES = ("check-in", "check-out", "before", "after")
"""The occasions that are offered; one of the user's own may be written instead."""

REFERENCES = ("auto", "marker", "card", "none")

_SCRIPT_TEXTS = ("common", "walls.script", "walls.failure")

Photos = tuple[StoredPhoto, ...]
Outcome = Mapping[str, Any]

router = APIRouter()


@router.get("/walls")
def new_inspection(request: Request, services: UsesServices) -> Response:
    """Photos are chosen here, and what was looked at in this browser before is listed."""
    return page(request, "walls/new.html", texts=_SCRIPT_TEXTS, **_limits(services))


@router.get("/walls/marker.pdf")
def marker(request: Request, size: Annotated[Literal["large", "small"], Query()] = "large") -> Response:
    """The marker to print, which gives sizes in mm."""
    from sightline.crack.scale.board import BOARDS
    from sightline.crack.scale.marker_pdf import marker_pdf

    board = next(board for board in BOARDS if board.name == size)
    data = marker_pdf(board, language=page_language(request))
    headers = {"Content-Disposition": 'inline; filename="sightline-marker.pdf"', "Vary": "Accept-Language, Cookie"}
    return Response(data, media_type="application/pdf", headers=headers)


@router.get("/walls/{inspection_id}")
def inspection(inspection_id: str, request: Request, services: UsesServices) -> Response:
    """An inspection with its photos; what became of the wall between them is asked for by the page's script."""
    from sightline.web.pages.wall_view import panels, stages_used

    found, photos, outcome = _kept(services, inspection_id)
    texts = texts_in(page_language(request))
    say = Wording(texts.language)
    photos = _seen(photos, outcome or {})
    shown = panels(inspection_id, photos, texts)
    pairs, _ = _pairs(inspection_id, photos, shown, outcome or {}, say)
    return page(
        request,
        "walls/inspection.html",
        texts=_SCRIPT_TEXTS,
        headers=NOT_KEPT,
        inspection=found,
        created=say.day(found.created_at),
        photos=shown,
        is_compared=outcome is not None,
        pairs=pairs,
        own_stages=[stage for stage in stages_used(photos, say) if stage[0] not in STAGES],
        **_limits(services),
    )


@router.get("/walls/{inspection_id}/photos/{photo_id}/outlines")
def outlines(inspection_id: str, photo_id: str, services: UsesServices) -> Response:
    """The outlines of a photo's cracks, for the script that draws them."""
    store = services.walls.inspections.store
    store.photo(inspection_id, photo_id)
    _, photos, outcome = _kept(services, inspection_id)
    (photo,) = (each for each in _seen(photos, outcome or {}) if each.photo_id == photo_id)
    cracks = [{"box": crack["box"], "outline": crack["outline"]} for crack in photo.findings["instances"]]
    return JSONResponse({"cracks": cracks}, headers=dict(CHANGING_HEADERS))


@router.get("/walls/{inspection_id}/changes")
async def changes(inspection_id: str, request: Request, services: UsesServices) -> Response:
    """What became of the wall: a part of the page, and the lines to draw in it by pair. It may take a while."""
    found, photos, outcome = await run_in_threadpool(_kept, services, inspection_id)
    if outcome is None:
        now = await worked(request, services, partial(services.walls.outcomes.work_out, inspection_id))
        photos, outcome = now
    return await run_in_threadpool(_changes, request, found, photos, outcome)


@router.get("/walls/{inspection_id}/findings.csv")
def findings(inspection_id: str, services: UsesServices) -> Response:
    """All cracks of all photos, for a spreadsheet."""
    from sightline.web.pages.wall_csv import findings_csv

    found, photos, outcome = _kept(services, inspection_id)
    name = quote(f"{found.wall[:60]} {found.inspection_id[:8]}.csv", safe="")
    headers = {
        **CHANGING_HEADERS,
        "Content-Disposition": f"attachment; filename=\"findings.csv\"; filename*=UTF-8''{name}",
    }
    return Response(findings_csv(_seen(photos, outcome or {})), media_type="text/csv; charset=utf-8", headers=headers)


def _changes(request: Request, found: StoredInspection, photos: Photos, outcome: Outcome) -> Response:
    from sightline.web.pages.wall_view import panels

    texts = texts_in(page_language(request))
    shown = panels(found.inspection_id, photos, texts)
    pairs, lines = _pairs(found.inspection_id, photos, shown, outcome, Wording(texts.language))
    part = page(request, "walls/changes.html", pairs=pairs)
    return JSONResponse({"html": bytes(part.body).decode(), "lines": lines}, headers=dict(CHANGING_HEADERS))


def _pairs(
    inspection_id: str, photos: Photos, shown: Sequence[PhotoPanel], outcome: Outcome, say: Wording
) -> tuple[tuple[PairPanel, ...], dict[str, Any]]:
    """The comparisons, and the lines to draw in each: first what tells most, the whole time if it can be compared."""
    from sightline.web.pages.wall_changes import lines_of, pair_panels

    compared: Sequence[Mapping[str, Any]] = outcome.get("comparisons", ())
    comparisons = sorted(compared, key=lambda each: (not each["comparable"], each["consecutive"]))
    pairs = pair_panels(inspection_id, photos, shown, comparisons, say)
    return pairs, {pair.key: lines_of(each) for pair, each in zip(pairs, comparisons, strict=True)}


def _kept(services: Services, inspection_id: str) -> tuple[StoredInspection, Photos, Outcome | None]:
    """An inspection, its photos in order of time, and what they say together where that is known.

    Raises:
        NotFoundError, GoneError: there is no such inspection (any more).
    """
    store = services.walls.inspections.store
    found, photos = store.get(inspection_id), store.photos(inspection_id)
    return found, photos, services.walls.outcomes.known(inspection_id, photos)


def _seen(photos: Photos, outcome: Outcome) -> Photos:
    """The photos with the findings that the outcome counts on."""
    return tuple(with_findings(photo, outcome) for photo in photos) if "findings" in outcome else photos


def _limits(services: Services) -> dict[str, Any]:
    """What the form for photos tells beforehand."""
    return {
        "stages": STAGES,
        "references": REFERENCES,
        "max_bytes": services.settings.max_upload_bytes,
        "max_photos": MAX_PHOTOS,
        "max_wall": MAX_WALL,
        "max_remarks": MAX_REMARKS,
    }
