"""Who may act for whom: himself, a relation that a source declares, a vouching portal, or a live mandate.

Knows no form and no case; it is asked before any lookup, and its refusal asks no source about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.cases.mandating import CONFIRM, covers
from core.cases.mandating import number_of as mandate_no
from core.cases.models import Mandate
from core.contract import Actor, Down, Found, Item, Problem, Site
from core.errors import NotAllowed, Unavailable, Unprocessable
from core.judge.confirming import asks_another
from core.judge.formats import is_credit_code, is_id_number
from core.kernel import LEGAL_TIME
from core.office import access as office_access
from core.office.permissions import CITIZEN_ROLES, STAFF_ROLES, may

if TYPE_CHECKING:
    from core.kernel import Kernel

STAFF = frozenset({"station_worker", "clerk", "operator"})
"""Roles that file for whoever stands before them, under that person's mandate; `agents` does not limit them."""

ENDED = "委托已经结束、过期或者还没有开始，不能再凭它办理。请申请人重新委托。"
OTHER_NAME = "委托书上的受托人姓名与您账号的姓名不一致，请委托人照您的身份证重新委托。"
NEEDED = "请先取得申请人的委托书，再代为办理。"


def number_of(party: Mapping[str, Any]) -> str:
    """The number a party is known by: identity number or unified social credit code; "" where it has none."""
    return str(party.get("credit_code") or party.get("id_number") or "")


def key_of(kernel: Kernel, party: Mapping[str, Any] | None) -> str | None:
    number = number_of(party) if party else ""
    return kernel.keys.index(number) if number else None


def check_applicant(item: Item, applicant: Mapping[str, Any], *, asked: bool = False) -> None:
    """Raises Unprocessable where the item is not for this kind of applicant, or the applicant has no number.

    `asked`: he need not apply himself; it is enough that an application of another may ask him.
    """
    kind = applicant.get("kind")
    who = {"person": "个人", "enterprise": "企业"}
    if not applicant:
        told = "请写明申请人：applicant 里写 kind，个人（person）的写 id_number，企业（enterprise）的写 credit_code。"
        raise Unprocessable([Problem("/applicant", "required", told)])
    if kind not in who:
        told = "请写明申请人是个人（person）还是企业（enterprise）。"
        raise Unprocessable([Problem("/applicant/kind", "required" if kind is None else "enum", told)])
    if kind not in item.audience and not (asked and may_be_asked(item, applicant)):
        meant = "、".join(who.get(one, one) for one in item.audience)
        raise Unprocessable([Problem("/applicant/kind", "audience", f"本事项面向{meant}办理。")])
    wanted = "credit_code" if kind == "enterprise" else "id_number"
    if not isinstance(applicant.get(wanted), str) or not applicant[wanted]:
        title = "统一社会信用代码" if kind == "enterprise" else "公民身份号码"
        raise Unprocessable([Problem(f"/applicant/{wanted}", "required", f"请提供申请人的{title}。")])
    if not (is_credit_code if kind == "enterprise" else is_id_number)(applicant[wanted]):
        title = "统一社会信用代码" if kind == "enterprise" else "公民身份号码"
        raise Unprocessable([Problem(f"/applicant/{wanted}", "format", f"申请人的{title}不对，请核对每一位。")])


def may_be_asked(item: Item, party: Mapping[str, Any]) -> bool:
    """Whether an application of another may ask this party to confirm: a firm, which somebody has to answer for."""
    return party.get("kind") == "enterprise" and asks_another(item)


def site_for(kernel: Kernel, actor: Actor, site: Site | None) -> Site | None:
    """Where the application is taken: staff of a site take it there and nowhere else.

    Raises NotAllowed for another site: a station that only collects must not pass for a hall that decides.
    """
    own = kernel.office.sites.get(actor.site) if actor.site else None
    if own is None or actor.role == "portal":
        return site
    if site is not None and site.id != own.id:
        raise NotAllowed("您只能在自己的服务点办理。", code="not-your-site")
    return own


async def check_standing(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    agent: Mapping[str, Any] | None = None,
    mandate: str | None = None,
) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """Why the actor may act for the applicant, and the `/agent` that follows from it.

    Raises NotAllowed where nothing lets him, Unavailable where the register that would tell does not answer.
    """
    if not may(actor, "case.file"):
        raise NotAllowed("您的账号不能提交申请。")
    if actor.role == "portal":
        return {"kind": "portal"}, agent
    if _is_himself(actor, applicant):
        return {"kind": "self"}, None
    held = await live_mandate(kernel, item, actor=actor, applicant=applicant, mandate=mandate)
    if held is not None:
        if actor.role in STAFF:
            return standing_under(held), None
        if "mandate" in item.agents:
            acting = {"relation": "mandate", "name": actor.name, "id_number": actor.id_number}
            return standing_under(held), acting
    if actor.role in STAFF:
        raise NotAllowed(NEEDED, code="mandate-needed")
    relation = await _relation(kernel, item, actor=actor, applicant=applicant, agent=agent)
    if relation == "legal_representative":
        return {"kind": "relation", "relation": relation}, None
    if relation is not None:
        acting = {"relation": relation, "name": actor.name, "id_number": actor.id_number}
        return {"kind": "relation", "relation": relation}, acting
    if await misnamed(kernel, item, actor=actor, applicant=applicant):
        raise NotAllowed(OTHER_NAME, code="mandate-name")
    raise NotAllowed("没有查到您可以代该申请人办理的依据。", code="no-standing")


def _is_himself(actor: Actor, applicant: Mapping[str, Any]) -> bool:
    return (
        actor.role not in STAFF
        and bool(actor.id_number)
        and applicant.get("kind") == "person"
        and str(applicant.get("id_number", "")).upper() == str(actor.id_number).upper()
    )


async def _relation(
    kernel: Kernel, item: Item, *, actor: Actor, applicant: Mapping[str, Any], agent: Mapping[str, Any] | None
) -> str | None:
    """The relation by which a register lets the actor act, if one does."""
    if not actor.id_number:
        return None
    if applicant.get("kind") == "enterprise":
        wanted = ["legal_representative"]
    else:
        named = agent.get("relation") if agent else None
        wanted = [kind for kind in item.agents if kind != "mandate" and (named is None or named == kind)]
    return await relation_of(kernel, item, actor=actor, number=actor.id_number, applicant=applicant, kinds=wanted)


async def relation_of(
    kernel: Kernel, item: Item, *, actor: Actor, number: str, applicant: Mapping[str, Any], kinds: Sequence[str]
) -> str | None:
    """The first of `kinds` by which a register says that the person of this number stands for the applicant.

    Raises Unavailable where none does and one did not answer.
    """
    from core.cases.actions.reading import note_relation  # `actions` imports this module

    silent = False
    for kind in kinds:
        outcome = await kernel.sources.relation(kind, number, applicant)
        # Asked is asked: the person can see who tried to act for him, also where the register said no.
        await note_relation(kernel, item, key_of(kernel, applicant) or "", actor=actor, kind=kind, outcome=outcome.name)
        if isinstance(outcome, Found):
            return kind
        silent = silent or isinstance(outcome, Down)
    if silent:
        raise Unavailable("暂时无法核实您与申请人的关系，请稍后再试，或到窗口办理。", code="relation-down")
    return None


async def speaks_for(kernel: Kernel, item: Item, *, actor: Actor, firm: str) -> dict[str, Any] | None:
    """By what right the actor says whether this firm agrees: its mandate, or the register of firms names him.

    None where there is no right. Raises Unavailable where the register did not answer.
    """
    if not actor.id_number or actor.role in STAFF_ROLES:
        return None
    applicant = {"kind": "enterprise", "credit_code": firm}
    held = await live_mandate(kernel, item, actor=actor, applicant=applicant, power=CONFIRM)
    if held is not None:
        return standing_under(held)
    kinds = ["legal_representative"]
    kind = await relation_of(kernel, item, actor=actor, number=actor.id_number, applicant=applicant, kinds=kinds)
    return {"kind": "relation", "relation": kind} if kind else None


async def live_mandate(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    mandate: str | None = None,
    power: str = "",
) -> Mandate | None:
    """A mandate of this applicant for this actor and item that runs now. With `mandate`: that one or none; with
    `power`: one whose text gives it, which those signed before that power was known do not."""
    principal = key_of(kernel, applicant)
    if principal is None:
        return None
    now = kernel.now()
    rows = await Mandate.filter(
        principal_key=principal, revoked_at=None, valid_from__lte=now, valid_until__gt=now
    ).order_by("-id")
    for row in rows:
        if mandate is not None and str(row.id) != mandate:
            continue
        text = (row.content or {}).get("text") or ()
        if holds(kernel, actor, row) and covers(row, item=item.id) and (not power or any(power in one for one in text)):
            return row
    return None


def holds(kernel: Kernel, actor: Actor, row: Mandate) -> bool:
    """Whether it was given to this account; or, to who is no member of staff, by his number and his name."""
    if row.holder and row.holder == actor.id:
        return True
    return _by_number(kernel, actor, row) and _same_name(actor, row)


def _by_number(kernel: Kernel, actor: Actor, row: Mandate) -> bool:
    return (
        actor.role not in STAFF_ROLES
        and bool(actor.id_number)
        and kernel.keys.index(str(actor.id_number)) == row.holder_key
    )


def _same_name(actor: Actor, row: Mandate) -> bool:
    """Who gave it wrote number and name: a slip in the number that happens to be somebody's must let nobody in."""
    written = str(((row.content or {}).get("holder") or {}).get("name") or "")
    return not written or "".join(written.split()) == "".join(actor.name.split())


async def misnamed(kernel: Kernel, item: Item, *, actor: Actor, applicant: Mapping[str, Any]) -> bool:
    """Whether a mandate for this would be his, were it not for the name that stands in it."""
    now = kernel.now()
    rows = Mandate.filter(
        principal_key=key_of(kernel, applicant) or "", revoked_at=None, valid_from__lte=now, valid_until__gt=now
    )
    return any([_by_number(kernel, actor, row) and covers(row, item=item.id) async for row in rows])


async def represents(kernel: Kernel, item: Item, *, actor: Actor, applicant: Mapping[str, Any]) -> bool:
    """Whether this firm, which the actor's account is known for, has him as its legal representative in the register.

    Raises Unavailable where the register did not answer; it is asked about no other firm.
    """
    code = str(applicant.get("credit_code") or "")
    if not code or not actor.id_number or actor.role not in CITIZEN_ROLES:
        return False
    if code.upper() != str(await office_access.credit_code(actor) or "").upper():
        return False
    kinds = ["legal_representative"]
    return bool(await relation_of(kernel, item, actor=actor, number=actor.id_number, applicant=applicant, kinds=kinds))


def standing_under(row: Mandate) -> dict[str, Any]:
    """`standing` of whoever acts under this mandate."""
    day = row.valid_from.astimezone(LEGAL_TIME).date()
    return {"kind": "mandate", "mandate": str(row.id), "no": mandate_no(row.id, day), "way": row.signed}


async def check_still_standing(kernel: Kernel, standing: Mapping[str, Any]) -> None:
    """A draft under a mandate stops with it: revoked or expired, nothing of it is read, saved or filed any more.

    Raises NotAllowed.
    """
    if standing.get("kind") == "mandate" and not await mandate_runs(kernel, str(standing["mandate"])):
        raise NotAllowed(ENDED, code="mandate-ended")


async def mandate_runs(kernel: Kernel, mandate: str) -> bool:
    now = kernel.now()
    return await Mandate.filter(id=mandate, revoked_at=None, valid_from__lte=now, valid_until__gt=now).exists()
