"""The last day to pay what a case waits for, and whom to remind, however many cases there are."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Column(ops.AddField):
    """Taken back in place: SQLite would build the table anew, which other tables point to."""

    async def database_backward(self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None) -> None:
        if state_editor:
            await state_editor.client.execute_script("ALTER TABLE cases_case DROP COLUMN pay_by")


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_outside_steps")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        Column(model_name="Case", name="pay_by", field=fields.DateField(null=True)),
        ops.RunSQL(
            "CREATE INDEX cases_case_pay_by ON cases_case (pay_by) WHERE pay_by IS NOT NULL",
            "DROP INDEX cases_case_pay_by",
        ),
    ]
