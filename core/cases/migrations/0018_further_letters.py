"""Letters of an item's own declaration: for which event, for whom, and whether a unit has read its copy."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Column(ops.AddField):
    """Taken back in place: SQLite would build the table anew."""

    async def database_backward(self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None) -> None:
        if state_editor:
            await state_editor.client.execute_script(f"ALTER TABLE cases_letter DROP COLUMN {self.name}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_joint")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        Column(model_name="Letter", name="declared", field=fields.CharField(null=True, max_length=64)),
        Column(model_name="Letter", name="seq", field=fields.IntField(null=True)),
        Column(model_name="Letter", name="position", field=fields.SmallIntField(default=0, db_default=0)),
        Column(model_name="Letter", name="number", field=fields.CharField(default="", db_default="", max_length=48)),
        Column(
            model_name="Letter",
            name="reader",
            field=fields.CharField(default="applicant", db_default="applicant", max_length=12),
        ),
        Column(model_name="Letter", name="to_unit", field=fields.CharField(null=True, max_length=64)),
        Column(model_name="Letter", name="to_area", field=fields.CharField(null=True, max_length=12)),
        Column(model_name="Letter", name="to_key", field=fields.CharField(null=True, max_length=64)),
        Column(
            model_name="Letter",
            name="read_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        Column(model_name="Letter", name="read_by", field=fields.CharField(null=True, max_length=64)),
        ops.RunSQL(
            "CREATE UNIQUE INDEX cases_letter_once ON cases_letter (case_id, declared, seq, position) "
            "WHERE declared IS NOT NULL",
            "DROP INDEX cases_letter_once",
        ),
        ops.RunSQL(
            "CREATE INDEX cases_letter_copies ON cases_letter (to_unit, to_area, id) WHERE to_unit IS NOT NULL",
            "DROP INDEX cases_letter_copies",
        ),
        ops.RunSQL(
            "CREATE INDEX cases_letter_party ON cases_letter (to_key, id) WHERE to_key IS NOT NULL",
            "DROP INDEX cases_letter_party",
        ),
    ]
