"""The written promise 告知承诺 that stands in for a proof: its text, word for word as it was signed, and what follows.

Knows the item's own consequence; writes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.cases.letter_rows import letter_row
from core.cases.letters import render_text
from core.cases.rows import Row
from core.contract import Item
from core.kernel import LEGAL_TIME

if TYPE_CHECKING:
    from core.kernel import Kernel

CONSEQUENCE = "承诺不实的，撤销已作出的决定，并依法记入信用记录。"
"""国办发〔2020〕42号 第二条第（四）项: what follows an untrue promise is told before it is signed."""
SIGNED = """<article class="letter" lang="zh-CN">
<h2>告知承诺书</h2>
<p>办件编号：{{ case.no }}</p>
<p>{{ applicant.name }}申请办理“{{ item.title }}”，应当提交“{{ case.material }}”。申请人已被告知该材料证明的内容、\
承诺的效力和不实承诺的后果，现书面承诺：</p>
<p>一、本人（本单位）具备“{{ case.material }}”所证明的条件，所承诺的内容真实；</p>
<p>二、愿意接受有关部门的核查；</p>
<p>三、{{ case.consequence }}</p>
<p>承诺人：{{ applicant.name }}<br>承诺时间：{{ case.at }}（{{ case.how }}）</p>
</article>
"""
UNTRUE = """<article class="letter" lang="zh-CN">
<h2>告知承诺不实告知书</h2>
<p>办件编号：{{ case.no }}</p>
<p>{{ applicant.name }}：您在办理“{{ item.title }}”时就“{{ case.material }}”所作的书面承诺，经核查与事实不符。</p>
<p>核查情况：{{ decision.because }}</p>
<p>依据：{{ decision.basis }}</p>
<p>后果：{{ case.consequence }}</p>
<p>对此有异议的，可以自收到之日起向本部门陈述、申辩。</p>
<p class="letter-office">{{ office.unit }}<br>{{ case.at }}</p>
</article>
"""
_HOW = {
    "web": "网上勾选", "mobile": "手机勾选", "kiosk": "自助终端勾选", "hall": "窗口确认", "station": "驿站确认",
    "phone": "电话确认，有录音",
}  # fmt: skip


def consequence_of(item: Item, material: str) -> str:
    declared = next((one.declared for one in item.materials if one.id == material), {})
    return str(declared.get("consequence") or CONSEQUENCE)


def signed_letter(
    case_id: str,
    *,
    no: str,
    item: Item,
    material: str,
    title: str,
    applicant: dict[str, Any],
    channel: str,
    now: datetime,
) -> Row:
    case = {
        "no": no,
        "material": title,
        "consequence": consequence_of(item, material),
        "at": _at(now),
        "how": _HOW.get(channel, channel),
    }
    text = render_text(SIGNED, {"item": {"title": item.title}, "applicant": applicant, "case": case})
    return letter_row(case_id, kind="promise", title=f"告知承诺书：{title}", text=text, at=now)


def untrue_letter(
    kernel: Kernel,
    case_id: str,
    *,
    no: str,
    item: Item,
    material: str,
    title: str,
    applicant: dict[str, Any],
    unit: str | None,
    because: str,
    basis: str,
) -> Row:
    now = kernel.now()
    known = kernel.office.units.get(unit or "")
    text = render_text(
        UNTRUE,
        {
            "item": {"title": item.title},
            "applicant": applicant,
            "case": {"no": no, "material": title, "consequence": consequence_of(item, material), "at": _at(now)[:10]},
            "decision": {"because": because, "basis": basis},
            "office": {"unit": known.name if known else unit or ""},
        },
    )
    return letter_row(case_id, kind="promise_false", title=f"告知承诺不实告知书：{title}", text=text, at=now)


def _at(now: datetime) -> str:
    return now.astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M")
