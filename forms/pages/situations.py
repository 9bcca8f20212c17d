"""A condition on what the applicant writes, in words: “用途”是“其他”.

Knows the form's titles; what rests on a register or on a clock is not told, for it would say nothing to who reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from core.contract import Item
from core.contract.words import RawCondition
from core.web.rendering import translator
from forms.pages.said import node_at, pointer_title, said
from forms.pages.words import N_, WHO

_BOUNDS = {
    "minimum": N_("不低于%(bound)s"),
    "exclusiveMinimum": N_("超过%(bound)s"),
    "maximum": N_("不超过%(bound)s"),
    "exclusiveMaximum": N_("低于%(bound)s"),
}
_MOST = 4
"""Of values in one sentence: a longer list is no sentence."""


def situation(item: Item, language: str, raw: RawCondition | None, each: str = "") -> str:
    """Nothing where some part of it cannot be told: half a condition is a wrong one. `each` is the list whose rows
    `/each` reads."""
    if raw is None:
        return ""
    tables = [in_row(each, table) if each else table for table in (raw if isinstance(raw, list) else [raw])]
    told = [_table(item, language, table) for table in tables]
    return translator(language)("，或者").join(dict.fromkeys(told)) if all(told) else ""


def rests_on_answers(raw: RawCondition | None) -> bool:
    """Whether some part of it looks at what the applicant writes."""
    said = json.dumps(raw)
    return '"/answers' in said or '"/sums' in said


def _table(item: Item, language: str, table: Any) -> str:
    clauses = [_clause(item, language, pointer, schema) for pointer, schema in table.items()]
    return translator(language)("，并且").join(clauses) if all(clauses) else ""


def _clause(item: Item, language: str, pointer: str, schema: Any) -> str:
    _ = translator(language)
    if not isinstance(schema, Mapping):
        return ""
    if pointer == "/applicant/kind" and (who := WHO.get(str(schema.get("const")))):
        return _("申请人是%(who)s") % {"who": _(who)}
    if not pointer.startswith("/answers/"):
        return ""
    title = pointer_title(item, language, pointer)
    if schema.keys() == {"x-count", "x-where"} and schema["x-count"] == {"minimum": 1}:
        rows = _rows(item, language, pointer, schema["x-where"])
        return _("“%(title)s”里有一项%(what)s") % {"title": title, "what": rows} if rows else ""
    what = _what(schema, lambda value: _value(item, language, pointer, value), _)
    return _("“%(title)s”%(what)s") % {"title": title, "what": what} if what else ""


def _rows(item: Item, language: str, pointer: str, where: Any) -> str:
    """`where` reads the fields of one row, as `/each/name`."""
    if not isinstance(where, Mapping) or not all(key.startswith("/each/") for key in where):
        return ""
    return _table(item, language, in_row(pointer, where))


def in_row(each: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """The condition with `/each/…` led to the fields of the list's rows."""
    return {f"{each}/{key.removeprefix('/each/')}" if key.startswith("/each/") else key: table[key] for key in table}


def _what(schema: Mapping[str, Any], show: Callable[[Any], str], _: Callable[[str], str]) -> str:
    wanted = {key: value for key, value in schema.items() if key != "type"}
    if isinstance(wanted.get("const"), bool) and len(wanted) == 1:
        return _("选“是”") if wanted["const"] else _("选“否”")
    if wanted.keys() == {"const"}:
        return _("是%(value)s") % {"value": show(wanted["const"])}
    if wanted.keys() == {"enum"} and len(wanted["enum"]) <= _MOST:
        return _("是%(value)s") % {"value": _("或").join(map(show, wanted["enum"]))}
    if wanted.keys() == {"contains"} and isinstance(wanted["contains"], Mapping):
        inner = wanted["contains"]
        return _("里有%(value)s") % {"value": show(inner["const"])} if inner.keys() == {"const"} else ""
    if wanted == {"minItems": 1}:
        return _("填了")
    if wanted and wanted.keys() <= _BOUNDS.keys():
        return _("、").join(_(_BOUNDS[key]) % {"bound": bound} for key, bound in wanted.items())
    return ""


def _value(item: Item, language: str, pointer: str, value: Any) -> str:
    """An answer as its form shows it."""
    _ = translator(language)
    place, node = node_at(item, pointer)
    shown = str(value)
    for inner, part in (("", node), ("/items", node.get("items"))):
        if not isinstance(part, Mapping):
            continue
        for n, choice in enumerate(part.get("oneOf") or ()):
            if isinstance(choice, Mapping) and choice.get("const") == value and choice.get("title"):
                shown = said(item, language, f"form.json#{place}{inner}/oneOf/{n}/title", choice["title"])
        if value in (part.get("enum") or ()):
            at = part["enum"].index(value)
            shown = said(item, language, f"form.json#{place}{inner}/enum/{at}", shown)
    return _("“%(value)s”") % {"value": shown}
