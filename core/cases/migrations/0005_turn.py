"""Turns: of two filings at once that look at the applicant's earlier cases, one sees the other."""

# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_resume")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Turn",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("n", fields.IntField(default=0)),
            ],
            options={
                "table": "cases_turn",
                "app": "cases",
                "pk_attr": "key",
                "table_description": "How often an applicant filed what looks at his earlier cases, so that of two at once one sees the other.",
            },
            bases=["Model"],
        ),
    ]
