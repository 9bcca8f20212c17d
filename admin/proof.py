"""A case's answers, each beside the evidence it rests on, and each lookup in words.

Knows forms and sources by their schemas; writes nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from admin import words
from core.cases.case_view import CaseView
from core.cases.nouns import FileRef
from core.contract import Evidence, Item, Office, Source
from core.judge.filling import fill
from core.kernel import LEGAL_TIME
from core.sources.rounds import NO_CONSENT
from forms.pages.words import N_

_BRANCHES = ("allOf", "anyOf", "oneOf")
_DOORS = ("then", "else")
_MOST_ROWS = 12
Say = Callable[[str], str]
"""Rows of a list shown at once; the rest is counted."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One lookup as the desk reads it."""

    name: str
    source: str
    unit: str
    outcome: str
    asked_at: str
    recorded_at: str
    purpose: str
    basis: str
    reason: str
    digest: str
    ms: int
    age_s: int
    values: tuple[tuple[str, str], ...]
    """(title of the field, value in words)."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    title: str
    value: str
    origin: str
    """held, suggested, picked, declared, disputed or written (admin.words.ORIGINS)."""
    evidence: EvidenceView | None
    register: str = ""
    """Of a disputed value: what the register holds, where the applicant declared another."""
    files: tuple[FileRef, ...] = ()
    """What he showed for it."""
    said: str = ""
    """What he declared before the register, silent then, was found to hold something else."""


def local(moment: str | datetime | None) -> str:
    """UTC to the clock on the office's wall, to the minute; "" for nothing."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M")


# --- values in words -------------------------------------------------------------------------------------


def in_words(schema: Mapping[str, Any], value: Any, say: Say = str) -> str:
    """A value as a person says it: the title of a choice, 是 and 否, lists with 、. `say` translates."""
    if value is None or value == "":
        return "—"
    for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        if isinstance(branch, Mapping) and "const" in branch and branch["const"] == value and "title" in branch:
            return str(branch["title"])
    if isinstance(value, bool):
        return say(N_("是")) if value else say(N_("否"))
    if isinstance(value, list):
        inner = schema.get("items")
        parts = [in_words(inner if isinstance(inner, Mapping) else {}, one, say) for one in value[:_MOST_ROWS]]
        more = f" … ({len(value)})" if len(value) > _MOST_ROWS else ""
        return ("；" if any(isinstance(one, dict) for one in value) else "、").join(parts) + more or "—"
    if isinstance(value, Mapping):
        return "，".join(f"{title} {text}" for title, text in fields(schema, value, say))
    return str(value)


def fields(schema: Mapping[str, Any], value: Mapping[str, Any], say: Say = str) -> list[tuple[str, str]]:
    found = []
    for name, one in value.items():
        inner = property_of(schema, name) or {}
        found.append((say(str(inner.get("title", name))), in_words(inner, one, say)))
    return found


def property_of(schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The subschema of a property, wherever a branch declares it."""
    declared = schema.get("properties")
    found = declared.get(name) if isinstance(declared, Mapping) else None
    if isinstance(found, Mapping):
        return found
    inner: list[Any] = [schema.get(door) for door in _DOORS]
    for branch in _BRANCHES:
        inner.extend(schema.get(branch) or ())
    inner.extend((schema.get("dependentSchemas") or {}).values())
    for one in inner:
        if isinstance(one, Mapping) and (found := property_of(one, name)) is not None:
            return found
    return None


# --- evidence --------------------------------------------------------------------------------------------


def placed(text: str, office: Office) -> str:
    """An area's code as its name, with the code behind it."""
    area = office.areas.get(text)
    return f"{area.name}（{text}）" if area else text


def evidence_views(
    evidence: Sequence[Evidence], sources: Mapping[str, Source], office: Office, say: Say = str
) -> dict[str, EvidenceView]:
    """Lookup name → its view, in the order given. Sources that are gone keep their id."""
    return {one.lookup: _view(one, sources.get(one.source), office, say) for one in evidence}


def _view(one: Evidence, source: Source | None, office: Office, say: Say) -> EvidenceView:
    unit = office.units.get(source.unit) if source else None
    record = source.record if source else {}
    return EvidenceView(
        name=one.lookup,
        source=say(source.title) if source else one.source,
        unit=say(unit.name) if unit else "",
        outcome=one.outcome,
        asked_at=local(one.asked_at),
        recorded_at=(one.recorded_at or "")[:10],
        purpose=one.purpose,
        basis=one.basis,
        reason=say(words.NO_CONSENT_SAID) if one.reason == NO_CONSENT else one.reason,
        digest=one.digest,
        ms=one.ms,
        age_s=one.age_s,
        values=tuple((title, placed(text, office)) for title, text in _values(record, one.value, say)),
    )


def _values(record: Mapping[str, Any], value: Any, say: Say) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from fields(record, value, say)
    elif isinstance(value, list):
        for n, row in enumerate(value[:_MOST_ROWS], 1):
            yield f"{n}", in_words(record, row, say)
        if not value or len(value) > _MOST_ROWS:
            yield say(N_("共")), say(N_("%(n)s 条")) % {"n": len(value)}


# --- answers ---------------------------------------------------------------------------------------------


def answer_views(
    item: Item, view: CaseView, evidence: Mapping[str, EvidenceView], office: Office, say: Say = str
) -> list[AnswerView]:
    """Every answer in the form's own order, with where it came from."""
    declared = {_inside(pointer) for pointer in view.declared}
    disputed = {_inside(pointer) for pointer in view.disputed}
    holds = fill(item, facts_of(view)).values if view.claims else {}
    rows = []
    for pointer, title, value, schema in _leaves(item.form, view.answers, "", ""):
        origin, lookup = _origin(schema)
        if pointer in disputed:
            origin = "disputed"
        elif pointer in declared:
            origin = "declared"
        register = ""
        if pointer in view.claims and pointer in holds:
            register = placed(in_words(schema, holds[pointer], say), office)
        words = placed(in_words(schema, value, say), office)
        shown = view.proofs.get(pointer, ())
        before = in_words(schema, view.said[pointer], say) if pointer in view.said and origin == "held" else ""
        rows.append(AnswerView(title, words, origin, evidence.get(lookup), register, shown, before))
    return rows


def facts_of(view: CaseView) -> dict[str, Any]:
    """What a held value is read from: parties and what was found, as the case stands."""
    return {
        "applicant": view.applicant,
        **({"agent": view.agent} if view.agent else {}),
        "answers": view.answers,
        "lookups": {one.lookup: one.value for one in view.evidence if one.outcome == "found"},
        "outcomes": {one.lookup: one.outcome for one in view.evidence},
    }


def _inside(pointer: str) -> str:
    return pointer.removeprefix("/answers")


def _origin(schema: Mapping[str, Any]) -> tuple[str, str]:
    for keyword, origin in (("x-from", "held"), ("x-suggest", "suggested"), ("x-choices", "picked")):
        pointer = schema.get(keyword)
        if isinstance(pointer, str):
            parts = pointer.split("/")
            return origin, parts[2] if len(parts) > 2 and parts[1] == "lookups" else ""
    return "written", ""


def _leaves(
    schema: Mapping[str, Any], value: Mapping[str, Any], pointer: str, before: str
) -> Iterator[tuple[str, str, Any, Mapping[str, Any]]]:
    order = {name: place for place, name in enumerate(schema.get("properties", ()))}
    for name, one in sorted(value.items(), key=lambda pair: order.get(pair[0], len(order))):
        inner = property_of(schema, name) or {}
        title = before + str(inner.get("title", name))
        place = f"{pointer}/{name}"
        if isinstance(one, Mapping):
            yield from _leaves(inner, one, place, f"{title} · ")
        elif isinstance(one, list) and any(isinstance(row, Mapping) for row in one):
            items = inner.get("items")
            for n, row in enumerate(one):
                if isinstance(row, Mapping):
                    yield from _leaves(
                        items if isinstance(items, Mapping) else {}, row, f"{place}/{n}", f"{title} {n + 1} · "
                    )
        else:
            yield place, title, one, inner
