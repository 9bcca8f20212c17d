"""The words that codes are shown as: levels, channels, statuses, outcomes. Chinese is the msgid of the catalog.

Knows no page; a template translates what it takes from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.judge.rules import Situations
from core.web.rendering import translator


def N_(text: str) -> str:  # noqa: N802 - the name that pybabel looks for: marked here, translated where it is shown
    return text


WHO = {"person": N_("个人"), "enterprise": N_("企业")}
EACH, SOMETIMES = N_("（每一项各一份）"), N_("（视情形）")
"""How often, or when, a further result is given."""
LEVELS = {"city": N_("市级"), "town": N_("镇级"), "village": N_("村（社区）")}
MAY = {
    "decide": N_("直接办理"),
    "accept": N_("受理后转主管部门办理"),
    "collect": N_("收集后由审批局代办"),
    "forward": N_("收集后转主管部门办理"),
}
REACH = {
    "home": N_("在申请事项所在地办理。"),
    "same-city": N_("全市任何一个服务点都能办（同城通办）。"),
    "anywhere": N_("不限地域。"),
}
CHANNELS = {
    "web": N_("网上"),
    "mobile": N_("手机"),
    "hall": N_("服务大厅"),
    "phone": N_("电话"),
    "station": N_("市民驿站"),
    "kiosk": N_("自助终端"),
}
SITE_KINDS = {"hall": N_("服务大厅"), "station": N_("市民驿站"), "kiosk": N_("自助终端")}
KIND_ORDER = ("hall", "station", "kiosk")
HOURS = {"open": N_("对外办公"), "noon": N_("午间值班"), "duty": N_("值班"), "appointment": N_("预约")}
HOUR_DAYS = {
    "workday": N_("工作日"),
    "saturday": N_("周六"),
    "sunday": N_("周日"),
    "holiday": N_("法定节假日"),
    "daily": N_("每天"),
}
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
DELIVERY = {"electronic": N_("电子送达"), "mail": N_("邮寄"), "pickup": N_("到场领取")}
FALLBACKS = {
    "upload": N_("由您上传"),
    "staff": N_("由工作人员代查"),
    "promise": N_("可以书面承诺代替"),
    "later": N_("可以先受理，%(days)s 个工作日内补交"),
    "later_close": N_("可以先受理，%(days)s 个工作日内补交，逾期不补的按撤回申请处理"),
    "confirm": N_("请另一方确认"),
    "joint": N_("由共同申请人各自确认"),
}
OPEN = {
    "given": N_("已上传，等工作人员核对"),
    "upload": N_("需上传"),
    "staff": N_("由工作人员代查，不用您跑"),
    "promise": N_("已书面承诺"),
    "later": N_("可以先提交，%(days)s 个工作日内补交"),
    "confirm": N_("等另一方确认"),
}
CORRECTIONS = {
    "": N_("已请数据提供部门核实，最晚 %(day)s 答复"),
    "corrected": N_("数据提供部门已更正"),
    "right": N_("数据提供部门核实无误"),
    "other": N_("数据提供部门已答复"),
}
TOLD = {
    "over": N_("补交期限已过，已转审核人员处理；在作出决定之前仍可补交"),
    "withdrawn": N_("承诺已撤回，需上传"),
    "false": N_("承诺经核查不实，见告知书"),
    "signed": N_("对方已确认"),
    "accepted": N_("工作人员已核对，符合要求"),
    "rejected": N_("不符合要求，请重新提交"),
    "refused": N_("对方表示不同意，等工作人员处理"),
}
AGAIN = N_("要求整改，整改后复查")
"""Of a step that has to be done anew."""
STATUSES = {
    "filed": N_("已提交"),
    "correction": N_("待补正"),
    "accepted": N_("已受理"),
    "not_accepted": N_("不予受理"),
    "in_step": N_("办理中"),
    "paused": N_("已中止"),
    "decided": N_("已办结"),
    "delivered": N_("已送达"),
    "withdrawn": N_("已撤回"),
    "closed": N_("已归档"),
}
OUTCOMES = {"approve": N_("已批准"), "reject": N_("不予"), "decline": N_("不予受理"), "review": N_("人工审核中")}
GRANTED = {"part": N_("已批准一部分"), "conditions": N_("已附条件批准")}
"""An approval that does not grant everything, or grants it under conditions: the first that is so."""
LOOKUPS = {
    "down": N_("暂时没有回应。可以再查一次，也可以先提交，由工作人员代查。"),
    "refused": N_("数据提供部门不准查，没有读到内容。请您自己填写，材料照下面写的办。"),
    "no_consent": N_("您没有同意查，所以没有查。请您自己填写，材料照下面写的办。"),
    "empty": N_("没有查到登记。相关内容请您填写或提供。"),
    "found": N_("已查到"),
}
EVENTS = {
    "filed": N_("提交申请"),
    "accepted": N_("受理"),
    "correction_asked": N_("通知补正"),
    "corrected": N_("已补正"),
    "refused": N_("决定不予受理"),
    "begun": N_("开始办理"),
    "step_finished": N_("完成一个环节"),
    "paused": N_("中止计时"),
    "resumed": N_("恢复计时"),
    "extended": N_("经批准延长了办理期限"),
    "decided": N_("作出决定"),
    "delivered": N_("送达"),
    "handed_over": N_("领走"),
    "withdrawn": N_("撤回"),
    "closed": N_("归档"),
    "material_given": N_("补交材料"),
    "value_corrected": N_("您指出有误的内容已更正"),
    "value_right": N_("您指出有误的内容经核实无误"),
    "value_other": N_("您指出有误的内容已有答复"),
    "rechecked": N_("重新核验"),
    "material_accepted": N_("材料经核对符合要求"),
    "material_rejected": N_("材料经核对不符合要求，请重新提交"),
    "material_seen": N_("工作人员代为核实了材料"),
    "promise_withdrawn": N_("撤回了承诺"),
    "promise_false": N_("承诺经核查不实"),
    "payment_noted": N_("已登记您的缴费"),
    "payment_reversed": N_("缴费登记有误，已撤销"),
    "payment_soon": N_("提醒：缴费期限快到了"),
    "payment_over": N_("缴费期限已过"),
    "act_soon": N_("提醒：有要您按时完成的事"),
    "act_over": N_("有要您完成的事过了期限"),
    "lapsed": N_("逾期没有完成，按撤回申请处理"),
    "later_soon": N_("提醒：补交期限快到了"),
    "party_silent": N_("到期没有全部确认"),
    "later_over": N_("补交期限已过，转审核人员处理"),
    "party_confirmed": N_("对方已确认"),
    "party_refused": N_("对方表示不同意"),
    "letter_issued": N_("出具了决定的文书"),
    "letters_written": N_("出具了文书"),
    "letter_sent": N_("寄出了文书"),
    "duty_soon": N_("提醒：有后续事项快到期了"),
    "duty_over": N_("有后续事项过了期限"),
    "duty_done": N_("一件后续事项已完成"),
    "duty_reported": N_("您报告了一件后续事项"),
    "duty_ended": N_("一件后续事项不再要做"),
    "duty_reopened": N_("一件后续事项经核对还要做"),
    "erasure_asked": N_("有人提出删除个人信息"),
    "erasure_refused": N_("没有删除个人信息"),
    "erased": N_("删除了个人信息"),
}
UNPAID = {
    "acceptance": N_("缴清后受理，等待缴费的时间不计入办理期限。"),
    "decision": N_("缴清后作出决定，等待缴费的时间不计入办理期限。"),
    "delivery": N_("缴清后才能领取或查看办理结果。"),
}
"""What waits for the fee."""
NEXT = {
    "filed": N_("工作人员会核对您的申请，有结果马上告诉您，不用跑。"),
    "correction": N_("有内容需要补正，请按下面的说明补充。"),
    "accepted": N_("已经受理，按承诺的时限办理，不用再交什么。"),
    "not_accepted": N_("这件申请没有受理。理由和依据写在下面，可以打印告知单。"),
    "in_step": N_("正在办理，按承诺的时限作出决定。"),
    "paused": N_("办理计时已中止，事由消除后继续。"),
    "unpaid": N_("已经批准，缴清费用后才能领取或查看办理结果。"),
    "decided": N_("已经办结，请查看告知单。"),
    "delivered": N_("结果已经送达。"),
    "withdrawn": N_("这件申请已撤回，可以重新申请。"),
    "lapsed": N_("有一件事没有按时完成，这件申请已按撤回处理，可以重新申请。"),
    "closed": N_("这件申请已归档。"),
}
ROLES = {
    "citizen": N_("申请人或其代理人"),
    "agent": N_("申请人或其代理人"),
    "portal": N_("政务平台"),
    "station_worker": N_("驿站工作人员"),
    "clerk": N_("窗口工作人员"),
    "operator": N_("话务员"),
    "reviewer": N_("审核人员"),
    "supervisor": N_("部门负责人"),
    "system": N_("系统自动复查"),
    "staff": N_("工作人员"),
}
SIGNED = {
    "presence": N_("本人到场，已核对身份证"),
    "screen": N_("在屏幕上签名"),
    "paper": N_("纸质委托书"),
    "voice": N_("电话录音确认"),
    "relation": N_("监护人或法定代表人签署"),
    "account": N_("从本人账号签署"),
}
READS = {
    "lookup": N_("数据源"),
    "relation": N_("代办关系"),
    "query": N_("查询"),
    "case": N_("办件内容"),
    "copy": N_("抄送的文书"),
    "payment": N_("收费登记"),
    "resume": N_("接着办草稿"),
    "file": N_("上传的文件"),
    "probe": N_("数据源测试"),
    "audit": N_("审计查询"),
    "erasure": N_("办理信息删除"),
    "reach": N_("未声明的字段"),
}
READ_WHAT = {
    "case": N_("办件的全部内容"),
    "copy": N_("抄送给部门的一份文书"),
    "payment": N_("姓名、事项和应缴的费用"),
    "file": N_("一份上传的文件"),
    "resume": N_("草稿的全部内容"),
}
READ_ENDS = {
    "found": N_("查到了"),
    "empty": N_("没有查到登记"),
    "down": N_("数据源没有回应，没有读到内容"),
    "refused": N_("没有获准，没有读到内容"),
}
RESUMING = (
    N_("没有找到可以接续的草稿。请核对接续码和申请人的号码；接续码用过一次或草稿到期后失效。"),
    N_("接续码输错次数过多，请过一会儿再试。"),
    N_("本事项不在这一级服务点办理。"),
    N_("本事项不通过此渠道办理。"),
)
"""What `core.cases` answers to a resume code, for the catalog of other languages."""
PURPOSES = (N_("核实是否可以代为办理"), N_("凭接续码接着办理草稿"))
"""Purposes in the access log that are the house's own."""
FIRM_UNSURE = N_("企业登记信息暂时查不到，没有列出别人为您的企业提交的办件，请稍后再看。")
REMEDY = N_("对这个决定不服的，可以自收到告知单之日起六十日内申请行政复议，或者六个月内提起行政诉讼。")


AT_LEAST, AT_MOST = N_("最少 %(time)s"), N_("最多 %(time)s")
"""How long the clock may be stopped on a ground."""
SPANS = {"days": N_("%(n)s 个工作日"), "calendar_days": N_("%(n)s 日（自然日）"), "months": N_("%(n)s 个月")}


def times(lines: Situations, language: str) -> str:
    """The times of all situations; of each unit from the fewest to the most. "" where there is none, or no day."""
    _ = translator(language)
    numbers: dict[str, list[int]] = {}
    days = []
    for _when, span in lines:
        if span.unit == "by" or span.begins:
            days.append(span.line().text(language))
        else:
            numbers.setdefault(span.unit, []).append(span.number)
    said = [_(SPANS[unit]) % {"n": _range(found)} for unit, found in numbers.items() if any(found)] + days
    return _("，或 ").join(said)


def _range(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else f"{min(numbers)}–{max(numbers)}"


def fallbacks(declared: Any) -> tuple[tuple[str, int | None], ...]:
    """As `fallback`, of each situation, each once."""
    lines = [line["fallback"] for line in declared] if isinstance(declared, list) else [declared]
    return tuple(dict.fromkeys(map(fallback, lines)))


def fallback(declared: Any) -> tuple[str, int | None]:
    """The kind of a material's declared fallback, and its days; for a map by outcome, what Empty leads to."""
    if isinstance(declared, Mapping):
        if "later" in declared:
            days = declared["later"]
            kind = "later_close" if declared.get("otherwise") == "close" else "later"
            return kind, days if isinstance(days, int) else None
        if "confirm" in declared:
            return ("joint" if declared.get("joint") else "confirm"), None
        return fallback(declared.get("empty") or next(iter(declared.values()), "upload"))
    return (declared if declared in FALLBACKS else "upload"), None
