"""The desk's own words for codes; the ones that citizens read too are in `forms.pages.words`.

Knows no page; a template translates what it takes from here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.web.rendering import translator
from forms.pages.words import CHANNELS, LEVELS, N_, SITE_KINDS, STATUSES, WHO

__all__ = [
    "ALL_MOVES", "CHANNELS", "DELIVERY", "EVENTS", "FILTERS", "HANDLING", "LEVELS", "LOOKUP", "MATERIALS", "MAY",
    "MODES", "MOVES", "OPINIONS", "ORIGINS", "OUTCOMES", "PAUSES", "REASONS", "ROLES", "SHELVES",
    "SITE_KINDS", "STATUSES", "WHO", "Move",
]  # fmt: skip

ROLES = {
    "citizen": N_("申请人"),
    "agent": N_("代理人"),
    "portal": N_("其他平台"),
    "station_worker": N_("全科社工"),
    "clerk": N_("窗口人员"),
    "operator": N_("话务员"),
    "guide": N_("导办员"),
    "reviewer": N_("审批人员"),
    "supervisor": N_("部门负责人"),
    "enforcement": N_("监管执法人员"),
    "author": N_("事项编写员"),
    "publisher": N_("事项发布员"),
    "administrator": N_("系统管理员"),
    "auditor": N_("审计员"),
    "system": N_("系统"),
}
FILTERS = {
    "": N_("全部待办"),
    "filed": N_("新提交"),
    "accepted": N_("已受理"),
    "in_step": N_("办理中"),
    "correction": N_("待补正"),
    "paused": N_("已中止"),
    "overdue": N_("超期"),
    "decided": N_("已办结"),
    "delivered": N_("已送达"),
}
OUTCOMES = {
    "approve": N_("准予"),
    "reject": N_("不予"),
    "decline": N_("不予受理"),
    "review": N_("转人工审核"),
}
NO_CONSENT_SAID = N_("申请人没有同意查询。")
LOOKUP = {"found": N_("已查到"), "empty": N_("查无记录"), "down": N_("数据源未回应"), "refused": N_("未获准查询")}
MATERIALS = {
    "proved": N_("已核验"),
    "given": N_("已交，待核对"),
    "upload": N_("待上传"),
    "staff": N_("由窗口代查"),
    "promise": N_("告知承诺"),
    "later": N_("容缺，待补"),
    "confirm": N_("待他方确认"),
}
ORIGINS = {
    "held": N_("由数据源填入"),
    "suggested": N_("由数据源建议"),
    "picked": N_("从查询结果中选取"),
    "declared": N_("申请人申报，数据源没有"),
    "declared_down": N_("申请人申报，数据源没有回应"),
    "declared_refused": N_("申请人申报，没有获准查询"),
    "declared_none": N_("申请人申报，没有查询"),
    "disputed": N_("申请人认为有误"),
    "claimed": N_("申请人申报，与登记不一致"),
    "written": N_("申请人填写"),
}
CORRECTIONS = {"corrected": N_("有误，已更正"), "right": N_("登记无误"), "other": N_("其他情况")}
EVENTS = {
    "value_corrected": N_("数据源已更正"),
    "value_right": N_("数据源核实无误"),
    "value_other": N_("数据源答复纠错"),
    "filed": N_("提交申请"),
    "accepted": N_("受理"),
    "begun": N_("转人工办理"),
    "correction_asked": N_("一次性告知补正"),
    "corrected": N_("补正"),
    "refused": N_("不予受理"),
    "step_finished": N_("完成环节"),
    "again": N_("要求整改，等复查"),
    "paused": N_("中止计时"),
    "resumed": N_("恢复计时"),
    "extended": N_("批准延长期限"),
    "decided": N_("作出决定"),
    "delivered": N_("送达"),
    "handed_over": N_("领走"),
    "withdrawn": N_("撤回"),
    "closed": N_("归档"),
    "material_given": N_("收到材料"),
    "rechecked": N_("重新查询数据源"),
    "material_accepted": N_("核对材料：符合要求"),
    "material_rejected": N_("核对材料：不符合要求"),
    "material_seen": N_("代为核实材料"),
    "promise_withdrawn": N_("撤回承诺"),
    "promise_false": N_("认定承诺不实"),
    "payment_noted": N_("登记缴费"),
    "payment_reversed": N_("撤销缴费登记"),
    "payment_soon": N_("提醒缴费"),
    "payment_over": N_("缴费期限已过"),
    "act_soon": N_("提醒申请人按时完成"),
    "act_over": N_("申请人过期没有完成"),
    "lapsed": N_("逾期没有完成，按撤回申请处理"),
    "later_soon": N_("提醒补交容缺材料"),
    "party_silent": N_("到期没有全部确认"),
    "later_over": N_("容缺期限已过"),
    "party_confirmed": N_("对方确认"),
    "party_refused": N_("对方不同意"),
    "letter_issued": N_("重新出具文书"),
    "letters_written": N_("出具文书"),
    "letter_sent": N_("寄出文书"),
    "duty_soon": N_("提醒办后续事项"),
    "duty_over": N_("后续事项过期"),
    "duty_done": N_("后续事项完成"),
    "duty_reported": N_("当事人报告后续事项"),
    "duty_ended": N_("后续事项不再要做"),
    "duty_reopened": N_("后续事项重新打开"),
    "erasure_asked": N_("提出删除个人信息"),
    "erasure_refused": N_("没有删除个人信息"),
    "erased": N_("删除个人信息"),
}
UNPAID = {
    "acceptance": N_("缴清以前不受理"),
    "decision": N_("缴清以前不能准予"),
    "delivery": N_("缴清以前不送达、不能领"),
}
LOOKED_AT = {
    "accepted": N_("已核对，符合要求"),
    "rejected": N_("不符合要求，待补正"),
    "signed": N_("对方已确认"),
}
"""What `told` of a material says where that is newer than its status."""
OPINIONS = {"agree": N_("同意"), "object": N_("不同意"), "none": N_("无意见"), "missing": N_("逾期未反馈")}
PAUSES = {
    "hearing": N_("听证"),
    "expert_review": N_("专家评审"),
    "inspection": N_("检验、检测、检疫或鉴定"),
    "auction": N_("招标或拍卖"),
    "public_notice": N_("公示"),
}
SENT_BY = {"mail": N_("邮寄"), "hand": N_("当面送交"), "electronic": N_("电子方式发送")}
DELIVERY = {"electronic": N_("网上送达"), "mail": N_("邮寄"), "pickup": N_("自取")}
MODES = {"direct": N_("直接办理"), "same-city": N_("同城通办"), "proxy": N_("收集后代办")}
MAY = {"decide": N_("直接办理"), "accept": N_("受理后转办"), "collect": N_("收集代办"), "forward": N_("收集转办")}
HANDLING = {"instant": N_("即办件"), "promised": N_("承诺件"), "query": N_("查询"), "handoff": N_("转外部办理")}
OFFICE_EVENTS = {
    "added": N_("新增"),
    "changed": N_("修改"),
    "retired": N_("停用"),
    "restored": N_("恢复使用"),
    "seeded": N_("从种子文件导入"),
    "account.created": N_("新增账号"),
    "account.closed": N_("停用账号"),
    "account.reopened": N_("重新启用"),
    "password.changed": N_("更换密码"),
    "sign-in.locked": N_("多次输错密码，暂时锁定"),
}
OFFICE_FIELDS = {
    "name": N_("名称"),
    "role": N_("岗位"),
    "id_number": N_("公民身份号码"),
    "site": N_("服务点"),
    "level": N_("层级"),
    "parent": N_("上级"),
    "telephone": N_("电话"),
    "unit": N_("部门"),
    "area": N_("区划"),
    "kind": N_("类型"),
    "address": N_("地址"),
    "hours": N_("开放时间"),
    "closed": N_("停办的日子"),
    "counters": N_("窗口"),
}


def changed(detail: str, language: str) -> str:
    """What an event of the office changed: short values with before and after, long ones by name only."""
    say = translator(language)
    parts = []
    for name, pair in json.loads(detail).items():
        label = say(OFFICE_FIELDS.get(name, name))
        if isinstance(pair, list) and all(isinstance(one, str) for one in pair):
            before, after = (say(ROLES[one]) if name == "role" and one in ROLES else one for one in pair)
            parts.append(f"{label}：{before or '—'} → {after or '—'}")
        else:
            parts.append(label)
    return "；".join(parts)


SHELVES = {
    "bundled": N_("随系统提供"),
    "package": N_("已安装的软件包"),
    "folder": N_("外部文件夹"),
    "database": N_("在线编写"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One button of the desk: its words, and what it asks for."""

    label: str
    because: str = ""
    """Label of the reason; "" where none is asked."""
    must_say: bool = False
    """The reason may not be empty."""
    basis: bool = False
    """Asks for the legal basis too."""
    done: str = ""


MOVES = {
    "accept": Move(N_("受理"), done=N_("已受理。")),
    "begin": Move(N_("开始办理"), done=N_("已开始办理。")),
    "finish_step": Move(N_("完成环节"), because=N_("意见的理由"), done=N_("本环节已完成。")),
    "resume": Move(N_("恢复办理"), done=N_("已恢复办理，继续计时。")),
    "deliver": Move(N_("登记送达"), because=N_("邮寄单号，或由谁领取"), done=N_("已登记送达。")),
    "ask_correction": Move(
        N_("一次性告知补正"), because=N_("需要补正的全部内容"), must_say=True, done=N_("已通知补正。")
    ),
    "correct": Move(N_("登记已补正"), because=N_("补正了什么"), done=N_("已登记补正。")),
    "pause": Move(
        N_("中止本件计时"),
        because=N_("中止的事由（申请人会看到）"),
        must_say=True,
        basis=True,
        done=N_("已中止计时，并已出具告知书。"),
    ),
    "extend": Move(
        N_("批准延长期限"),
        because=N_("延长的理由（写进告知书）"),
        must_say=True,
        done=N_("已延长期限，并已出具告知书。"),
    ),
    "refuse": Move(N_("不予受理"), because=N_("理由"), must_say=True, basis=True, done=N_("已决定不予受理。")),
    "withdraw": Move(N_("代为撤回"), because=N_("申请人撤回的原因"), must_say=True, done=N_("已撤回。")),
    "close": Move(N_("归档"), done=N_("已归档。")),
    "decide": Move(N_("作出决定"), done=N_("已作出决定。")),
}
DONE = {
    **{name: move.done for name, move in MOVES.items()},
    "hand_in": N_("材料已收，请核对。"),
    "good": N_("已记下：材料符合要求。"),
    "not-good": N_("已退回这份材料，申请人会看到理由。"),
    "again": N_("已记下这次的结论：要求整改，本环节等复查。"),
    "hand_over": N_("已登记领走。"),
    "note_payment": N_("已登记缴费。"),
    "reverse_payment": N_("已撤销这次缴费登记，重新等待缴费。"),
    "duty_done": N_("已登记这件后续事项完成。"),
    "duty_reopen": N_("已重新打开这件后续事项，当事人会看到理由。"),
    "duty_end": N_("已了结这件后续事项，以后不用再做。"),
    "issue": N_("文书已出具，申请人在办件页上看得到。"),
    "look_up": N_("已重新查询，请看新的佐证。"),
}
"""What the page says after a move, by its name in the address."""
ALL_MOVES = tuple(MOVES)
"""In the order in which the first possible one becomes the filled button, after `decide`."""

REASONS = {
    "more than one record where one was asked": N_(
        "数据源里不止一条，而这里一次只查一条。查的内容再具体一些，或者请集成人员核对。"
    ),
    "no answer in time": N_("数据源没有在规定的时间内答复"),
    "the service does not permit the question": N_("数据源不准查这个内容"),
}
"""What the core and its connectors say to staff of an answer, word for word, in the words of the desk."""
