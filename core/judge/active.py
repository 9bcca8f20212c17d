"""Which part of a schema is active for given answers: `$ref`, `allOf`, `if`, dependencies and branches resolved.

The one evaluator of conditionals; forms draw and read by it, `judge.answers` prunes by it. Judges nothing itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.judge.merging import merge
from core.judge.schema import Schema, part, resolve_ref, token, walk

MAX_REFS = 32
"""Schemas that one place may pass through by $ref and allOf before it counts as a circle."""

MAX_LEVELS = 20_000
"""Places kept taken apart; answers may combine branches without end."""

Chosen = Callable[[int], tuple[int, ...] | None]
"""The alternatives that the applicant chose explicitly at the n-th branch control of one place; None: not said."""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One `oneOf`/`anyOf` whose alternatives ask different things: a control to choose by, never guessed."""

    keyword: str
    titles: tuple[str, ...]
    options: tuple[Level, ...]
    tests: tuple[Schema | None, ...]
    by: str | None
    """The property whose constants tell the alternatives apart (a discriminator); None: a control of its own."""
    consts: tuple[tuple[Any, ...], ...]
    chooser: Mapping[str, Any] = field(default_factory=dict)
    """The question that tells them apart, as a schema of the place; {} where there is none."""
    several: bool = False
    """Whether more than one may be chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One place of the schema taken apart: plain keywords, and what depends on the answers there."""

    pieces: tuple[Any, ...]
    """Of: a plain dict; `_If`, `_Dependent`, `Branch`, or another Level."""
    dynamic: bool
    flats: dict[tuple[Any, ...], Flat] = field(default_factory=dict)
    names: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _If:
    test: Schema
    then: Level | None
    otherwise: Level | None


@dataclass(frozen=True, slots=True, eq=False)
class _Dependent:
    name: str
    level: Level


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A place as it stands for given answers: one dict without conditionals, and its branch controls."""

    schema: Mapping[str, Any]
    branches: tuple[tuple[Branch, tuple[int, ...]], ...]
    """Each with the alternatives now chosen."""


class Active:
    """The active parts of one upgraded schema. Immutable to callers; what it learns it keeps."""

    def __init__(self, root: Mapping[str, Any] | bool) -> None:
        self.root: Mapping[str, Any] = root if isinstance(root, Mapping) else ({} if root else {"not": {}})
        self._levels: dict[int, tuple[Any, Level]] = {}
        self._places: dict[int, str] | None = None

    # -- taking apart --

    def level(self, schema: Any) -> Level:
        """The Level of one subschema, made once."""
        known = self._levels.get(id(schema))
        if known is not None:
            return known[1]
        made = self._level(schema, ())
        if len(self._levels) > MAX_LEVELS:
            self._levels.clear()
        self._levels[id(schema)] = (schema, made)
        return made

    def _level(self, schema: Any, through: tuple[int, ...]) -> Level:
        if not isinstance(schema, Mapping) or len(through) > MAX_REFS or id(schema) in through:
            return Level((), False)
        through = (*through, id(schema))
        pieces: list[Any] = []
        ref = schema.get("$ref")
        if isinstance(ref, str):
            # The metaschemas that jsonschema-rs knows by itself are not found here: nothing to draw.
            with contextlib.suppress(LookupError):
                pieces.append(self._level(resolve_ref(self.root, ref), through))
        for one in schema.get("allOf") or ():
            pieces.append(self._level(one, through))
        own = {k: v for k, v in schema.items() if k not in _APPLIED}
        if own:
            pieces.append(own)
        for keyword in ("oneOf", "anyOf"):
            if isinstance(schema.get(keyword), list):
                pieces.append(self._alternatives(schema, keyword, through))
        if "if" in schema and ("then" in schema or "else" in schema):
            pieces.append(
                _If(
                    self._test(schema["if"]),
                    self._level(schema["then"], through) if "then" in schema else None,
                    self._level(schema["else"], through) if "else" in schema else None,
                )
            )
        for name, needs in (schema.get("dependentRequired") or {}).items():
            pieces.append(_Dependent(name, Level(({"required": list(needs)},), False)))
        for name, needs in (schema.get("dependentSchemas") or {}).items():
            pieces.append(_Dependent(name, self._level(needs, through)))
        dynamic = any(isinstance(p, (_If, _Dependent, Branch)) or (isinstance(p, Level) and p.dynamic) for p in pieces)
        return Level(tuple(pieces), dynamic)

    def _alternatives(self, schema: Mapping[str, Any], keyword: str, through: tuple[int, ...]) -> Any:
        options = [o for o in schema[keyword] if o is not False]
        levels = [self._level(o, through) for o in options]
        flats = [self._flat(lv, None, None).schema for lv in levels]
        choices = choices_of(flats)
        if choices is not None and not (keyword == "anyOf" and "enum" in schema):
            return {"x-options": choices}
        real = [(o, lv, f) for o, lv, f in zip(options, levels, flats, strict=True) if f.get("type") != "null"]
        nullable = len(real) < len(options)
        if len(real) == 1 and nullable:
            return Level((real[0][1], {"x-null": True}), real[0][1].dynamic)
        if not any(map(_asks, flats)):
            return {}  # a constraint (`anyOf: [{required: [a]}, …]`): judged, nothing to draw
        if all(_scalar(f) for _, _, f in real):
            types = [t for _, _, f in real for t in types_of(f)] + (["null"] if nullable else [])
            return {"type": list(dict.fromkeys(types))}
        by, consts = _discriminator([f for _, _, f in real], schema.get("discriminator"))
        titles = tuple(
            str(f.get("title") or _named(o) or (consts[i][0] if by else "") or "") for i, (o, _, f) in enumerate(real)
        )
        branch = Branch(
            keyword,
            titles,
            tuple(lv for _, lv, _ in real),
            tuple(None if by else self._test(o) for o, _, _ in real),
            by,
            consts,
            several=keyword == "anyOf" and by is None and _may_go_together([f for _, _, f in real]),
        )
        return branch if by is None else replace(branch, chooser=_chooser(branch, [f for _, _, f in real]))

    def _test(self, schema: Any) -> Schema:
        if self._places is None:
            self._places = {id(node): at for at, node in walk(self.root) if isinstance(node, dict)}
        at = self._places.get(id(schema))
        if at is not None:
            return part(self.root, at)
        return part({"$defs": self.root.get("$defs", {}), "$comment": "", "\0": schema}, "/" + token("\0"))

    # -- putting together --

    def flat(self, schema: Any, value: Any = None, chosen: Chosen | None = None) -> Flat:
        """The place as it stands for `value`; the same object again for the same decisions."""
        return self._flat(self.level(schema), value, chosen)

    def _flat(self, level: Level, value: Any, chosen: Chosen | None) -> Flat:
        if not level.dynamic:
            known = level.flats.get(())
            if known is None:
                known = level.flats[()] = _merged(list(_plain(level)), ())
            return known
        decisions: list[Any] = []
        gathered: list[Mapping[str, Any]] = []
        branches: list[tuple[Branch, tuple[int, ...]]] = []
        self._gather(level, value, chosen, (decisions, gathered, branches))
        key = tuple(decisions)
        known = level.flats.get(key)
        if known is None:
            if len(level.flats) > 256:
                level.flats.clear()
            known = level.flats[key] = _merged(gathered, tuple(branches))
        return known

    def _gather(self, level: Level, value: Any, chosen: Chosen | None, into: tuple[Any, Any, Any]) -> None:
        decisions, gathered, branches = into
        for piece in level.pieces:
            if isinstance(piece, dict):
                gathered.append(piece)
            elif isinstance(piece, Level):
                self._gather(piece, value, chosen, into)
            elif isinstance(piece, _If):
                holds = piece.test.is_valid({} if value is None else value)
                decisions.append(holds)
                taken = piece.then if holds else piece.otherwise
                if taken is not None:
                    self._gather(taken, value, chosen, into)
            elif isinstance(piece, _Dependent):
                there = isinstance(value, Mapping) and piece.name in value
                decisions.append(there)
                if there:
                    self._gather(piece.level, value, chosen, into)
            else:
                n = len(branches)
                picked = picks(piece, value, chosen(n) if chosen else None)
                decisions.append(picked)
                branches.append((piece, picked))
                if piece.by is not None:
                    gathered.append(piece.chooser)
                for i in picked:
                    self._gather(piece.options[i], value, chosen, into)


_APPLIED = frozenset(
    {"$ref", "allOf", "oneOf", "anyOf", "if", "then", "else", "dependentRequired", "dependentSchemas", "$defs"}
)


def _plain(level: Level) -> Any:
    for piece in level.pieces:
        if isinstance(piece, dict):
            yield piece
        else:
            yield from _plain(piece)


def _merged(gathered: list[Mapping[str, Any]], branches: tuple[tuple[Branch, tuple[int, ...]], ...]) -> Flat:
    schema: dict[str, Any] = {}
    for one in gathered:
        schema = merge(schema, one)
    if schema.pop("x-null", False):
        types = types_of(schema)
        if types and "null" not in types:
            schema["type"] = [*types, "null"]
    return Flat(schema, branches)


def picks(branch: Branch, value: Any, said: tuple[int, ...] | None) -> tuple[int, ...]:
    """Which alternatives hold: the discriminator's, those said, or those that the answers already fit."""
    if branch.by is not None:
        told = value.get(branch.by) if isinstance(value, Mapping) else None
        return tuple(i for i, c in enumerate(branch.consts) if told in c)[:1]
    valid = tuple(i for i in said or () if i < len(branch.options))
    if valid or (said is not None and branch.several):
        return valid if branch.several else valid[:1]
    if value is None or value in ({}, []):
        return ()
    fitting = [i for i, test in enumerate(branch.tests) if test is not None and test.is_valid(value)]
    # Several fit (all but the keys they name is open): the one that knows most of what is there.
    best = max(fitting, key=lambda i: _known(branch.options[i], value), default=None)
    first = () if best is None else (best,)
    if branch.keyword != "anyOf" or not isinstance(value, Mapping):
        return first
    return tuple(sorted((*first, *_besides(branch, first, value, fitting))))


def _besides(branch: Branch, first: tuple[int, ...], value: Mapping[str, Any], fitting: list[int]) -> Iterator[int]:
    """Of `anyOf` more than one may hold: the others that fit and know something the first does not ask; and, where
    several may be chosen, one that does not fit yet and alone knows something that is there."""
    names = [every_property(level).keys() for level in branch.options]
    known = {name for i in first for name in names[i]}
    for i in sorted(range(len(names)), key=lambda i: i not in fitting):
        more = (names[i] & value.keys()) - known
        if i not in fitting:
            more = {name for name in more if branch.several and sum(name in one for one in names) == 1}
        if i not in first and more:
            known |= names[i]
            yield i


def _known(level: Level, value: Any) -> int:
    return len(every_property(level).keys() & value.keys()) if isinstance(value, Mapping) else 0


def _every(level: Level) -> Any:
    for piece in level.pieces:
        if isinstance(piece, dict):
            yield piece
        elif isinstance(piece, Level):
            yield from _every(piece)
        elif isinstance(piece, _If):
            yield from (p for lv in (piece.then, piece.otherwise) if lv for p in _every(lv))
        elif isinstance(piece, _Dependent):
            yield from _every(piece.level)
        else:
            yield from (p for lv in piece.options for p in _every(lv))


def every_property(level: Level) -> dict[str, int]:
    """Every property named at this place in any branch, active or not, with its rank in the order of the schema."""
    if level.names is None:
        names = dict.fromkeys(name for piece in _every(level) for name in piece.get("properties", {}))
        object.__setattr__(level, "names", {name: i for i, name in enumerate(names)})
    return level.names  # type: ignore[return-value]


def requires(level: Level, name: str) -> bool:
    """Whether some branch at this place, active or not, requires a property."""
    return any(name in (piece.get("required") or ()) for piece in _every(level))


def _chooser(branch: Branch, flats: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The discriminator as a question of its own: all its constants on offer, in the words of the alternatives."""
    options = [
        {"value": value, "title": branch.titles[i] or str(value)} for i, cs in enumerate(branch.consts) for value in cs
    ]
    asked: dict[str, Any] = {"x-options": options, "x-chooser": True}
    for word in ("title", "description"):
        said = [flat["properties"][branch.by].get(word) for flat in flats]
        if any(said):
            asked[word] = next(filter(None, said))
    whole: dict[str, Any] = {"properties": {branch.by: asked}}
    if all(branch.by in (flat.get("required") or ()) for flat in flats):
        whole["required"] = [branch.by]
    return whole


_NO_GROUP = frozenset({"items", "prefixItems", "enum", "const", "x-options"})


def _may_go_together(flats: list[Mapping[str, Any]]) -> bool:
    """Whether one answer can meet several alternatives at once: open groups that mean the same by the same name."""
    asked: dict[str, Any] = {}
    for flat in flats:
        if types_of(flat) not in ([], ["object"]) or flat.keys() & {
            "items",
            "prefixItems",
            "enum",
            "const",
            "x-options",
        }:
            return False
        if any(flat.get(word) not in (None, True) for word in ("additionalProperties", "unevaluatedProperties")):
            return False
        for name, schema in flat.get("properties", {}).items():
            if asked.setdefault(name, schema) != schema:
                return False
    return True


def _asks(flat: Mapping[str, Any]) -> bool:
    return any(k in flat for k in ("properties", "type", "items", "prefixItems", "enum", "const", "x-options"))


def types_of(flat: Mapping[str, Any]) -> list[str]:
    declared = flat.get("type")
    if isinstance(declared, str):
        return [declared]
    return [t for t in declared if isinstance(t, str)] if isinstance(declared, list) else []


def _scalar(flat: Mapping[str, Any]) -> bool:
    types = types_of(flat)
    return bool(types) and not {"object", "array"} & set(types)


def choices_of(flats: list[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """`[{value, title}]` when every alternative is a constant (or a bare enum); None when one asks more."""
    choices: list[dict[str, Any]] = []
    for flat in flats:
        if flat.keys() & {"properties", "items", "prefixItems", "required"}:
            return None
        if "const" in flat:
            choices.append({"value": flat["const"], "title": flat.get("title")})
        elif isinstance(flat.get("enum"), list):
            alone = len(flat["enum"]) == 1
            choices += [{"value": v, "title": flat.get("title") if alone else None} for v in flat["enum"]]
        else:
            return None
    return choices or None


def _discriminator(flats: list[Mapping[str, Any]], declared: Any) -> tuple[str | None, tuple[tuple[Any, ...], ...]]:
    names = [list(f.get("properties", {})) for f in flats]
    told = declared.get("propertyName") if isinstance(declared, Mapping) else None
    for name in [told] if told else (names[0] if names else []):
        consts = [_constants(f.get("properties", {}).get(name)) for f in flats]
        if all(consts):
            every = [c for cs in consts for c in cs]
            if len(every) == len({repr(c) for c in every}):
                return name, tuple(tuple(c) for c in consts)
    return None, ()


def _constants(schema: Any) -> list[Any]:
    if not isinstance(schema, Mapping):
        return []
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if isinstance(schema.get("enum"), list) else []


def _named(option: Any) -> str:
    ref = option.get("$ref") if isinstance(option, Mapping) else None
    return ref.rsplit("/", 1)[-1] if isinstance(ref, str) else ""


def every_schema(level: Level, name: str) -> list[Any]:
    """The schemas of one property or row at this place, in any branch."""
    found: list[Any] = []
    for piece in _every(level):
        properties = piece.get("properties")
        if isinstance(properties, Mapping) and name in properties:
            found.append(properties[name])
        elif name.isdigit() and len(name) < 5:
            first = piece.get("prefixItems") or []
            if int(name) < len(first):
                found.append(first[int(name)])
            elif isinstance(piece.get("items"), Mapping):
                found.append(piece["items"])
    return found
