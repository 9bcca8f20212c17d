# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_one_index_each")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LetterFault",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "cases.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letter_faults",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=24)),
                ("title", fields.CharField(max_length=200)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_letter_fault",
                "app": "cases",
                "unique_together": (("case",),),
                "pk_attr": "id",
                "table_description": "A decided case that has no letter because its template failed. "
                "The row goes when the letter is written.",
            },
            bases=["Model"],
        ),
    ]
