"""`lingban erase` without a server: take a person's data out of a case that is over, in the name of an administrator.

Knows how to open the kernel for one command; what goes and what stays is in `core.cases.actions.erasing`.
"""

from __future__ import annotations

from core import database
from core.cases import actions
from core.errors import UsageError
from core.kernel import running
from core.office import access as office_access
from core.settings import Settings


async def erase(settings: Settings, no: str, *, by: str, basis: str, ordered: bool) -> None:
    """`by` is the login of the administrator who answers for it. Raises UsageError, and as `actions.erase_case`."""
    async with running(settings) as kernel:
        if not await database.is_migrated(kernel.database):
            raise UsageError("The tables are not those of this release. Run `lingban migrate` first.")
        actor = await office_access.actor_by_login(by)
        if actor is None:
            raise UsageError(f'There is no account "{by}" that may sign in. Name the login of an administrator.')
        await actions.erase_case(kernel, no, actor=actor, basis=basis, ordered=ordered)
