"""`oneOf` and `anyOf`: what tells the alternatives apart, and which of them hold.

Knows the alternatives as flat schemas; taking them apart is `judge.active`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.judge.levels import Branch, Level, every_property, types_of


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


def discriminator(flats: list[Mapping[str, Any]], declared: Any) -> tuple[str | None, tuple[tuple[Any, ...], ...]]:
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


def chooser_of(branch: Branch, flats: list[Mapping[str, Any]]) -> dict[str, Any]:
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


def may_go_together(flats: list[Mapping[str, Any]]) -> bool:
    """Whether one answer can meet several alternatives at once: open groups that mean the same by the same name."""
    asked: dict[str, Any] = {}
    for flat in flats:
        if types_of(flat) not in ([], ["object"]) or flat.keys() & _NO_GROUP:
            return False
        if any(flat.get(word) not in (None, True) for word in ("additionalProperties", "unevaluatedProperties")):
            return False
        for name, schema in flat.get("properties", {}).items():
            if asked.setdefault(name, schema) != schema:
                return False
    return True


def asks(flat: Mapping[str, Any]) -> bool:
    return any(k in flat for k in ("properties", "type", "items", "prefixItems", "enum", "const", "x-options"))


def is_scalar(flat: Mapping[str, Any]) -> bool:
    types = types_of(flat)
    return bool(types) and not {"object", "array"} & set(types)


def name_of_ref(option: Any) -> str:
    ref = option.get("$ref") if isinstance(option, Mapping) else None
    return ref.rsplit("/", 1)[-1] if isinstance(ref, str) else ""
