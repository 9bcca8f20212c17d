"""Every fault code in one table. A code, once released, keeps its meaning.

Knows which module holds which codes; the order is the guide's.
"""

from __future__ import annotations

from core.contract import Fault
from core.faults import code, files, forms, guides, lookups, names, pointers, shapes, sources, texts
from core.faults.sentence import Code, Sentence, say

_ROOMS = (files, shapes, names, pointers, lookups, guides, forms, sources, texts, code)
TABLE: dict[str, Code] = {name: one for room in _ROOMS for name, one in room.CODES.items()}
CODES: dict[str, str] = {name: one.about for name, one in TABLE.items()}
"""Stable code → its explanation in Chinese, for the author's guide."""


def sentence(key: str) -> Sentence:
    """The sentence of `code` or `code/variant`. KeyError for a code nobody has written down."""
    name, _, variant = key.partition("/")
    return TABLE[name].sentences[variant]


def fault(where: str, key: str, /, *, hint: str = "", **blanks: object) -> Fault:
    """The fault of `code` or `code/variant` at this place; `hint` is a better remedy than the sentence's own."""
    one = sentence(key)
    remedy = hint or (say(one.hint, one.hint_zh, **blanks) if one.hint else "")
    return Fault(where, say(one.en, one.zh, **blanks), remedy, key.partition("/")[0])
