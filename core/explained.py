"""A dry run as an author reads it at a terminal, in Chinese or English.

Knows the JSON of `lingban try` and the words for it; judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.cases.trying import plain_lines
from core.contract import Said
from core.judge.duties import told as told_duty
from core.sources import reasons

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "decision": "结果", "rule": "规则", "problem": "问题", "lookup": "调取", "material": "材料", "route": "路线",
        "step": "环节", "deadline": "期限", "fee": "收费", "amount": "金额", "zero_material": "零材料", "reach": "越界",
        "letter": "告知单", "further": "文书", "to_applicant": "申请人", "to_party": "另一方",
        "to_outside": "寄给 {name}", "copy": "抄送 {unit}",

        "approve": "批准", "reject": "不予", "decline": "不予受理", "review": "转人工审核", "null": "（不作决定）",
        "found": "查到", "empty": "没有记录", "down": "没有回应", "refused": "未获准查询", "not_asked": "未查询",
        "proved": "已由数据核验", "given": "已提交", "upload": "需上传", "staff": "由窗口代查", "promise": "告知承诺",
        "later": "容缺后补", "confirm": "待对方确认",
        "said_confirmed": "对方已确认", "said_refused": "对方不同意", "said_late": "对方到期没有答复",
        "yes": "是", "no": "否", "yuan": "{n} 元", "days": "{n}个工作日", "calendar_days": "{n}个自然日",
        "passed_over": "{rule}（{outcome}）不成立：{why}",
        "beyond": "{door} 要读 {pointer}：take 没有声明，已拒绝", "unwritten": "写不出来：{why}",
        "because": "：", "took": "（{ms} ms）", "unpaid": "缴费", "duty": "后续",
        "acceptance": "缴清以前不受理", "decision_unpaid": "缴清以前不批准", "delivery": "缴清以前不送达、不能领",
        "no_sum": "（金额还算不出）", "party": "当事人", "no_due": "（没有期限）",
        "at_least": "满 {days} 才能办完", "result": "证照", "valid_until": "（有效至 {day}）",
        "until": "，至 {day}",
    },
    "en": {
        "decision": "decision", "rule": "rule", "problem": "problem", "lookup": "lookup", "material": "material",
        "route": "route", "step": "step", "deadline": "deadline", "fee": "fee", "amount": "amount",
        "zero_material": "no papers", "reach": "refused", "letter": "letter", "further": "letter",
        "to_applicant": "applicant", "to_party": "other party", "to_outside": "sent to {name}",
        "copy": "copy to {unit}",
        "approve": "approved", "reject": "rejected", "decline": "declined", "review": "to a person",
        "null": "(nothing is decided)",
        "found": "found", "empty": "nothing held", "down": "no answer", "refused": "not permitted",
        "not_asked": "not asked",
        "proved": "proved", "given": "handed in", "upload": "to be uploaded", "staff": "staff obtain it",
        "promise": "promised", "later": "may follow later", "confirm": "another party confirms",
        "said_confirmed": "confirmed by the other party", "said_refused": "refused by the other party",
        "said_late": "the other party did not answer in time",
        "yes": "yes", "no": "no", "yuan": "{n} yuan", "days": "working days: {n}",
        "calendar_days": "calendar days: {n}",
        "passed_over": "{rule} ({outcome}) does not hold: {why}",
        "beyond": "{door} reads {pointer}, which take does not name", "unwritten": "cannot be written: {why}",
        "because": ": ", "took": " ({ms} ms)", "unpaid": "unpaid", "duty": "after",
        "acceptance": "not accepted before it is paid", "decision_unpaid": "not approved before it is paid",
        "delivery": "not delivered before it is paid", "no_sum": " (the sum is not known yet)", "party": "the holder",
        "no_due": "(no day)", "at_least": "not finished before {days} are over", "result": "document",
        "valid_until": " (valid until {day})", "until": ", until {day}",
    },
}  # fmt: skip


def explain(result: Mapping[str, Any], language: str = "zh", *, texts: bool = False) -> str:
    """The lines of `lingban try`; `result` is what `--json` gives, judged in the same language. `texts`: what each
    further letter says, too."""
    said = _WORDS["zh" if language.startswith("zh") else "en"]
    width, blank = (4, "　") if said is _WORDS["zh"] else (10, " ")
    lines, last = [], ""
    for label, text in _told(result, said, language, texts=texts):
        shown = "" if label == last and label in ("decision", "route") else said.get(label, "")
        lines.append(f"{shown:{blank}<{width}}{text}".rstrip())
        last = label
    return "\n".join(lines)


def _told(
    result: Mapping[str, Any], said: Mapping[str, str], language: str, *, texts: bool
) -> Iterator[tuple[str, str]]:
    """(label, text) of each line; a decision's own further lines have its label too."""
    for text in _decision(result["decision"], said):
        yield "decision", text
    for rule in result["passed_over"]:
        outcome = said[rule["outcome"]]
        yield "rule", said["passed_over"].format(rule=rule["rule"], outcome=outcome, why=rule["because"])
    for one in result["problems"]:
        yield "problem", f"{one['at']} {one['message']}"
    for name, row in result["lookups"].items():
        took = "" if row["outcome"] == "not_asked" else said["took"].format(ms=row["ms"])
        why = said["because"] + reasons.told(row["reason"], language) if row.get("reason") else ""
        yield "lookup", f"{name}: {said[row['outcome']]}{took}{why}"
    for row in result["materials"]:
        word = said[f"said_{row['said']}"] if row.get("said", "waiting") != "waiting" else said[row["status"]]
        yield "material", f"{row['id']}: {word}"
    yield from _road(result["route"], said)
    if result["deadline"]:
        yield "deadline", result["deadline"]
        for why in result.get("deadline_because", ()):
            yield "", why
    if result.get("unpaid"):
        key = "decision_unpaid" if result["unpaid"] == "decision" else result["unpaid"]
        yield "unpaid", said[key] + ("" if result["fee"] else said["no_sum"])
    for key in ("fee", "amount"):
        if result[key] is not None:
            yield key, said["yuan"].format(n=result[key])
    for one in result["duties"]:
        by = said["party"] if one["party"] else f"{one['unit']}@{one['area']}"
        yield "duty", f"{one['id']}: {one['title']} {by} {one['due'] or said['no_due']}"
        for why in told_duty(one["why"], language):
            yield "", why
    for one in result.get("results", ()):
        until = said["valid_until"].format(day=one["valid_until"]) if one["valid_until"] else ""
        yield "result", one["title"] + until
    for one in result.get("letters", ()):
        whom = (
            said["copy"].format(unit=one["unit"]) if one["unit"] else said[f"to_{one['to']}"].format(name=one["name"])
        )
        yield "further", f"{one['id']}: {one['title']} ({one['on']}) → {whom}"
        for line in plain_lines(one["text"]) if texts else ():
            yield "", line
    yield "zero_material", said["yes" if result["zero_material"] else "no"]
    for one in result["reaches"]:
        yield "reach", said["beyond"].format(**one)
    if result["letter_fault"]:
        fault = result["letter_fault"]
        why = fault.zh if isinstance(fault, Said) and language.startswith("zh") else fault
        yield "letter", said["unwritten"].format(why=why)


def _decision(decision: Mapping[str, Any], said: Mapping[str, str]) -> Iterator[str]:
    outcome = said[decision["outcome"] or "null"]
    yield outcome + said["because"] + decision["because"] if decision["because"] else outcome
    yield from (decision["part"],) if decision.get("part") else ()
    yield from decision.get("conditions", ())


def _road(route: Mapping[str, Any] | None, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if route is None:
        return
    yield "route", f"{route['mode']} → {route['deciding']['unit']}@{route['deciding']['area']}"
    for why in route["because"]:
        yield "route", why
    for step in route["steps"]:
        told = [said[key].format(n=n) for key in ("days", "calendar_days") if (n := step.get(key))]
        days = [said["at_least"].format(days=one) for one in told] if step.get("at_least") else told
        when = " ".join(days)
        if when and step.get("until"):
            when += said["until"].format(day=step["until"])
        parts = (step.get("by") or step["unit"], step.get("title"), when, step["because"])
        yield "step", " ".join(part for part in parts if part)
