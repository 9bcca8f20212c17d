"""委托: `/me/mandates/new` lets somebody act for me or my firm, `/mandates/{id}` is the paper to read and to print.

Knows the form and its two steps: what is wanted, then the text that is signed. What may be granted is the core's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.mandate_view import MandateView
from core.cases.standing import STAFF, may_be_asked
from core.contract import Actor, Item, Problem
from core.errors import NotAllowed, Unavailable, Unprocessable
from core.kernel import Kernel
from core.office import access as office_access
from core.office.permissions import STAFF_ROLES
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data, kernel
from forms.pages import words
from forms.pages.outcome import on_the_wall
from forms.pages.said import title

SELF, FIRM = "self", "firm"
BOXES = {
    "/agent/name": "name", "/agent/id_number": "id_number", "/items": "items", "/since": "since", "/until": "until",
    "/applicant/credit_code": "credit_code",
}  # fmt: skip
WEEKS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, as posted."""

    whom: str
    credit_code: str = ""
    name: str = ""
    id_number: str = ""
    items: tuple[str, ...] = ()
    case: str = ""
    since: str = ""
    until: str = ""


def _tidy(text: object) -> str:
    return "".join(str(text or "").split()).upper()[:30]


async def new(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    if actor.role in STAFF_ROLES:
        return RedirectResponse("/admin/take" if actor.role in STAFF else "/admin/", status_code=303)
    query = request.query_params
    code = await office_access.credit_code(actor) or ""
    item = core.catalog.items.get(query.get("item", ""))
    firm = bool(code) and (item is None or "enterprise" in item.audience)
    if query.get("whom") in (SELF, FIRM):
        firm = query["whom"] == FIRM
    elif item is not None and "person" not in item.audience:
        firm = True
    today = core.today()
    wish = Wish(
        whom=FIRM if firm else SELF,
        credit_code=code,
        items=(item.id,) if item in offered(core, firm=firm) else (),
        case=query.get("case", "")[:20],
        since=today.isoformat(),
        until=(today + WEEKS).isoformat(),
    )
    return _form(request, core, actor, wish)


async def new_post(request: Request) -> Response:
    """First the text, then, read and agreed to, the mandate."""
    core, actor, posted = kernel(request), session.actor(request), form_data(request)
    wish = Wish(
        whom=FIRM if posted.get("whom") == FIRM else SELF,
        credit_code=_tidy(posted.get("credit_code")),
        name=str(posted.get("name") or "").strip()[:60],
        id_number=_tidy(posted.get("id_number")),
        items=tuple(str(one) for one in posted.getlist("item"))[:60],
        case=str(posted.get("case") or "")[:20],
        since=str(posted.get("since") or "")[:10],
        until=str(posted.get("until") or "")[:10],
    )
    signing = posted.get("step") == "sign"
    try:
        made = await _granted(core, actor, wish)
        if signing and (posted.get("digest") != made.digest or posted.get("agree") != "yes"):
            told = "请先阅读委托书，再勾选同意。"
            return _sign(request, wish, made, (Problem("agree", "required", told),), status=422)
    except Unprocessable as error:
        return _form(request, core, actor, wish, error.problems, status=422)
    except (NotAllowed, Unavailable) as error:
        at = "credit_code" if wish.whom == FIRM else "name"
        return _form(request, core, actor, wish, (Problem(at, error.code, str(error)),), status=error.status)
    if not signing:
        return _sign(request, wish, made)
    made = await _granted(core, actor, wish, write=True)
    return RedirectResponse(f"/mandates/{made.id}?new", status_code=303)


async def _granted(core: Kernel, actor: Actor, wish: Wish, *, write: bool = False) -> MandateView:
    """The mandate as it would be; written only with `write`."""
    agent = {"name": wish.name, "id_number": wish.id_number}
    since, until = _day(wish.since, "/since"), _day(wish.until, "/until")
    if wish.case:
        return await actions.grant_for_case(
            core, wish.case, actor=actor, agent=agent, signed="account", until=until, preview=not write
        )
    items = [core.item(id) for id in wish.items if core.offers(id)]
    if not items:
        raise Unprocessable([Problem("/items", "required", "请至少选一个事项。")])
    applicant: dict[str, object] = {"kind": "person", "name": actor.name, "id_number": actor.id_number, "groups": []}
    if wish.whom == FIRM:
        applicant = {"kind": "enterprise", "credit_code": wish.credit_code, "groups": []}
    return await actions.grant_mandate(
        core, items[0], more=items[1:], actor=actor, applicant=applicant, agent=agent, signed="account",
        since=since, until=until, preview=not write,
    )  # fmt: skip


def _day(text: str, at: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unprocessable([Problem(at, "format", "请填写日期，例如 2026-12-31。")]) from None


def offered(core: Kernel, *, firm: bool) -> list[Item]:
    """What may be done by an agent of a firm, or of a person; a firm's may also answer what others ask."""
    kind = "enterprise" if firm else "person"
    every = (one for one in core.catalog.offered.values() if "mandate" in one.agents)
    found = (one for one in every if kind in one.audience or may_be_asked(one, {"kind": kind}))
    return sorted(found, key=lambda one: one.title)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one theme; each stands under its first alone, so that it is ticked once."""

    title: str
    items: tuple[tuple[str, str], ...]
    ticked: int


def groups(core: Kernel, wish: Wish, language: str) -> list[Group]:
    _ = translator(language)
    by_theme: dict[str, list[Item]] = {}
    for one in offered(core, firm=wish.whom == FIRM):
        by_theme.setdefault(one.themes[0] if one.themes else words.N_("其他"), []).append(one)
    order = [*core.office.themes.values()]
    themes = sorted(by_theme, key=lambda name: order.index(name) if name in order else len(order))
    return [
        Group(
            _(name),
            tuple((one.id, title(one, language)) for one in by_theme[name]),
            sum(1 for one in by_theme[name] if one.id in wish.items),
        )
        for name in themes
    ]


def _form(
    request: Request, core: Kernel, actor: Actor, wish: Wish, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    language = request.state.language
    _ = translator(language)
    told = [Problem(BOXES.get(one.at, one.at), one.keyword, _(one.message)) for one in problems]
    context = {
        "wish": wish,
        "actor_name": actor.name,
        "groups": groups(core, wish, language),
        "problems": told,
        "errors": {one.at: one.message for one in told},
        "today": core.today().isoformat(),
    }
    return page(request, "forms/mandate_new.html", context, status=status, private=True)


def _sign(
    request: Request, wish: Wish, made: MandateView, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    _ = translator(request.state.language)
    told = [Problem(one.at, one.keyword, _(one.message)) for one in problems]
    context = {"wish": wish, "mandate": made, "problems": told}
    return page(request, "forms/mandate_sign.html", context, status=status, private=True)


async def paper(request: Request) -> Response:
    """To read and to print: the text as it was signed, how, by whom, and how it stands."""
    core, actor = kernel(request), session.actor(request)
    found = await access.mandate(core, actor, request.path_params["id"])
    _ = translator(request.state.language)
    context = {
        "mandate": found,
        "state": found.state(core.now()),
        "signed": _(words.SIGNED.get(found.signed, found.signed)),
        "at": on_the_wall(found.valid_from),
        "until": on_the_wall(found.valid_until - timedelta(seconds=1)),
        "ended_at": on_the_wall(found.revoked_at) if found.revoked_at else "",
        "fresh": request.scope["query_string"] == b"new",
        "mine": not found.held and actor.role not in STAFF_ROLES,
    }
    return page(request, "forms/mandate.html", context, private=True)


async def scan(request: Request) -> Response:
    """The scanned sheet, shown apart so that it can do nothing here."""
    params = request.path_params
    ref, data = await access.mandate_scan(kernel(request), session.actor(request), params["id"], params["digest"])
    headers = {
        "Content-Disposition": "inline",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(data, media_type=ref.media_type, headers=headers)


async def end(request: Request) -> Response:
    """The principal, or the holder, ends it at once; a draft that runs under it stops there."""
    actor = session.actor(request)
    because = str(form_data(request).get("because") or "")
    await actions.revoke_mandate(kernel(request), request.path_params["id"], actor=actor, because=because)
    return RedirectResponse("/me?ended=1#mandates", status_code=303)


SAID = (
    words.N_("请先阅读委托书，再勾选同意。"),
    words.N_("请至少选一个事项。"),
    words.N_("请填写日期，例如 2026-12-31。"),
    words.N_("委托期限应从今天或以后开始，在一年以内结束。"),
    words.N_("委托期限应在一年以内，结束不早于开始。"),
    words.N_("委托不能从过去的日期开始。"),
    words.N_("请填写受托人的姓名。"),
    words.N_("受托人的公民身份号码应为 18 位且校验位正确，请照身份证填写。"),
    words.N_("受托人不能是委托人自己。"),
    words.N_("只有本人，或者企业登记的法定代表人，可以委托他人。"),
    words.N_("办件已经结束，不能再委托他人办理。"),
)
"""What `core.cases` answers to a wish, for the catalog of other languages."""
