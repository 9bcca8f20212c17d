"""Indexes over the few rows that something still waits for; SQLite and PostgreSQL alike."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {
    "cases_case_office_queue": "cases_case (deciding_unit, deciding_area, waiting, id) WHERE waiting IS NOT NULL",
    "cases_case_site_queue": "cases_case (site, waiting, id) WHERE waiting IS NOT NULL AND site IS NOT NULL",
    "cases_case_due": "cases_case (deadline) WHERE deadline IS NOT NULL",
    "cases_case_not_accepted": "cases_case (filed_at) WHERE waiting IS NOT NULL AND accepted_on IS NULL",
    "cases_case_agent": "cases_case (agent_key, id) WHERE agent_key IS NOT NULL",
    "cases_case_filer": "cases_case (filer, id) WHERE filer IS NOT NULL",
    "cases_outbox_pending": "cases_outbox (next_at) WHERE state = 'pending'",
    "cases_outbox_dead": "cases_outbox (next_at) WHERE state = 'dead'",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.RunSQL(f"CREATE INDEX {name} ON {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()
    ]
