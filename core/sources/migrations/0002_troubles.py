# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.sealing import SealedJSON


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SourceTrouble",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("source", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=8)),
                ("reason", SealedJSON(generated=False, unique=False)),
                ("first_at", fields.CharField(max_length=25)),
                ("last_at", fields.CharField(max_length=25)),
                ("n", fields.IntField(default=0)),
            ],
            options={
                "table": "sources_trouble",
                "app": "sources",
                "indexes": [Index(fields=["source", "last_at"])],
                "pk_attr": "key",
                "table_description": "One trouble of one source on one day, over all workers: how often, when first and when last.",
            },
            bases=["Model"],
        ),
    ]
