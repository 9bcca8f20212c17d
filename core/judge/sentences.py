"""Saying a sentence of judgement in the reader's language; and an item's own words translated.

The sentences themselves stand in `wording`; when to say them is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Item
from core.judge.wording import LEVELS, SENTENCES

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is not in a language yet: who reads it chooses."""

    key: str
    values: Mapping[str, object]

    def text(self, language: str = "zh") -> str:
        values = {
            name: value.text(language) if isinstance(value, Line) else value for name, value in self.values.items()
        }
        return say(language, self.key, **values)


def say(language: str, key: str, **values: object) -> str:
    table = SENTENCES["en" if language.startswith("en") else "zh"]
    return table[key].format_map(values)


def level_name(language: str, level: str) -> str:
    names = LEVELS["en" if language.startswith("en") else "zh"]
    return names.get(level, level)


def join(language: str, parts: list[str]) -> str:
    return ("; " if language.startswith("en") else "；").join(parts)


def enumerate_names(language: str, names: list[str]) -> str:
    return (", " if language.startswith("en") else "、").join(names)


def translated(item: Item, language: str, key: str, text: str) -> str:
    """An item's own words in a language: `texts/<lang>.json` keyed `item.json#/title`, else as written."""
    overlay = (item.bundle.get("texts") or {}).get(language)
    return str(overlay.get(key, text)) if overlay else text


def show(value: Any) -> str:
    """A value in a sentence: texts bare, the rest as JSON, cut where it would drown the sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
