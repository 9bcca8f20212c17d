"""`/me`: my unfinished applications, my cases, and who read my data.

Knows only what `access` gives this actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from core.cases import access
from core.cases.correcting import CorrectionView, corrections_by
from core.cases.draft_view import DraftView
from core.cases.lines import AccessLine, CaseLine, ToConfirm
from core.cases.mandate_view import MandateView
from core.cases.sent_reads import letters_to
from core.cases.standing import may_be_asked
from core.catalog import versions
from core.contract import Actor, Item
from core.errors import Unavailable
from core.judge.formats import is_credit_code
from core.judge.retelling import own_words, retold
from core.kernel import LEGAL_TIME, Kernel
from core.office.permissions import STAFF_ROLES
from core.web import session
from core.web.rendering import page, translator
from core.web.session import kernel
from forms.pages import words
from forms.pages.apply import serves
from forms.pages.letter import line_of
from forms.pages.outcome import lasting, on_the_wall
from forms.pages.said import taken, title
from forms.pages.sheet import day


@dataclass(frozen=True, slots=True)
class MyDraft:
    id: str
    title: str
    expires: str
    begun: str = ""
    """When it was begun, to the minute: several of one item are told apart by it."""


@dataclass(frozen=True, slots=True)
class MyAsk:
    """What another person's application asks of me."""

    no: str
    material: str
    title: str
    what: str
    who: str
    filed: str
    note: str
    joint: bool = False
    """I apply jointly once I have said yes."""
    firm: str = ""
    """The credit code of the firm that is asked, whose legal representative I am."""


@dataclass(frozen=True, slots=True)
class MyRead:
    at: str
    who: str
    what: str
    why: str
    title: str
    fields: str
    outcome: str
    basis: str
    no: str
    since: str = ""
    """When it was first asked, where it was asked more than once."""
    each: tuple[tuple[str, str], ...] = ()
    """Every time with what came of it, where there were several; newest first."""
    unfiled: bool = False
    """It was looked up for an application that is no case."""


@dataclass(frozen=True, slots=True)
class MyCorrection:
    no: str
    what: str
    declared: str
    source: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class MyMandate:
    """委托书 that I gave or hold: for what, to or from whom, how it was signed, until when."""

    id: str
    what: str
    who: str
    signed: str
    until: str
    state: str
    """live, future, expired or ended."""
    words: str
    items: tuple[tuple[str, str, bool], ...] = ()
    """(where, what, whether others ask): what its holder may do under it; "" where it serves for nothing now."""
    case: str | None = None


@dataclass(frozen=True, slots=True)
class MyCase:
    no: str
    title: str
    filed: str
    words: str
    look: str
    take: tuple[tuple[str, str], ...] = ()
    """(thing, place) of what waits for him."""
    pay: tuple[str, str] | None = None
    """(sum, last day) of what he has to pay first."""
    to_do: tuple[tuple[str, str], ...] = ()
    """(duty, its day) of what he has to do before long, or has not done in time."""
    results: tuple[tuple[str, str, str], ...] = ()
    """(what he was given besides the first result, its number, until when it is valid)."""


async def me(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    language = request.state.language
    after = request.query_params.get("after")
    unsure = ""
    try:
        own_firm = await access.firm_of(core, actor)
    except Unavailable:
        own_firm, unsure = "", words.FIRM_UNSURE
    mine = await access.cases_of(core, actor, after, firm=own_firm)
    case = request.query_params.get("case", "")[:40]
    reads = await access.accesses_of(core, actor, request.query_params.get("reads"), case=case)
    gone = {one.item for one in reads.lines if one.item and one.item not in core.catalog.items}
    kept = {**core.catalog.items, **await versions.last_kept(gone)} if gone else core.catalog.items
    wrong = await corrections_by(core, actor, request.query_params.get("corrections"))
    mandates = [] if after else await access.mandates_of(core, actor)
    drafts = [] if after else await access.drafts_of(core, actor)
    firm = request.query_params.get("firm", "").strip().upper()[:30]
    asked = await access.to_confirm(core, actor)
    of_firm = await access.to_confirm(core, actor, firm=firm) if is_credit_code(firm) else []
    sent = () if after else await letters_to(core, actor)
    sent_firm = await letters_to(core, actor, firm=firm) if is_credit_code(firm) else ()
    context = {
        "name": actor.name,
        "letters": [
            *(line_of(core, one, language) for one in sent),
            *(line_of(core, one, language, firm=firm) for one in sent_firm),
        ],
        "to_confirm": [
            *(ask_line(core, one, language) for one in asked),
            *(ask_line(core, one, language, firm=firm) for one in of_firm),
        ],
        "firm": firm,
        "of_firm": bool(of_firm or sent_firm),
        "confirmed": "confirmed" in request.query_params,
        "drafts": [draft_line(one, language) for one in drafts],
        "lent": [draft_line(one, language) for one in ([] if after else await access.lent_drafts(core, actor))],
        "discarded": request.scope["query_string"] == b"discarded",
        "unsure": unsure,
        "cases": [case_line(core, one, language) for one in mine.lines],
        "more": f"/me?after={mine.after}" if mine.after else "",
        "mandates": [mandate_line(core, one, language) for one in mandates if not one.held],
        "held": [mandate_line(core, one, language) for one in mandates if one.held and actor.role not in STAFF_ROLES],
        "ended": request.query_params.get("ended") is not None,
        "corrections": [correction_line(core, one, language) for one in wrong.lines],
        "more_corrections": f"/me?corrections={wrong.after}#corrections" if wrong.after else "",
        "reads": [read_line(core, one, actor, language, kept) for one in reads.lines],
        "more_reads": _more_reads(reads.after, case),
        "read_case": case,
        "read_cases": [one.no for one in mine.lines],
    }
    return page(request, "forms/me.html", context, private=True)


def ask_line(core: Kernel, one: ToConfirm, language: str, *, firm: str = "") -> MyAsk:
    item = core.catalog.items.get(one.item)
    named = next((m for m in item.materials if m.id == one.material), None) if item else None
    return MyAsk(
        no=one.no,
        material=one.material,
        title=title(item, language) if item else one.title,
        what=one.material_title,
        who=one.applicant_name,
        filed=day(one.filed_at.astimezone(LEGAL_TIME).date(), language),
        note=str(named.declared.get("note") or "") if named else "",
        joint=one.joint,
        firm=firm,
    )


STATES = {
    "live": words.N_("有效"),
    "future": words.N_("还没有开始"),
    "expired": words.N_("已过期"),
    "ended": words.N_("已结束"),
}


def mandate_line(core: Kernel, one: MandateView, language: str) -> MyMandate:
    _ = translator(language)
    titles = [
        (id, title(core.catalog.items[id], language) if id in core.catalog.items else name) for id, name in one.items
    ]
    state = one.state(core.now())
    return MyMandate(
        one.id,
        _("、").join(name for _id, name in titles) or one.item_title,
        (one.principal_name or str(one.principal.get("credit_code") or "")) if one.held else one.holder_name,
        _(words.SIGNED.get(one.signed, one.signed)),
        on_the_wall(one.valid_until - timedelta(seconds=1)),
        state,
        _(STATES[state]),
        tuple((where, name, asked) for id, name in titles for where, asked in [_served(core, one, id)]),
        one.case_no,
    )


def _served(core: Kernel, one: MandateView, id: str) -> tuple[str, bool]:
    """(where its holder goes with it for this item, whether others ask there): what a firm cannot apply for itself,
    it may still be asked about."""
    item = core.catalog.items.get(id)
    if item is not None and serves(core, item, one):
        return f"/items/{id}/apply?mandate={one.id}", False
    if item is not None and may_be_asked(item, one.principal):
        return "/me?" + urlencode({"firm": one.principal.get("credit_code") or ""}), True
    return "", False


def draft_line(draft: DraftView, language: str) -> MyDraft:
    expires = day(draft.expires_at.astimezone(LEGAL_TIME).date(), language)
    begun = datetime.fromtimestamp(
        (UUID(draft.id).int >> 80) / 1000, UTC
    )  # a draft's id is a UUIDv7: its first 48 bits
    name = title(draft.item, language)
    if draft.of is not None:
        name = translator(language)("补正：%(title)s") % {"title": name}
    return MyDraft(draft.id, name, expires, on_the_wall(begun))


def case_line(core: Kernel, case: CaseLine, language: str) -> MyCase:
    _ = translator(language)
    shown, look = words.STATUSES[case.status], ""
    if case.status in ("decided", "delivered", "not_accepted") and case.outcome in words.OUTCOMES:
        shown = words.OUTCOMES[case.outcome]
        look = "tag--done" if case.outcome == "approve" else "tag--must"
    filed = day(case.filed_at.astimezone(LEGAL_TIME).date(), language)
    item = core.catalog.items.get(case.item)
    own = own_words(item, language) if item else {}
    take = tuple((own.get(one.title, one.title), own.get(one.place, one.place)) for one in case.to_take)
    pay = (case.payment.due, day(case.payment.until, language)) if case.payment else None
    to_do = tuple((own.get(what, what), day(due, language) if due else "") for what, due in case.to_do)
    given = tuple((retold(one.title, language, own), one.no, lasting(one, language)) for one in case.results)
    return MyCase(case.no, own.get(case.title, case.title), filed, _(shown), look, take, pay, to_do, given)


def _more_reads(after: str | None, case: str) -> str:
    return "/me?" + urlencode({"reads": after, **({"case": case} if case else {})}) + "#reads" if after else ""


def correction_line(core: Kernel, one: CorrectionView, language: str) -> MyCorrection:
    _ = translator(language)
    source = core.catalog.sources.get(one.source)
    return MyCorrection(
        one.no,
        f"{one.title}{_('：')}{one.held}" if one.title else _("（内容已删除）"),
        one.declared,
        _(source.title) if source else one.source,
        _(words.CORRECTIONS[one.answer]) % {"day": day(one.due, language)},
        one.reason,
    )


def read_line(core: Kernel, line: AccessLine, actor: Actor, language: str, items: Mapping[str, Item]) -> MyRead:
    """One read in plain words; what was taken is told by the item as it stands, or as it was kept last (`items`)."""
    _ = translator(language)
    source = core.catalog.sources.get(line.source)
    item = items.get(line.item)
    what = _(source.title) if source else _(words.READS.get(line.kind, line.kind))
    purpose = retold(line.purpose, language, own_words(item, language)) if item else line.purpose
    why = _(purpose) or (title(item, language) if item else line.reference)
    lookup = item.lookups.get(line.lookup) if item else None
    taken_fields = [_(one) for one in taken(lookup, source)] if lookup else []
    if line.kind in words.READ_WHAT:
        taken_fields = [_(words.READ_WHAT[line.kind])]
    who = words.N_("您本人") if line.actor == actor.id else words.ROLES.get(line.actor_role, words.ROLES["staff"])
    return MyRead(
        on_the_wall(line.at),
        _(who),
        what,
        why,
        title(item, language) if item else "",
        _("、").join(taken_fields),
        _(words.READ_ENDS.get(line.outcome, "")),
        line.basis,
        line.no,
        on_the_wall(line.earlier[-1].at) if line.earlier else "",
        tuple((on_the_wall(one.at), _(words.READ_ENDS.get(one.outcome, ""))) for one in (line, *line.earlier))
        if line.earlier
        else (),
        line.kind == "lookup" and not line.no,
    )
