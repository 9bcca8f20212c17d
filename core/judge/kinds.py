"""What sort of question a flat schema asks, and what it is called in a sentence.

Knows one schema and no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.judge.levels import types_of
from core.judge.schema import parts_of


def title_of(schema: Mapping[str, Any], at: str) -> str:
    """What the question is called in a sentence: its title without an ending colon, else its name."""
    title = schema.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip().rstrip("：:？?* ")
    parts = parts_of(at)
    if parts and parts[-1].isdigit():
        return ""
    return re.sub(r"[_-]+", " ", parts[-1]) if parts else ""


def kind_of(schema: Mapping[str, Any]) -> str:
    """What sort of question a flat schema asks; picks the sentence (see `messages`)."""
    types = [t for t in types_of(schema) if t != "null"]
    only = schema.get("enum")
    if schema.get("const") is True or (isinstance(only, list) and len(only) == 1 and only[0] is True):
        return "box"
    if "enum" in schema or "x-options" in schema or schema.get("format") == "cn-area":
        return "choice"
    if types == ["boolean"]:
        return "yesno"
    if schema.get("contentMediaType") or schema.get("format") == "data-url":
        return "file"
    if types == ["array"]:
        items = schema.get("items")
        chosen = isinstance(items, Mapping) and items.keys() & {"enum", "oneOf", "anyOf", "$ref"}
        return "choices" if chosen and schema.get("uniqueItems") else "rows"
    if types == ["object"] or "properties" in schema:
        return "group"
    if types in (["integer"], ["number"]):
        return types[0]
    if schema.get("pattern") in (r"^\d+$", r"^[0-9]+$") or str(schema.get("format", "")).startswith("cn-"):
        return "digits"
    return "text"
