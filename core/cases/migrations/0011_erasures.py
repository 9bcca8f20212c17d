# ruff: noqa: RUF012
import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON

_JSON = {"encoder": functools.partial(dumps, separators=(",", ":")), "decoder": loads}


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_confirmers")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Erasure",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("case_no", fields.CharField(null=True, db_index=True, max_length=20)),
                ("subject_key", fields.CharField(default="", db_default="", max_length=64)),
                ("open_key", fields.CharField(null=True, unique=True, max_length=64)),
                ("state", fields.CharField(default="asked", max_length=8)),
                ("ordered", fields.BooleanField(default=False)),
                ("detail", SealedJSON(null=True, generated=False, unique=False)),
                ("gone", fields.JSONField(null=True, **_JSON)),
                ("asked_by", fields.CharField(max_length=64)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_by", fields.CharField(null=True, max_length=64)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_erasure",
                "app": "cases",
                "indexes": [Index(fields=["state", "id"])],
                "pk_attr": "id",
                "table_description": "A request to erase one case, or all that is held of one person.",
            },
            bases=["Model"],
        ),
    ]
