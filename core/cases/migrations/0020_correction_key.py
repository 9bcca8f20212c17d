"""The draft by which a case was corrected 补正: whoever sends it twice is led to the case."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Column(ops.AddField):
    """Taken back in place: SQLite would build the table anew, which other tables point to."""

    async def database_backward(self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None) -> None:
        if state_editor:
            await state_editor.client.execute_script("ALTER TABLE cases_case DROP COLUMN correction_key")


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_receipts")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        Column(model_name="Case", name="correction_key", field=fields.CharField(max_length=80, null=True)),
        ops.RunSQL(
            "CREATE UNIQUE INDEX cases_case_correction_key ON cases_case (correction_key) "
            "WHERE correction_key IS NOT NULL",
            "DROP INDEX cases_case_correction_key",
        ),
    ]
