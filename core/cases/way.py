"""The table of steps: which office a case is with, for that office's queue; all else of a step is in the case's record.

Knows no rule; see `models`, which counts it among the tables of this room.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7


class CaseStep(Model):
    """One step of a case's way 环节, for the queue of the office that does it, all else is in the case's record."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="steps", on_delete=fields.RESTRICT)
    case_id: UUID
    position = fields.SmallIntField()
    unit = fields.CharField(max_length=64)
    area = fields.CharField(max_length=12)
    due: date | None = fields.DateField(null=True)
    waiting = fields.SmallIntField(null=True)
    """The case's rank while it is this step's turn, else null (see `Case.waiting`)."""

    class Meta:
        table = "cases_step"
        unique_together = (("case", "position"),)
