"""A queue filtered by a status, and the count of each, however many cases there are; SQLite and PostgreSQL alike."""

from tortoise import migrations
from tortoise.migrations import operations as ops

_OFFICE = "cases_case (deciding_unit, deciding_area, status,"
_SITE = "cases_case (site, status,"
INDEXES = {
    "cases_case_office_status": f"{_OFFICE} waiting, id) WHERE waiting IS NOT NULL",
    "cases_case_site_status": f"{_SITE} waiting, id) WHERE waiting IS NOT NULL AND site IS NOT NULL",
    "cases_case_status": "cases_case (status)",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_mandates")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()
    ]
