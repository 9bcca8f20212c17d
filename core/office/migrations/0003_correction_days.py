# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("office", "0002_sites_and_second_factor")]

    initial = False

    operations = [
        ops.AddField(
            model_name="UnitRow",
            name="correction_days",
            field=fields.SmallIntField(default=10, db_default=10),
        ),
    ]
