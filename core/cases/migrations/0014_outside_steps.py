# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_letter_faults")]

    initial = False

    operations = [
        ops.AddField(
            model_name="CaseStep",
            name="outside",
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
