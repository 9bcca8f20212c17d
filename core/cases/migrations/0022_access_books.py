# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_letters_outside")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AccessBook",
            fields=[
                ("no", fields.IntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("head", fields.CharField(max_length=64)),
                ("count", fields.IntField()),
                ("seal", fields.CharField(max_length=32)),
            ],
            options={
                "table": "cases_access_book",
                "app": "cases",
                "pk_attr": "no",
                "table_description": "One run of access records, each on the one before it, as one process "
                "writes them.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="AccessLog",
            name="book",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="AccessLog",
            name="link",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="AccessLog",
            name="seq",
            field=fields.IntField(null=True),
        ),
        ops.AddConstraint(
            model_name="AccessLog",
            constraint=UniqueConstraint(fields=("book", "seq"), name=None),
        ),
    ]
