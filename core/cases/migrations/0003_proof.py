"""Reads and roots that prove each other, runs of the audit, deliveries apart per listener, indexes of long queues."""

# ruff: noqa: E501, RUF012
import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

INDEXES = {
    "cases_delivery_due": "cases_delivery (next_at) WHERE state = 'pending'",
    "cases_delivery_dead": "cases_delivery (id) WHERE state = 'dead'",
    "cases_case_office_state": "cases_case (deciding_unit, deciding_area, status, waiting, id) WHERE waiting IS NOT NULL",
    "cases_case_office_over": "cases_case (deciding_unit, deciding_area, status, id) WHERE waiting IS NULL",
    "cases_case_site_state": "cases_case (site, status, waiting, id) WHERE waiting IS NOT NULL AND site IS NOT NULL",
    "cases_case_site_over": "cases_case (site, status, id) WHERE waiting IS NULL AND site IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_waiting")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuditRun",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seconds", fields.FloatField()),
                ("actor", fields.CharField(default="", max_length=64)),
                ("cases", fields.IntField()),
                ("events", fields.IntField()),
                ("reads", fields.IntField()),
                ("roots", fields.IntField()),
                ("broken", fields.IntField()),
                (
                    "lines",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "cases_audit_run",
                "app": "cases",
                "pk_attr": "id",
                "table_description": "One run of `audit verify`, and the first of what it found.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delivery",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("event_id", fields.UUIDField()),
                ("case_id", fields.UUIDField()),
                ("seq", fields.IntField()),
                ("listener", fields.CharField(max_length=128)),
                ("state", fields.CharField(default="pending", max_length=10)),
                ("attempts", fields.IntField(default=0)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("error", fields.TextField(default="", unique=False)),
                ("claim", fields.CharField(default="", max_length=16)),
            ],
            options={
                "table": "cases_delivery",
                "app": "cases",
                "unique_together": (("event_id", "listener"),),
                "indexes": [Index(fields=["case_id", "listener", "seq"])],
                "pk_attr": "id",
                "table_description": "One event that one listener has not taken yet, kept apart so that it holds up nobody else.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="AccessLog",
            name="digest",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="AccessLog",
            name="salt",
            field=fields.CharField(default="", db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="AccessLog",
            name="subject_digest",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddIndex(
            model_name="AccessLog",
            index=Index(fields=["at"]),
        ),
        ops.AddField(
            model_name="DailyRoot",
            name="previous",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="DailyRoot",
            name="reads",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="DailyRoot",
            name="reads_root",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="DailyRoot",
            name="scheme",
            field=fields.SmallIntField(default=1, db_default=1),
        ),
        ops.AddIndex(
            model_name="Event",
            index=Index(fields=["at"]),
        ),
        *(ops.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()),
    ]
