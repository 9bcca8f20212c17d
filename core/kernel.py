"""The running whole: settings, keys, database, office, catalog, sources and hooks, opened and closed once.

Knows how the parts fit together, and nothing of cases or pages.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tortoise.context import TortoiseContext

from core import database, sealing, signing
from core.catalog import access as catalog_access
from core.catalog.hooks import Hooks
from core.catalog.snapshot import Catalog, CatalogHolder
from core.contract import Item, Office
from core.errors import NotFound, Unavailable
from core.listeners import Listeners
from core.office import access as office_access
from core.office.calendar import StateCalendar
from core.settings import Settings
from core.sources.engine import Sources
from core.sources.taken import Reaches

LEGAL_TIME = ZoneInfo("Asia/Shanghai")


@dataclass
class Kernel:
    """One per process. Hand it to actions and access; reads of `.catalog` and `.office` see the newest snapshot."""

    settings: Settings
    keys: sealing.Keys
    database: TortoiseContext
    hooks: Hooks
    holder: CatalogHolder
    sources: Sources
    calendar: StateCalendar
    office: Office
    reaches: Reaches = field(default_factory=Reaches)
    """Who read a field of a lookup that his item does not take."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @cached_property
    def signer(self) -> signing.Signer:
        """What receipts and daily roots are signed with; read when it is first wanted."""
        return signing.signer_for(self.settings)

    @cached_property
    def listeners(self) -> Listeners:
        """Who is told of what happens to a case."""
        return Listeners(self.hooks, self.settings.environment)

    @property
    def catalog(self) -> Catalog:
        return self.holder.current

    @property
    def widgets(self) -> tuple[tuple[str, Any], ...]:
        """(plugin, form widget), as their folders are now; core passes them on and knows nothing of them."""
        return self.hooks.widgets

    def now(self) -> datetime:
        """UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The legal date, in Asia/Shanghai."""
        return datetime.now(LEGAL_TIME).date()

    def offers(self, id: str) -> bool:
        """Whether the item can be applied for. One whose texts are not finished cannot, but in the made-up town, where
        its author tries it."""
        plugin = self.catalog.plugins.get(id)
        return id in self.catalog.items and (self.settings.demo or plugin is None or not plugin.unfinished)

    def item(self, id: str) -> Item:
        """The item as the catalog has it now. Raises Unavailable where its folder is set aside or not finished, else
        NotFound."""
        if self.offers(id):
            return self.catalog.items[id]
        plugin = self.catalog.plugins.get(id)
        if plugin is not None and plugin.kind == "item":
            raise Unavailable("该事项暂不能在线办理，请联系主管部门或到服务大厅办理。", code="item-set-aside")
        raise NotFound("没有这个事项。")

    def newest(self, item: Item) -> Item:
        """The item as the catalog has it now, for what is asked of the day and not of the version; the version in hand
        where it is gone."""
        return self.catalog.items.get(item.id, item)


async def open_kernel(settings: Settings, *, migrate: bool = False, watch: bool = False) -> Kernel:
    """Open everything. `migrate` brings the tables up to date first; `watch` follows changes of plugin folders.

    Raises UsageError when the data folder, the key or the database cannot be used.
    """
    keys = sealing.keys_for(settings)
    sealing.use(keys)
    context = await database.open(settings)
    try:
        if migrate:
            await database.migrate(context)
        office = await office_access.office()
        hooks = Hooks()
        holder = CatalogHolder(settings, office, hooks, stored=await catalog_access.stored())
        sources = Sources(settings=settings, hooks=hooks)
        sources.use(holder.current.sources)
        holder.on_change(lambda catalog: sources.use(catalog.sources))
        kernel = Kernel(settings, keys, context, hooks, holder, sources, await office_access.calendar(), office)
    except BaseException:
        await database.close(context)
        raise
    if watch:
        kernel.tasks.append(asyncio.create_task(holder.watch(), name="watch plugin folders"))
    return kernel


async def refresh(kernel: Kernel) -> bool:
    """Take up what changed in the database since: the office, its calendar, its shelf. True where the office did."""
    office, stored = await office_access.office(), await catalog_access.stored()
    changed = office != kernel.office
    kernel.office, kernel.calendar = office, await office_access.calendar()
    await kernel.holder.reload_beside(office, stored)
    return changed


async def close_kernel(kernel: Kernel) -> None:
    for task in kernel.tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await kernel.sources.close()
    await database.close(kernel.database)


@contextlib.asynccontextmanager
async def running(settings: Settings, *, migrate: bool = False, watch: bool = False) -> AsyncIterator[Kernel]:
    kernel = await open_kernel(settings, migrate=migrate, watch=watch)
    try:
        yield kernel
    finally:
        await close_kernel(kernel)
