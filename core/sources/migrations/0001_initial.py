# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="SourceTally",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=160)),
                ("source", fields.CharField(max_length=64)),
                ("grain", fields.CharField(max_length=6)),
                ("slot", fields.CharField(max_length=16)),
                ("outcome", fields.CharField(max_length=8)),
                ("n", fields.IntField(default=0)),
                ("ms_sum", fields.BigIntField(default=0)),
                ("ms_max", fields.IntField(default=0)),
            ],
            options={
                "table": "sources_tally",
                "app": "sources",
                "indexes": [Index(fields=["source", "grain", "slot"])],
                "pk_attr": "key",
                "table_description": "Answers of one source that ended alike within one minute, hour or day, added up over all workers.",
            },
            bases=["Model"],
        ),
    ]
