"""What a case waits for from outside: a silent source, and a register's unit that is to check a value."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Waiting(Model):
    """A source that a case under way has no answer from: asked again by itself once the source answers."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case_id: UUID = fields.UUIDField()
    source = fields.CharField(max_length=64)
    tries = fields.IntField(default=0)
    next_at: datetime = fields.DatetimeField()

    class Meta:
        table = "cases_waiting"
        unique_together = (("case_id", "source"),)
        indexes = (Index(fields=("source", "next_at")),)


class Correction(Model):
    """A value of a register that the applicant calls wrong 校核纠错, asked of the unit that keeps it."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case_id: UUID = fields.UUIDField()
    no = fields.CharField(max_length=20)
    pointer = fields.CharField(max_length=200)
    """Into the answers. One request for each case and value."""
    lookup = fields.CharField(max_length=64)
    source = fields.CharField(max_length=64)
    unit = fields.CharField(max_length=64)
    due: date = fields.DateField()
    asked_at: datetime = fields.DatetimeField()
    detail: Any = SealedJSON(null=True)
    """`{"title", "held", "applicant", "number", "reason"}`; null once erased."""
    answer = fields.CharField(max_length=10, default="")
    """corrected, right or other; empty while it waits."""
    answered_by = fields.CharField(max_length=64, default="")
    answered_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "cases_correction"
        unique_together = (("case_id", "pointer"),)
        indexes = (Index(fields=("unit", "answer", "due")),)
