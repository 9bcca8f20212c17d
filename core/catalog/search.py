"""Finding items by what people type: words of the title, everyday names, pinyin in full or by initials.

Knows texts only; which items are searched is the caller's affair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.catalog.pinyin import matches, readings_of
from core.contract import Item

_WORD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    rest: str
    """Everyday names, themes, conditions, summary, result."""
    names: tuple[str, ...]
    """Title and everyday names, what pinyin is matched with."""


@dataclass
class Index:
    """What was worked out of the items so far, by digest; made when first asked for."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    readings: dict[str, tuple[str, ...]] | None = None

    def know(self, items: Iterable[Item]) -> None:
        """Learn the readings of every character in these items' names."""
        self.readings = readings_of(name for item in items for name in _entry(item, self).names)


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
    entry = _entry(item, index)
    if word in entry.title:
        return 60 if entry.title.startswith(word) else 50
    if word in entry.rest or word == item.id:
        return 30
    if word.isascii():
        if not word.isalpha() or len(word) < 2:
            return 0
        return max((0, 20, 25)[matches(word, name, index.readings or {})] for name in entry.names)
    # What people type is rarely what the guide says: 老人补贴 finds 老年人尊老金. Two characters in a row must agree.
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    hits = sum(p in entry.title or p in entry.rest for p in pairs)
    return 1 + hits if len(word) >= 3 and hits * 2 >= len(pairs) else 0


def _entry(item: Item, index: Index) -> _Entry:
    known = index.entries.get(item.digest)
    if known is None:
        said = item.declared
        keywords = [str(k) for k in said.get("keywords", ())]
        rest = [*keywords, *item.themes, said.get("summary", ""), *said.get("conditions", ())]
        rest.append((said.get("result") or {}).get("title", ""))
        rest += [texts.get("item.json#/title", "") for texts in (item.bundle.get("texts") or {}).values()]
        names = (folded(item.title), *map(folded, keywords))
        known = index.entries[item.digest] = _Entry(folded(item.title), folded("\n".join(map(str, rest))), names)
    return known
