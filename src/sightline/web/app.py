"""Builds the web application."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
    """The service as an ASGI application, with its own storage and model.

    Its lifespan starts to load the model and closes what it opened: one app serves one event loop, once.

    Args:
        settings: storage, model, limits, CORS.
        engine: a loaded engine to use instead of the one that the settings name.

    Raises:
        NotReadyError: the data folder cannot be used.
    """
    return app_around(open_photo_service(settings, engine), settings)


def app_around(photos: PhotoService, settings: Settings) -> FastAPI:
    """`create_app` for a service that is open already, and which the app closes when it ends."""
    gate = WorkGate(workers=settings.workers, queue_limit=settings.queue_limit)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        photos.model.start()
        yield
        gate.close()
        photos.close()

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
