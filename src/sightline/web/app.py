"""Builds the web application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

import sightline
from sightline.service.gate import WorkGate
from sightline.service.inspection_setup import open_walls
from sightline.service.photos import PhotoService
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.web.compare_routes import router as compare_router
from sightline.web.errors import install_error_handlers
from sightline.web.inspection_routes import router as inspection_router
from sightline.web.key_routes import router as key_router
from sightline.web.middleware import REQUEST_ID_HEADER, HeadAsGet, LastResort, RequestContext
from sightline.web.routes import Services, router
from sightline.web.wall_photo_routes import router as wall_photo_router

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine
    from sightline.service.gaze_setup import GazeService
    from sightline.web.gaze_door import GazeDoor

_DESCRIPTION = """Finds cracks in photos of walls: boxes, masks, sizes and an annotated picture; says what became of a
wall between photos, in sealed reports. Follows the eyes in videos of faces: blinks, range of gaze, a careful screening
statement.

A visual screening: no structural assessment, no medical device and no diagnosis."""


def create_app(settings: Settings, engine: CrackEngine | None = None, gaze: GazeService | None = None) -> FastAPI:
    """The service as an ASGI application with a storage of its own, which it closes when its lifespan ends.

    Args:
        settings: storage, model, limits, CORS.
        engine: a loaded engine to use instead of the one that the settings name.
        gaze: an open service for faces to use, and close, instead of one that the settings describe.

    Raises:
        NotReadyError: the data folder cannot be used.
    """
    from sightline.service.gaze_setup import open_gaze_service

    with ExitStack() as opened:
        photos = open_photo_service(settings, engine)
        opened.callback(photos.close)
        gaze = gaze or open_gaze_service(settings)
        opened.callback(gaze.close)
        return app_around(photos, settings, gaze=gaze, at_end=opened.pop_all().close)


def app_around(
    photos: PhotoService,
    settings: Settings,
    *,
    gaze: GazeService | None = None,
    at_end: Callable[[], None] | None = None,
    max_file_bytes: int | None = None,
    max_request_bytes: int | None = None,
    durable: bool = True,
) -> FastAPI:
    """The ASGI application for services that are open already, and stay the caller's to close.

    Args:
        photos: the service; the lifespan makes it load its model, if it does not do so yet.
        settings: limits, CORS.
        gaze: the service for faces; the lifespan runs its worker. Without it the application has no routes for faces,
            and no pages.
        at_end: called when the lifespan ends; without it, several lifespans may follow each other.
        max_file_bytes: the largest file of a result that an answer can carry; the client is sent to the bucket for a
            larger one. None is no limit.
        max_request_bytes: the most that the files of a request have together. None is that of each of them.
        durable: whether what is stored lasts and is found by every instance; no inspection is begun otherwise.

    Raises:
        BadInputError: the signing key of the settings cannot be used.
    """
    door = _door(gaze, settings) if gaze else None
    services = Services(
        settings=settings,
        photos=photos,
        walls=open_walls(settings, photos, durable=durable),
        gate=WorkGate(workers=settings.workers, queue_limit=settings.queue_limit),
        max_file_bytes=max_file_bytes,
        max_request_bytes=max_request_bytes,
    )
    app = FastAPI(
        title="Sightline",
        version=sightline.__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere; ours is among the pages
        redoc_url=None,
        lifespan=_lifespan(services, door, at_end),
        middleware=_middleware(settings, pages=door is not None),
    )
    app.state.services = services
    for each in (router, inspection_router, wall_photo_router, compare_router, key_router):
        app.include_router(each)
    if door:
        _add_faces(app, door, settings)
        _add_pages(app)
    install_error_handlers(app)
    return app


def _lifespan(
    services: Services, door: GazeDoor | None, at_end: Callable[[], None] | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What begins with the application and ends with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        services.photos.model.start()
        if door:
            door.gaze.jobs.start()
        yield
        services.gate.close()
        if door:
            await run_in_threadpool(door.close)
        if at_end:
            at_end()

    return lifespan


def _middleware(settings: Settings, *, pages: bool) -> list[Middleware]:
    """What stands around every route, the outermost first."""
    return [
        Middleware(RequestContext),
        *(_page_middleware() if pages else ()),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID_HEADER, "Retry-After", "Location"],
        ),
        Middleware(LastResort),
        Middleware(HeadAsGet),
    ]


# What these import costs a tenth of a second, and the crack function has no use for it.


def _door(gaze: GazeService, settings: Settings) -> GazeDoor:
    from sightline.web.gaze_door import GazeDoor

    return GazeDoor.around(gaze, settings)


def _add_faces(app: FastAPI, door: GazeDoor, settings: Settings) -> None:
    from sightline.storage.local import LocalBlobStore
    from sightline.web.eye_tracking_routes import router as eye_tracking_router
    from sightline.web.file_routes import router as file_router
    from sightline.web.gaze_report_routes import router as gaze_report_router
    from sightline.web.gaze_routes import router as gaze_router

    app.state.gaze = door
    app.include_router(eye_tracking_router)
    app.include_router(gaze_router)
    app.include_router(gaze_report_router)
    if settings.dynamodb_table is None:  # where it is set, files lie in S3 and have addresses there
        app.state.files = LocalBlobStore(settings.results_dir / "files")
        app.include_router(file_router)


def _add_pages(app: FastAPI) -> None:
    from sightline.web.pages.errors import error_page
    from sightline.web.pages.routes import docs_router
    from sightline.web.pages.routes import router as pages_router

    app.state.error_page = error_page
    app.include_router(pages_router)
    app.include_router(docs_router)


def _page_middleware() -> tuple[Middleware]:
    from sightline.web.pages.policy import PageHeaders

    return (Middleware(PageHeaders),)
