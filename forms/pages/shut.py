"""What a page says outside the windows in which an item may be applied for, and whether a draft lasts until the next.

Goes by the item of today, as filing does, not by the version that a draft was begun with.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from core.contract import Item
from core.judge.opening import not_open, opening_of
from core.kernel import Kernel
from core.web.rendering import translator
from forms.pages.words import N_

KEPT = N_("可以先填写，保存草稿，到时再提交。")
OVER = N_("到开放申请时，现在填的草稿已经过期，请到时重新填写。")


class Shut(NamedTuple):
    said: str
    """Why not today, and what becomes of a draft."""
    kept: bool
    """Whether the draft can still be filed once it opens."""


def shut(core: Kernel, item: Item, language: str, until: date | None = None) -> Shut | None:
    """None where it may be applied for today. `until`: the day on which the draft ends; else of one begun now."""
    item, today = core.newest(item), core.today()
    opening = opening_of(item, today)
    if opening is None or opening.now:
        return None
    _ = translator(language)
    why = "".join(one.message for one in not_open(item, today, language))
    if opening.next is None:
        return Shut(why, False)
    kept = opening.next.first <= (until or today + timedelta(days=core.settings.draft_days))
    return Shut(why + _(KEPT if kept else OVER), kept)
