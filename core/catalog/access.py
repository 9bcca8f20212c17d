"""Reads of the catalog's tables: the database's shelf.

Knows no page; everything here is public within the office, for a service guide holds no personal data.
"""

from __future__ import annotations

import json

from core.catalog.models import StoredFolder


async def stored() -> dict[str, dict[str, str]]:
    """id → (relative path → text) of every folder on the database's shelf."""
    return {row.id: json.loads(row.files) for row in await StoredFolder.all()}
