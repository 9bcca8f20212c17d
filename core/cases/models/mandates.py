"""Who may act for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Mandate(Model):
    """What lets an actor act for an applicant 委托书: for one item or one case, until a time, revocable."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    principal_key = fields.CharField(max_length=64, db_index=True)
    holder = fields.CharField(max_length=64, db_index=True)
    """Account or client id of who may act, empty where he is named by his number alone."""
    holder_key = fields.CharField(max_length=64, default="", db_default="", db_index=True)
    """HMAC of the holder's number: whoever signs in with that number holds it, staff never do."""
    signer_key = fields.CharField(max_length=64, default="", db_default="", db_index=True)
    """HMAC of the number of the person who signed for the principal: the legal representative, the guardian."""
    recorder = fields.CharField(max_length=64, default="", db_default="")
    """Account of the member of staff before whom it was signed, empty where the principal did it alone."""
    item = fields.CharField(max_length=64, null=True)
    items: Any = fields.JSONField(null=True)
    """Ids of all items where it is for several, `item` is the first of them."""
    case_no = fields.CharField(max_length=20, null=True)
    """Where it is for one case and nothing else, `item` is empty then."""
    signed = fields.CharField(max_length=12)
    """How the principal signed, one of `mandating.WAYS`."""
    content: Any = SealedJSON(null=True)
    """`{"principal": …, "holder": {"id", "name", "role"}, "text": […], "proof": …, "files": […]}`."""
    digest = fields.CharField(max_length=64, default="", db_default="")
    """SHA-256 of the text as it was signed."""
    used = fields.IntField(default=0, db_default=0)
    """How often something was done under it, counted in the transaction that did it."""
    valid_from: datetime = fields.DatetimeField()
    valid_until: datetime = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    ended: Any = SealedJSON(null=True)
    """`{"by", "name", "role", "because"}` of who ended it."""

    class Meta:
        table = "cases_mandate"
