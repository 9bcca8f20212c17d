# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Account",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("login", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=80)),
                ("role", fields.CharField(max_length=20)),
                ("unit", fields.CharField(null=True, max_length=64)),
                ("site", fields.CharField(null=True, max_length=64)),
                ("area", fields.CharField(null=True, max_length=12)),
                ("channel", fields.CharField(default="web", max_length=10)),
                ("password_hash", fields.CharField(default="", max_length=200)),
                ("person", SealedJSON(null=True, generated=False, unique=False)),
                ("id_index", fields.CharField(null=True, db_index=True, max_length=64)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={"table": "office_account", "app": "office", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AreaRow",
            fields=[
                ("code", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=12)),
                ("name", fields.CharField(max_length=80)),
                ("level", fields.CharField(max_length=10)),
                ("parent", fields.CharField(null=True, max_length=12)),
            ],
            options={"table": "office_area", "app": "office", "pk_attr": "code"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("working", fields.BooleanField()),
                ("note", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "office_calendar_day",
                "app": "office",
                "pk_attr": "day",
                "table_description": "A day the office itself has set to working or to rest, over the State Council's notice.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OfficeEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("type", fields.CharField(max_length=40)),
                ("actor", fields.CharField(default="", max_length=80)),
                ("target", fields.CharField(default="", max_length=120)),
            ],
            options={
                "table": "office_event",
                "app": "office",
                "pk_attr": "id",
                "table_description": "What happened to accounts, tokens and the office itself: ids and words, no personal data.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OfficeRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ("unit", fields.CharField(max_length=64)),
                ("area", fields.CharField(max_length=12)),
            ],
            options={"table": "office_office", "app": "office", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("sid_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("account_id", fields.UUIDField(db_index=True)),
                ("channel", fields.CharField(max_length=10)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField(db_index=True)),
            ],
            options={"table": "office_session", "app": "office", "pk_attr": "sid_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInFailure",
            fields=[
                ("login_index", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("failures", fields.IntField(default=0)),
                ("last_at", fields.BigIntField(default=0)),
                ("locked_until", fields.BigIntField(default=0)),
            ],
            options={
                "table": "office_sign_in_failure",
                "app": "office",
                "pk_attr": "login_index",
                "table_description": "Failed sign-ins in a row, kept for unknown logins too: a lock must not tell which logins exist.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SiteRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=120)),
                ("kind", fields.CharField(max_length=10)),
                ("level", fields.CharField(max_length=10)),
                ("area", fields.CharField(max_length=12)),
            ],
            options={"table": "office_site", "app": "office", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ThemeRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=40)),
                ("place", fields.IntField(default=0)),
            ],
            options={"table": "office_theme", "app": "office", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Token",
            fields=[
                ("token_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("client", fields.CharField(max_length=64)),
                ("role", fields.CharField(max_length=20)),
                ("channel", fields.CharField(max_length=10)),
                ("unit", fields.CharField(null=True, max_length=64)),
                ("site", fields.CharField(null=True, max_length=64)),
                ("area", fields.CharField(null=True, max_length=12)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={"table": "office_token", "app": "office", "pk_attr": "token_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=120)),
                ("telephone", fields.CharField(default="", max_length=40)),
            ],
            options={"table": "office_unit", "app": "office", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
