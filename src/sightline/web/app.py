"""Builds the web application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

import sightline
from sightline.crack.engine import CrackEngine
from sightline.service.gate import WorkGate
from sightline.service.photos import PhotoService
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.web.errors import install_error_handlers
from sightline.web.middleware import REQUEST_ID_HEADER, HeadAsGet, LastResort, RequestContext
from sightline.web.routes import Services, router

_DESCRIPTION = """Finds cracks in photos of walls: boxes, masks, sizes and an annotated picture.

A visual screening, not a structural assessment."""


def create_app(settings: Settings, engine: CrackEngine | None = None) -> FastAPI:
    """The service as an ASGI application with a storage of its own, which it closes when its lifespan ends.

    Args:
        settings: storage, model, limits, CORS.
        engine: a loaded engine to use instead of the one that the settings name.

    Raises:
        NotReadyError: the data folder cannot be used.
    """
    photos = open_photo_service(settings, engine)
    return app_around(photos, settings, at_end=photos.close)


def app_around(photos: PhotoService, settings: Settings, at_end: Callable[[], None] | None = None) -> FastAPI:
    """The ASGI application for a service that is open already, and stays the caller's to close.

    Args:
        photos: the service; the lifespan makes it load its model, if it does not do so yet.
        settings: limits, CORS.
        at_end: called when the lifespan ends; without it, several lifespans may follow each other.
    """
    gate = WorkGate(workers=settings.workers, queue_limit=settings.queue_limit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        photos.model.start()
        yield
        gate.close()
        if at_end:
            at_end()

    app = FastAPI(
        title="Sightline",
        version=sightline.__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        middleware=[
            Middleware(RequestContext),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "HEAD", "POST", "DELETE", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=[REQUEST_ID_HEADER, "Retry-After"],
            ),
            Middleware(LastResort),
            Middleware(HeadAsGet),
        ],
    )
    app.state.services = Services(settings=settings, photos=photos, gate=gate)
    app.include_router(router)
    install_error_handlers(app)
    return app
