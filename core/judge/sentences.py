"""The sentences of every judgement but the form's, in Chinese and English; and an item's own words translated.

Knows which words, not when to say them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Item

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
        # what a rule that was passed over lacked
        "unmet": "{pointer} 是 {value}，要求 {wanted}",
        "unmet_missing": "{pointer} 没有值，要求 {wanted}",
        "unmet_absent": "{pointer} 是 {value}，要求没有值",
        "unmet_doubt": "{pointer} 没有登记机关的记录可核对，规则不自动适用",
        "unmet_or": "，或者 ",
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
        "must_find_row": "第{n}行：“{purpose}”没有查到记录，请核对这一行填写的内容。",
        "not_a_choice": "请从列出的选项中选择。",
        # decision
        "open_material": "“{title}”尚未齐备（{because}）",
        "given_material": "“{title}”已提交，需要人工核对",
        "step_holds": "需经“{title}”环节：{because}",
        "step_holds_plain": "需经“{title}”环节",
        "somebody_in_charge": "有关部门办理",
        "lookup_out": "“{purpose}”没有得到答复，不能自动作出决定",
        "no_rule": "没有可以自动适用的规则，转人工审核",
        "claimed_value": "申请人认为登记的内容有误并另行申报，需要人工核对",
        "differs_now": "申报的内容与后来查到的登记不一致，由工作人员核对",
        "refuses_now": "重新查询的结果可能不符合条件（{because}），由工作人员核实后决定",
        "passed_in_doubt": "有存疑的内容可能影响决定，需要人工核对",
        "material_in_doubt": "“{title}”所依据的登记内容存疑，需要人工核对",
        "step_in_doubt": "是否需经“{title}”环节取决于存疑的登记内容，需要人工核对",
        "amount_in_doubt": "金额取决于存疑的登记内容，需要人工核对",
        "results_in_doubt": "发哪些证照取决于存疑的登记内容，需要人工核对",
        "valid_too_long": "所填的有效期超过{years}年，需要人工核对；批准的，最长{years}年",
        # route
        "part_amount": "申请{asked}元，准予{granted}元；其余不予：{because}",
        "part_measured": "申请{asked}{unit}，准予{granted}{unit}；其余不予：{because}",
        "part_rows": "准予：{granted}。不予：{refused}（{because}）",
        "part_row": "第{n}项",
        "part_unknown": "准予多少还算不出来，由工作人员核定",
        "part_nothing": "申请的没有一样可以准予（{because}），由工作人员审核",
        "no_level": "“{title}”不在{level}级服务点办理，请到{levels}级服务点办理，或在网上申请。",
        "nowhere": "“{title}”不在服务点办理，请在网上申请。",
        "home_only": "“{title}”只在属地办理，请到{place}的服务点办理，或在网上申请。",
        "proxy": "{site}只能代收，由{office}代办，因为“{title}”在{level}级服务点为收件后代办。",
        "same_city": "{site}不在{place}，按同城通办由{office}办理。",
        "home": "属地{town}",
        "outside": "事情所在的地方不在{city}，由{office}办理。",
        "home_unknown": "属地",
        "direct_decide": "{site}可以直接办理，由{office}决定。",
        "direct_accept": "{site}受理，转{office}决定。",
        "direct_forward": "{site}收集，交{office}受理和决定。",
        "no_site": "网上申请，由{office}决定。",
        "step_because": "需经{office}办理：{because}",
        # when it may be applied for
        "window_yearly": "每年{first}至{last}",
        "window_fixed": "{first}至{last}",
        "month_day": "{name}{day}日",
        "two_windows": "{first}、{second}",
        "not_open": "“{title}”的申请时间是{when}，现在不在申请时间内，下一次从 {day} 开始。",
        "no_more_open": "“{title}”的申请时间是{when}，已经过了。",
        # deadline
        "filed_on": "{day} 提交，次日起算",
        "span_days": "{n}个工作日",
        "span_calendar_days": "{n}日（自然日，止于休息日的顺延）",
        "span_months": "{n}个月（止于休息日的顺延）",
        "span_by": "{day}前",
        "by_promise": "承诺{span}，至 {day}",
        "by_steps": "各环节办理时间相加，至 {day}",
        "by_statute": "不超过法定{span}，至 {day}",
        "extended": "经批准延长{days}个工作日，至 {day}",
        "by_end": "不晚于期限届满之日 {day}",
        "provisional": "其中部分日期的放假安排尚未公布，按周一至周五（元旦、劳动节、国庆节除外）为工作日暂定",
        # the legal clock of a case
        "accept_by": "{filed} 收到，最迟 {day} 受理，或一次性告知需要补正的全部内容（五个工作日）；逾期不告知即为受理",
        "accept_again_by": "{filed} 补正，最迟 {day} 答复（五个工作日）；逾期即为受理",
        "accepted_on": "{day} 受理",
        "deemed_accepted": "五个工作日内没有告知补正，自 {day} 收到之日起即为受理",
        "asked_on": "{day} 一次性告知补正",
        "awaiting_correction": "等待补正，期限从补正齐全之日起计算",
        "corrected_on": "{day} 补正齐全，次日起重新计算",
        "paused": "{begun} 因{kind}中止，{ended} 恢复，其间 {days} 个工作日不计入期限",
        "paused_now": "{begun} 因{kind}中止，尚未恢复，其间不计入期限；以下按今天恢复推算",
        "step_apart": "{begun} 至 {ended} 为“{title}”，{days} 个工作日不计入期限",
        "step_apart_now": "{begun} 起为“{title}”，尚未完成，其间不计入期限；以下按今天完成推算",
        "later_apart": "“{title}”所需时间不计入期限，届时顺延",
        "apart_ahead": "“{title}”预计 {begun} 至 {ended}，不计入法定期限，已算在告知的日期里",
        "by_law": "{start} 次日起法定{span}，至 {day}",
        "step_begins": "{day} 开始计算",
        "step_follows": "上一环节 {day} 完成，次日起算",
        "step_expected": "上一环节预计 {day} 完成，次日起算",
        "step_again": "{day} 第{round}次办理后要求整改，次日起为复查重新计算",
        "step_days": "{days}个工作日，至 {day}",
        "step_calendar_days": "{days}个自然日，遇休息日顺延，至 {day}",
        "step_at_least": "这些天要过完才能办完：{last} 期满，{day} 起可以办完，最迟 {due}",
        "step_no_days": "没有规定天数，当天办理",
        "step_done": "{day} 已完成",
        "deliver_by": "{decided} 作出决定，最迟 {day} 送达（十个工作日）",
        "this_step": "本环节",
        # what is to be done after an approval
        "duty_decided": "自作出决定之日 {day} 起算",
        "duty_from_end": "自有效期届满之日 {day} 起算",
        "duty_from": "自 {day} 起算",
        "duty_unknown": "从哪天起算还不知道",
        "duty_days": "{days}个工作日内，至 {day}",
        "duty_calendar_days": "{days}个自然日内，至 {day}",
        "duty_within": "{time}内，至 {day}",
        "duty_before": "提前{time}，即 {day}",
        "duty_past": "先满{time}，即 {day}",
        "duty_on": "{on}前，至 {day}",
        "duty_next": "每{time}一次，第{n}次至 {day}",
        "duty_rest": "遇休息日顺延至 {day}",
        "duty_end": "到有效期届满（{day}）为止",
        "duty_soon": "“{title}”应在 {day} 前完成，请按时办理。",
        "duty_over": "“{title}”应在 {day} 前完成，期限已过，还没有登记。",
        "lapsed": "“{title}”应在 {day} 前完成，期限已过，按撤回申请处理。",
        "lapse_soon": "“{title}”应在 {day} 前完成，逾期没有完成的，按撤回申请处理。",
        "later_close": "可在受理后{days}个工作日内补交（容缺受理），逾期不补交的按撤回申请处理",
        "later_title": "补交{title}",
        "pay_soon": "应缴费用 {sum} 元，请在 {day} 前缴清。",
        "pay_over": "应缴费用 {sum} 元应在 {day} 前缴清，期限已过。",
        "pay_lapsed": "逾期未缴清费用，按撤回申请处理。",
        "paid_accepted": "费用已缴清，材料齐全",
        "silent_accepted": "五个工作日内未告知补正，自 {day} 起即为受理。",
        "silent_approved": "逾期（{day}）未作出决定，依法视为准予。",
        "later_soon": "“{title}”请在 {day} 前补交，期满未交的，由审核人员依法处理。",
        "later_over": "“{title}”应在 {day} 前补交，期限已过仍未收到，转审核人员处理。",
        "later_missed": "容缺期限已过，未补交。",
        "party_silent": "“{title}”应在 {day} 前由有关各方确认，{because}",
        "party_refused": "对方表示不同意。",
        "party_over": "到期没有全部确认。",
        "party_then_upload": "{why}请提交其他证明。",
        "party_then_staff": "{why}由工作人员处理。",
        "term_decided": "决定之日起",
        "term_end": "有效期届满之日起算",
        "term_days": "{days}个工作日内",
        "term_calendar_days": "{days}个自然日内",
        "term_within": "{time}内",
        "term_before": "提前{time}",
        "term_past": "满{time}以后",
        "term_on": "{on}前",
        "term_on_first": "第一个{on}前",
        "term_every": "以后每{time}一次",
        # what stops the clock
        "hearing": "听证",
        "expert_review": "专家评审",
        "inspection": "检验、检测、检疫或鉴定",
        "auction": "招标或拍卖",
        "public_notice": "公示",
        "pause": "其他法定事由",
        "unpaid": "应缴费用 {sum} 元尚未缴清",
        "fee_unknown": "应缴费用尚未算出",
        "unpaid_stop": "{begun} 通知缴费，{ended} 缴清，期间 {days} 个工作日不计入办理期限",
        "unpaid_now": "{begun} 通知缴费，尚未缴清，所需时间不计入办理期限",
        # scenario
        "expected": "{at}：期望 {wanted}，实际 {got}",
        "not_approved": "approved：这样不能批准，{at} 是 {got}",
        "unused_rounds": "findings.{step}：这个环节前面已经办完，多写了 {rounds} 次",
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
        "unmet": "{pointer} is {value}, {wanted} is wanted",
        "unmet_missing": "{pointer} has no value, {wanted} is wanted",
        "unmet_absent": "{pointer} is {value}, no value is wanted",
        "unmet_doubt": "no register vouches for {pointer}, so the rule does not apply by itself",
        "unmet_or": ", or ",
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
        "must_find_row": "Row {n}: “{purpose}” found no record. Please check what you wrote in it.",
        "not_a_choice": "Please choose one of the options listed.",
        "open_material": "“{title}” is still open ({because})",
        "given_material": "“{title}” was handed in and has to be checked by a person",
        "step_holds": "the step “{title}” is needed: {because}",
        "step_holds_plain": "the step “{title}” is needed",
        "somebody_in_charge": "the department in charge",
        "lookup_out": "“{purpose}” gave no answer, so nothing is decided automatically",
        "no_rule": "no rule applies automatically; a person will review it",
        "claimed_value": "the applicant says that a registered value is wrong and declares another; a person checks it",
        "differs_now": "what was declared differs from what the register was found to hold; staff compare the two",
        "refuses_now": "what was looked up again may not meet the conditions ({because}); staff check it and decide",
        "passed_in_doubt": "a value in doubt may change the decision; a person checks it",
        "material_in_doubt": "“{title}” rests on a registered value that is in doubt; a person checks it",
        "step_in_doubt": "whether the step “{title}” is needed depends on a value in doubt; a person checks it",
        "amount_in_doubt": "the amount depends on a value in doubt; a person checks it",
        "results_in_doubt": "which certificates are given depends on a value in doubt; a person checks it",
        "valid_too_long": "the validity is longer than {years} years; a person checks it, and grants {years} at most",
        "part_amount": "{asked} yuan asked for, {granted} granted; the rest is not: {because}",
        "part_measured": "{asked} {unit} asked for, {granted} {unit} granted; the rest is not: {because}",
        "part_rows": "granted: {granted}. Not granted: {refused} ({because})",
        "part_row": "row {n}",
        "part_unknown": "how much can be granted is not known yet; a person decides it",
        "part_nothing": "nothing of what was asked for can be granted ({because}); a person reviews it",
        "no_level": "“{title}” is not offered at {level} level. Please go to a {levels} site, or apply online.",
        "nowhere": "“{title}” is not offered at any site. Please apply online.",
        "home_only": "“{title}” is handled at home only. Please go to a site in {place}, or apply online.",
        "proxy": "{site} can only collect; {office} acts for it, because “{title}” is collected at {level} level.",
        "same_city": "{site} lies outside {place}; as a same-city service it is handled by {office}.",
        "home": "{town}",
        "outside": "The place of the matter is not in {city}; {office} handles it.",
        "home_unknown": "the home area",
        "direct_decide": "{site} handles it directly; {office} decides.",
        "direct_accept": "{site} accepts it and passes it to {office} to decide.",
        "direct_forward": "{site} collects it and passes it to {office} to accept and decide.",
        "no_site": "Filed online; {office} decides.",
        "step_because": "{office} has to take part: {because}",
        "filed_on": "filed on {day}; counting starts the day after",
        "window_yearly": "{first} to {last} every year",
        "window_fixed": "{first} to {last}",
        "month_day": "{day} {name}",
        "two_windows": "{first} and {second}",
        "not_open": "“{title}” may be applied for from {when}. It is not open now; it opens next on {day}.",
        "no_more_open": "“{title}” could be applied for from {when}, which is over.",
        "span_days": "{n} working days",
        "span_calendar_days": "{n} calendar days (moved on from a day of rest)",
        "span_months": "{n} months (moved on from a day of rest)",
        "span_by": "by {day}",
        "by_promise": "promised within {span}, until {day}",
        "by_steps": "the steps together take until {day}",
        "by_statute": "no more than the {span} of the law, until {day}",
        "extended": "extended with approval by {days} working days, until {day}",
        "by_end": "no later than the end of the term on {day}",
        "provisional": "part of these days have no published holidays yet; Monday to Friday are counted for now, "
        "but for 1 January, 1–2 May and 1–3 October",
        "accept_by": "received on {filed}; by {day} it is accepted or all that is missing is told, once (five working "
        "days); silence accepts it",
        "accept_again_by": "mended on {filed}; answered by {day} (five working days); silence accepts it",
        "accepted_on": "accepted on {day}",
        "deemed_accepted": "nothing was asked for within five working days: accepted as of {day}, when it came in",
        "asked_on": "told on {day} what has to be mended",
        "awaiting_correction": "waiting for the applicant to mend it; the time runs from then on",
        "corrected_on": "mended on {day}; counting starts again the day after",
        "paused": "stopped on {begun} for {kind}, resumed on {ended}; {days} working days do not count",
        "paused_now": "stopped on {begun} for {kind} and not resumed; reckoned as if resumed today",
        "step_apart": "“{title}” from {begun} to {ended}: {days} working days do not count",
        "step_apart_now": "“{title}” since {begun}, not finished; reckoned as if finished today",
        "later_apart": "the time that “{title}” takes will not count",
        "apart_ahead": "“{title}”, expected from {begun} until {ended}, does not count in law and is allowed for here",
        "by_law": "{span} of the law after {start}, until {day}",
        "step_begins": "runs from {day}",
        "step_follows": "the step before ended on {day}; counting starts the day after",
        "step_expected": "the step before is expected to end on {day}",
        "step_again": "round {round} of {day} called for another; counting starts again the day after",
        "step_days": "{days} working days, until {day}",
        "step_calendar_days": "{days} calendar days, moved on from a day of rest, until {day}",
        "step_at_least": "its days have to pass: they end on {last}, it can be done from {day}, by {due} at the latest",
        "step_no_days": "no days are set: due the same day",
        "step_done": "done on {day}",
        "deliver_by": "decided on {decided}; to be delivered by {day} (ten working days)",
        "this_step": "this step",
        "duty_decided": "counted from the decision on {day}",
        "duty_from_end": "counted from {day}, when the result ends",
        "duty_from": "counted from {day}",
        "duty_unknown": "the day it is counted from is not known yet",
        "duty_days": "within {days} working days, until {day}",
        "duty_calendar_days": "within {days} calendar days, until {day}",
        "duty_within": "within {time}, until {day}",
        "duty_before": "{time} before that, on {day}",
        "duty_past": "first {time}, until {day}",
        "duty_on": "before the end of {on}, until {day}",
        "duty_next": "every {time}; time {n} until {day}",
        "duty_rest": "moved on from a day of rest to {day}",
        "duty_end": "until the result ends on {day}",
        "duty_soon": "“{title}” is due on {day}; please see to it in time.",
        "duty_over": "“{title}” was due on {day}, and nothing is recorded yet.",
        "lapsed": "“{title}” was due on {day} and is not done; the application counts as withdrawn.",
        "lapse_soon": "“{title}” is due on {day}; without it the application counts as withdrawn.",
        "later_close": "may follow within {days} working days after acceptance; after that the application counts as "
        "withdrawn",
        "later_title": "handing in {title}",
        "pay_soon": "The fee of {sum} yuan is to be paid by {day}.",
        "pay_over": "The fee of {sum} yuan was to be paid by {day}, and is not.",
        "pay_lapsed": "The fee was not paid in time; the application counts as withdrawn.",
        "paid_accepted": "The fee is paid and the materials are complete",
        "silent_accepted": "No correction was asked for within five working days: it counts as accepted from {day}.",
        "silent_approved": "No decision was made by {day}; by law it counts as approved.",
        "later_soon": "Please hand in “{title}” by {day}; after that an officer goes on without it, as the law says.",
        "later_over": "“{title}” was to be handed in by {day} and has not come; an officer goes on.",
        "later_missed": "The time to hand it in has passed.",
        "party_silent": "“{title}” was to be confirmed by all parties by {day}. {because}",
        "party_refused": "The other party does not agree.",
        "party_over": "Not everybody confirmed in time.",
        "party_then_upload": "{why} Please hand in other proof.",
        "party_then_staff": "{why} Staff will see to it.",
        "term_decided": "counted from the decision",
        "term_end": "counted from the end of the result",
        "term_days": "within {days} working days",
        "term_calendar_days": "within {days} calendar days",
        "term_within": "within {time}",
        "term_before": "{time} before",
        "term_past": "once {time} have passed",
        "term_on": "by {on}",
        "term_on_first": "by the first {on}",
        "term_every": "then every {time}",
        "hearing": "a hearing",
        "expert_review": "a review by experts",
        "inspection": "inspection, testing, quarantine or appraisal",
        "auction": "a tender or an auction",
        "public_notice": "public notice",
        "pause": "another ground of the law",
        "unpaid": "the fee of {sum} yuan has not been paid",
        "fee_unknown": "the fee is not known yet",
        "unpaid_stop": "asked to pay on {begun}, paid on {ended}; {days} working days do not count",
        "unpaid_now": "asked to pay on {begun} and not paid yet; the time until then does not count",
        "expected": "{at}: expected {wanted}, got {got}",
        "not_approved": "approved: nobody may approve this; {at} is {got}",
        "unused_rounds": "findings.{step}: the step had ended before the last {rounds} rounds told",
        "unknown_key": "expect has no key “{at}”",
    },
}


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SENTENCES["en"] |= {f"month_{n}": name for n, name in enumerate(MONTHS, 1)}
SENTENCES["zh"] |= {f"month_{n}": f"{n}月" for n in range(1, 13)}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is not in a language yet: who reads it chooses."""

    key: str
    values: Mapping[str, object]

    def text(self, language: str = "zh") -> str:
        values = {
            name: value.text(language) if isinstance(value, Line) else value for name, value in self.values.items()
        }
        return say(language, self.key, **values)


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


def show(value: Any) -> str:
    """A value in a sentence: texts bare, the rest as JSON, cut where it would drown the sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
