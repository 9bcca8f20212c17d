"""Two indexes stood twice under two names: `cases_case_office_state` and `cases_case_site_state` are enough."""

from tortoise import migrations
from tortoise.migrations import operations as ops

_OFFICE = "cases_case (deciding_unit, deciding_area, status, waiting, id) WHERE waiting IS NOT NULL"
_SITE = "cases_case (site, status, waiting, id) WHERE waiting IS NOT NULL AND site IS NOT NULL"
TWICE = {"cases_case_office_status": _OFFICE, "cases_case_site_status": _SITE}


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_erasures")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {what}") for name, what in TWICE.items()
    ]
