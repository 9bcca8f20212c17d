"""The sentences of every judgement but the form's, in Chinese and English; and an item's own words translated.

Knows which words, not when to say them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from core.contract import Item
from core.judge.pointers import tokens, walk

_LONGEST = 60

LEVELS = {
    "zh": {"city": "市", "town": "镇", "village": "村（社区）"},
    "en": {"city": "city", "town": "town", "village": "village"},
}

SENTENCES: dict[str, dict[str, str]] = {
    "zh": {
        # facts
        "fact": "{pointer}：{value}",
        "fact_missing": "{pointer}：没有",
        "x-age": "（{number}周岁）",
        "x-days": "（距今{number}天）",
        "x-working-days": "（距今{number}个工作日）",
        "x-count": "（共{number}条）",
        "x-sum": "（合计{number}）",
        "bound": "（对照 {pointer}：{value}）",
        # materials
        "proved": "已由“{purposes}”的调取结果证明",
        "given": "已提交，待工作人员核对",
        "promised": "已作告知承诺",
        "confirmed": "对方已确认",
        "to_confirm": "需要对方确认",
        "later": "可在受理后{days}个工作日内补交（容缺受理）",
        "staff": "由工作人员代为取得",
        "upload": "需要提交",
        "may_promise": "可以提交，也可以作告知承诺",
        "why_found": "查到的内容不足以证明",
        "why_empty": "没有查到记录",
        "why_down": "数据源暂时没有答复",
        "why_refused": "未获准查询",
        "why_not_asked": "没有调取",
        "reason": "{why}，{what}",
        "must_find": "“{purpose}”没有查到记录，请核对填写的内容。",
        "not_a_choice": "请从列出的选项中选择。",
        # decision
        "open_material": "“{title}”尚未齐备（{because}）",
        "given_material": "“{title}”已提交，需要人工核对",
        "step_holds": "需经“{title}”环节：{because}",
        "step_holds_plain": "需经“{title}”环节",
        "somebody_in_charge": "有关部门办理",
        "lookup_out": "“{purpose}”没有得到答复，不能自动作出决定",
        "no_rule": "没有可以自动适用的规则，转人工审核",
        # route
        "no_level": "“{title}”不在{level}级服务点办理，请到{levels}级服务点办理，或在网上申请。",
        "nowhere": "“{title}”不在服务点办理，请在网上申请。",
        "home_only": "“{title}”只在属地办理，请到{place}的服务点办理，或在网上申请。",
        "proxy": "{site}只能代收，由{office}代办，因为“{title}”在{level}级服务点为收件后代办。",
        "same_city": "{site}不在{place}，按同城通办由{office}办理。",
        "home": "属地{town}",
        "home_unknown": "属地",
        "direct_decide": "{site}可以直接办理，由{office}决定。",
        "direct_accept": "{site}受理，转{office}决定。",
        "direct_forward": "{site}收集，交{office}受理和决定。",
        "no_site": "网上申请，由{office}决定。",
        "step_because": "需经{office}办理：{because}",
        # deadline
        "filed_on": "{day} 提交，次日起算",
        "by_promise": "承诺{days}个工作日，至 {day}",
        "by_steps": "各环节办理时间相加，至 {day}",
        "by_statute": "不超过法定{days}个工作日，至 {day}",
        "by_end": "不晚于期限届满之日 {day}",
        "provisional": "其中部分日期的放假安排尚未公布，按周一至周五为工作日暂定",
        # scenario
        "expected": "{at}：期望 {wanted}，实际 {got}",
        "unknown_key": "expect 中没有“{at}”这一项",
    },
    "en": {
        "fact": "{pointer}: {value}",
        "fact_missing": "{pointer}: nothing",
        "x-age": " (aged {number})",
        "x-days": " ({number} days from today)",
        "x-working-days": " ({number} working days from today)",
        "x-count": " ({number} rows)",
        "x-sum": " ({number} in all)",
        "bound": " (against {pointer}: {value})",
        "proved": "proved by the lookup “{purposes}”",
        "given": "handed in, to be checked by staff",
        "promised": "promised in writing",
        "confirmed": "confirmed by the other party",
        "to_confirm": "the other party has to confirm",
        "later": "may follow within {days} working days of acceptance",
        "staff": "staff will obtain it",
        "upload": "has to be handed in",
        "may_promise": "may be handed in or promised in writing",
        "why_found": "what was found does not prove it",
        "why_empty": "no record was found",
        "why_down": "the source does not answer at the moment",
        "why_refused": "the lookup was not permitted",
        "why_not_asked": "nothing was looked up",
        "reason": "{why}; {what}",
        "must_find": "“{purpose}” found no record. Please check what you wrote.",
        "not_a_choice": "Please choose one of the options listed.",
        "open_material": "“{title}” is still open ({because})",
        "given_material": "“{title}” was handed in and has to be checked by a person",
        "step_holds": "the step “{title}” is needed: {because}",
        "step_holds_plain": "the step “{title}” is needed",
        "somebody_in_charge": "the department in charge",
        "lookup_out": "“{purpose}” gave no answer, so nothing is decided automatically",
        "no_rule": "no rule applies automatically; a person will review it",
        "no_level": "“{title}” is not offered at {level} level. Please go to a {levels} site, or apply online.",
        "nowhere": "“{title}” is not offered at any site. Please apply online.",
        "home_only": "“{title}” is handled at home only. Please go to a site in {place}, or apply online.",
        "proxy": "{site} can only collect; {office} acts for it, because “{title}” is collected at {level} level.",
        "same_city": "{site} lies outside {place}; as a same-city service it is handled by {office}.",
        "home": "{town}",
        "home_unknown": "the home area",
        "direct_decide": "{site} handles it directly; {office} decides.",
        "direct_accept": "{site} accepts it and passes it to {office} to decide.",
        "direct_forward": "{site} collects it and passes it to {office} to accept and decide.",
        "no_site": "Filed online; {office} decides.",
        "step_because": "{office} has to take part: {because}",
        "filed_on": "filed on {day}; counting starts the day after",
        "by_promise": "promised within {days} working days, until {day}",
        "by_steps": "the steps together take until {day}",
        "by_statute": "no more than the {days} working days of the law, until {day}",
        "by_end": "no later than the end of the term on {day}",
        "provisional": "part of these days have no published holidays yet; Monday to Friday are counted for now",
        "expected": "{at}: expected {wanted}, got {got}",
        "unknown_key": "expect has no key “{at}”",
    },
}


def say(language: str, key: str, **values: object) -> str:
    table = SENTENCES["en" if language.startswith("en") else "zh"]
    return table[key].format_map(values)


def level_name(language: str, level: str) -> str:
    names = LEVELS["en" if language.startswith("en") else "zh"]
    return names.get(level, level)


def join(language: str, parts: list[str]) -> str:
    return ("; " if language.startswith("en") else "；").join(parts)


def enumerate_names(language: str, names: list[str]) -> str:
    return (", " if language.startswith("en") else "、").join(names)


def translated(item: Item, language: str, key: str, text: str) -> str:
    """An item's own words in a language: `texts/<lang>.json` keyed `item.json#/title`, else as written."""
    overlay = (item.bundle.get("texts") or {}).get(language)
    return str(overlay.get(key, text)) if overlay else text


_FACT = re.compile(r"\$\{(/[^{}]*)\}")


def named_facts(text: str) -> list[str]:
    """The pointers that a sentence names as `${/pointer}`, in the spelling of ajv-errors."""
    return _FACT.findall(text)


def filled(text: str, facts: Any) -> str:
    """The sentence with each `${/pointer}` replaced by the fact; "—" where there is none."""

    def fact(match: re.Match[str]) -> str:
        found, value = walk(facts, tokens(match[1]))
        return show(value) if found and value is not None else "—"

    return _FACT.sub(fact, text) if "${" in text else text


def show(value: Any) -> str:
    """A value in a sentence: texts bare, the rest as JSON, cut where it would drown the sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
