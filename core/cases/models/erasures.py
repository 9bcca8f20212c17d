"""Requests to erase."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Erasure(Model):
    """A request to erase one case, or all that is held of one person."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case_no = fields.CharField(max_length=20, null=True, db_index=True)
    """Null where it is about a person."""
    subject_key = fields.CharField(max_length=64, default="", db_default="")
    """HMAC of the person's number, empty for a case, and once it is over."""
    open_key = fields.CharField(max_length=64, null=True, unique=True)
    """Case number or subject while nobody has answered, so that there is one request at a time."""
    state = fields.CharField(max_length=8, default="asked")
    """asked, done or refused."""
    ordered = fields.BooleanField(default=False)
    """A court or authority wants it gone before its time of keeping is over."""
    detail: Any = SealedJSON(null=True)
    """`{"reason", "basis"}`, and `because` of a refusal, without `reason` once it is done."""
    gone: Any = fields.JSONField(null=True)
    """What went, by kind and count."""
    asked_by = fields.CharField(max_length=64)
    asked_at: datetime = fields.DatetimeField()
    ended_by = fields.CharField(max_length=64, null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "cases_erasure"
        indexes = (("state", "id"),)
