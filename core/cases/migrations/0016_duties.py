# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_pay_by")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CaseDuty",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "cases.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="duties",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("duty", fields.CharField(max_length=64)),
                ("number", fields.SmallIntField(default=1)),
                ("title", fields.CharField(max_length=200)),
                ("unit", fields.CharField(max_length=64)),
                ("area", fields.CharField(max_length=12)),
                ("party", fields.BooleanField(default=False)),
                ("due", fields.DateField(null=True)),
                ("state", fields.CharField(default="open", max_length=10)),
                ("told", fields.CharField(default="", max_length=10)),
                ("done_on", fields.DateField(null=True)),
                ("detail", SealedJSON(null=True, generated=False, unique=False)),
            ],
            options={
                "table": "cases_duty",
                "app": "cases",
                "unique_together": (("case", "duty", "number"),),
                "indexes": [Index(fields=["unit", "state", "due"]), Index(fields=["state", "due"])],
                "pk_attr": "id",
                "table_description": "One time of a thing that an office, or the holder, has to do "
                "after an approval 后续事项.",
            },
            bases=["Model"],
        ),
    ]
