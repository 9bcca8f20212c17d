"""`lingban erase` without a server: one account asks for a case's erasure, another confirms it.

Knows how to open the kernel for one command; what goes and what stays is in `core.cases.actions.erasing`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core import database
from core.cases import actions, erasing
from core.contract import Actor
from core.errors import UsageError
from core.kernel import Kernel, running
from core.office import access as office_access
from core.settings import Settings


async def ask(settings: Settings, no: str, *, by: str, reason: str, basis: str, ordered: bool) -> None:
    """`by` is the login of who asks. Raises UsageError, and as `actions.ask_to_erase_case`."""
    async with _as(settings, by) as (kernel, actor):
        await actions.ask_to_erase_case(kernel, no, actor=actor, reason=reason, basis=basis, ordered=ordered)


async def confirm(settings: Settings, no: str, *, by: str) -> erasing.Chained:
    """What proves the case whole afterwards. Raises UsageError, and as `actions.confirm_erasure`."""
    async with _as(settings, by) as (kernel, actor):
        await actions.confirm_erasure(kernel, await erasing.open_request(no), actor=actor)
        return await erasing.proof_of(no)


@asynccontextmanager
async def _as(settings: Settings, login: str) -> AsyncIterator[tuple[Kernel, Actor]]:
    async with running(settings) as kernel:
        if not await database.is_migrated(kernel.database):
            raise UsageError("The tables are not those of this release. Run `lingban migrate` first.")
        actor = await office_access.actor_by_login(login)
        if actor is None:
            raise UsageError(f'There is no account "{login}" that may sign in. Name the login of an administrator.')
        yield kernel, actor
