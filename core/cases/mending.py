"""Another round of a step 整改复查: the letter that tells the applicant what to mend, and by when somebody looks again.

Knows the step and its day; whether there is another round is judged from the findings.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from core.cases.letters import render_text
from core.cases.models import Case, Letter
from core.cases.rows import Row, row
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
    unit = kernel.office.units.get(step.unit)
    told = {"step": step.title or "现场核查", "mend": mend, "because": because, "until": until.isoformat()}
    text = render_text(
        NOTICE,
        {
            "case": {"no": case.no},
            "item": {"title": case.title},
            "applicant": {"name": ((case.record or {}).get("applicant") or {}).get("name") or "申请人"},
            "decision": told,
            "office": {"unit": unit.name if unit else "", "telephone": unit.telephone if unit else ""},
            "today": kernel.today().isoformat(),
        },
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return row(Letter, case_id=case.id, kind="mending", title=TITLE, text=text, digest=digest, at=kernel.now())
