"""Which known name an author meant by one that nobody knows.

Knows spelling, and nothing of what the names name.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection

from core.contract import Said


def _alike(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def nearest(name: object, known: Collection[str]) -> list[str]:
    """The one or two known names that this one is nearly."""
    text = str(name)
    choices = [k for k in known if k != text]
    close = difflib.get_close_matches(text, choices, n=2, cutoff=0.6)
    if len(close) > 1 and _alike(text, close[0]) - _alike(text, close[1]) > 0.1:
        close = close[:1]
    if not close:
        folded = {k.lower().replace("_", "-"): k for k in choices}
        close = [folded[f] for f in difflib.get_close_matches(text.lower().replace("_", "-"), list(folded), n=1)]
    return close


def near(name: object, known: Collection[str], *, bare: bool = False) -> Said:
    """`Did you mean "…"?` for the nearest known names, else the names themselves while they are few.

    `bare`: only near misses, else "".
    """
    if close := nearest(name, known):
        return meant(*close)
    choices = sorted(k for k in known if k != str(name))
    if bare or not choices or len(choices) > 8:
        return Said("")
    return Said(
        "Known here: " + ", ".join(f'"{c}"' for c in choices) + ".",
        "这里可以写：" + "、".join(f"“{c}”" for c in choices) + "。",
    )


def meant(*names: str) -> Said:
    return Said(
        "Did you mean " + " or ".join(f'"{n}"' for n in names) + "?",
        "是不是想写" + "或".join(f"“{n}”" for n in names) + "？",
    )
