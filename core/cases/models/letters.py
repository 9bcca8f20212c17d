"""What was written of a case, and what could not be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Letter(Model):
    """A notice as it was sent, word for word 告知单, later versions of its template change nothing."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="letters", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=24)
    title = fields.CharField(max_length=200)
    text: Any = SealedJSON(null=True)
    digest = fields.CharField(max_length=64)
    at: datetime = fields.DatetimeField()
    declared = fields.CharField(max_length=64, null=True)
    """Which of the item's `letters` it is; None: it tells a decision, or follows from the law."""
    seq = fields.IntField(null=True)
    """The event it was written for: each letter once for each."""
    position = fields.SmallIntField(default=0, db_default=0)
    number = fields.CharField(max_length=48, default="", db_default="")
    reader = fields.CharField(max_length=12, default="applicant", db_default="applicant")
    to_unit = fields.CharField(max_length=64, null=True)
    to_area = fields.CharField(max_length=12, null=True)
    to_key = fields.CharField(max_length=64, null=True)
    """By which the other party finds it, where it is his."""
    whom: Any = SealedJSON(null=True)
    """Somebody outside whom it goes to: name, and what is known of address, phone, email. None: who reads it here."""
    sent_at: datetime | None = fields.DatetimeField(null=True)
    sent: Any = SealedJSON(null=True)
    """How it was sent to him: method, note (the proof of it), on, by."""
    read_at: datetime | None = fields.DatetimeField(null=True)
    read_by = fields.CharField(max_length=64, null=True)
    case_id: UUID

    class Meta:
        table = "cases_letter"
        indexes = (Index(fields=("case_id",)),)


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
