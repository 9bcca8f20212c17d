"""Keeping the item version that a draft or case points to, without asking the database every time.

Knows nothing of items but their digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tortoise.context import TortoiseContext

from core.catalog import versions
from core.contract import Item

if TYPE_CHECKING:
    from core.kernel import Kernel

_kept: WeakKeyDictionary[TortoiseContext, set[str]] = WeakKeyDictionary()
"""Versions never go, so what was seen in a database once is there."""


async def keep_version(kernel: Kernel, item: Item) -> None:
    kept = _kept.setdefault(kernel.database, set())
    if item.digest not in kept:
        await versions.ensure_version(item)
        kept.add(item.digest)
