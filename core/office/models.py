"""The office's tables: areas, units, offices, sites, themes, accounts, sessions, tokens.

Rows that cases name are never deleted, only `retired`; `revision` counts their changes, so that of two administrators
at one page the second is told.

Knows no rule about them; every write goes through `actions`, every guarded read through `access`.
"""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class AreaRow(Model):
    code = fields.CharField(max_length=12, primary_key=True)
    name = fields.CharField(max_length=80)
    level = fields.CharField(max_length=10)
    parent = fields.CharField(max_length=12, null=True)
    retired = fields.BooleanField(default=False, db_default=False)
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "office_area"


class UnitRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=120)
    telephone = fields.CharField(max_length=40, default="")
    correction_days = fields.SmallIntField(default=10, db_default=10)
    retired = fields.BooleanField(default=False, db_default=False)
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "office_unit"


class OfficeRow(Model):
    id = fields.CharField(max_length=80, primary_key=True)
    """`unit@area`: a key of one column, so that seeding can be repeated on every database."""
    unit = fields.CharField(max_length=64)
    area = fields.CharField(max_length=12)
    retired = fields.BooleanField(default=False, db_default=False)
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "office_office"


class SiteRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=10)
    level = fields.CharField(max_length=10)
    area = fields.CharField(max_length=12)
    address = fields.CharField(max_length=200, default="", db_default="")
    telephone = fields.CharField(max_length=40, default="", db_default="")
    hours = fields.JSONField[list[Any]](default=list, db_default="[]")
    closed = fields.JSONField[list[Any]](default=list, db_default="[]")
    counters = fields.JSONField[list[Any]](default=list, db_default="[]")
    """Lists of objects as `hours.kept` writes them: they are read and changed with their site, never alone."""
    retired = fields.BooleanField(default=False, db_default=False)
    revision = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "office_site"


class ThemeRow(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=40)
    place = fields.IntField(default=0)
    """Where it stands in the list."""

    class Meta:
        table = "office_theme"


class CalendarDay(Model):
    """A day the office itself has set to working or to rest, over the State Council's notice."""

    day = fields.DateField(primary_key=True)
    working = fields.BooleanField()
    note = fields.CharField(max_length=200, default="")

    class Meta:
        table = "office_calendar_day"


class Account(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    login = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=80)
    role = fields.CharField(max_length=20)
    unit = fields.CharField(max_length=64, null=True)
    site = fields.CharField(max_length=64, null=True)
    area = fields.CharField(max_length=12, null=True)
    """Where the account's office or site lies; worked out when the account is written, so that a page needs no walk."""
    channel = fields.CharField(max_length=10, default="web")
    """The channel of what this account files: hall, station, kiosk, phone or web."""
    password_hash = fields.CharField(max_length=200, default="")
    """Empty: nobody can sign in with a password."""
    person = SealedJSON(null=True)
    """`{"id_number", "credit_code"}` as far as known."""
    id_index = fields.CharField(max_length=64, null=True, db_index=True)
    """`Keys.index` of the identity number."""
    active = fields.BooleanField(default=True)
    revision = fields.IntField(default=1, db_default=1)
    second = SealedJSON(null=True)
    """The secret of the second factor (RFC 6238, base 32); null until the person has enrolled a device."""
    second_step = fields.BigIntField(default=0, db_default=0)
    """The time step of the last code that was taken: the same code opens nothing twice."""
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "office_account"


class RecoveryCode(Model):
    """A code for the day the telephone is lost: used once, and then its row is gone."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    account_id = fields.UUIDField(db_index=True)

    class Meta:
        table = "office_recovery_code"


class Session(Model):
    sid_hash = fields.CharField(max_length=64, primary_key=True)
    """SHA-256 of the cookie's value: the table alone opens no session."""
    account_id = fields.UUIDField(db_index=True)
    channel = fields.CharField(max_length=10)
    stage = fields.CharField(max_length=10, default="full", db_default="full")
    """full; or `code` or `enrol`: the password was right and the second factor is still wanted. Opens no page."""
    pending = SealedJSON(null=True)
    """While `enrol`: the secret that was shown and is not yet proved."""
    idle_s = fields.IntField(default=0, db_default=0)
    """Seconds without a request after which the session ends; 0 where only `expires_at` ends it."""
    seen_at = fields.BigIntField(default=0, db_default=0)
    """The last request, to the minute."""
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField(db_index=True)
    """Seconds since 1970, UTC: read by plain SQL alike on every database."""

    class Meta:
        table = "office_session"


class Token(Model):
    token_hash = fields.CharField(max_length=64, primary_key=True)
    client = fields.CharField(max_length=64)
    role = fields.CharField(max_length=20)
    channel = fields.CharField(max_length=10)
    unit = fields.CharField(max_length=64, null=True)
    site = fields.CharField(max_length=64, null=True)
    area = fields.CharField(max_length=12, null=True)
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "office_token"


class SignInFailure(Model):
    """Failed sign-ins in a row, kept for unknown logins too: a lock must not tell which logins exist."""

    login_index = fields.CharField(max_length=64, primary_key=True)
    """`Keys.index` of what was typed; people type passwords into the wrong box."""
    failures = fields.IntField(default=0)
    last_at = fields.BigIntField(default=0)
    locked_until = fields.BigIntField(default=0)

    class Meta:
        table = "office_sign_in_failure"


class OfficeEvent(Model):
    """What happened to accounts, tokens and the office itself: ids and words, no personal data."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    at = fields.DatetimeField(auto_now_add=True)
    type = fields.CharField(max_length=40)
    actor = fields.CharField(max_length=80, default="")
    target = fields.CharField(max_length=120, default="")
    detail = fields.TextField(default="", db_default="")
    """JSON of what changed, `{field: [before, after]}`; the office's own facts, never a person's."""

    class Meta:
        table = "office_event"
