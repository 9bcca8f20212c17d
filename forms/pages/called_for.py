"""Papers that an answer calls for 情形材料 and that a page has not shown yet.

Knows the draft and its item; asks nothing.
"""

from __future__ import annotations

from core.cases.draft_view import DraftView
from core.contract import MaterialState
from core.judge.materials import judge_materials
from core.kernel import Kernel
from forms.pages.sheet import asked_later, steers


def called_for(core: Kernel, shown: DraftView, now: DraftView) -> list[str]:
    """Titles of the papers that have to be handed in by what was written since the page `shown`, which had no place for
    them."""
    if not steers(now.item):
        return []
    before = {one.id for one in _states(core, shown)}
    return [
        one.title
        for one in _states(core, now)
        if one.id not in before
        and one.required
        and one.open
        and one.status == "upload"
        and not asked_later(now.item, one.id, now.evidence)
    ]


def _states(core: Kernel, draft: DraftView) -> tuple[MaterialState, ...]:
    return judge_materials(
        draft.item, draft.facts, core.calendar, given=draft.given, promised=draft.promises, confirmed=draft.confirmed
    )
