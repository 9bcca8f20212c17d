"""Which letter a decision calls for, and the facts it is written from.

Knows no template engine's inside; `letters` renders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from core.cases.duties import in_letter
from core.cases.filing import Judged
from core.cases.handover import things_of
from core.cases.joint import names_of
from core.cases.letter_rows import letter_row
from core.cases.letters import DOCUMENT, LetterFailed, addressed, render, render_text
from core.cases.models import Case, LetterFault
from core.cases.outcomes import words_of
from core.cases.proposing import decision_record
from core.cases.results import Document, documents_of
from core.cases.rows import Row, row
from core.contract import Calendar, Duty, Item, Office
from core.faults import say
from core.judge.results import further_results, row_of
from core.judge.rules import rules_of
from core.judge.validity import valid_until

if TYPE_CHECKING:
    from core.kernel import Kernel
    from core.sources.taken import Reaches


def notices(
    kernel: Kernel, case_id: str, *, no: str, judged: Judged, record: Mapping[str, Any], now: datetime
) -> list[Row]:
    """The letters of a case decided at filing. Raises LetterFailed."""
    verdict = judged.verdict
    return decision_letters(
        kernel,
        judged.application.item,
        case_id,
        no=no,
        facts=judged.facts,
        decision=decision_record(verdict.decision),
        unit=verdict.route.deciding_unit if verdict.route else judged.application.item.unit,
        area=verdict.route.deciding_area if verdict.route else None,
        fee=verdict.fee,
        amount=verdict.amount,
        record=record,
        duties=verdict.duties,
        filed_on=judged.application.today,
        today=judged.application.today,
        now=now,
    )


def case_letters(
    kernel: Kernel,
    item: Item,
    case: Case,
    record: dict[str, Any],
    *,
    facts: Mapping[str, Any],
    decision: Mapping[str, Any],
    duties: Sequence[Duty] = (),
) -> list[Row]:
    """The letters of a case under way that is decided now. Where one fails, a line for who mends it, and `record` says
    why: a wrong template is its author's fault, and the decision stands."""
    try:
        return decision_letters(
            kernel,
            item,
            str(case.id),
            no=case.no,
            facts=facts,
            decision=decision,
            unit=case.deciding_unit or "",
            area=case.deciding_area,
            fee=record.get("fee"),
            amount=record.get("amount"),
            record=record,
            duties=duties,
            filed_on=date.fromisoformat(record["today"]),
            today=kernel.today(),
            now=kernel.now(),
        )
    except LetterFailed as error:
        record["letter_fault"] = str(error)
        return [letter_fault(item, str(case.id), str(decision["outcome"]), now=kernel.now())]


def letter_fault(item: Item, case_id: str, outcome: str, *, now: datetime) -> Row:
    """That the letter of this decision is still to be written; why stands in the case's record."""
    title = letter_title(item, outcome)
    return row(LetterFault, case_id=case_id, kind=_kind(outcome), title=title[:200], since=now)


class Around(Protocol):
    """What a letter needs of the kernel; a dry run has no more."""

    @property
    def office(self) -> Office: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def reaches(self) -> Reaches: ...


def decision_letters(
    kernel: Around,
    item: Item,
    case_id: str,
    *,
    no: str,
    facts: Mapping[str, Any],
    decision: Mapping[str, Any],
    unit: str,
    area: str | None,
    fee: str | None,
    amount: str | None,
    record: Mapping[str, Any],
    filed_on: date,
    today: date,
    now: datetime,
    duties: Sequence[Duty] = (),
) -> list[Row]:
    """The letter that tells a decision, by the item's own template, a refusal without one in plain words; and a
    document for every further result (of `record`).

    Nothing where nothing is decided yet; no letter where an approval has no template, no condition, nothing to take and
    nothing that its holder has still to do. Conditions, the part that is not granted, what is to be taken where (of
    `record`) and what the holder has to do stand below a template that does not write them. Raises LetterFailed.
    """
    result = item.declared.get("result") or {}
    outcome = decision["outcome"]
    if outcome not in TITLED:
        return []
    name = str(result.get("template") or "")
    template = (item.bundle.get("templates") or {}).get(name)
    told = decision.get("conditions") or decision.get("part")
    things = [one for one in things_of(record, outcome) if one.taken_on is None]
    own = [one for one in duties if one.party]
    further = documents_of(record, outcome)
    silent = outcome == "approve" and template is None and not told and not things and not own
    word, named = words_of(item)[outcome], letter_title(item, outcome)
    deciding = kernel.office.units.get(unit)
    try:
        last = valid_until(item, facts, today) if outcome == "approve" else None
        if outcome == "approve":
            further_results(item, facts, kernel.calendar, today)
    except ValueError as error:
        told = say(
            "result.valid cannot be worked out ({why}).",
            "result.valid 算不出来（{why}）。改短一些，或改对指针。",
            why=error,
        )
        raise LetterFailed(f"result.valid: {error}", told) from error
    seen = {
        **facts,
        "applicant": addressed(facts.get("applicant") or {}, item, facts.get("lookups") or {}),
        "item": {"title": item.title, "code": item.declared.get("code", ""), "result": result.get("title", "")},
        "case": {
            "no": no,
            "filed_on": filed_on.isoformat(),
            "valid_until": last.isoformat() if last else None,
            "fee": fee,
            "amount": amount,
            "handover": [{"title": one.title, "place": one.place} for one in things],
            "duties": in_letter(duties),
            "results": [one.as_json() for one in further],
            "joint": names_of(record),
        },
        "result": {"id": "", "title": named, "no": no, "valid_until": last.isoformat() if last else None},
        "decision": {"conditions": [], "part": "", "granted": None, **decision, "day": today.isoformat()},
        "office": {
            "unit": deciding.name if deciding else unit,
            "area": kernel.office.name_of(area),
            "telephone": deciding.telephone if deciding else "",
        },
    }
    if outcome != "approve" and (template is None or "decision.outcome" not in template):
        # A template that never asks how it was decided congratulates everybody; a refusal must not go out on it.
        text = render_text(
            REFUSAL, {**seen, "decision": {**decision, "day": today.isoformat(), "title": named, "word": word}}
        )
    elif template is None:
        text = render_text(TERMS, seen) if told else ""
    else:
        text = render(item, name, kernel.reaches.watch(item, f"templates/{name}", no, seen))
        if told and not ("decision.conditions" in template and "decision.part" in template):
            text += render_text(TERMS, seen)
    if things and (template is None or "case.handover" not in template):
        text += render_text(TAKING, seen)
    if own and (template is None or "case.duties" not in template):
        text += render_text(DUTIES, seen)
    letters = [] if silent else [letter_row(case_id, kind=_kind(outcome), title=named, text=text, at=now)]
    return letters + [
        letter_row(case_id, kind=DOCUMENT, title=one.title, text=_document(kernel, item, one, facts, seen), at=now)
        for one in further
    ]


def _document(kernel: Around, item: Item, one: Document, facts: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    """A further result by its own template, or in plain words. Raises LetterFailed."""
    line = next(line.declared for line in rules_of(item).also if line.id == one.id)
    here = {**seen, "result": one.as_json()}
    if one.row is not None:
        here["each"] = row_of(item, one.id, one.row, facts)
    name = line.get("template")
    if name is None:
        return render_text(CERTIFICATE, here)
    return render(item, name, kernel.reaches.watch(item, f"templates/{name}", str(seen["case"]["no"]), here))


def letter_title(item: Item, outcome: str) -> str:
    """How the letter of such a decision is called."""
    if outcome == "approve":
        return str((item.declared.get("result") or {}).get("title") or item.title)
    return words_of(item)[outcome] + TITLED[outcome]


def _kind(outcome: str) -> str:
    return "result" if outcome == "approve" else outcome


TITLED = {"approve": "", "reject": "决定书", "decline": "通知书"}
REFUSAL = """<article class="letter" lang="zh-CN">
<h2>{{ decision.title }}</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}{% for name in case.joint %}、{{ name }}{% endfor %}：您于{{ case.filed_on }}提交的\
“{{ item.title }}”申请，经审查，决定{{ decision.word }}。</p>
<p>理由：{{ decision.because }}</p>
{% if decision.basis %}
<p>依据：{{ decision.basis }}</p>
{% endif %}
<p>如不服本决定，可以自收到之日起六十日内申请行政复议，或者自收到之日起六个月内提起行政诉讼。</p>
<p class="letter-office">{{ office.unit }}<br>{{ decision.day }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""行政许可法第三十八条: a refusal gives its reasons and says how to appeal."""

CERTIFICATE = """<article class="letter" lang="zh-CN">
<h2>{{ result.title }}</h2>
<p>编号：{{ result.no }}</p>
<p>{{ applicant.name }}：您申请的“{{ item.title }}”（办件编号 {{ case.no }}）已经批准，发给此件。</p>
{% if result.valid_until %}
<p>有效期至：{{ result.valid_until }}</p>
{% endif %}
<p class="letter-office">{{ office.unit }}<br>{{ decision.day }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""A further result whose line names no template."""

TERMS = """<article class="letter" lang="zh-CN">
<h2>{% if decision.part %}部分准予{% endif %}{% if decision.part and decision.conditions %}、{% endif %}\
{% if decision.conditions %}附条件准予{% endif %}的说明</h2>
<p>编号：{{ case.no }}</p>
{% if decision.part %}
<p>{{ applicant.name }}{% for name in case.joint %}、{{ name }}{% endfor %}：您申请的“{{ item.title }}”，\
{{ decision.part }}。</p>
{% if decision.basis %}
<p>依据：{{ decision.basis }}</p>
{% endif %}
{% endif %}
{% if decision.conditions %}
<p>准予附有下列条件：</p>
<ol>
{% for condition in decision.conditions %}
<li>{{ condition }}</li>
{% endfor %}
</ol>
{% endif %}
<p>对附带的条件或者没有准予的部分不服的，可以自收到之日起六十日内申请行政复议，或者自收到之日起六个月内提起行政诉讼。</p>
<p class="letter-office">{{ office.unit }}<br>{{ decision.day }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""行政许可法第三十八条 holds for the part that is refused too."""

TAKING = """<article class="letter" lang="zh-CN">
<h2>领取</h2>
<ul>
{% for one in case.handover %}
<li>{{ one.title }}：{{ one.place }}</li>
{% endfor %}
</ul>
<p>请带身份证件领取；由别人代领的，带委托书。</p>
</article>
"""

DUTIES = """<article class="letter" lang="zh-CN">
<h2>后续事项</h2>
<p>{{ applicant.name }}：“{{ item.title }}”获准以后，请您按时办理：</p>
<ol>
{% for one in case.duties if one.party %}
<li>{{ one.title }}{% if one.due %}，{{ one.due }} 前{% endif %}\
{% if one.every %}，以后每{{ one.every }}一次{% endif %}\
{% if one.because %}（{{ one.because }}）{% endif %}</li>
{% endfor %}
</ol>
<p class="letter-office">{{ office.unit }}<br>{{ decision.day }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""Who has to report later is told so in writing."""
