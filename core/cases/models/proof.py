"""Who has looked at what, and what holds the chains of events together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7


class AccessLog(Model):
    """Who read whose data, for what: every lookup, every query, every case opened by staff."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    at: datetime = fields.DatetimeField()
    kind = fields.CharField(max_length=12)
    """lookup, relation, query, case or file."""
    actor = fields.CharField(max_length=64)
    actor_role = fields.CharField(max_length=24)
    subject_key = fields.CharField(max_length=64)
    """HMAC of the number of the person or firm that was asked about."""
    item = fields.CharField(max_length=64)
    reference = fields.CharField(max_length=40, default="")
    """The draft's id or the case number."""
    lookup = fields.CharField(max_length=64, default="")
    source = fields.CharField(max_length=64, default="")
    outcome = fields.CharField(max_length=8, default="")
    purpose = fields.CharField(max_length=400, default="")
    basis = fields.CharField(max_length=400, default="")
    salt = fields.CharField(max_length=32, default="", db_default="")
    """Goes with `subject_key` when the time of keeping is over: then nobody can try out whose data it was."""
    subject_digest = fields.CharField(max_length=64, default="", db_default="")
    digest = fields.CharField(max_length=64, default="", db_default="")
    """Over every column but the subject, which it covers by its salted digest: a leaf of the day's root."""
    book: int | None = fields.IntField(null=True)
    """The book that it stands in, at place `seq`; records of earlier releases stand in none. See AccessBook."""
    seq: int | None = fields.IntField(null=True)
    link = fields.CharField(max_length=64, default="", db_default="")
    """Over the link before it in its book, its place and its digest."""

    class Meta:
        table = "cases_access_log"
        indexes = (Index(fields=("subject_key", "id")), Index(fields=("at",)))
        unique_together = (("book", "seq"),)


class AccessBook(Model):
    """One run of access records, each on the one before it, as one process writes them."""

    no = fields.IntField(primary_key=True, generated=False)
    """1, 2, 3… without a gap."""
    at: datetime = fields.DatetimeField()
    head = fields.CharField(max_length=64)
    """Link of its last record; zeros while it is empty."""
    count = fields.IntField()
    seal = fields.CharField(max_length=32)
    """Over number, count and head, by this server's key: the row cannot be made to fit a tail that was cut."""

    class Meta:
        table = "cases_access_book"


class DailyRoot(Model):
    """The Merkle root over the chain heads of one day's end, a rewritten past no longer adds up to it."""

    day: date = fields.DateField(primary_key=True)
    root = fields.CharField(max_length=64)
    cases = fields.IntField()
    until: datetime = fields.DatetimeField()
    """The moment the day ended: the root covers the events before it."""
    at: datetime = fields.DatetimeField()
    scheme = fields.SmallIntField(default=1, db_default=1)
    """1: over the heads of all cases as they stood. 2: over the root before it, the reads, and the heads that moved."""
    previous = fields.CharField(max_length=64, default="", db_default="")
    reads = fields.IntField(default=0, db_default=0)
    reads_root = fields.CharField(max_length=64, default="", db_default="")

    class Meta:
        table = "cases_daily_root"


class AuditRun(Model):
    """One run of `audit verify`, and the first of what it found."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    at: datetime = fields.DatetimeField()
    seconds = fields.FloatField()
    actor = fields.CharField(max_length=64, default="")
    """Account of who started it from his page, empty for the command line."""
    cases = fields.IntField()
    events = fields.IntField()
    reads = fields.IntField()
    roots = fields.IntField()
    broken = fields.IntField()
    lines: Any = fields.JSONField(default=list)

    class Meta:
        table = "cases_audit_run"
