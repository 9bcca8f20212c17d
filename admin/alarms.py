"""The alarm on the administrator's first page: which job has fallen silent, since when, and what to do about it.

Knows the jobs' names in words; when one is silent is `core.cases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.cases import access
from core.contract import Actor
from core.kernel import Kernel
from core.office.permissions import may
from forms.pages.words import N_

JOBS = {
    "deliver": (N_("事件投递"), N_("办件的变化送不到其他系统。")),
    "deliver_again": (N_("事件补投"), N_("没送到的事件不再重送。")),
    "expire": (N_("清理过期草稿"), N_("过期的草稿还留着。")),
    "sweep": (N_("清理无主文件"), N_("没有用的上传文件还留着。")),
    "root": (N_("每日存证根"), N_("新的一天没有存证根，到期的查阅记录也没有去掉号码。")),
    "recheck": (N_("数据源恢复后再查"), N_("数据源恢复了，办件也不会自动再查。")),
    "source_history": (N_("数据源状况"), N_("数据源的应答没有记下。")),
    "reaches": (N_("未声明字段的记录"), N_("插件读未声明字段的事没有记下。")),
    "legal_clock": (N_("法定时限"), N_("到期视为受理、默许和补正提醒都停了，会超过法定时限。")),
    "duties": (N_("后续事项"), N_("批准以后要做的事到期不提醒，过期不标出，也没有下一次。")),
    "office": (N_("登录和机构的更新"), N_("过期的登录还留着，机构的改动要重新启动才看到。")),
}
"""job → (its name, what stands still without it)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    job: str
    title: str
    """"" for a job of no name here."""
    means: str
    since: datetime
    note: str


async def alarms(kernel: Kernel, actor: Actor) -> list[Alarm]:
    """None for who does not run the house."""
    if not may(actor, "office.manage"):
        return []
    return [
        Alarm(one.name, *JOBS.get(one.name, ("", "")), since=one.since, note=one.note)
        for one in await access.silent_jobs(kernel)
    ]
