"""A duty of a case as somebody sees it who may read the case, and as a line of an office's list.

Knows no table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.cases.nouns import FileRef
from core.judge.duties import told as derived

WAITING = ("open", "reported")
AHEAD = timedelta(days=30)
"""A duty is in the lists of who does it so long before its day; a repeated one is not done by a report before that."""


@dataclass(frozen=True, slots=True)
class DutyView:
    key: str
    id: str
    number: int
    title: str
    unit: str
    area: str
    party: bool
    due: date | None
    state: str
    done_on: date | None
    because: str
    basis: str
    why: tuple[tuple[str, Mapping[str, Any]], ...]
    every: str
    report: str
    """What the holder wrote when he reported it."""
    note: str
    """What staff wrote when it was done, or why it was ended."""
    by: str
    found: Mapping[str, Any]
    files: tuple[FileRef, ...] = ()
    may_keep: bool = False
    """The reader's office does it, or sees to it."""
    may_record: bool = False
    """And it still waits."""
    may_report: bool = False
    reopened: str = ""
    """Why staff opened it again."""

    @property
    def may_reopen(self) -> bool:
        return self.may_keep and self.state != "open"

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """How its day comes about."""
        return derived(self.why, language)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "party": self.party,
            "due": self.due.isoformat() if self.due else None,
            "state": self.state,
            "done_on": self.done_on.isoformat() if self.done_on else None,
        }


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One line of an office's list, or of the holder's."""

    no: str
    item: str
    item_title: str
    applicant_name: str
    title: str
    number: int
    party: bool
    due: date | None
    state: str
