"""Answers against one form schema: which are active, which are filed, what is wrong with them and in what words.

Knows neither pages nor where an answer came from; `forms` draws what is said here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from core.contract import Problem
from core.judge.active import Active
from core.judge.errormessage import message_for
from core.judge.kinds import kind_of, title_of
from core.judge.levels import Flat, every_property, every_schema
from core.judge.messages import sentence
from core.judge.numbers import slip
from core.judge.periods import ends_before_it_starts, has_periods, wish_at
from core.judge.schema import Error, compile, error_of, parts_of, schemas_in, token

_DEEP = 60
_MOST_NAMES = 20
_MOST_SAID = 5_000
_Placed = tuple[tuple[int, ...], Problem, tuple[str, str]]
"""A problem with its rank among the questions, and with what makes it one: its place and keyword."""


class Answers:
    """One form schema (any draft), taken apart once; immutable to callers and safe to share between threads.

    `ui`: the form's `ui:*`, of which only what is said of the rule of periods counts here."""

    def __init__(self, schema: Mapping[str, Any] | bool, ui: Mapping[str, Any] | None = None) -> None:
        self._compiled = compile(schema)
        self._ui = ui
        self.schema: Any = self._compiled.source
        self._active = Active(self.schema)
        self._known: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._said: dict[str, dict[tuple[Any, ...], _Placed]] = {}
        """By language, what was told before: the same keyword at the same place is told in the same words."""
        self._orders: dict[str, tuple[int, ...]] = {}
        self._together: dict[tuple[int, ...], Any] = {}
        """What several patterns say of one name, kept so that it is taken apart once."""
        self._plain = True
        """No question is ever hidden, so pruning has nothing to do and titles depend on no answer."""
        self._periods = has_periods(self.schema)
        self._awaits = False
        """Some question is readOnly: required of the record, not of the applicant (as OpenAPI has it)."""
        self._own_words = False
        """Some `errorMessage` stands in the schema."""
        for _, node in schemas_in(self.schema):
            self._plain = self._plain and not node.keys() & _CONDITIONAL
            self._awaits = self._awaits or node.get("readOnly") is True
            self._own_words = self._own_words or "errorMessage" in node
        self._steady = self._plain and not (self._own_words and "${" in json.dumps(self.schema))
        """What is said of a keyword at a place never depends on the answers."""

    @property
    def resolver(self) -> Active:
        """The evaluator of conditionals, shared with the form that is drawn."""
        return self._active

    def is_valid(self, answers: Any) -> bool:
        return self._compiled.is_valid(answers)

    def active(self, answers: Any) -> Flat:
        """The top level as it stands for these answers; go deeper with `resolver.flat(property, value)`."""
        return self._active.flat(self.schema, answers)

    def prune(self, answers: Any) -> Any:
        """The answers without those whose question is hidden now: what is filed. The input stays as it is."""
        return answers if self._plain else self._pruned(self.schema, answers, _DEEP)

    def _pruned(self, schema: Any, value: Any, deep: int) -> Any:
        if deep and isinstance(value, Mapping):
            kept = dict(value)
            for _ in range(len(value) + 1):  # what is left out may decide about what stays
                flat = self._active.flat(schema, kept).schema
                known = every_property(self._active.level(schema))
                shown = flat.get("properties", {})
                hidden = [n for n in kept if (n in known and n not in shown) or shown.get(n) is False]
                if not hidden:
                    break
                for name in hidden:
                    del kept[name]
            for name, inner in kept.items():
                if isinstance(inner, (Mapping, list)):
                    below = shown[name] if name in shown else self._further(flat, name)
                    kept[name] = self._pruned(below, inner, deep - 1)
            return kept
        if deep and isinstance(value, list):
            flat = self._active.flat(schema, value).schema
            first = flat.get("prefixItems") or []
            rest = flat.get("items", {})
            return [self._pruned(first[i] if i < len(first) else rest, v, deep - 1) for i, v in enumerate(value)]
        return value

    def problems(self, answers: Any, language: str = "zh", *, held: Collection[str] = ()) -> list[Problem]:
        """All that is wrong, in the order of the questions. `held`: pointers that the server fills or that are no
        question at all; the applicant is told nothing about them."""
        # One walk, not two: errors of valid answers are looked for as fast as their validity is.
        raw = self._compiled.raw_errors(answers)
        if raw is None:
            raw = [Error("", "unreadable")]
        elif self._periods:
            raw += self._reversed(answers, held)
        if not raw:
            return []
        told: dict[tuple[str, str], _Placed] = {}
        known = self._said.setdefault(language, {}) if self._steady else {}
        for one in raw:
            # Most have been told before, in the same words.
            key = _place_of(one) if self._steady else None
            placed = known.get(key) if key is not None else None
            if placed is not None:
                told.setdefault(placed[2], placed)
                continue
            error = one if type(one) is Error else error_of(one)
            fresh = [self._placed_problem(e, answers, language) for e in self._told([error], answers)]
            if key is not None and len(fresh) == 1 and len(known) < _MOST_SAID:
                known[key] = fresh[0]
            for placed in fresh:
                told.setdefault(placed[2], placed)
        found = list(told.values())
        if held:
            found = [p for p in found if not any(p[1].at == h or p[1].at.startswith(h + "/") for h in held)]
        if len(found) > 1:
            found.sort(key=_rank)
        return [self._as_typed(problem, answers, language) for _, problem, _ in found]

    def _as_typed(self, problem: Problem, answers: Any, language: str) -> Problem:
        """What it is about a number that cannot be taken: that it is none would be no help where it looks like one."""
        value = value_at(answers, problem.at) if problem.keyword in ("type", "format") else None
        if not isinstance(value, (str, float)):
            return problem
        missed = slip(value, money=problem.keyword == "format")
        if missed is None:
            return problem
        schema = self.schema_at(problem.at, answers)
        kind, format = kind_of(schema), schema.get("format")
        if kind not in ("integer", "number") if problem.keyword == "type" else format != "cn-money":
            return problem
        title = title_of(schema, problem.at)
        usual = sentence(problem.keyword, {"format": format}, title=title, kind=kind, language=language)
        if problem.message != usual:  # its author has words of his own for it
            return problem
        return replace(problem, message=sentence(*missed, title=title, kind="", language=language))

    def strange(self, answers: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        """What the form has no question for and no rule about, so that nothing reads it: the place it stands in, its
        name, and the names that the form knows there."""
        return list(self._strange(self.schema, answers, "", _DEEP))

    def _strange(self, schema: Any, value: Any, at: str, deep: int) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        if not deep or not isinstance(schema, Mapping):
            return
        if isinstance(value, Mapping):
            flat = self._active.flat(schema, value).schema
            known = every_property(self._active.level(schema))
            shown = flat.get("properties", {})
            for name, inner in value.items():
                below = shown[name] if name in shown else self._further(flat, name)
                spoken_of = name in known or below != {} or "unevaluatedProperties" in flat
                if not spoken_of and "additionalProperties" not in flat:
                    yield at, str(name), tuple(known)
                elif isinstance(inner, (Mapping, list)):
                    yield from self._strange(below, inner, f"{at}/{token(str(name))}", deep - 1)
        elif isinstance(value, list):
            flat = self._active.flat(schema, value).schema
            first, rest = flat.get("prefixItems") or [], flat.get("items", {})
            for i, inner in enumerate(value):
                yield from self._strange(first[i] if i < len(first) else rest, inner, f"{at}/{i}", deep - 1)

    def _reversed(self, answers: Any, held: Collection[str]) -> Iterator[Error]:
        """Periods that end before they start: told at the end, at the start where the end is none to change."""
        for at, first, last in ends_before_it_starts(self._active, self.schema, answers):
            wish = wish_at(self._ui, at)
            if wish is False:
                continue
            places = [(f"{at}/{token(last)}", "", first), (f"{at}/{token(first)}", "start", last)]
            for place, which, other in places:
                if place not in held:
                    params = {"other": self._called(f"{at}/{token(other)}"), "which": which, "said": wish}
                    yield Error(place, "period", params)
                    break

    def _placed_problem(self, error: Error, answers: Any, language: str) -> _Placed:
        keyword = error.outer or error.keyword
        problem = Problem(error.at, keyword, self._words_for(error, answers, language))
        return self._order(error.at), problem, (error.at, keyword)

    def _told(self, errors: list[Error], answers: Any) -> Iterator[Error]:
        """A failing oneOf/anyOf is told as what its chosen branch lacks, where one is plainly chosen."""
        for error in errors:
            if error.keyword == "required" and self._awaits and self.schema_at(error.at, answers).get("readOnly"):
                continue  # The office gives it: the applicant is not kept by what he cannot fill in.
            if error.keyword == "additionalProperties" and self.schema_at(error.at, answers).get("patternProperties"):
                # The applicant wrote these names: each is told beside its own entry.
                for name in list(error.params.get("unexpected") or ())[:_MOST_NAMES]:
                    at, params = f"{error.at}/{token(name)}", {"name": str(name)[:40]}
                    yield replace(error, at=at, keyword="patternProperties", params=params)
                continue
            if error.keyword not in ("oneOf", "anyOf") or error.params.get("matched"):
                yield error
                continue
            branch = self._meant(error, answers)
            if branch is not None:
                for inner in self._told(branch, answers):
                    yield replace(inner, outer=error.keyword) if inner.at == error.at else inner
            else:
                wanted = _open(error)
                if "names" in wanted:
                    wanted["names"] = [self._called(f"{error.at}/{token(name)}") for name in wanted["names"]]
                yield replace(error, params={**error.params, **wanted})

    def _meant(self, error: Error, answers: Any) -> list[Error] | None:
        """The errors of the alternative that a constant (a discriminator) or the type of the value singles out."""
        branches: list[list[Error]] = error.params["branches"]
        value = value_at(answers, error.at)
        right_type = [b for b in branches if not any(e.at == error.at and e.keyword == "type" for e in b)]
        if isinstance(value, Mapping):
            told = [
                b
                for b in right_type
                if not any(e.keyword in ("const", "enum") and e.at.count("/") == error.at.count("/") + 1 for e in b)
            ]
            if len(told) == 1 and len(branches) > 1 and len(told) < len(right_type):
                return told[0]
        if len(right_type) == 1 and (len(branches) == 1 or value is not None):
            return right_type[0]
        return None

    # -- words --

    def _words_for(self, error: Error, answers: Any, language: str) -> str:
        if self._own_words:
            own = message_for(self.schema, error, answers)
            if own is not None:
                return own
        if error.keyword == "period" and isinstance(own := error.params.get("said"), str):
            return own
        title, kind = self._question(error, answers)
        return sentence(error.keyword, error.params, title=title, kind=kind, language=language)

    def _question(self, error: Error, answers: Any) -> tuple[str, str]:
        """Title and kind of the question at fault. The way to a keyword names the question, whatever the row."""
        key = (error.path, error.params.get("property"))
        known = self._known.get(key)
        if known is None:
            schema = self.schema_at(error.at, answers)
            known = (title_of(schema, error.at), kind_of(schema))
            if self._plain and len(self._known) < 5000:
                self._known[key] = known
        return known

    def _called(self, at: str) -> str:
        """The title of a question in whatever branch it stands, active or not."""
        schemas: list[Any] = [self.schema]
        for name in parts_of(at):
            schemas = [s for one in schemas[:20] for s in every_schema(self._active.level(one), name)]
        flats = [self._active.flat(one).schema for one in schemas if isinstance(one, Mapping)]
        return next((title_of(flat, at) for flat in flats if flat.get("title")), title_of({}, at))

    def schema_at(self, at: str, answers: Any) -> Mapping[str, Any]:
        """The active schema of the place a pointer names; {} where there is none."""
        schema: Any = self.schema
        value = answers
        for name in parts_of(at):
            flat = self._active.flat(schema, value).schema
            if isinstance(value, list) or ("properties" not in flat and ("items" in flat or "prefixItems" in flat)):
                first = flat.get("prefixItems") or []
                index = int(name) if name.isdigit() and len(name) < 10 else 0
                schema = first[index] if index < len(first) else flat.get("items", {})
                value = value[index] if isinstance(value, list) and index < len(value) else None
            else:
                schema = flat.get("properties", {}).get(name)
                if schema is None:
                    schema = self._further(flat, name)
                value = value.get(name) if isinstance(value, Mapping) else None
        return self._active.flat(schema, value).schema if isinstance(schema, Mapping) else {}

    def _further(self, flat: Mapping[str, Any], name: str) -> Any:
        """The schema of a property that only patterns, or nothing, speak of; several patterns speak together."""
        patterns = flat.get("patternProperties") or {}
        fitting = [one for text, one in patterns.items() if compile({"pattern": text}).is_valid(name)]
        if len(fitting) > 1:
            key = tuple(map(id, fitting))
            return self._together.setdefault(key, {"allOf": fitting})
        if fitting:
            return fitting[0]
        rest = flat.get("additionalProperties")
        return rest if rest is not None else flat.get("unevaluatedProperties", {})

    def _order(self, at: str) -> tuple[int, ...]:
        known = self._orders.get(at)
        if known is None:
            known = self._placed(at)
            if len(self._orders) > 5000:
                self._orders.clear()
            self._orders[at] = known
        return known

    def _placed(self, at: str) -> tuple[int, ...]:
        """Where a place stands among the questions, level by level; "" comes last, after the questions it is about."""
        if not at:
            return (1 << 30,)
        place: list[int] = []
        schema: Any = self.schema
        for name in parts_of(at):
            level = self._active.level(schema) if isinstance(schema, Mapping) else None
            names = every_property(level) if level else {}
            if name in names:
                place.append(names[name])
                schema = every_schema(level, name)[0] if level else {}
            elif name.isdigit() and len(name) < 10:
                place.append(int(name))
                schema = next(iter(every_schema(level, name) if level else ()), {})
            else:
                place.append(1 << 20)
                schema = {}
        return tuple(place)


def _place_of(raw: Any) -> tuple[Any, ...] | None:
    """What an error of the library is known again by; None where its words speak of the answer itself."""
    if type(raw) is Error:
        return None
    path = raw.evaluation_path
    keyword = path[-1] if path else ""
    if keyword in _SPEAKS_OF_ANSWER:
        return None
    if keyword in _NAMES_ABSENT:
        return (*path, None, *raw.instance_path, raw.kind.property)
    return (*path, None, *raw.instance_path)


def _open(error: Error) -> dict[str, Any]:
    """For `anyOf: [{required: [a]}, {required: [b]}]`: the names of which one is wanted."""
    names: list[str] = []
    for branch in error.params["branches"]:
        if not all(e.keyword == "required" and e.at.count("/") == error.at.count("/") + 1 for e in branch):
            return {"open": True}
        names += [e.params["property"] for e in branch]
    return {"open": True, "names": list(dict.fromkeys(names))}


def value_at(answers: Any, at: str) -> Any:
    value = answers
    for name in parts_of(at):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


_rank = itemgetter(0)
_NAMES_ABSENT = ("required", "dependentRequired")
_SPEAKS_OF_ANSWER = {"additionalProperties", "unevaluatedProperties", "anyOf", "oneOf", "unreadable"}
_CONDITIONAL = {"if", "oneOf", "anyOf", "dependentSchemas", "allOf"}

__all__ = ["Answers", "value_at"]
