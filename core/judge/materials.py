"""What each wanted material is: proved by a lookup, given, promised, or still open and how to close it.

Knows the item's materials and the facts; nothing of the files themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.contract import OUTCOMES, Calendar, Facts, Item, Material, MaterialState
from core.judge.confirming import parties, pointers_of
from core.judge.rules import MaterialRule, first_holding, rules_of
from core.judge.sentences import enumerate_names, say, translated

_OPEN = ("upload", "staff", "later", "confirm")
_WORST = ("down", "refused", "empty", "found", "not_asked")
"""Of several answers to one question, the one that names the next step: what is down may still prove it."""


def judge_materials(
    item: Item,
    facts: Facts,
    calendar: Calendar,
    *,
    given: Collection[str] = (),
    promised: Collection[str] = (),
    confirmed: Collection[str] = (),
    language: str = "zh",
) -> tuple[MaterialState, ...]:
    """The state of every material that is wanted under these facts, in the order of item.json.

    A material's `when` may read `/materials/<id>` of those before it.
    """
    states: list[MaterialState] = []
    statuses: dict[str, str] = {}
    seen = {**facts, "materials": statuses}
    for rule in rules_of(item).materials:
        if rule.when is not None and not rule.when.holds(seen, calendar):
            continue
        id = rule.material.id
        state = _state(
            item,
            rule,
            seen,
            calendar,
            given=id in given,
            promised=id in promised,
            confirmed=id in confirmed,
            language=language,
        )
        states.append(state)
        statuses[id] = state.status
    return tuple(states)


def _state(
    item: Item,
    rule: MaterialRule,
    facts: Facts,
    calendar: Calendar,
    *,
    given: bool,
    promised: bool,
    confirmed: bool,
    language: str,
) -> MaterialState:
    material = rule.material
    title = translated(item, language, f"item.json#/materials/{rule.index}/title", material.title)
    by, why = proof(item, rule, facts, calendar)
    if why is None:
        because = say(language, "proved", purposes=_purposes(item, by, language))
        return MaterialState(material.id, title, "proved", material.required, False, by, because=because)
    status, days, confirm = fallback_of(rule, why, facts, calendar)
    may_promise, open, only = False, material.required, None
    if status == "promise" and promised:
        open, what = False, say(language, "promised")
    elif given:
        # Handed in is not yet checked: no longer open, but no machine may approve on it.
        status, days, confirm, open, what = "given", None, (), False, say(language, "given")
    elif status == "promise":
        status, may_promise, what = "upload", True, say(language, "may_promise")
    elif status == "later":
        closes = _declared(rule, why, facts, calendar).get("otherwise") == "close"
        what = say(language, "later_close" if closes else "later", days=days)
    elif status == "confirm":
        only = _declared(rule, why, facts, calendar).get("when")
        confirmed = confirmed or not parties(facts, confirm, only, calendar=calendar)
        open = open and not confirmed
        what = say(language, "confirmed" if confirmed else "to_confirm")
    else:
        what = say(language, status)
    if material.proved_by:
        what = say(language, "reason", why=say(language, f"why_{why}"), what=what)
    return MaterialState(
        material.id, title, status, material.required, open, (), days, confirm, what, may_promise, confirm_when=only
    )


def proof(item: Item, rule: MaterialRule, facts: Facts, calendar: Calendar) -> tuple[tuple[str, ...], str | None]:
    """(the lookups that prove it, None), or ((), why not): empty, down, refused, not_asked, or found but no proof."""
    material = rule.material
    if not material.proved_by:
        return (), "not_asked"
    by: list[str] = []
    for group in material.proved_by:
        ends = {name: _end(item, name, facts, take_all=rule.valid_when is None) for name in group}
        proving = next((name for name, end in ends.items() if end == "proved"), None)
        if proving is None:
            return (), min(ends.values(), key=_WORST.index)
        by.append(proving)
    if rule.valid_when is not None and not rule.valid_when.holds(facts, calendar):
        return (), "found"
    return tuple(dict.fromkeys(by)), None


def _end(item: Item, name: str, facts: Facts, *, take_all: bool) -> str:
    lookups, outcomes = facts.get("lookups") or {}, facts.get("outcomes") or {}
    outcome = outcomes.get(name)
    if outcome is None:
        outcome = "found" if name in lookups else "not_asked"
        if outcome == "not_asked":
            # It could not be asked because another that it rests on gave no answer: that one names the next step.
            before = {outcomes.get(other) for other in rules_of(item).needs.get(name, ())}
            outcome = next((out for out in ("down", "refused") if out in before), outcome)
    if outcome != "found" or name not in lookups:
        return outcome if outcome in OUTCOMES and outcome != "found" else "not_asked"
    lookup = item.lookups.get(name)
    if take_all and lookup is not None and not _whole(lookups[name], lookup.take):
        return "found"
    return "proved"


def _whole(value: Any, take: Sequence[str]) -> bool:
    """No taken field is null; of a list, in no row. A field that is not there is null."""
    if isinstance(value, list):
        return all(_whole(row, take) for row in value)
    if isinstance(value, Mapping):
        return all(value.get(name) is not None for name in take)
    return value is not None


def fallback_of(
    rule: MaterialRule, why: str, facts: Facts, calendar: Calendar
) -> tuple[str, int | None, tuple[str, ...]]:
    """(status, days, confirm) of the declared fallback for this situation and one way of not being proved."""
    declared = _declared(rule, why, facts, calendar)
    if isinstance(declared, Mapping):
        if "later" in declared:
            return "later", declared["later"], ()
        if "confirm" in declared:
            return "confirm", declared.get("days"), pointers_of(declared["confirm"])
        return "upload", None, ()
    return str(declared or "upload"), None, ()


def otherwise(item: Item, id: str, facts: Facts, calendar: Calendar) -> str:
    """What is wanted of a material instead once a party refuses to confirm it or its days are over, `close` where the
    case then ends; "" where the item says nothing."""
    rule = next((one for one in rules_of(item).materials if one.material.id == id), None)
    declared = None if rule is None else _declared(rule, proof(item, rule, facts, calendar)[1] or "", facts, calendar)
    return str(declared.get("otherwise") or "") if isinstance(declared, Mapping) else ""


def _declared(rule: MaterialRule, why: str, facts: Facts, calendar: Calendar) -> Any:
    """The fallback as declared for this situation and one way of not being proved."""
    held = first_holding(rule.fallbacks, facts, calendar)
    declared = held[1] if held else "upload"
    if isinstance(declared, Mapping) and not _is_one(declared):
        return declared.get(why, "upload")
    return declared


def _is_one(declared: Mapping[str, Any]) -> bool:
    return "later" in declared or "confirm" in declared


def _purposes(item: Item, by: Sequence[str], language: str) -> str:
    names = []
    for name in by:
        lookup = item.lookups.get(name)
        purpose = lookup.purpose if lookup else ""
        names.append(translated(item, language, f"lookups.json#/lookups/{name}/purpose", purpose) or name)
    return enumerate_names(language, names)


# --- zero-material is computed, never claimed ------------------------------------------------------------


def is_zero_material(item: Item) -> bool:
    """Every required material it can ever want is proved by a lookup. Queries and hand-offs are not counted."""
    return item.handling in ("instant", "promised") and not blocking_lookups(item)


def blocking_lookups(item: Item) -> tuple[Material, ...]:
    """The required materials that no lookup proves: each a lookup that is missing between here and zero material."""
    return tuple(m for m in item.materials if m.required and not m.proved_by)


def registrable(material: Material) -> bool:
    """Whether a register could prove it at all: what another party has to confirm is that party's word, on no file."""
    lines = material.fallback if isinstance(material.fallback, list) else [{"fallback": material.fallback}]
    return not any(_confirms(line["fallback"]) for line in lines)


def _confirms(fallback: Any) -> bool:
    if not isinstance(fallback, Mapping):
        return False
    return "confirm" in fallback or any(_confirms(one) for one in fallback.values())


def was_zero_material(item: Item, states: Sequence[MaterialState]) -> bool:
    """Of a case: every required material of it was in fact proved."""
    return item.handling in ("instant", "promised") and all(s.status == "proved" for s in states if s.required)
