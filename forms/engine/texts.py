"""The overlay of translations: `form.json#/properties/phone/title` → the words in another language.

Knows JSON Pointers only; a pointer that leads nowhere is left out (the inspection of a folder tells of it).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from core.judge.schema import parts_of


def overlaid(schema: Any, ui: Any, texts: Mapping[str, str]) -> tuple[Any, Any]:
    """Copies of schema and ui with the words put in. Keys start with `form.json#`, `form.ui.json#` or `#`."""
    schema, ui = copy.deepcopy(schema), copy.deepcopy(ui) if ui else {}
    for key, text in texts.items():
        file, _, at = key.partition("#")
        if file in ("", "form.json"):
            _put(schema, parts_of(at), text)
        elif file == "form.ui.json":
            _put(ui, parts_of(at), text)
    return schema, ui


def _put(value: Any, names: list[str], text: str) -> None:
    if len(names) > 1 and names[-2] in _VALUES:
        return _named(value, names, text)
    for name in names[:-1]:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    if not names:
        return None
    last = names[-1]
    if isinstance(value, dict):
        value[last] = text
    elif isinstance(value, list) and last.isdigit() and int(last) < len(value):
        value[int(last)] = text
    return None


_VALUES = ("enum", "enumNames")
"""An option's value is never translated, its name is: `…/enum/0` and `…/enumNames/0` both name the first option."""


def _named(value: Any, names: list[str], text: str) -> None:
    for name in names[:-2]:
        value = value.get(name) if isinstance(value, dict) else _item(value, name)
    options = value.get("enum") if isinstance(value, dict) else None
    if isinstance(options, list) and names[-1].isdigit() and int(names[-1]) < len(options):
        told = value.get("enumNames")
        told = [*told] if isinstance(told, list) else []
        told += [None] * (len(options) - len(told))
        told[int(names[-1])] = text
        value["enumNames"] = told


def _item(value: Any, name: str) -> Any:
    return value[int(name)] if isinstance(value, list) and name.isdigit() and int(name) < len(value) else None
