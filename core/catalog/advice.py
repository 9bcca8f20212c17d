"""What a folder declares to no effect. It has no fault and serves; its author is told, since he meant something by it.

Knows an item that passed inspection, and nothing of cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.contract import Fault, Item
from core.faults import fault
from core.judge.schema import parts_of, token

_CODE = "plugin.py"
_OWN_NAME = ({"id_number": "/applicant/id_number"}, {"credit_code": "/applicant/credit_code"})
"""A register asked for the applicant's own record tells letters and pages his name."""
_ALL_LOOKUPS = re.compile(r"\b(?:lookups|outcomes)\b(?!\.\w|\[['\"])")
_TAGS = re.compile(r"{[{%].*?[%}]}", re.DOTALL)


def advice(item: Item, files: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Each as a fault would be told. `files` are those of the folder: code may read anything."""

    def told(where: str, key: str, **blanks: str) -> Fault:
        return fault(f"plugins/{item.id}/{where}", key, **blanks)

    found = []
    for name in _unread_lookups(item) if _CODE not in files else ():
        found.append(told(f"lookups.json#/lookups/{token(name)}", "no-effect/lookup", name=name))
    for n, one in enumerate(item.declared.get("sums") or ()):
        if not _reads(_strings(item.bundle.get("routing")), f"/sums/{one['id']}"):
            found.append(told(f"item.json#/sums/{n}", "no-effect/sum", name=one["id"]))
    for n, material in enumerate(item.materials):
        if material.valid_when is not None and not material.proved_by:
            found.append(told(f"item.json#/materials/{n}/valid_when", "no-effect/valid_when"))
        if "consequence" in material.declared and '"promise"' not in json.dumps(material.fallback):
            found.append(told(f"item.json#/materials/{n}/consequence", "no-effect/consequence"))
    for n, rule in enumerate(item.routing.decide):
        for name in sorted(_found_by(_given(rule.part).get("when")) - _surely_found(rule.when)):
            found.append(told(f"routing.json#/decide/{n}/part/when", "part-before-findings", name=name))
    return tuple(found)


def _given(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return value or {}


def _unread_lookups(item: Item) -> Iterator[str]:
    proving = {name for one in item.materials for group in one.proved_by for name in group}
    parts = [item.bundle.get(key) for key in ("item", "form", "ui", "routing")]
    said = [text for part in parts for text in _strings(part)]
    tags = " ".join(tag for text in (item.bundle.get("templates") or {}).values() for tag in _TAGS.findall(text))
    if _ALL_LOOKUPS.search(tags):
        return
    for name, lookup in item.lookups.items():
        if name in proving or name == item.answer or lookup.must_find:
            continue
        if dict(lookup.by) in _OWN_NAME and "name" in lookup.take:
            continue
        declared = _given(item.bundle.get("lookups")).get("lookups", {})
        others = [text for key, one in declared.items() if key != name for text in _strings(one)]
        pointers = (f"/lookups/{token(name)}", f"/outcomes/{token(name)}")
        if any(_reads([*said, *others], at) for at in pointers):
            continue
        if not re.search(rf"\b(?:lookups|outcomes)(?:\.|\[['\"]){re.escape(name)}\b", tags):
            yield name


def _strings(value: Any) -> Iterator[str]:
    """Every text in a declaration, keys too: conditions name what they read by them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _reads(texts: Sequence[str] | Iterator[str], pointer: str) -> bool:
    """Whether one of the texts is the pointer, leads further in, or has it in a blank."""
    end = re.compile(re.escape(pointer) + r"(?=[/}]|$)")
    return any(end.search(text) for text in texts)


def _found_by(when: Any) -> set[str]:
    """The steps whose findings a condition, or one of several, reads."""
    ways = when if isinstance(when, list) else [when or {}]
    return {parts[1] for way in ways for at in way if (parts := parts_of(at))[:1] == ["findings"] and len(parts) > 1}


def _surely_found(when: Any) -> set[str]:
    """The steps that have found something wherever the condition holds."""
    ways = when if isinstance(when, list) else [when or {}]
    each = [{parts[1] for at, one in way.items() if one is not False
             and (parts := parts_of(at))[:1] == ["findings"] and len(parts) > 1} for way in ways]  # fmt: skip
    return set.intersection(*each) if each else set()
