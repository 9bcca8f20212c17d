"""Tables of this room. Personal data lies in sealed fields; what is searched or counted lies beside them.

Knows no rule: what may be written when is said in `actions` and `lifecycle`. A model's docstring becomes the comment of
its table, where Tortoise takes a semicolon for the end of the statement: there is none in them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.cases.confirmers import CaseConfirmer as CaseConfirmer
from core.cases.erasures import Erasure as Erasure
from core.cases.letter_faults import LetterFault as LetterFault
from core.cases.pending import Correction as Correction
from core.cases.pending import Waiting as Waiting
from core.cases.way import CaseStep as CaseStep  # a table of this room, kept apart for its length
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


class Case(Model):
    """One application after filing 办件."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    no = fields.CharField(max_length=20, unique=True)
    filing_key = fields.CharField(max_length=80, unique=True)
    """The draft's id, or a digest of client and Idempotency-Key: whatever may be sent twice makes one case."""
    body_digest = fields.CharField(max_length=64, default="")
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


class Letter(Model):
    """A notice as it was sent, word for word 告知单, later versions of its template change nothing."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid7)
    case: Any = fields.ForeignKeyField("cases.Case", related_name="letters", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=24)
    title = fields.CharField(max_length=200)
    text: Any = SealedJSON(null=True)
    digest = fields.CharField(max_length=64)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "cases_letter"
        indexes = (Index(fields=("case_id",)),)


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

    class Meta:
        table = "cases_access_log"
        indexes = (Index(fields=("subject_key", "id")), Index(fields=("at",)))


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


class Heartbeat(Model):
    """When each job last ran, one that falls silent is an alarm."""

    job = fields.CharField(max_length=40, primary_key=True)
    at: datetime = fields.DatetimeField()
    every_s = fields.IntField()
    note = fields.CharField(max_length=200, default="")

    class Meta:
        table = "cases_heartbeat"


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


class Turn(Model):
    """How often an applicant filed what looks at his earlier cases, so that of two at once one sees the other."""

    key = fields.CharField(max_length=64, primary_key=True)
    """HMAC of the applicant's number."""
    n = fields.IntField(default=0)

    class Meta:
        table = "cases_turn"
