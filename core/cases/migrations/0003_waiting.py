"""What a case under way waits for: sources that gave no answer, and parties that have to confirm."""

# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_partial_indexes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Waiting",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("case_id", fields.UUIDField()),
                ("source", fields.CharField(max_length=64)),
                ("tries", fields.IntField(default=0)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_waiting",
                "app": "cases",
                "unique_together": (("case_id", "source"),),
                "indexes": [Index(fields=["source", "next_at"])],
                "pk_attr": "id",
                "table_description": "A source that a case under way has no answer from: asked again by itself once the source answers.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="CaseMaterial",
            name="confirm_key",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="CaseMaterial", name="told", field=fields.CharField(default="", db_default="", max_length=10)
        ),
        ops.RunSQL(
            "CREATE INDEX cases_material_confirm ON cases_material (confirm_key, case_id) WHERE confirm_key <> ''",
            "DROP INDEX cases_material_confirm",
        ),
        ops.RunSQL(
            "CREATE INDEX cases_material_due ON cases_material (due) WHERE due IS NOT NULL",
            "DROP INDEX cases_material_due",
        ),
    ]
