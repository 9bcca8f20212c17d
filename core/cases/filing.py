"""One application judged: held values applied, the rules asked, the owning plugin asked.

Knows no table: what comes out is either a list of problems or everything that is to be written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cases.draft_view import DraftView
from core.contract import MaterialState, Route, Verdict
from core.errors import Unprocessable
from core.judge.verdict import judged

if TYPE_CHECKING:
    from core.kernel import Kernel


@dataclass(frozen=True)
class Judged:
    """What stands when there is no problem left."""

    application: DraftView
    facts: Mapping[str, Any]
    """With the answers complete: what was written, pruned of hidden fields, the held values in it."""
    declared: tuple[str, ...]
    verdict: Verdict

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.facts["answers"]  # type: ignore[no-any-return]


async def judge_application(
    kernel: Kernel, application: DraftView, today: date, *, given: Collection[str] | None = None
) -> Judged:
    """`given`: materials handed in, unless the application's own files tell.

    Raises Unprocessable with every problem, Unavailable where the owning plugin's own check fails.
    """
    item = application.item
    handed_in = application.given if given is None else frozenset(given)

    def said(route: Route | None = None) -> tuple[Verdict, dict[str, Any]]:
        return judged(
            item,
            application.facts,
            kernel.office,
            kernel.calendar,
            today=today,
            given=handed_in,
            promised=frozenset(application.promises),
            confirmed=frozenset(application.confirmed),
            unreliable=frozenset(application.disputed),
            claims=application.claims,
            route=route,
            paid=application.paid,
        )

    verdict, facts = said()
    if verdict.problems:
        raise Unprocessable(verdict.problems)
    # Only the plugin that owns the item is asked, and only now: its code may rely on answers that fit the form.
    seen = kernel.reaches.watch(item, "check_answers", application.id, facts)
    problems = await kernel.hooks.call_one(item.id, "check_answers", item=item, facts=seen)
    if problems:
        raise Unprocessable(tuple(problems))
    if verdict.route is not None:
        seen = kernel.reaches.watch(item, "choose_route", application.id, facts)
        route = await kernel.hooks.call_one(item.id, "choose_route", item=item, facts=seen, route=verdict.route)
        if route is not None and route != verdict.route:
            verdict, facts = said(route)
    declared = tuple(sorted(application.filling.declared))
    return Judged(replace(application, today=today), facts, declared, verdict)


def is_unseen(states: tuple[MaterialState, ...]) -> bool:
    """Whether a must-have was handed in on paper that nobody has looked at: whether it is complete and in the form that
    the law wants (行政许可法 32) is a person's to say, not a machine's."""
    return any(state.required and state.status == "given" and not state.checked for state in states)


def is_open(states: tuple[MaterialState, ...]) -> bool:
    """Whether something the law wants is still missing."""
    return any(state.required and state.open for state in states)
