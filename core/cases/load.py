"""How much waits where: counts of open cases by site and office. No person and no case is named.

Knows no page; every read is guarded by the matrix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from tortoise.functions import Count

from core.cases.models import Case
from core.contract import Actor
from core.errors import NotAllowed
from core.kernel import LEGAL_TIME
from core.office.permissions import ALL, SITE, reach, within

if TYPE_CHECKING:
    from core.kernel import Kernel


@dataclass(frozen=True, slots=True)
class SiteLoad:
    site: str
    waiting: int
    """Taken here and not over yet."""
    green: int
    """Of these, in the green channel."""
    today: int
    """Filed here since midnight."""


async def load(kernel: Kernel, actor: Actor) -> list[SiteLoad]:
    """Each site within reach of `load.read`, the fullest first. Raises NotAllowed."""
    held = reach(actor, "load.read")
    if held is None:
        raise NotAllowed("load.read")
    office = kernel.office
    if held.scope == ALL:
        sites = set(office.sites)
    elif held.scope == SITE:
        sites = {held.site} & set(office.sites) if held.site else set()
    else:
        sites = {one.id for one in office.sites.values() if within(one.area, held.area, office)}
    waiting = Case.filter(waiting__gte=0, site__in=list(sites))
    if held.unit and held.scope not in (ALL, SITE):
        waiting = waiting.filter(deciding_unit=held.unit)
    midnight = datetime.combine(kernel.today(), time(), LEGAL_TIME)
    counts = [
        await _by_site(waiting),
        await _by_site(waiting.filter(rank=0)),
        await _by_site(Case.filter(filed_at__gte=midnight, site__in=list(sites))),
    ]
    found = [SiteLoad(site, *(count.get(site, 0) for count in counts)) for site in sites]
    return sorted(found, key=lambda one: (-one.waiting, -one.today, one.site))


async def _by_site(query) -> dict[str, int]:  # type: ignore[no-untyped-def]
    rows = await query.annotate(n=Count("id")).group_by("site").values_list("site", "n")
    return dict(rows)


async def open_cases(*, site: str | None = None, unit: str | None = None, area: str | None = None) -> int:
    """Cases not over yet that lie at this site, or with this office: what retiring it would leave without a home."""
    query = Case.filter(waiting__gte=0)
    named: Iterable[tuple[str, str | None]] = (("site", site), ("deciding_unit", unit), ("deciding_area", area))
    return await query.filter(**{name: value for name, value in named if value is not None}).count()
