"""Item versions: kept for good under the digest of their bundle, so folders may change or vanish.

Knows nothing of folders; an Item goes in, an Item comes out.
"""

from __future__ import annotations

import contextlib
import json
from collections import OrderedDict
from collections.abc import Collection

from tortoise.exceptions import IntegrityError

from core.catalog.bundle import read_item, written
from core.catalog.models import ItemVersion
from core.contract import Item
from core.errors import NotFound

_KEPT = 500
_items: OrderedDict[str, Item] = OrderedDict()


def _keep(item: Item) -> Item:
    _items[item.digest] = item
    _items.move_to_end(item.digest)
    if len(_items) > _KEPT:
        _items.popitem(last=False)
    return item


async def ensure_version(item: Item) -> str:
    """Keep this version, once; returns its digest. Safe when two do it at the same moment.

    Call it outside the filing's transaction: it writes on its own.
    """
    if not await ItemVersion.exists(digest=item.digest):
        with contextlib.suppress(IntegrityError):  # another worker kept the same version first
            await ItemVersion.create(
                digest=item.digest, item=item.id, version=item.version, bundle=written(item.bundle)
            )
    _keep(item)
    return item.digest


async def item_by_digest(digest: str) -> Item:
    """The item exactly as it was when the draft began. Raises NotFound for a digest that was never kept."""
    if digest in _items:
        _items.move_to_end(digest)
        return _items[digest]
    row = await ItemVersion.get_or_none(digest=digest)
    if row is None:
        raise NotFound(f"There is no item version {digest}.")
    return _keep(read_item(row.item, json.loads(row.bundle)))


async def last_kept(items: Collection[str]) -> dict[str, Item]:
    """Of these items the version that was kept last, where there is one: for folders that are gone or set aside."""
    found: dict[str, Item] = {}
    for id in items:
        row = await ItemVersion.filter(item=id).order_by("-created_at").first()
        if row is not None:
            found[id] = _items.get(row.digest) or _keep(read_item(row.item, json.loads(row.bundle)))
    return found
