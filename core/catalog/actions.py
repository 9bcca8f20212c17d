"""Writes of the catalog: publishing a folder onto the database's shelf and taking it off again.

Knows no role: who may publish is asked of `core.office.permissions` by the page that calls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.catalog.faults import Faults
from core.catalog.inspect import Around, Inspection, inspect_files
from core.catalog.models import StoredFolder
from core.catalog.reading import MAX_FILE, MAX_FILES, read_stored
from core.errors import DeclarationError


def examined(id: str, files: Mapping[str, str], around: Around) -> Inspection:
    """What the inspector says of a folder that is about to be published."""
    faults = Faults(id)
    return inspect_files(read_stored(id, files, faults), faults, around)


async def publish(id: str, files: Mapping[str, str], around: Around, *, by: str) -> Inspection:
    """Put a folder on the database's shelf, over all others of its id. Raises DeclarationError with all its faults.

    Afterwards call `CatalogHolder.reload(stored=await access.stored())`.
    """
    told = examined(id, {name: text[: MAX_FILE + 1] for name, text in list(files.items())[: MAX_FILES + 1]}, around)
    if told.faults:
        raise DeclarationError(told.faults)
    await StoredFolder.update_or_create(
        {"files": json.dumps(dict(files), ensure_ascii=False), "published_by": by}, id=id
    )
    return told


async def withdraw(id: str) -> bool:
    """Take a folder off the database's shelf; what lies below shows again. False when there was none."""
    return bool(await StoredFolder.filter(id=id).delete())
