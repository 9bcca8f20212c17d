"""What happened to a case, and who is still to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Event(Model):
    """One link of a case's chain. `salt` and `payload` are erased together, the digests stay."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="events", on_delete=fields.RESTRICT)
    case_id: UUID
    seq = fields.IntField()
    type = fields.CharField(max_length=32)
    at = fields.CharField(max_length=32)
    """UTC, ISO 8601, kept as the text that was digested."""
    actor = fields.CharField(max_length=64)
    actor_role = fields.CharField(max_length=24)
    from_status = fields.CharField(max_length=16, null=True)
    to_status = fields.CharField(max_length=16)
    payload: Any = SealedJSON(null=True)
    """`{"salt": …, "data": …}`; null once erased."""
    payload_digest = fields.CharField(max_length=64)
    previous = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "cases_event"
        unique_together = (("case", "seq"),)
        indexes = (Index(fields=("at",)),)


class Outbox(Model):
    """One event on its way to the listeners, written with the case, delivered afterwards, at least once."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case_id: UUID = fields.UUIDField()
    """No foreign key: the outbox may be emptied and kept apart."""
    seq = fields.IntField()
    event: Any = fields.JSONField()
    """What `case_changed` is given: ids and statuses, no answers."""
    state = fields.CharField(max_length=10, default="pending")
    """pending, delivered or dead."""
    attempts = fields.IntField(default=0)
    next_at: datetime = fields.DatetimeField()
    error = fields.TextField(default="")
    waiting: Any = fields.JSONField(default=list)
    """Listeners that failed last time: only they are told again. Empty: all of them."""
    claim = fields.CharField(max_length=16, default="")
    """Of the worker that is telling it now."""
    done_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "cases_outbox"
        unique_together = (("case_id", "seq"),)
        # What is still pending is found by a partial index (migration 0002).


class Delivery(Model):
    """One event that one listener has not taken yet, kept apart so that it holds up nobody else."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    event_id: UUID = fields.UUIDField()
    """The outbox row."""
    case_id: UUID = fields.UUIDField()
    seq = fields.IntField()
    listener = fields.CharField(max_length=128)
    """A plugin's id, or `plugin:notifier`."""
    state = fields.CharField(max_length=10, default="pending")
    """pending or dead, a delivery that succeeds goes."""
    attempts = fields.IntField(default=0)
    since: datetime = fields.DatetimeField()
    next_at: datetime = fields.DatetimeField()
    error = fields.TextField(default="")
    claim = fields.CharField(max_length=16, default="")

    class Meta:
        table = "cases_delivery"
        unique_together = (("event_id", "listener"),)
        indexes = (Index(fields=("case_id", "listener", "seq")),)
        # What is due, and what is dead, is found by partial indexes (migration 0003).
