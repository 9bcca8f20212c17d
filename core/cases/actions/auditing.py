"""A run of the audit, recorded for the auditor's page.

Knows no check; those are in `core.cases.proving`.
"""

from __future__ import annotations

from core.cases.models import AuditRun
from core.cases.proving import MOST_LINES, Report


async def note_run(report: Report, *, actor: str = "") -> None:
    """How much was looked at and the first of what was found."""
    await AuditRun.create(
        at=report.at,
        seconds=report.seconds,
        actor=actor,
        cases=report.cases,
        events=report.events,
        reads=report.reads,
        roots=report.roots,
        broken=len(report.faults),
        lines=[str(fault) for fault in report.faults[:MOST_LINES]],
    )
