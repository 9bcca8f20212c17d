# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_duties")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CaseJoint",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "cases.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="joint",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key", fields.CharField(db_index=True, max_length=64)),
            ],
            options={
                "table": "cases_joint",
                "app": "cases",
                "unique_together": (("case", "key"),),
                "pk_attr": "id",
                "table_description": "Who applies jointly 共同申请人: another party who has confirmed a material "
                "that makes him one.",
            },
            bases=["Model"],
        ),
    ]
