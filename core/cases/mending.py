"""Another round of a step 整改复查: the letter that tells the applicant what to mend, and by when somebody looks again.

Knows the step and its day; whether there is another round is judged from the findings.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.cases.letter_rows import notice_row
from core.cases.models import Case
from core.cases.rows import Row
from core.contract import RouteStep

if TYPE_CHECKING:
    from core.kernel import Kernel

TITLE = "整改和复查告知书"
NOTICE = """<article class="letter" lang="zh-CN">
<h2>整改和复查告知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}：您申请的“{{ item.title }}”，{{ decision.step }}已办理，结论是要求整改。</p>
<p>要求：{{ decision.mend }}</p>
{% if decision.because %}<p>说明：{{ decision.because }}</p>
{% endif %}<p>{{ decision.step }}将在 {{ decision.until }} 前再办理一次。此前不作出决定。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""


def mending_letter(kernel: Kernel, case: Case, step: RouteStep, *, mend: str, because: str, until: date) -> Row:
    who = {"name": ((case.record or {}).get("applicant") or {}).get("name") or "申请人"}
    told = {"step": step.title or "现场核查", "mend": mend, "because": because, "until": until.isoformat()}
    return notice_row(kernel, case, NOTICE, kind="mending", title=TITLE, applicant=who, decision=told, unit=step.unit)
