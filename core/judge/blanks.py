"""Blanks of an author's sentence: facts that it names as `${/pointer}`, found, filled in, or left open."""

from __future__ import annotations

import re
from typing import Any

from core.judge.pointers import tokens, walk
from core.judge.sentences import show

_COMPUTED = (("sums",), ("result",))
"""Roots of totals, which have two places where they are not whole."""
_FACT = re.compile(r"\$\{(/[^{}]*)\}")


def named_facts(text: str) -> list[str]:
    """The pointers that a sentence names as `${/pointer}`, in the spelling of ajv-errors."""
    return _FACT.findall(text)


def filled(text: str, facts: Any) -> str:
    """The sentence with each `${/pointer}` replaced by the fact; "—" where there is none."""

    def fact(match: re.Match[str]) -> str:
        path = tokens(match[1])
        found, value = walk(facts, path)
        if path[:1] in _COMPUTED and isinstance(value, float):
            return f"{value:.2f}"
        return show(value) if found and value is not None else "—"

    return _FACT.sub(fact, text) if "${" in text else text


def without_facts(text: str) -> str:
    """The sentence before any fact is known: its blanks as "…"."""
    return _FACT.sub("…", text)
