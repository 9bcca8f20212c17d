"""The table of those who have to confirm a material together; one of the room's models, kept apart for its size.

Knows no move: what an answer does is `actions.fallbacks`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7


class CaseConfirmer(Model):
    """One of several parties who all have to confirm a material of a case."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="confirmers", on_delete=fields.RESTRICT)
    material = fields.CharField(max_length=64)
    position = fields.SmallIntField()
    key = fields.CharField(max_length=64, db_index=True)
    """HMAC of the party's number; "" where it is not known, and once erased."""
    answer = fields.CharField(max_length=3, default="", db_default="")
    """yes or no; "" while unanswered."""
    case_id: UUID

    class Meta:
        table = "cases_confirmer"
        unique_together = (("case", "material", "position"),)
