"""收件: a clerk, station worker or operator files for the person before him, under that person's mandate.

Knows how the mandate is recorded and the draft begun; the form itself is the citizen's own (`forms`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import signing
from admin.desk import framed, staff
from core.cases import actions
from core.cases.mandate_view import MandateView
from core.cases.standing import STAFF
from core.contract import Actor, Item, Problem, Site
from core.errors import NotAllowed, NotFound, TooLarge, Unavailable, Unprocessable
from core.judge.formats import is_credit_code, is_id_number
from core.kernel import Kernel
from core.office import actions as office_actions
from core.office.permissions import may
from core.web import rendering, session
from forms.pages import said
from forms.pages.asks import asks
from forms.pages.sheet import started


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands at the counter, as typed."""

    kind: str
    name: str = ""
    number: str = ""

    def as_applicant(self) -> dict[str, Any]:
        key = "credit_code" if self.kind == "enterprise" else "id_number"
        return {"kind": self.kind, "name": self.name, key: self.number, "groups": []}


def taker(request: Request) -> Actor:
    """Who may file for others at a counter or on the telephone. Raises NotAllowed."""
    actor = staff(request)
    if actor.role not in STAFF or not may(actor, "case.file_for_others"):
        raise NotAllowed("case.file_for_others")
    return actor


def place(kernel: Kernel, actor: Actor) -> Site | None:
    """The site he takes cases at; the telephone is none."""
    return None if actor.channel == "phone" else kernel.office.sites.get(actor.site or "")


def offered(item: Item, actor: Actor, site: Site | None) -> bool:
    return (
        item.handling in ("instant", "promised")
        and actor.channel in item.channels
        and (site is None or site.level in item.routing.sites)
    )


async def choose(request: Request) -> Response:
    """What can be taken here, with a search over names and initials."""
    actor = taker(request)
    kernel = session.kernel(request)
    site = place(kernel, actor)
    text = request.query_params.get("q", "").strip()[:60]
    found = [item for item in kernel.catalog.search(text) if offered(item, actor, site)]
    left = request.query_params.get("next", "").split(".")
    context = {
        "items": found,
        "text": text,
        "site": site,
        "said": said,
        "left": [int(one) for one in left] if len(left) == 3 and all(one.isascii() and one.isdigit() for one in left)
        else None,
        "past": request.scope["query_string"] == b"past",
    }  # fmt: skip
    return rendering.page(request, "admin/take.html", framed(request, actor, context), private=True)


async def next_client(request: Request) -> Response:
    """下一位: drafts out of the clerk's hands, a new session id, and the browser forgets what it kept."""
    actor = taker(request)
    left = await actions.next_client(session.kernel(request), actor=actor)
    sid = await office_actions.renew_session(request.scope["state"]["sid"])
    response = RedirectResponse(f"/admin/take?next={left.handed_back}.{left.kept}.{left.dropped}", status_code=303)
    session.sign_in(request, response, sid)
    session.forget(response)
    return response


def _item(request: Request, actor: Actor) -> Item:
    kernel = session.kernel(request)
    item = kernel.item(request.path_params["id"])
    if not offered(item, actor, place(kernel, actor)):
        raise NotFound(item.id)
    return item


async def begin(request: Request) -> Response:
    """For whom, and with what mandate. Nobody's records are read before the post."""
    actor = taker(request)
    item = _item(request, actor)
    return _page(request, actor, item, Party(item.audience[0]))


async def begin_post(request: Request) -> Response:
    actor = taker(request)
    item = _item(request, actor)
    kernel = session.kernel(request)
    form = session.form_data(request)
    kind = str(form.get("kind") or item.audience[0])
    number = "".join(str(form.get("number") or "").split()).upper()[:40]
    party = Party(kind if kind in item.audience else item.audience[0], str(form.get("name") or "").strip()[:60], number)
    consents = frozenset(str(name) for name in form.getlist("consent"))
    said_ = signing.read(actor, form)
    _ = rendering.translator(request.state.language)
    problems = [*_problems(request, party, mandated=form.get("mandate") == "yes"), *signing.problems(said_, _)]
    if problems and said_.step != "sign":
        return _page(request, actor, item, party, signed=said_, problems=problems, consents=consents, status=422)
    try:
        grant = functools.partial(
            actions.grant_mandate, kernel, item, actor=actor, applicant=party.as_applicant(), signed=said_.way,
            until=said_.until(kernel),
        )  # fmt: skip
        if said_.wants_paper:
            paper = await grant(preview=True)
            shown = functools.partial(_sign_page, request, actor, item, party, said_, paper, consents)
            if said_.step != "sign":
                return shown()
            if problems or said_.digest != paper.digest:
                return shown(
                    problems or [Problem("", "stale", _("委托书的内容有变化，请重新阅读后签署。"))], status=422
                )
            try:
                mandate = await grant(proof=await signing.scan(kernel, said_, form, said_.proof()))
            except (Unprocessable, TooLarge) as error:
                told = error.problems if isinstance(error, Unprocessable) else [Problem("", error.code, str(error))]
                return shown([Problem(one.at, one.keyword, _(one.message)) for one in told], status=error.status)
        else:
            mandate = await grant(proof=said_.proof())
        try:
            draft = await actions.start_draft(
                kernel, item, actor=actor, applicant=party.as_applicant(), site=place(kernel, actor),
                channel=actor.channel, consents=consents, mandate=mandate.id, answers=started(kernel, item),
            )  # fmt: skip
        except Unprocessable:
            # What was signed with a wrong name or number lets nobody do anything.
            await actions.revoke_mandate(kernel, mandate.id, actor=actor, because="没有开始办理：申请人的信息不符")
            raise
    except Unprocessable as error:
        told = [Problem(signing.PLACES.get(one.at, one.at), one.keyword, _(one.message)) for one in error.problems]
        return _page(request, actor, item, party, signed=said_, problems=told, consents=consents, status=422)
    except (NotAllowed, Unavailable) as error:
        told = [Problem("", error.code, _(str(error)))]
        return _page(request, actor, item, party, signed=said_, problems=told, consents=consents, status=error.status)
    return RedirectResponse(f"/drafts/{draft.id}", status_code=303)


def _sign_page(
    request: Request,
    actor: Actor,
    item: Item,
    party: Party,
    signed: signing.Signed,
    paper: MandateView,
    consents: frozenset[str],
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    context = {
        "item": item,
        "party": party,
        "paper": paper,
        "signing": {"said": signed},
        "consents": sorted(consents),
        "problems": problems,
    }
    return rendering.page(request, "admin/take_sign.html", framed(request, actor, context), status=status, private=True)


def _problems(request: Request, party: Party, *, mandated: bool) -> list[Problem]:
    """`at` is the id of the box."""
    _ = rendering.translator(request.state.language)
    found = []
    if not party.name:
        found.append(Problem("name", "required", _("请填写申请人的姓名或名称。")))
    if party.kind == "enterprise" and not is_credit_code(party.number):
        found.append(Problem("number", "format", _("统一社会信用代码应为 18 位，请照营业执照填写。")))
    if party.kind == "person" and not is_id_number(party.number):
        found.append(Problem("number", "format", _("公民身份号码应为 18 位且校验位正确，请照身份证填写。")))
    if not mandated:
        found.append(Problem("mandate", "required", _("请先请申请人确认委托，再勾选。")))
    return found


def _page(
    request: Request,
    actor: Actor,
    item: Item,
    party: Party,
    *,
    signed: signing.Signed | None = None,
    problems: Sequence[Problem] = (),
    consents: frozenset[str] = frozenset(),
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    language = request.state.language
    context = {
        "item": item,
        "item_title": said.title(item, language),
        "party": party,
        "signing": {"said": signed or signing.blank(actor), "ways": signing.ways(actor), "days": signing.DAYS},
        "site": place(kernel, actor),
        "asks": asks(item, kernel.catalog.sources, kernel.office, language),
        "consents": consents,
        "problems": problems,
        "errors": {problem.at: problem.message for problem in problems},
    }
    return rendering.page(request, "admin/take_item.html", framed(request, actor, context), status=status, private=True)
