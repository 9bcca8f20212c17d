"""`/cases/{no}`: step 5. The result is a sentence; then reasons, number, next step, time line, and the letter.

Knows who may read a case only through `core.cases.access`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from core.cases import access
from core.cases.nouns import CaseView, MaterialView
from core.contract import Office
from core.kernel import LEGAL_TIME, Kernel
from core.web import session
from core.web.rendering import page, translator
from core.web.session import kernel
from forms.pages import words
from forms.pages.applicant import named
from forms.pages.sheet import Say, clock, name_of

CODE = "lb_code"
"""The cookie that carries the tracking code from the filing to its receipt, once."""


@dataclass(frozen=True, slots=True)
class ReceiptMaterial:
    title: str
    look: str
    mark: str
    how: str
    at: str


@dataclass(frozen=True, slots=True)
class Happening:
    iso: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    no: str
    title: str
    sentence: str
    look: str
    applicant: str
    final: bool
    next: str
    deadline: str
    provisional: bool
    deadline_because: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: str
    remedy: str
    fee: str
    amount: str
    materials: tuple[ReceiptMaterial, ...]
    route: tuple[tuple[str, str], ...]
    timeline: tuple[Happening, ...]
    letters: int
    known: bool
    """False for whoever only holds the tracking code."""


async def receipt(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    case = await access.case(core, actor, request.path_params["no"])
    code = handed_over(request, case.no)
    context = {"view": receipt_of(core, case, request.state.language), "tracking_code": code, "fresh": bool(code)}
    response = page(request, "forms/receipt.html", context, private=True)
    if code:
        response.delete_cookie(CODE, path=f"/cases/{case.no}")
    return response


async def notice(request: Request) -> Response:
    """The letter to print; a plain notice of the same facts where the item has no letter of its own."""
    core, actor = kernel(request), session.actor(request)
    case = await access.case(core, actor, request.path_params["no"])
    view = receipt_of(core, case, request.state.language)
    letters = [(one.title, Markup(one.text)) for one in case.letters if one.text]  # escaped by the sandbox
    unit = core.office.units.get(case.deciding_unit or "")
    context = {
        "view": view,
        "letters": letters,
        "unit": unit.name if unit else "",
        "day": on_the_wall(case.decided_at or case.filed_at)[:10],
    }
    return page(request, "forms/notice.html", context, private=True)


def hand_over(request: Request, response: Response, no: str, code: str) -> None:
    session.set_cookie(request, response, CODE, f"{no}:{code}")
    # The receipt's own path only, and not for long: nobody else's page ever carries it.
    name, value = response.raw_headers.pop()
    path = f"Path=/cases/{no}; Max-Age=300"
    response.raw_headers.append((name, value.replace(b"Path=/", path.encode(), 1)))


def handed_over(request: Request, no: str) -> str:
    kept, _, code = request.cookies.get(CODE, "").partition(":")
    return code if kept == no else ""


def receipt_of(core: Kernel, case: CaseView, language: str, *, known: bool = True) -> ReceiptView:
    _ = translator(language)
    decision = case.decision
    outcome, because = case.outcome, str(decision.get("because") or "")
    over = case.status not in ("filed", "correction", "accepted", "in_step", "paused")
    refused = over and outcome in ("reject", "decline")
    reasons = [because, *map(str, decision.get("held_back") or ())] if known else []
    return ReceiptView(
        no=case.no,
        title=case.title,
        sentence=sentence(case, because if known else "", _),
        look="verdict--done" if over and outcome == "approve" else "verdict--must" if refused else "",
        applicant=named(case.applicant, case.evidence) if case.applicant else "",
        final=over,
        next=_(words.NEXT[case.status]),
        deadline=case.deadline.isoformat() if case.deadline and not over else "",
        provisional=case.provisional,
        deadline_because=case.deadline_because,
        reasons=tuple(dict.fromkeys(reason for reason in reasons if reason)),
        basis=str(decision.get("basis") or "") if known else "",
        remedy=_(words.REMEDY) if refused else "",
        fee=case.fee if case.fee and case.fee != "0.00" else "",
        amount=case.amount if case.amount and case.amount != "0.00" and outcome == "approve" else "",
        materials=tuple(material_of(core, case, one, _) for one in case.materials),
        route=tuple(route_of(core.office, case, _)),
        timeline=tuple(
            Happening(one.at.isoformat(), on_the_wall(one.at), _(happened(one.type, one.to_status)))
            for one in reversed(case.events)
        ),
        letters=len(case.letters),
        known=known,
    )


def sentence(case: CaseView, because: str, _: Say) -> str:
    """What a person came to read, in one line."""
    shown = words.STATUSES[case.status]
    if case.status in ("decided", "delivered", "not_accepted", "closed") and case.outcome in words.OUTCOMES:
        shown = words.OUTCOMES[case.outcome]
    elif case.status == "filed" and case.outcome == "review":
        return _("已提交，等工作人员审核")
    return _("%(result)s：%(because)s") % {"result": _(shown), "because": because} if because else _(shown)


def happened(type: str, status: str) -> str:
    return words.EVENTS.get(type) or words.EVENTS.get(status) or words.STATUSES[status]


def material_of(core: Kernel, case: CaseView, one: MaterialView, _: Say) -> ReceiptMaterial:
    if one.status == "proved":
        asked = [e for e in case.evidence if e.lookup in one.by]
        titles = dict.fromkeys(name_of(e.source, core.catalog.sources, _) for e in asked)
        how = _("已由%(sources)s核验") % {"sources": _("、").join(titles)} if titles else _("已核验")
        return ReceiptMaterial(one.title, "is-done", "✓", how, clock(max((e.asked_at for e in asked), default="")))
    days = one.due.isoformat() if one.due else ""
    how = _("请在 %(day)s 前补交") % {"day": days} if days else _(words.OPEN.get(one.status, "")) % {"days": ""}
    done = not one.open and one.status == "promise"
    look = "is-done" if done else "is-open" if one.status == "upload" else "is-wait"
    return ReceiptMaterial(one.title, look, "✓" if done else "" if look == "is-open" else "…", how, "")


def route_of(office: Office, case: CaseView, _: Say) -> list[tuple[str, str]]:
    pairs = []
    site = office.sites.get(case.site or "")
    pairs.append((_("受理"), site.name if site else _(words.CHANNELS.get(case.channel, case.channel))))
    unit = office.units.get(case.deciding_unit or "")
    if unit:
        pairs.append((_("决定"), f"{_(unit.name)}（{office.name_of(case.deciding_area)}）"))
    if case.mode in ("proxy", "same-city"):
        pairs.append((_("方式"), _(words.N_("审批局代办")) if case.mode == "proxy" else _(words.N_("同城通办"))))
    if case.rank == 0:
        pairs.append((_("优先"), _(words.N_("绿色通道"))))
    for reason in (case.route or {}).get("because") or ():
        pairs.append((_("说明"), str(reason)))
    return pairs


def on_the_wall(at: datetime) -> str:
    return at.astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M")
