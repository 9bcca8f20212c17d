"""Whether a listener is failing, told by an index over the few rows that say so."""

# ruff: noqa: RUF012
from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_proof"), ("cases", "0004_resume")]

    operations = [
        ops.RunSQL(
            "CREATE INDEX cases_delivery_failing ON cases_delivery (listener) WHERE state = 'pending' AND attempts > 0",
            "DROP INDEX cases_delivery_failing",
        )
    ]
