"""The duties of a case on its page: how each stands, and the questions of those that the reader may record.

Knows the forms engine and the item's schema of what is found; records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admin.due import Due, due
from admin.findings import form_of
from core.cases.actions.duties import declared
from core.cases.case_view import CaseView
from core.cases.duty_view import DutyView
from core.contract import Item, Problem
from core.errors import Unprocessable
from core.judge.schema import token
from core.kernel import Kernel
from forms import Form


@dataclass(frozen=True, slots=True)
class Asked:
    """A duty that the reader may record, with the questions of what is found; they lie below a name of this time's
    own, since two times of one duty may wait together."""

    view: DutyView
    name: str
    form: Form
    texts: Mapping[str, str]

    def values(self, pairs: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        """What was posted. Raises Unprocessable for what could not be taken."""
        reading = self.form.read(pairs)
        if reading.problems:
            raise Unprocessable(reading.problems)
        values = reading.answers.get(self.name)
        return values if isinstance(values, Mapping) else {}


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as the case's page shows it."""

    one: DutyView
    title: str
    because: str
    why: tuple[str, ...]
    light: Due
    found: tuple[tuple[str, str], ...]
    questions: str
    """Empty where the item wants nothing found, or the reader may not record it."""


def asked_of(item: Item, view: CaseView, language: str = "zh") -> list[Asked]:
    made = []
    for one in view.duties:
        if one.may_record and (asked := _asked(item, one, language)) is not None:
            made.append(asked)
    return made


def _asked(item: Item, one: DutyView, language: str) -> Asked | None:
    line = declared(item, one.id)
    if not isinstance(line.get("findings"), Mapping):
        return None
    place = next(n for n, it in enumerate(item.declared["duties"]) if it["id"] == one.id)
    name = f"{one.id}-{one.number}"
    form, texts = form_of(item, name, one.title, line["findings"], f"item.json#/duties/{place}", language)
    return Asked(one, name, form, texts)


def rows(
    kernel: Kernel,
    item: Item,
    view: CaseView,
    *,
    language: str,
    tell: Any,
    failed: str = "",
    posted: Sequence[tuple[str, str]] = (),
    problems: Sequence[Problem] = (),
) -> list[DutyRow]:
    made = []
    today, areas = kernel.today(), kernel.office.areas
    for one in view.duties:
        asked = _asked(item, one, language)
        questions, found = "", tuple[tuple[str, str], ...]()
        if asked is not None and one.may_record:
            mine = posted if failed == f"duty/{one.key}/done" else ()
            questions = _drawn(asked, mine, language, areas, wrong=bool(problems))
        if asked is not None and one.found:
            lines = asked.form.lines({asked.name: one.found}, language, texts=asked.texts, areas=areas)
            found = tuple((line.title, line.words) for line in lines if line.at != f"/{token(asked.name)}")
        made.append(
            DutyRow(
                one,
                tell(one.title),
                tell(one.because),
                one.lines(language),
                due(one.due if one.waits else one.done_on, today, kernel.calendar, over=not one.waits),
                found,
                questions,
            )
        )
    return made


def _drawn(asked: Asked, posted: Sequence[tuple[str, str]], language: str, areas: Any, *, wrong: bool) -> str:
    if not posted:
        return asked.form.render(asked.form.start(), (), language, texts=asked.texts, areas=areas)
    reading = asked.form.read(posted)
    problems: Sequence[Problem] = ()
    if wrong:
        problems = reading.told(asked.form.problems(asked.form.prune(reading.answers), language, texts=asked.texts))
    return asked.form.render(reading.answers, problems, language, texts=asked.texts, raw=reading.raw, areas=areas)
