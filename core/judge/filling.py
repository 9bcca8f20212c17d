"""What the server fills in instead of asking: held values, declared ones, suggestions, choices.

Knows the item's rules and the facts; renders nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract import Facts, Item, Problem
from core.judge.fields import Field
from core.judge.pointers import Tokens, expand, placed, pointer, tokens, walk, without
from core.judge.rules import rules_of
from core.judge.sentences import say, show, translated

_OPTIONAL_FACTS = ("agent", "site", "materials")
"""Facts that are absent by right: what would be filled from them is no question when they are."""


@dataclass(frozen=True)
class Filling:
    """How each field that somebody else can fill stands now. Pointers are into the answers (`/name`)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Filled and held by the server, never read from the post."""
    held: Mapping[str, str] = field(default_factory=dict)
    """The same pointers → the lookup they come from (`applicant` for what sign-in told)."""
    declared: frozenset[str] = frozenset()
    """The lookup gave nothing: an ordinary question, whose answer is marked *declared*."""
    hidden: frozenset[str] = frozenset()
    """The lookup is not asked: no question at all."""
    suggested: Mapping[str, Any] = field(default_factory=dict)
    """Defaults the applicant may change."""
    choices: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Pointer → `{"value", "title"}` each; with `*` too, for a row that is still to be added."""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Lookup → `{"title", "asked_at", "purpose"}`; given by the caller, for the chip beside a value."""
    claimed: Mapping[str, Any] = field(default_factory=dict)
    """Held pointers that the applicant calls wrong → what he declares instead 校核纠错. The case goes on with it, as an
    answer that is judged like any other; the held value stays what the register said."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Declared pointers → how their lookup ended: empty (the record or this one field is not there), down, refused.
    A place that no lookup fills is not in it."""

    def __bool__(self) -> bool:
        return bool(self.values or self.declared or self.hidden or self.suggested or self.choices)


def fill(
    item: Item,
    facts: Facts,
    *,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Filling:
    """The filling of this item's form under these facts (`/lookups` and `/outcomes` say what was asked).

    `claims`: what the applicant declares instead of held values; one for a place that is not held now says nothing.
    """
    values: dict[str, Any] = {}
    held: dict[str, str] = {}
    declared: set[str] = set()
    why: dict[str, str] = {}
    hidden: set[str] = set()
    suggested: dict[str, Any] = {}
    choices: dict[str, list[dict[str, Any]]] = {}
    answers = facts.get("answers") or {}
    for f in rules_of(item).fields:
        if f.choices:
            found = _choices(facts, f.choices)
            if found:
                choices[f.pointer] = found
                choices.update(dict.fromkeys((pointer(path) for path, _ in _rows(answers, f)), found))
        if not f.from_ and not f.suggest:
            continue
        for path, rows in _rows(answers, f):
            place = pointer(path)
            if f.from_:
                state, value = _ask(item, facts, f.from_, f.path, rows)
                if state == "held":
                    values[place] = value
                    held[place] = _holder(f.from_)
                elif state == "declared":
                    declared.add(place)
                    outcome = (facts.get("outcomes") or {}).get(_holder(f.from_))
                    if outcome is not None:
                        why[place] = "empty" if outcome == "found" else outcome
                else:
                    hidden.add(place)
            if f.suggest and place not in values:
                state, value = _ask(item, facts, f.suggest, f.path, rows)
                if state == "held":
                    suggested[place] = value
    claimed = {place: value for place, value in (claims or {}).items() if place in values}
    return Filling(
        values, held, frozenset(declared), frozenset(hidden), suggested, choices, sources or {}, claimed, why
    )


def _rows(answers: Any, f: Field) -> Iterator[tuple[Tokens, tuple[int, ...]]]:
    return expand(answers, f.path)


def _holder(source: str) -> str:
    parts = tokens(source)
    return parts[1] if parts[0] == "lookups" and len(parts) > 1 else parts[0]


def _ask(item: Item, facts: Facts, source: str, path: Tokens, rows: tuple[int, ...]) -> tuple[str, Any]:
    """("held", value), ("declared", None) or ("hidden", None) for one place."""
    parts = tokens(source)
    if parts[:1] != ("lookups",) or len(parts) < 2:
        found, value = walk(facts, aligned(parts, rows))
        if found and value is not None:
            return "held", value
        return ("hidden" if parts and parts[0] in _OPTIONAL_FACTS and parts[0] not in facts else "declared"), None
    name = parts[1]
    lookup = item.lookups.get(name)
    lookups = facts.get("lookups") or {}
    outcome = (facts.get("outcomes") or {}).get(name)
    if outcome is None and name not in lookups:
        return "hidden", None
    concrete = record_path(item, source, path, rows)
    found, value = walk(facts, concrete)
    if found and value is not None:
        return "held", value
    if lookup is not None and lookup.each and name in lookups and _beyond(lookups[name], concrete):
        # A row added since: not asked yet, so not a question yet.
        return "hidden", None
    return "declared", None


def _list_of(path: Tokens) -> Tokens:
    return path[: path.index("*")] if "*" in path else ()


def _beyond(rows: Any, concrete: Tokens) -> bool:
    return isinstance(rows, list) and len(concrete) > 2 and concrete[2].isdigit() and int(concrete[2]) >= len(rows)


def record_path(item: Item, source: str, path: Tokens, rows: tuple[int, ...]) -> Tokens:
    """Where the fact lies that fills one place: `*` of the source replaced by the rows that the field stands in."""
    parts = tokens(source)
    lookup = item.lookups.get(parts[1]) if parts[:1] == ("lookups",) and len(parts) > 1 else None
    if lookup is not None and lookup.each and "*" not in parts and tokens(lookup.each)[1:] == _list_of(path):
        # `/lookups/spouse/name` inside the rows that it was asked for: the row's own answer.
        parts = (*parts[:2], "*", *parts[2:])
    return aligned(parts, rows)


def aligned(parts: Tokens, rows: tuple[int, ...]) -> Tokens:
    """A source pointer with its `*` replaced by the rows that the field stands in, as far as they go."""
    made = list(parts)
    for row in rows:
        if "*" not in made:
            break
        made[made.index("*")] = str(row)
    return tuple(made)


def _choices(facts: Facts, source: str) -> list[dict[str, Any]]:
    found, value = walk(facts, tokens(source))
    if not found:
        return []
    listed = value if isinstance(value, list) else [value]
    kept: dict[str, Any] = {}
    for one in listed:
        if isinstance(one, (str, int, float)) and not isinstance(one, bool):
            kept.setdefault(show(one) if len(str(one)) < 60 else str(one), one)
    return [{"value": value, "title": title} for title, value in kept.items()]


def apply(filling: Filling, answers: Any) -> Any:
    """The answers with every held value set, or what is declared instead of it, whatever was there, and nothing where
    there is no question."""
    made = answers if isinstance(answers, Mapping) else {}
    for place in filling.hidden:
        made = without(made, tokens(place))
    for place, value in filling.values.items():
        made = placed(made, tokens(place), filling.claimed.get(place, value))
    return made


def choice_problems(filling: Filling, answers: Any, language: str = "zh") -> tuple[Problem, ...]:
    """An answer that was to be picked from what was found, and was not."""
    problems = []
    for place, offered in filling.choices.items():
        if "*" in tokens(place) or place in filling.held:
            continue
        found, value = walk(answers, tokens(place))
        if not found or value is None or value == "":
            continue
        allowed = [c["value"] for c in offered]
        wrong = [v for v in value if v not in allowed] if isinstance(value, list) else value not in allowed
        if wrong:
            problems.append(Problem(place, "x-choices", say(language, "not_a_choice")))
    return tuple(problems)


def must_find_problems(item: Item, facts: Facts, language: str = "zh") -> tuple[Problem, ...]:
    """Empty where the lookup `must_find`: a problem at the field that was asked by, a row's own where it has rows."""
    problems = []
    outcomes = facts.get("outcomes") or {}
    for name, lookup in item.lookups.items():
        if not lookup.must_find:
            continue
        path = tokens(lookup.must_find)
        at = path[1:] if path[:1] == ("answers",) else path
        purpose = translated(item, language, f"lookups.json#/lookups/{name}/purpose", lookup.purpose)
        message = say(language, "must_find", purpose=purpose or name)
        if outcomes.get(name) == "empty":
            problems.append(Problem(pointer(at), "must_find", message))
        elif lookup.each and outcomes.get(name) == "found":
            rows = (facts.get("lookups") or {}).get(name) or ()
            for index, row in enumerate(rows if isinstance(rows, list) else ()):
                if row is None:
                    if "*" in at:
                        problems.append(Problem(pointer(aligned(at, (index,))), "must_find", message))
                        continue
                    of_row = say(language, "must_find_row", n=index + 1, purpose=purpose or name)
                    problems.append(Problem(pointer(at), "must_find", of_row))
    return tuple(dict.fromkeys(problems))
