"""Tables of the catalog: item versions, and the folders that were published into the database.

Knows no folder on disk and no rule.
"""

from __future__ import annotations

from typing import ClassVar

from tortoise import fields
from tortoise.models import Model


class ItemVersion(Model):
    """One version of an item for good: drafts and cases are always read with the bundle they began with."""

    digest = fields.CharField(max_length=64, primary_key=True)
    item = fields.CharField(max_length=100, db_index=True)
    version = fields.CharField(max_length=40)
    bundle = fields.TextField()
    """The bundle's canonical JSON."""
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        app = "catalog"
        table = "item_version"


class StoredFolder(Model):
    """A plugin folder on the database's shelf, which lies over all others. Data only, never code."""

    id = fields.CharField(max_length=100, primary_key=True)
    files = fields.TextField()
    """JSON object: relative path → text."""
    published_by = fields.CharField(max_length=100, default="")
    published_at = fields.DatetimeField(auto_now=True)

    class Meta:
        app = "catalog"
        table = "catalog_folder"
        ordering: ClassVar[list[str]] = ["id"]
