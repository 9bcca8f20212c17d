"""Finding items by what people type: words of the title, everyday names, pinyin in full or by initials.

Knows texts only; which items are searched is the caller's affair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.contract import Item

_WORD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    rest: str
    """Everyday names, themes, conditions, summary, result."""
    spelled: tuple[str, ...]
    """Pinyin of title and everyday names, in full and as initials."""


@dataclass
class Index:
    """Entries by item digest, made when first asked for: pinyin is slow to load and seldom needed."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    spelled: dict[str, tuple[str, ...]] = field(default_factory=dict)


def ranked(text: str, items: Sequence[Item], index: Index) -> list[Item]:
    """The items that match every word, best first; all of them, in their order, for an empty text."""
    words = [w for w in _WORD.split(folded(text)) if w]
    if not words:
        return list(items)
    scored = []
    for place, item in enumerate(items):
        scores = [_score(word, item, index) for word in words]
        if all(scores):
            scored.append((-sum(scores), place, item))
    return [item for _, _, item in sorted(scored, key=lambda s: s[:2])]


def folded(text: str) -> str:
    """Full-width digits and letters as plain ones, small letters."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _score(word: str, item: Item, index: Index) -> int:
    entry = index.entries.get(item.digest)
    if entry is None:
        entry = index.entries[item.digest] = _entry(item)
    if word in entry.title:
        return 60 if entry.title.startswith(word) else 50
    if word in entry.rest or word == item.id:
        return 30
    if word.isascii() and word.isalnum():
        for spelled in _spelled(item, index):
            if word in spelled:
                return 25 if spelled.startswith(word) else 20
        return 0
    # What people type is rarely what the guide says: 老人补贴 finds 老年人尊老金. Two characters in a row must agree.
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    hits = sum(p in entry.title or p in entry.rest for p in pairs)
    return 1 + hits if len(word) >= 3 and hits * 2 >= len(pairs) else 0


def _entry(item: Item) -> _Entry:
    said = item.declared
    rest = [*said.get("keywords", ()), *item.themes, said.get("summary", ""), *said.get("conditions", ())]
    rest += [mapping.get("title", "") for mapping in (said.get("result") or {},)]
    rest += [
        text
        for lang in (item.bundle.get("texts") or {}).values()
        for key, text in lang.items()
        if key == "item.json#/title"
    ]
    return _Entry(folded(item.title), folded("\n".join(map(str, rest))), ())


def _spelled(item: Item, index: Index) -> tuple[str, ...]:
    known = index.spelled.get(item.digest)
    if known is None:
        from pypinyin import Style, lazy_pinyin

        made = []
        for text in (item.title, *item.declared.get("keywords", ())):
            made.append("".join(lazy_pinyin(text)).lower())
            made.append("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower())
        known = index.spelled[item.digest] = tuple(made)
    return known
