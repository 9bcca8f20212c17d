# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_steps_and_delivery")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Correction",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("case_id", fields.UUIDField()),
                ("no", fields.CharField(max_length=20)),
                ("pointer", fields.CharField(max_length=200)),
                ("lookup", fields.CharField(max_length=64)),
                ("source", fields.CharField(max_length=64)),
                ("unit", fields.CharField(max_length=64)),
                ("due", fields.DateField()),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("detail", SealedJSON(null=True, generated=False, unique=False)),
                ("answer", fields.CharField(default="", max_length=10)),
                ("answered_by", fields.CharField(default="", max_length=64)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_correction",
                "app": "cases",
                "unique_together": (("case_id", "pointer"),),
                "indexes": [Index(fields=["unit", "answer", "due"])],
                "pk_attr": "id",
                "table_description": "A value of a register that the applicant calls wrong 校核纠错, asked of the unit that keeps it.",
            },
            bases=["Model"],
        ),
    ]
