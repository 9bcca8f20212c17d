"""Which part of a schema is active for given answers: `$ref`, `allOf`, `if`, dependencies and branches resolved.

The one evaluator of conditionals; forms draw and read by it, `judge.answers` prunes by it. Judges nothing itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.judge.alternatives import (
    asks,
    choices_of,
    chooser_of,
    discriminator,
    is_scalar,
    may_go_together,
    name_of_ref,
    picks,
)
from core.judge.levels import Branch, Dependent, Flat, If, Level, every_piece, plain, types_of
from core.judge.merging import merge
from core.judge.schema import Schema, part, registered, resolve_ref, token, walk

MAX_REFS = 32
"""Schemas that one place may pass through by $ref and allOf before it counts as a circle."""

MAX_LEVELS = 20_000
"""Places kept taken apart; answers may combine branches without end."""

Chosen = Callable[[int], tuple[int, ...] | None]
"""The alternatives that the applicant chose explicitly at the n-th branch control of one place; None: not said."""


class Active:
    """The active parts of one upgraded schema. Immutable to callers; what it learns it keeps."""

    def __init__(self, root: Mapping[str, Any] | bool) -> None:
        self.root: Mapping[str, Any] = root if isinstance(root, Mapping) else ({} if root else {"not": {}})
        self._levels: dict[int, tuple[Any, Level]] = {}
        self._places: dict[int, str] | None = None
        self._registry: Any = None

    # -- taking apart --

    def level(self, schema: Any) -> Level:
        """The Level of one subschema, made once."""
        known = self._levels.get(id(schema))
        if known is not None:
            return known[1]
        made = self._level(schema, ())
        if made.dynamic and _is_group(made):
            made = Level((*made.pieces, {"type": "object"}), True)
        if len(self._levels) > MAX_LEVELS:
            self._levels.clear()
        self._levels[id(schema)] = (schema, made)
        return made

    def _level(self, schema: Any, through: tuple[int, ...]) -> Level:
        if not isinstance(schema, Mapping) or len(through) > MAX_REFS or id(schema) in through:
            return Level((), False)
        through = (*through, id(schema))
        pieces: list[Any] = []
        ref = schema.get("$ref", schema.get("$dynamicRef"))
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
                If(
                    self._test(schema["if"]),
                    self._level(schema["then"], through) if "then" in schema else None,
                    self._level(schema["else"], through) if "else" in schema else None,
                )
            )
        for name, needs in (schema.get("dependentRequired") or {}).items():
            pieces.append(Dependent(name, Level(({"required": list(needs)},), False)))
        for name, needs in (schema.get("dependentSchemas") or {}).items():
            pieces.append(Dependent(name, self._level(needs, through)))
        dynamic = any(isinstance(p, (If, Dependent, Branch)) or (isinstance(p, Level) and p.dynamic) for p in pieces)
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
        if not any(map(asks, flats)):
            return {}  # a constraint (`anyOf: [{required: [a]}, …]`): judged, nothing to draw
        if all(is_scalar(f) for _, _, f in real):
            types = [t for _, _, f in real for t in types_of(f)] + (["null"] if nullable else [])
            return {"type": list(dict.fromkeys(types))}
        by, consts = discriminator([f for _, _, f in real], schema.get("discriminator"))
        titles = tuple(
            str(f.get("title") or name_of_ref(o) or (consts[i][0] if by else "") or "")
            for i, (o, _, f) in enumerate(real)
        )
        branch = Branch(
            keyword,
            titles,
            tuple(lv for _, lv, _ in real),
            tuple(None if by else self._test(o) for o, _, _ in real),
            by,
            consts,
            several=keyword == "anyOf" and by is None and may_go_together([f for _, _, f in real]),
        )
        return branch if by is None else replace(branch, chooser=chooser_of(branch, [f for _, _, f in real]))

    def _test(self, schema: Any) -> Schema:
        if self._places is None:
            self._registry = registered(self.root)
            self._places = {id(node): at for at, node in walk(self.root) if isinstance(node, dict)}
        at = self._places.get(id(schema))
        if at is not None:
            return part(self.root, at, self._registry)
        return part({"$defs": self.root.get("$defs", {}), "$comment": "", "\0": schema}, "/" + token("\0"))

    # -- putting together --

    def flat(self, schema: Any, value: Any = None, chosen: Chosen | None = None) -> Flat:
        """The place as it stands for `value`; the same object again for the same decisions."""
        return self._flat(self.level(schema), value, chosen)

    def _flat(self, level: Level, value: Any, chosen: Chosen | None) -> Flat:
        if not level.dynamic:
            known = level.flats.get(())
            if known is None:
                known = level.flats[()] = _merged(list(plain(level)), ())
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
            elif isinstance(piece, If):
                holds = piece.test.is_valid({} if value is None else value)
                decisions.append(holds)
                taken = piece.then if holds else piece.otherwise
                if taken is not None:
                    self._gather(taken, value, chosen, into)
            elif isinstance(piece, Dependent):
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
    {
        "$ref",
        "$dynamicRef",
        "allOf",
        "oneOf",
        "anyOf",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "$defs",
    }
)


_SHAPED = frozenset({"type", "items", "prefixItems", "enum", "const", "x-options", "x-null"})


def _is_group(level: Level) -> bool:
    """Whether a place without a type asks for properties, if only once something is answered, and for nothing else."""
    asked = list(every_piece(level))
    return any("properties" in piece for piece in asked) and not any(piece.keys() & _SHAPED for piece in asked)


def _merged(gathered: list[Mapping[str, Any]], branches: tuple[tuple[Branch, tuple[int, ...]], ...]) -> Flat:
    schema: dict[str, Any] = {}
    for one in gathered:
        schema = merge(schema, one)
    if schema.pop("x-null", False):
        types = types_of(schema)
        if types and "null" not in types:
            schema["type"] = [*types, "null"]
    return Flat(schema, branches)
