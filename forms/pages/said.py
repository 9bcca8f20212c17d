"""An item's own words in the reader's language, and the titles of the fields it names.

Knows the overlay `texts/<lang>.json`; a sentence without a translation stays as the author wrote it.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request

from core.cases.promising import CONSEQUENCE
from core.contract import Item, Lookup, Source
from core.judge.retelling import own_words
from core.judge.schema import parts_of, resolve_ref, token
from core.judge.sentences import translated
from core.web.rendering import translator
from forms.pages.words import N_

_DEEPEST, _MOST = 12, 50
"""How far `$ref` and branches are followed, and how many declarations of one question are looked at."""


def said(item: Item, language: str, place: str, default: str) -> str:
    """`place` is a key of the overlay, such as `item.json#/title`."""
    return translated(item, language, place, default)


ONLY_CHINESE = N_("这个事项的说明和问题目前只有中文。需要帮助的，请到服务大厅或拨打办理部门的电话。")


def speak(request: Request, item: Item) -> None:
    """A page about an item that has no words in the reader's language is Chinese as a whole, so that no sentence on it
    is half and half. One note in his own language says so; what he chose stands for every other page."""
    state = request.scope["state"]
    language = state["language"]
    if language != "zh" and not (item.bundle.get("texts") or {}).get(language):
        state.update(language="zh", wanted=language, chinese_note=translator(language)(ONLY_CHINESE))


def title(item: Item, language: str) -> str:
    return said(item, language, "item.json#/title", item.title)


def kept(items: Mapping[str, Item], id: str, text: str, language: str) -> str:
    """Words of an item that a case keeps in Chinese, in the reader's language by the item as it stands."""
    item = items.get(id) if language != "zh" else None
    return own_words(item, language).get(text, text) if item is not None else text


def lines(item: Item, language: str, key: str) -> tuple[str, ...]:
    """A list of sentences of item.json, such as its conditions."""
    declared = item.declared.get(key) or ()
    if isinstance(declared, str):
        return (said(item, language, f"item.json#/{key}", declared),)
    return tuple(said(item, language, f"item.json#/{key}/{n}", line) for n, line in enumerate(declared))


def brought(item: Item, id: str, language: str) -> tuple[str, bool]:
    """(what is to be known about a paper that is brought, whether it has an example to look at)."""
    for n, one in enumerate(item.materials):
        if one.id == id:
            note = said(item, language, f"item.json#/materials/{n}/note", one.declared.get("note") or "")
            return note, bool(one.declared.get("sample"))
    return "", False


def consequence(item: Item, id: str, language: str) -> str:
    """What follows an untrue promise in place of this paper, as the promise itself will say it."""
    for n, one in enumerate(item.materials):
        if one.id == id and (own := one.declared.get("consequence")):
            return said(item, language, f"item.json#/materials/{n}/consequence", own)
    return translator(language)(CONSEQUENCE)


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
    """(its place in form.json, the schema of the field) of a pointer into the answers; through the rows of a list, and
    wherever the question is declared: in a `then`, in a branch, behind a `$ref`. The first that has a title speaks."""
    at: list[tuple[str, Mapping[str, Any]]] = [("", item.form)]
    for key in parts_of(pointer)[1:]:
        if key != "*":
            below = list(itertools.islice(_children(item.form, at, key), _MOST))
            at = at if not below and key.isdigit() else below
    return next((one for one in at if one[1].get("title")), at[0] if at else ("", {}))


def _children(
    root: Any, at: Sequence[tuple[str, Mapping[str, Any]]], key: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place, schema in at:
        for here, node in _one_place(root, place, schema):
            rows = [(f"{here}/items", node["items"])] if isinstance(node.get("items"), Mapping) else []
            for inner, holder in [(here, node), *(found for row in rows for found in _one_place(root, *row))]:
                properties = holder.get("properties")
                child = properties.get(key) if isinstance(properties, Mapping) else None
                if isinstance(child, Mapping):
                    yield f"{inner}/properties/{token(key)}", child


def _one_place(root: Any, place: str, schema: Any, depth: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A schema and all that speaks of the same value beside it."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    yield place, schema
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        with contextlib.suppress(LookupError):
            yield from _one_place(root, ref[1:], resolve_ref(root, ref), depth + 1)
    for keyword in ("then", "else"):
        yield from _one_place(root, f"{place}/{keyword}", schema.get(keyword), depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(keyword)
        for n, branch in enumerate(branches if isinstance(branches, list) else ()):
            yield from _one_place(root, f"{place}/{keyword}/{n}", branch, depth + 1)
    dependent = schema.get("dependentSchemas")
    for name, branch in dependent.items() if isinstance(dependent, Mapping) else ():
        yield from _one_place(root, f"{place}/dependentSchemas/{token(name)}", branch, depth + 1)


def pointer_title(item: Item, language: str, pointer: str) -> str:
    """A pointer into the answers as the title of its field, in the reader's language; its name where it has none."""
    place, schema = node_at(item, pointer)
    title = schema.get("title")
    default = title if isinstance(title, str) and title else (parts_of(pointer) or [""])[-1]
    return said(item, language, f"form.json#{place}/title", default)
