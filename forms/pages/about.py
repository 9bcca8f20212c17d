"""Plain pages: which registers are asked and why, and how everybody can use this site.

Knows no person.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from core.web.rendering import page
from core.web.session import kernel


async def privacy(request: Request) -> Response:
    core = kernel(request)
    units = core.office.units
    sources = [
        {"title": source.title, "unit": units[source.unit].name if source.unit in units else ""}
        for source in core.catalog.sources.values()
    ]
    return page(request, "forms/privacy.html", {"sources": sources})


async def accessibility(request: Request) -> Response:
    return page(request, "forms/accessibility.html")
