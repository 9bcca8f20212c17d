"""The application put together: composition as data, in one function.

Knows which rooms offer routes, and nothing of what a route does.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from core import jobs, settings
from core.errors import RequestError
from core.kernel import running
from core.settings import Settings
from core.web import api, errors, health, openapi, proof
from core.web.rendering import STATIC
from core.web.session import Door

BUILT_IN = ("forms.plugin", "admin.plugin")
"""Rooms that offer their pages through the `routes` hook, as a third party would; named, never imported, by core."""


class HashedFiles(StaticFiles):
    """Static files; an address that carries its content's hash is kept for a year."""

    def file_response(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        response = super().file_response(*args, **kwargs)
        scope: Scope = args[2] if len(args) > 2 else kwargs["scope"]
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def build(config: Settings, *, background: bool = True, migrate: bool = True) -> Starlette:
    """The ASGI application for these settings.

    `background=False` runs no jobs and watches no folder (tests); `migrate=False` where that was done before.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(config, migrate=migrate, watch=background) as kernel:
            app.state.kernel = kernel
            app.state.metrics = health.Metrics()
            app.router.routes[:] = [*own_routes(), *kernel.hooks.routes(BUILT_IN)]
            await kernel.sources.warm()
            # What was loaded lives as long as the process: the collector need not walk it again and again.
            gc.collect()
            gc.freeze()
            if background:
                async with jobs.running(kernel):
                    yield
            else:
                yield

    return Starlette(
        routes=own_routes(),
        middleware=[Middleware(Door)],
        exception_handlers={
            RequestError: errors.on_request_error,
            HTTPException: errors.on_http_exception,
            Exception: errors.on_crash,
        },
        lifespan=lifespan,
    )


def own_routes() -> list[BaseRoute]:
    return [
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        Route("/openapi.json", openapi.document),
        Route("/.well-known/lingban-keys.json", proof.keys),
        Mount("/static", HashedFiles(directory=STATIC, check_dir=False), name="static"),
        Mount("/api/v1", routes=api.ROUTES),
    ]


def create() -> Starlette:
    """For uvicorn's workers, each of which is a process of its own and reads the settings from its environment."""
    return build(settings.exported(), migrate=False)
