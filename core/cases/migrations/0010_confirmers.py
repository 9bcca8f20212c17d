# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_queues_by_status")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CaseConfirmer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "cases.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="confirmers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("material", fields.CharField(max_length=64)),
                ("position", fields.SmallIntField()),
                ("key", fields.CharField(db_index=True, max_length=64)),
                ("answer", fields.CharField(default="", db_default="", max_length=3)),
            ],
            options={
                "table": "cases_confirmer",
                "app": "cases",
                "unique_together": (("case", "material", "position"),),
                "pk_attr": "id",
                "table_description": "One of several parties who all have to confirm a material of a case.",
            },
            bases=["Model"],
        ),
    ]
