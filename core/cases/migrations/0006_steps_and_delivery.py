"""Steps for the queues of the offices that do them, the stopped clock, and the last day to deliver."""
# ruff: noqa: E501, RUF012

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from uuid_utils.compat import uuid7

INDEXES = {
    "cases_step_queue": "cases_step (unit, area, waiting, case_id) WHERE waiting IS NOT NULL",
    "cases_case_office_due": "cases_case (deciding_unit, deciding_area, deadline) WHERE waiting IS NOT NULL",
    "cases_case_office_deliver": "cases_case (deciding_unit, deciding_area, deliver_by) WHERE deliver_by IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_turn"), ("cases", "0005_failing_listeners")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CaseStep",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "cases.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.SmallIntField()),
                ("unit", fields.CharField(max_length=64)),
                ("area", fields.CharField(max_length=12)),
                ("due", fields.DateField(null=True)),
                ("waiting", fields.SmallIntField(null=True)),
            ],
            options={
                "table": "cases_step",
                "app": "cases",
                "unique_together": (("case", "position"),),
                "pk_attr": "id",
                "table_description": "One step of a case's way 环节, for the queue of the office that does it, all else is in the case's record.",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="Case", name="deliver_by", field=fields.DateField(null=True)),
        ops.AddField(model_name="Case", name="stopped_since", field=fields.DateField(null=True)),
        *(ops.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()),
    ]
