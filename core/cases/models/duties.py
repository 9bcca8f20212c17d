"""What is still to be done in a case once it is approved."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class CaseDuty(Model):
    """One time of a thing that an office, or the holder, has to do after an approval 后续事项."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="duties", on_delete=fields.RESTRICT)
    case_id: UUID
    duty = fields.CharField(max_length=64)
    """Its id in item.json."""
    number = fields.SmallIntField(default=1)
    """Which time of a repeated one it is."""
    title = fields.CharField(max_length=200)
    unit = fields.CharField(max_length=64)
    area = fields.CharField(max_length=12)
    party = fields.BooleanField(default=False)
    due: date | None = fields.DateField(null=True)
    state = fields.CharField(max_length=10, default="open")
    """open, reported (by its holder, and staff have to write down what they find), done or ended."""
    told = fields.CharField(max_length=10, default="")
    """What was last told of its day: soon or over."""
    done_on: date | None = fields.DateField(null=True)
    detail: Any = SealedJSON(null=True)
    """`{"day", "every", "last", "because", "basis", "why", "report", "note", "found", "by"}`, null once erased."""

    class Meta:
        table = "cases_duty"
        unique_together = (("case", "duty", "number"),)
        indexes = (Index(fields=("unit", "state", "due")), Index(fields=("state", "due")))
