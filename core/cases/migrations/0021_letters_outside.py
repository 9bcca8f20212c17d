"""Letters to somebody outside: who he is, and when and how it was sent."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.sealing import SealedJSON


class Column(ops.AddField):
    """Taken back in place: SQLite would build the table anew."""

    async def database_backward(self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None) -> None:
        if state_editor:
            await state_editor.client.execute_script(f"ALTER TABLE cases_letter DROP COLUMN {self.name}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_correction_key")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        Column(model_name="Letter", name="whom", field=SealedJSON(null=True, generated=False, unique=False)),
        Column(
            model_name="Letter",
            name="sent_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        Column(model_name="Letter", name="sent", field=SealedJSON(null=True, generated=False, unique=False)),
        ops.RunSQL(
            "CREATE INDEX cases_letter_outside ON cases_letter (case_id) WHERE reader = 'outside' AND sent_at IS NULL",
            "DROP INDEX cases_letter_outside",
        ),
    ]
