"""Those who apply jointly 共同申请人: their names, and what all of them are told when one of them withdraws.

Knows the case's record; who becomes one is said in `actions.fallbacks.confirm`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.cases.letter_rows import notice_row
from core.cases.letters import SOMEBODY
from core.cases.models import Case
from core.cases.rows import Row
from core.contract import Actor

if TYPE_CHECKING:
    from core.kernel import Kernel

TITLE = "共同申请撤回告知书"
NOTICE = """<article class="letter" lang="zh-CN">
<h2>共同申请撤回告知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}{% for name in case.joint %}、{{ name }}{% endfor %}：你们共同申请的“{{ item.title }}”，\
已于{{ today }}由{{ decision.who }}撤回，不再办理。</p>
{% if decision.because %}<p>说明：{{ decision.because }}</p>
{% endif %}<p>需要办理的，可以重新申请。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""


def names_of(record: Mapping[str, Any] | None) -> list[str]:
    """Who applies jointly besides the applicant, in the order in which they confirmed; a firm by who spoke for it."""
    rows = (record or {}).get("joint") or ()
    told = (f"{one['name']}（代 {one['firm']}）" if one.get("firm") else str(one["name"]) for one in rows)
    return list(dict.fromkeys(told))


def withdrawn_letter(kernel: Kernel, case: Case, actor: Actor, because: str) -> list[Row]:
    """For all who applied, where they are several: one of them has ended it for the others too."""
    joint = names_of(case.record)
    if not joint:
        return []
    who = {"name": ((case.record or {}).get("applicant") or {}).get("name") or SOMEBODY}
    told = {"who": actor.name or SOMEBODY, "because": because}
    return [notice_row(kernel, case, NOTICE, kind="withdrawn", title=TITLE, applicant=who, decision=told, joint=joint)]
