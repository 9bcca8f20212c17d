"""Locks after failures: of a login, and of an account's second factor.

Knows a key and counts; what was tried is the caller's matter. Kept for unknown logins too: a lock must not tell which
logins exist.
"""

from __future__ import annotations

import time

from tortoise.expressions import F

from core import database
from core.errors import TooMany
from core.office.models import OfficeEvent, SignInFailure

FAILURES_ALLOWED = 5
LOCK_S = 15 * 60


async def check(key: str) -> bool:
    """Whether there were failures. Raises TooMany while locked."""
    failure = await SignInFailure.get_or_none(login_index=key)
    now = int(time.time())
    if failure and failure.locked_until > now:
        raise TooMany("", retry_after=failure.locked_until - now)
    return failure is not None


async def note_failure(key: str, *, account_id: str, event: str) -> None:
    """Count one; `event` is noted where that locks. Raises TooMany then."""
    now = int(time.time())

    async def body() -> bool:
        """Count in the database, not here: guesses that run side by side must all count."""
        await SignInFailure.bulk_create([SignInFailure(login_index=key)], ignore_conflicts=True)
        await SignInFailure.filter(login_index=key, last_at__lt=now - LOCK_S).update(failures=0)
        await SignInFailure.filter(login_index=key).update(failures=F("failures") + 1, last_at=now)
        row = await SignInFailure.get(login_index=key)
        if row.failures < FAILURES_ALLOWED:
            return False
        await SignInFailure.filter(login_index=key).update(failures=0, locked_until=now + LOCK_S)
        await OfficeEvent.create(type=event, target=account_id)
        return True

    if await database.write(body):
        raise TooMany("", retry_after=LOCK_S)


async def clear(key: str) -> None:
    await SignInFailure.filter(login_index=key).delete()
