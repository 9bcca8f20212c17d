# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_further_letters")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PaidReceipt",
            fields=[
                ("number", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("payer", fields.CharField(max_length=64)),
                ("uses", fields.IntField(default=0)),
            ],
            options={
                "table": "cases_receipt",
                "app": "cases",
                "pk_attr": "number",
                "table_description": "One receipt of a payment 票据: for whom it was noted, and in how many of "
                "his cases.",
            },
            bases=["Model"],
        ),
    ]
