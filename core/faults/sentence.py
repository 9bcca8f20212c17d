"""One sentence of a fault in both languages, and how its blanks are filled.

Knows no code by name; `core.faults.table` holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.contract import Said


class Sentence(NamedTuple):
    """What is wrong and what to do, with `{blanks}`; the remedy is used where the caller knows none better."""

    en: str
    zh: str
    hint: str = ""
    hint_zh: str = ""


S = Sentence
"""Short for the tables, of which nothing else is made."""


class Code:
    """A stable fault code: what it means to an author (in Chinese, for the guide) and the sentences that it has."""

    def __init__(self, about: str, plain: Sentence | None = None, **variants: Sentence) -> None:
        self.about = about
        self.sentences = variants if plain is None else {"": plain, **variants}


def say(en: str, zh: str, **blanks: object) -> Said:
    """Both languages with the blanks filled; a blank may itself be said in both."""
    in_zh: dict[str, Any] = {k: v.zh if isinstance(v, Said) else v for k, v in blanks.items()}
    return Said(en.format(**blanks), zh.format(**in_zh))


def either(words: Sequence[str]) -> Said:
    """`a or b`, `甲或乙`."""
    return Said(" or ".join(words), "或".join(w.zh if isinstance(w, Said) else w for w in words))


def also(words: Sequence[str]) -> Said:
    """`a and b`, `甲和乙`."""
    return Said(" and ".join(words), "和".join(words))
