"""How a mandate was signed before a member of staff, read from a post: way, term, and what proves it.

Knows the fields of `admin/signing.html`; what they are worth is `core.cases.actions.mandates`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData, UploadFile

from core.cases import actions
from core.cases.mandating import Proof
from core.contract import Actor, Problem
from core.kernel import Kernel
from forms.pages.words import N_

WAYS = {
    "presence": N_("本人在场，已核对身份证"),
    "screen": N_("本人在屏幕上签名"),
    "paper": N_("纸质委托书，扫描上传"),
    "relation": N_("监护人或法定代表人在场签署"),
}
ON_THE_PHONE = {"voice": N_("电话录音")}
DAYS = {0: N_("今天"), 7: N_("7 天"), 30: N_("30 天"), 90: N_("90 天")}
PLACES = {"/applicant/name": "name", "/signer": "signer_name", "/files": "scan", "/drawn": "drawn", "/until": "days"}


def ways(actor: Actor) -> Mapping[str, str]:
    return ON_THE_PHONE if actor.channel == "phone" else WAYS


@dataclass(frozen=True, slots=True)
class Signed:
    """What was said of the signing."""

    way: str
    days: int = 0
    record: str = ""
    recorded_at: str = ""
    signer_name: str = ""
    signer_number: str = ""
    drawn: str = ""
    step: str = ""
    digest: str = ""

    def until(self, kernel: Kernel) -> date:
        return kernel.today() + timedelta(days=self.days)

    def proof(self) -> Proof:
        signer = {"name": self.signer_name, "id_number": self.signer_number} if self.way == "relation" else {}
        voice = self.way == "voice"
        return Proof(
            drawn=self.drawn if self.way == "screen" else "",
            record=self.record if voice else "",
            recorded_at=self.recorded_at if voice else "",
            signer=signer,
        )

    @property
    def wants_paper(self) -> bool:
        """The text has to be shown before it can be signed."""
        return self.way in ("screen", "paper")


def blank(actor: Actor) -> Signed:
    return Signed(next(iter(ways(actor))))


def read(actor: Actor, form: FormData) -> Signed:
    """Missing or unknown: the way that this counter mostly has, for today."""
    way = str(form.get("signed") or "")
    days = str(form.get("days") or "0")

    def text(name: str, most: int) -> str:
        return str(form.get(name) or "").strip()[:most]

    return Signed(
        way=way if way in ways(actor) else next(iter(ways(actor))),
        days=int(days) if days.isascii() and days.isdigit() and int(days[:4]) in DAYS else 0,
        record=text("record", 60),
        recorded_at=text("recorded_at", 20),
        signer_name=text("signer_name", 60),
        signer_number="".join(text("signer_number", 40).split()).upper(),
        drawn=text("_sign:signature", 400_000),
        step=text("step", 10),
        digest=text("digest", 64),
    )


def problems(signed: Signed, say: Any) -> list[Problem]:
    """`at` is the id of the box."""
    found = []
    if signed.way == "voice" and not signed.record:
        found.append(Problem("record", "required", say("请填写通话录音的编号。")))
    if signed.way == "voice" and not signed.recorded_at:
        found.append(Problem("recorded_at", "required", say("请填写通话的时间。")))
    if signed.way == "screen" and signed.step == "sign" and not signed.drawn:
        found.append(Problem("drawn", "required", say("请申请人在框里签名。")))
    return found


async def scan(kernel: Kernel, signed: Signed, form: FormData, proof: Proof) -> Proof:
    """With the scanned sheet put away. Raises Unprocessable, TooLarge."""
    sent = form.get("scan")
    if signed.way != "paper" or not isinstance(sent, UploadFile) or not sent.filename:
        return proof
    kept = await actions.keep_scan(kernel, sent.filename, await sent.read())
    return Proof(files=(kept,), signer=proof.signer)


SAID = (
    N_("您的岗位没有“%(action)s”的权限。"), N_("这里是工作人员的工作台，请用工作人员的账号登录。"),
    N_("请填写通话录音的编号。"), N_("请填写通话的时间。"), N_("请申请人在框里签名。"),
    N_("请填写监护人或法定代表人的姓名和公民身份号码。"),
    N_("没有查到这个人与申请人的监护或法定代表关系，请核对号码，或请本人委托。"),
    N_("登记机关对这个号码登记的不是这个姓名或名称，没有开始办理。请照证件核对姓名和号码；证件上就是这样的，请申请人先到登记机关更正。"),
    N_("请上传签好的委托书。"), N_("签名没有收到，请再签一次。"), N_("请写明结束委托的原因。"),
)  # fmt: skip
