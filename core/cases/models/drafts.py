"""An application that is being written, and the codes that open it elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Draft(Model):
    """An application that is being written. Its id is the filing key, the row goes when the case is there."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    item = fields.CharField(max_length=64)
    version = fields.CharField(max_length=64)
    """Digest of the item version the draft was started with."""
    owner = fields.CharField(max_length=64)
    """Actor who started it and alone may continue it."""
    revision = fields.IntField(default=1)
    content: Any = SealedJSON()
    """The mapping of `nouns.Content`."""
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "cases_draft"
        indexes = (Index(fields=("owner", "id")),)


class Resume(Model):
    """The code by which a draft goes on elsewhere 接续码, and whom the draft goes back to once it was handed over."""

    draft: UUID = fields.UUIDField(primary_key=True)
    """No foreign key: the draft's row goes when the case is there, this one with the draft's time."""
    serial = fields.IntField(default=1)
    """A code is good for one hand-over, the next one has the next number."""
    code_key = fields.CharField(max_length=64, null=True, unique=True)
    """HMAC of the code, null while none is good."""
    lender = fields.CharField(max_length=64, null=True, db_index=True)
    """Who handed the draft to the counter and may take it back."""
    expires_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "cases_resume"


class ResumeTry(Model):
    """Wrong resume codes of one actor, a code is short and must not be guessed."""

    actor = fields.CharField(max_length=64, primary_key=True)
    tries = fields.IntField(default=0)
    since: datetime = fields.DatetimeField()

    class Meta:
        table = "cases_resume_try"
