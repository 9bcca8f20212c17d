"""For whom: the applicant as sign-in tells it, the firm by its credit code, or somebody one may act for.

Whether the actor may is not judged here: the core asks that before any source is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Actor, Evidence, Item, Problem
from core.judge.formats import is_credit_code, is_id_number, masked
from core.web.rendering import translator

SELF, FIRM, OTHER = "self", "firm", "other"


@dataclass(frozen=True, slots=True)
class Whom:
    """What the page knows of the choice; `kind` is self, firm or other."""

    kind: str
    credit_code: str = ""
    name: str = ""
    id_number: str = ""


def kinds(item: Item) -> tuple[str, ...]:
    """For whom this item can be applied for, from a page."""
    found = []
    if "person" in item.audience:
        found.append(SELF)
    if "enterprise" in item.audience:
        found.append(FIRM)
    if item.agents and "person" in item.audience:
        found.append(OTHER)
    return tuple(found)


def read(item: Item, posted: Mapping[str, Any]) -> Whom:
    """Whose name or number was written is meant; else what was picked, else the first that is offered."""
    offered = kinds(item)
    kind = str(posted.get("whom") or "")
    credit_code, name, id_number = (_tidy(posted.get(key)) for key in ("credit_code", "name", "id_number"))
    if OTHER in offered and (name or id_number):
        kind = OTHER
    elif kind not in (SELF, FIRM) or kind not in offered:
        kind = offered[0] if offered else SELF
    return Whom(kind, credit_code, name, id_number)


def under(principal: Mapping[str, Any]) -> dict[str, str]:
    """What to fill in for who acts under a mandate of this principal."""
    if principal.get("kind") == "enterprise":
        return {"whom": FIRM, "credit_code": str(principal.get("credit_code") or "")}
    return {key: str(principal.get(key) or "") for key in ("name", "id_number")}


def _tidy(value: Any) -> str:
    """As people copy it from a licence: spaces and small letters."""
    return "".join(str(value or "").split()).upper()[:60]


def problems(whom: Whom, language: str) -> tuple[Problem, ...]:
    """`at` is the id of the box."""
    _ = translator(language)
    found = []
    if whom.kind == FIRM and not is_credit_code(whom.credit_code):
        found.append(Problem("credit_code", "format", _("请照营业执照填写 18 位统一社会信用代码。")))
    if whom.kind == OTHER:
        if not whom.name:
            found.append(Problem("name", "required", _("请填写申请人的姓名。")))
        if not is_id_number(whom.id_number):
            found.append(Problem("id_number", "format", _("请照身份证填写申请人的 18 位公民身份号码。")))
    return tuple(found)


def applicant(whom: Whom, actor: Actor) -> dict[str, Any]:
    """`/applicant` of the facts (DESIGN section 5)."""
    if whom.kind == FIRM:
        return {"kind": "enterprise", "credit_code": whom.credit_code, "groups": []}
    if whom.kind == OTHER:
        return {"kind": "person", "name": whom.name, "id_number": whom.id_number, "groups": []}
    mine: dict[str, Any] = {"kind": "person", "name": actor.name, "id_number": actor.id_number, "groups": []}
    if actor.area:
        mine["area"] = actor.area
    return mine


def as_registered(applicant: Mapping[str, Any], item: Item, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """The firm with the name and seat that a register holds under its code: sign-in knows the code alone, while rules
    and letters read `/applicant/name` and `/applicant/area`."""
    made = dict(applicant)
    if applicant.get("kind") != "enterprise":
        return made
    for name, one in evidence.items():
        lookup = item.lookups.get(name)
        asked = lookup is not None and dict(lookup.by) == {"credit_code": "/applicant/credit_code"}
        if asked and isinstance(one.value, Mapping):
            for key in ("name", "area"):
                if one.value.get(key):
                    made.setdefault(key, one.value[key])
    return made


def named(party: Mapping[str, Any], evidence: Iterable[Evidence] = (), *, called: str = "") -> str:
    """Who it is, in words. Sign-in knows a firm by its code alone; the name is what a register answered for it.

    `called`: what a register answered for a person whom a client filed for by number alone.
    """
    if party.get("name"):
        return str(party["name"])
    code = party.get("credit_code")
    if not code:
        return called or masked(party.get("id_number"))
    found = (one.value["name"] for one in evidence if isinstance(one.value, Mapping) and one.value.get("name"))
    name = next(found, None)
    return f"{name}（{code}）" if name else str(code)
