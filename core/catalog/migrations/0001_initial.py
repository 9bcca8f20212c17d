# ruff: noqa: E501, RUF012
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="ItemVersion",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("item", fields.CharField(db_index=True, max_length=100)),
                ("version", fields.CharField(max_length=40)),
                ("bundle", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "item_version",
                "app": "catalog",
                "pk_attr": "digest",
                "table_description": "One version of an item for good: drafts and cases are always read with the bundle they began with.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StoredFolder",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ("files", fields.TextField(unique=False)),
                ("published_by", fields.CharField(default="", max_length=100)),
                ("published_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "catalog_folder",
                "app": "catalog",
                "pk_attr": "id",
                "table_description": "A plugin folder on the database's shelf, which lies over all others. Data only, never code.",
            },
            bases=["Model"],
        ),
    ]
