"""What a decision is called for each kind of item: a permit is granted 准予, a benefit approved 批准.

Knows the kinds 事项类型 of the national catalogue; Chinese is the msgid that pages translate.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.contract import Item


def N_(text: str) -> str:  # noqa: N802 - the name that pybabel looks for: marked here, translated where it is shown
    return text


DECLINE = N_("不予受理")
OTHER = {"approve": N_("予以办理"), "reject": N_("不予办理"), "decline": DECLINE}
KINDS: Mapping[str, Mapping[str, str]] = {
    "行政许可": {"approve": N_("准予许可"), "reject": N_("不予许可"), "decline": DECLINE},
    "行政给付": {"approve": N_("批准发放"), "reject": N_("不予批准"), "decline": DECLINE},
    "行政确认": {"approve": N_("予以确认"), "reject": N_("不予确认"), "decline": DECLINE},
    "行政登记": {"approve": N_("予以登记"), "reject": N_("不予登记"), "decline": DECLINE},
    "行政奖励": {"approve": N_("给予奖励"), "reject": N_("不予奖励"), "decline": DECLINE},
    "行政裁决": {"approve": N_("支持申请"), "reject": N_("不予支持"), "decline": DECLINE},
}


def words_of(item: Item) -> Mapping[str, str]:
    """outcome → what it is called of this item; of a kind that the catalogue does not name, in plain words."""
    return KINDS.get(str(item.declared.get("type") or ""), OTHER)
