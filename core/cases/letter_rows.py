"""A letter as the row that keeps it.

Knows no occasion: which letter is written, and from what, its own module says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.letters import render_text
from core.cases.models import Case, Letter
from core.cases.rows import Row, row

if TYPE_CHECKING:
    from core.kernel import Kernel


def letter_row(case_id: UUID | str, *, kind: str, title: str, text: str, at: datetime, **more: Any) -> Row:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return row(Letter, case_id=case_id, kind=kind, title=title[:200], text=text, digest=digest, at=at, **more)


def notice_row(
    kernel: Kernel,
    case: Case,
    template: str,
    *,
    kind: str,
    title: str,
    applicant: Mapping[str, Any],
    decision: Mapping[str, Any],
    unit: str | None = None,
    joint: Sequence[str] = (),
) -> Row:
    """What a case under way is told by one of our own templates, in the name of `unit` (the one that decides)."""
    known = kernel.office.units.get(unit or case.deciding_unit or "")
    text = render_text(
        template,
        {
            "case": {"no": case.no, "joint": joint},
            "item": {"title": case.title},
            "applicant": applicant,
            "decision": decision,
            "office": {"unit": known.name if known else "", "telephone": known.telephone if known else ""},
            "today": kernel.today().isoformat(),
        },
    )
    return letter_row(case.id, kind=kind, title=title, text=text, at=kernel.now())
