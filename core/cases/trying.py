"""The further letters that a scenario's case would come to, written as they would be: for `lingban try` and `test`.

Nothing has happened yet, so an event says what one of its kind would say, in a general word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from core.cases.handover import recorded
from core.cases.letters import LetterFailed
from core.cases.notices import Around
from core.cases.proposing import decision_record
from core.cases.sending import About, Happened, text_of
from core.contract import Item, Said
from core.judge.coverage import letters_of
from core.judge.letters import OUTSIDE, OVER, LetterRule
from core.judge.scenario import ScenarioResult

AHEAD = timedelta(days=15)
"""An event that says until when says a day so far off."""


def letters_written(
    around: Around, item: Item, result: ScenarioResult, day: date
) -> tuple[tuple[Mapping[str, Any], ...], Said]:
    """(each letter with its text, "" where it cannot be written; the first fault)."""
    made, fault = [], Said("")
    for rule in letters_of(item, result.verdict):
        if not rule.holds(result.facts, around.calendar):
            continue
        about = _about(item, rule, result, day)
        for whom in rule.outsiders(result.facts) if rule.to == OUTSIDE else (None,):
            text = ""
            try:
                text = text_of(around, item, about, rule, _event(rule, day), no="try-W1", on=day, whom=whom)
            except LetterFailed as error:
                fault = fault or error.told
            told = {"id": rule.id, "title": rule.title, "on": rule.on, "to": rule.to, "unit": rule.unit, "text": text}
            made.append({**told, "name": whom.name if whom else ""})
    return tuple(made), fault


def _about(item: Item, rule: LetterRule, result: ScenarioResult, day: date) -> About:
    verdict = result.verdict
    outcome = verdict.decision.outcome
    over = rule.on.startswith(OVER)
    if over and outcome == "review":
        outcome = rule.on.partition(":")[2] if rule.on.startswith("decided:") else "approve"
    decision = decision_record(verdict.decision) | ({"outcome": outcome} if over else {})
    if over and verdict.decision.outcome == "review":
        decision |= {"because": "（审核人写的理由）", "basis": "（依据）"}
    last = verdict.valid_until
    record = {
        "today": day.isoformat(), "fee": verdict.fee, "amount": verdict.amount, "decision": decision,
        "valid_until": last.isoformat() if last else None, **recorded(verdict.handover),
    }  # fmt: skip
    return About(
        "try", "try", result.facts, record, outcome if over else None,
        verdict.route.deciding_unit if verdict.route else item.unit,
        verdict.route.deciding_area if verdict.route else None, None if over else verdict.deadline,
    )  # fmt: skip


def _event(rule: LetterRule, day: date) -> Happened:
    said = {"because": "（写明的理由）", "basis": "（依据）", "title": "（环节）", "opinion": "agree"}
    return Happened(1, rule.on, {**said, "until": (day + AHEAD).isoformat(), "wanted": {"": "（要补正的）"}})


def plain_lines(text: str) -> list[str]:
    """A letter as lines of a terminal: one a paragraph."""
    parts = re.split(r"</(?:p|h\d|li|tr|div)>|<br\s*/?>", text)
    return [line for part in parts if (line := " ".join(Markup(part).striptags().split()))]
