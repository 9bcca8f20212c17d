"""The table of cases whose letter could not be written; one of the room's models, kept apart for its size.

Knows no template: the fault in its author's words stays in the case's sealed record, for it may quote a fact.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7


class LetterFault(Model):
    """A decided case that has no letter because its template failed. The row goes when the letter is written."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="letter_faults", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=24)
    title = fields.CharField(max_length=200)
    since: datetime = fields.DatetimeField()
    case_id: UUID

    class Meta:
        table = "cases_letter_fault"
        unique_together = (("case",),)
