"""Resume codes of drafts, and how often somebody tried a wrong one."""

# ruff: noqa: RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_waiting")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Resume",
            fields=[
                ("draft", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("serial", fields.IntField(default=1)),
                ("code_key", fields.CharField(null=True, unique=True, max_length=64)),
                ("lender", fields.CharField(null=True, db_index=True, max_length=64)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_resume",
                "app": "cases",
                "pk_attr": "draft",
                "table_description": "The code by which a draft goes on elsewhere 接续码, and whom the draft goes "
                "back to once it was handed over.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ResumeTry",
            fields=[
                ("actor", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("tries", fields.IntField(default=0)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases_resume_try",
                "app": "cases",
                "pk_attr": "actor",
                "table_description": "Wrong resume codes of one actor, a code is short and must not be guessed.",
            },
            bases=["Model"],
        ),
    ]
