# ruff: noqa: RUF012
import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("code_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("account_id", fields.UUIDField(db_index=True)),
            ],
            options={
                "table": "office_recovery_code",
                "app": "office",
                "pk_attr": "code_hash",
                "table_description": "A code for the day the telephone is lost: used once, and then its row is gone.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Account",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="Account",
            name="second",
            field=SealedJSON(null=True, generated=False, unique=False),
        ),
        ops.AddField(
            model_name="Account",
            name="second_step",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="AreaRow",
            name="retired",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="AreaRow",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="OfficeEvent",
            name="detail",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="OfficeRow",
            name="retired",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="OfficeRow",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="Session",
            name="idle_s",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Session",
            name="pending",
            field=SealedJSON(null=True, generated=False, unique=False),
        ),
        ops.AddField(
            model_name="Session",
            name="seen_at",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Session",
            name="stage",
            field=fields.CharField(default="full", db_default="full", max_length=10),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="address",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="closed",
            field=fields.JSONField(
                default=list, db_default="[]", encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="counters",
            field=fields.JSONField(
                default=list, db_default="[]", encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="hours",
            field=fields.JSONField(
                default=list, db_default="[]", encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="retired",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="SiteRow",
            name="telephone",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
        ops.AddField(
            model_name="UnitRow",
            name="retired",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="UnitRow",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
    ]
