"""An item's own words in the reader's language, and the titles of the fields it names.

Knows the overlay `texts/<lang>.json`; a sentence without a translation stays as the author wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.contract import Item, Lookup, Source
from core.judge.sentences import translated


def said(item: Item, language: str, place: str, default: str) -> str:
    """`place` is a key of the overlay, such as `item.json#/title`."""
    return translated(item, language, place, default)


def only_chinese(item: Item, language: str) -> bool:
    """Whether the reader wants another language and the item has no words in it: then its pages say so."""
    return language != "zh" and not (item.bundle.get("texts") or {}).get(language)


def title(item: Item, language: str) -> str:
    return said(item, language, "item.json#/title", item.title)


def lines(item: Item, language: str, key: str) -> tuple[str, ...]:
    """A list of sentences of item.json, such as its conditions."""
    declared = item.declared.get(key) or ()
    if isinstance(declared, str):
        return (said(item, language, f"item.json#/{key}", declared),)
    return tuple(said(item, language, f"item.json#/{key}/{n}", line) for n, line in enumerate(declared))


def field_title(schema: Mapping[str, Any], name: str) -> str:
    """The title of one property of a schema; its name where the schema gives none."""
    properties = schema.get("properties")
    declared = properties.get(name) if isinstance(properties, Mapping) else None
    found = declared.get("title") if isinstance(declared, Mapping) else None
    return found if isinstance(found, str) and found else name


def taken(lookup: Lookup, source: Source | None) -> tuple[str, ...]:
    """What a lookup keeps, in words."""
    record = source.record if source else {}
    return tuple(field_title(record, name) for name in lookup.take)


def node_at(item: Item, pointer: str) -> tuple[str, Mapping[str, Any]]:
    """(its place in form.json, the schema of the field) of a pointer into the answers; through the rows of a list."""
    place, schema = "", item.form
    for key in pointer.split("/")[2:]:
        if key == "*":
            continue
        if isinstance(schema.get("items"), Mapping):
            place, schema = f"{place}/items", schema["items"]
        found = (schema.get("properties") or {}).get(key)
        place, schema = f"{place}/properties/{key}", found if isinstance(found, Mapping) else {}
    return place, schema


def pointer_title(item: Item, language: str, pointer: str) -> str:
    """A pointer into the answers as the title of its field, in the reader's language; its name where it has none."""
    place, schema = node_at(item, pointer)
    title = schema.get("title")
    default = title if isinstance(title, str) and title else pointer.rsplit("/", 1)[-1]
    return said(item, language, f"form.json#{place}/title", default)
