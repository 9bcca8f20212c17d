"""Passwords: argon2id hashes, checked off the event loop and at equal cost for logins that do not exist.

Knows no account; it is handed the hash.
"""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's smallest recommended set for argon2id (19 MiB, two passes, one lane): some 50 ms of one core, and ten people
# signing in at once still fit in a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
MAX_LENGTH = 200
"""Longer ones are cut off before hashing would take their time; no password of a person is."""


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody's password")


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, password[:MAX_LENGTH])


def _verify(password: str, stored: str) -> bool:
    decoy = _decoy()  # made at the first sign-in of all, whoever it is, and not at every start
    try:
        return _HASHER.verify(stored or decoy, password[:MAX_LENGTH]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


async def verify(password: str, stored: str) -> bool:
    """Whether the password fits; an empty `stored` never fits, at the same cost."""
    return await asyncio.to_thread(_verify, password, stored)


def needs_rehash(stored: str) -> bool:
    """True where the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
