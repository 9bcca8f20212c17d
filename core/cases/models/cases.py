"""A case after filing: its materials, evidence, files, steps, and who has to confirm."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Case(Model):
    """One application after filing 办件."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    no = fields.CharField(max_length=20, unique=True)
    filing_key = fields.CharField(max_length=80, unique=True)
    """The draft's id, or a digest of client and Idempotency-Key: whatever may be sent twice makes one case."""
    body_digest = fields.CharField(max_length=64, default="")
    correction_key = fields.CharField(max_length=80, null=True)
    """The id of the draft by which it was corrected 补正, so that a second click finds it; unique (migration 0020)."""
    tracking_hash = fields.CharField(max_length=64)
    tracking_tries = fields.IntField(default=0)
    tracking_since: datetime | None = fields.DatetimeField(null=True)

    item = fields.CharField(max_length=64)
    version = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)  # the item's title in its own version, so that a list needs no bundle
    handling = fields.CharField(max_length=12)
    channel = fields.CharField(max_length=12)

    status = fields.CharField(max_length=16)
    outcome = fields.CharField(max_length=12, null=True)
    """approve, reject, decline or review as it now stands; null where nothing is decided by rule."""
    revision = fields.IntField(default=1)
    head = fields.CharField(max_length=64)  # digest of the last event; with `events` it shows a cut tail
    events_count = fields.IntField()

    actor = fields.CharField(max_length=64)  # who filed
    actor_role = fields.CharField(max_length=24)
    applicant_key = fields.CharField(max_length=64)  # HMAC of the applicant's number: search and `/me`
    agent_key = fields.CharField(max_length=64, null=True)
    accepted_by = fields.CharField(max_length=64, null=True)
    """Who accepted it, where a person did: he does not decide alone."""

    filer = fields.CharField(max_length=64, null=True)
    """`actor` once more where he is not the applicant himself: for his own list."""
    site = fields.CharField(max_length=64, null=True)
    site_may = fields.CharField(max_length=12, null=True)
    mode = fields.CharField(max_length=12, null=True)
    deciding_unit = fields.CharField(max_length=64, null=True)
    deciding_area = fields.CharField(max_length=12, null=True)
    rank = fields.SmallIntField(default=1)  # 0 is the green channel 绿色通道
    waiting = fields.SmallIntField(null=True)
    """`rank` while the case is under way, null once it is over: queues are read in this order."""
    zero_material = fields.BooleanField(default=False)

    filed_at: datetime = fields.DatetimeField()
    accepted_on: date | None = fields.DateField(null=True)
    """Legal day of acceptance 受理, by a person, by rule, or because nobody objected in time."""
    deadline: date | None = fields.DateField(null=True)
    provisional = fields.BooleanField(default=False)
    stopped_since: date | None = fields.DateField(null=True)
    """The legal clock stands still since that day, so that `deadline` is only as far as it had come."""
    deliver_by: date | None = fields.DateField(null=True)
    """Last day to deliver a decision 送达; null before it and after."""
    pay_by: date | None = fields.DateField(null=True)
    """Last day to pay 缴费 what something waits for; null where nothing is to be paid."""
    decided_at: datetime | None = fields.DatetimeField(null=True)
    updated_at: datetime = fields.DatetimeField()
    erased_at: datetime | None = fields.DatetimeField(null=True)

    record: Any = SealedJSON(null=True)
    """The mapping of `nouns.Record`: parties, answers, and what judge said; null once erased."""

    class Meta:
        table = "cases_case"
        indexes = (Index(fields=("applicant_key", "id")), Index(fields=("deciding_unit", "deciding_area", "id")))
        # Further ones are partial (migrations 0002 and 0009): a case that was decided at once is in no queue.


class CaseMaterial(Model):
    """One wanted material of one case 申请材料."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="materials", on_delete=fields.RESTRICT)
    position = fields.SmallIntField()
    material = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)
    status = fields.CharField(max_length=12)
    required = fields.BooleanField()
    open = fields.BooleanField()
    by: Any = fields.JSONField()
    case_id: UUID
    due: date | None = fields.DateField(null=True)
    confirm = fields.CharField(max_length=200, null=True)
    because = fields.TextField(default="")
    told = fields.CharField(max_length=10, default="", db_default="")
    """What the applicant was last told of it: soon or over (the day of a `later`), false or withdrawn (a promise)."""
    confirm_key = fields.CharField(max_length=64, default="", db_default="")
    """HMAC of the number of the party that has to confirm it, for that party's own list."""

    class Meta:
        table = "cases_material"
        unique_together = (("case", "material"),)


class CaseEvidence(Model):
    """What one lookup returned for one case 佐证."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="evidence", on_delete=fields.RESTRICT)
    case_id: UUID
    lookup = fields.CharField(max_length=64)
    source = fields.CharField(max_length=64)
    outcome = fields.CharField(max_length=8)
    asked_at = fields.CharField(max_length=32)
    detail: Any = SealedJSON(null=True)
    """`contract.Evidence.as_json()`; null once erased."""

    class Meta:
        table = "cases_evidence"
        unique_together = (("case", "lookup"),)


class CaseFile(Model):
    """One uploaded file of one case, the bytes lie under the data folder, addressed by their digest."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="files", on_delete=fields.RESTRICT)
    case_id: UUID
    material = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64, db_index=True)
    media_type = fields.CharField(max_length=64)
    size = fields.IntField()
    name: Any = SealedJSON(null=True)
    actor = fields.CharField(max_length=64)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "cases_file"
        indexes = (Index(fields=("case_id",)),)


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
    outside = fields.BooleanField(default=False, db_default=False)
    """Done by nobody of the town hall: the office waits for it, whether or not the case's own clock stands still."""

    class Meta:
        table = "cases_step"
        unique_together = (("case", "position"),)


class CaseJoint(Model):
    """Who applies jointly 共同申请人: another party who has confirmed a material that makes him one."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="joint", on_delete=fields.RESTRICT)
    case_id: UUID
    key = fields.CharField(max_length=64, db_index=True)
    """HMAC of the person's own number, "" once erased. His name stands in the case's record."""

    class Meta:
        table = "cases_joint"
        unique_together = (("case", "key"),)


class CaseConfirmer(Model):
    """One of several parties who all have to confirm a material of a case."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="confirmers", on_delete=fields.RESTRICT)
    material = fields.CharField(max_length=64)
    position = fields.SmallIntField()
    key = fields.CharField(max_length=64, db_index=True)
    """HMAC of the party's number; "" where it is not known, and once erased."""
    answer = fields.CharField(max_length=3, default="", db_default="")
    """yes or no; "" while unanswered."""
    case_id: UUID

    class Meta:
        table = "cases_confirmer"
        unique_together = (("case", "material", "position"),)
