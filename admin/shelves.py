"""What the house is made of: plugins with their faults and shelves, sources with their state.

Knows no case.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed, staff
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.faults import CODES, TABLE
from core.office.permissions import may
from core.web import rendering, session


def _allowed(request: Request, action: str) -> Actor:
    actor = staff(request)
    if not may(actor, action):
        raise NotAllowed(action)
    return actor


async def plugins(request: Request) -> Response:
    """Every folder, those with faults first, each fault as `lingban check` prints it, in the page's language."""
    actor = _allowed(request, "plugin.read")
    catalog = session.kernel(request).catalog
    found = sorted(catalog.plugins.values(), key=lambda one: (not one.faults, one.kind, one.id))
    context = {
        "broken": [one for one in found if one.faults],
        "sound": [one for one in found if not one.faults],
        "faults": sum(len(one.faults) for one in found),
        "items": catalog.items,
        "codes": CODES,
    }
    return rendering.page(request, "admin/plugins.html", framed(request, actor, context), private=True)


async def plugin(request: Request) -> Response:
    actor = _allowed(request, "plugin.read")
    catalog = session.kernel(request).catalog
    found = catalog.plugins.get(request.path_params["id"])
    if found is None:
        raise NotFound(request.path_params["id"])
    context = {
        "plugin": found,
        "item": catalog.items.get(found.id),
        "source": catalog.sources.get(found.id),
        "codes": CODES,
    }
    return rendering.page(request, "admin/plugin.html", framed(request, actor, context), private=True)


async def faults(request: Request) -> Response:
    """What every fault code means, with the sentences that it is told in."""
    actor = _allowed(request, "plugin.read")
    return rendering.page(request, "admin/explained.html", framed(request, actor, {"table": TABLE}), private=True)
