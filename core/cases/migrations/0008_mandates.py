# ruff: noqa: RUF012
import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_corrections")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Mandate",
            name="digest",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Mandate",
            name="ended",
            field=SealedJSON(null=True, generated=False, unique=False),
        ),
        ops.AddField(
            model_name="Mandate",
            name="holder_key",
            field=fields.CharField(default="", db_index=True, db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Mandate",
            name="items",
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
        ),
        ops.AddField(
            model_name="Mandate",
            name="recorder",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Mandate",
            name="signer_key",
            field=fields.CharField(default="", db_index=True, db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Mandate",
            name="used",
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
