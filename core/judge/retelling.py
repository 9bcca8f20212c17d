"""Sentences kept with a case in Chinese, told in another language: an item's own by its overlay, ours by template.

Knows no case. What it cannot tell stays as it was written: a case keeps the words it was decided with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.contract import Item
from core.judge.schema import parts_of
from core.judge.sentences import join, say
from core.judge.wording import SENTENCES

_FILES = {
    "item.json": "item",
    "form.json": "form",
    "form.ui.json": "ui",
    "lookups.json": "lookups",
    "routing.json": "routing",
}
_DEEPEST = 4
_HOLE = re.compile(r"\{(\w+)\}")
_known: dict[tuple[str, str], Mapping[str, str]] = {}


def own_words(item: Item, language: str) -> Mapping[str, str]:
    """Chinese → translation of every sentence of the item that its overlay translates."""
    key = (item.digest, language)
    found = _known.get(key)
    if found is None:
        if len(_known) > 500:
            _known.clear()
        found = _known[key] = dict(_pairs(item, (item.bundle.get("texts") or {}).get(language) or {}))
    return found


def _pairs(item: Item, overlay: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for key, text in overlay.items():
        file, _, pointer = key.partition("#")
        place: Any = item.bundle.get(_FILES.get(file, ""))
        for name in parts_of(pointer):
            if isinstance(place, Mapping):
                place = place.get(name)
            elif isinstance(place, list) and name.isdigit() and int(name) < len(place):
                place = place[int(name)]
            else:
                place = None
        if isinstance(place, str) and isinstance(text, str):
            pairs.append((place, text))
    return pairs


@lru_cache
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each Chinese template as a pattern, those with most words of their own first: they are the surest."""
    made = []
    for key, text in SENTENCES["zh"].items():
        fixed = _HOLE.sub("", text)
        if sum("\u4e00" <= sign <= "\u9fff" for sign in fixed) >= 2:
            parts = _HOLE.split(text)
            body = "".join(_hole(p, parts[1:n:2]) if n % 2 else re.escape(p) for n, p in enumerate(parts))
            made.append((len(fixed), key, re.compile(body + r"\Z", re.DOTALL)))
    return tuple((key, pattern) for _, key, pattern in sorted(made, key=lambda one: -one[0]))


def _hole(name: str, before: list[str]) -> str:
    """What stands in a place of a template: anything, or again what stood in the same place before."""
    return f"(?P={name})" if name in before else f"(?P<{name}>.*?)"


def retold(text: str, language: str, own: Mapping[str, str], *, deep: int = 0) -> str:
    if language.startswith("zh") or not text or deep > _DEEPEST:
        return text
    if text in own:
        return own[text]
    for key, pattern in _templates():
        met = pattern.match(text)
        if met is not None:
            values = {name: retold(value, language, own, deep=deep + 1) for name, value in met.groupdict().items()}
            return say(language, key, **values)
    for sign in ("；", "，", "、"):
        if sign in text:
            # At the comma only once: what follows may be one sentence with commas of its own.
            was = text.split(sign, 1) if sign == "，" else text.split(sign)
            parts = [retold(part, language, own, deep=deep + 1) for part in was]
            if parts != was:
                return join(language, parts) if sign != "、" else ", ".join(parts)
    return text
