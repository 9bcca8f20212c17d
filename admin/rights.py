"""权限 and 忙闲: the matrix as it is in force, and how much waits at each site.

Knows no rule of its own: both pages show what `core.office.permissions` and `core.cases.load` say.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed, staff
from core.cases.load import load
from core.errors import NotAllowed
from core.kernel import LEGAL_TIME
from core.office import hours
from core.office.permissions import CITIZEN_ROLES, MATRIX, POWERS, STAFF_ROLES, may
from core.web import rendering, session
from forms.pages.sites import line_of
from forms.pages.words import N_

SCOPES = {
    "own": (N_("本人"), N_("自己提交的、或为自己提交的")),
    "site": (N_("本点"), N_("自己服务点收的")),
    "office": (N_("本级"), N_("本部门在本级区划的")),
    "unit": (N_("及下级"), N_("本部门在本级和以下区划的")),
    "area": (N_("本区划"), N_("各部门在本级和以下区划的")),
    "all": (N_("全部"), N_("不限范围")),
}
"""reach → (the word in the cell, what it means)."""
ACTIONS = {
    "case.file": N_("提交申请"),
    "case.file_for_others": N_("为他人提交"),
    "case.read": N_("看办件"),
    "case.read_evidence": N_("看佐证和附件"),
    "case.add_material": N_("补交材料"),
    "case.look_up": N_("再次查询数据源"),
    "case.accept": N_("受理"),
    "case.correct": N_("通知补正"),
    "case.step": N_("办理环节"),
    "case.pause": N_("中止计时"),
    "case.extend": N_("批准延长期限"),
    "case.decide": N_("作出决定"),
    "case.deliver": N_("送达"),
    "payment.note": N_("登记缴费"),
    "letter.read": N_("看未出具的文书"),
    "letter.issue": N_("重新出具文书"),
    "copy.read": N_("看抄送件"),
    "case.close": N_("归档"),
    "case.withdraw": N_("撤回"),
    "queue.read": N_("看待办"),
    "load.read": N_("看忙闲"),
    "catalog.read": N_("看事项一览"),
    "plugin.read": N_("看插件"),
    "plugin.write": N_("编写事项"),
    "plugin.publish": N_("发布事项"),
    "source.read": N_("看数据源"),
    "source.probe": N_("试查数据源"),
    "office.read": N_("看机构"),
    "office.manage": N_("管理机构和日历"),
    "account.manage": N_("管理人员账号"),
    "token.manage": N_("管理接口令牌"),
    "correction.answer": N_("答复校核纠错"),
    "audit.read": N_("审计"),
    "erasure.ask": N_("提出删除个人信息"),
    "erasure.confirm": N_("确认删除个人信息"),
}


async def permissions(request: Request) -> Response:
    actor = staff(request)
    if not (may(actor, "account.manage") or may(actor, "audit.read")):
        raise NotAllowed("account.manage")
    context = {
        "matrix": MATRIX,
        "actions": ACTIONS,
        "scopes": SCOPES,
        "powers": [ACTIONS[power] for power in POWERS],
        "columns": (*CITIZEN_ROLES, *STAFF_ROLES, "portal"),
    }
    return rendering.page(request, "admin/permissions.html", framed(request, actor, context), private=True)


async def load_page(request: Request) -> Response:
    actor = staff(request)
    kernel = session.kernel(request)
    found = await load(kernel, actor)
    now = kernel.now().astimezone(LEGAL_TIME).replace(tzinfo=None)
    sites = kernel.office.sites
    context = {
        "rows": [(sites[one.site], one, line_of(kernel, sites[one.site], request.state.language)) for one in found],
        "open": sum(hours.standing(sites[one.site], now, kernel.calendar).state == "open" for one in found),
        "waiting": sum(one.waiting for one in found),
        "today": sum(one.today for one in found),
    }
    return rendering.page(request, "admin/load.html", framed(request, actor, context), private=True)
