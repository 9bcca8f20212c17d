"""Which known name an author meant by one that nobody knows.

Knows spelling, and nothing of what the names name.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

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


FEW = 8


def near(name: object, known: Collection[str], *, bare: bool = False, most: int = FEW) -> Said:
    """`Did you mean "…"?` for the nearest known names, else the names themselves while they are no more than `most`.

    `bare`: only near misses, else "".
    """
    if close := nearest(name, known):
        return meant(*close)
    choices = sorted(k for k in known if k != str(name))
    if bare or not choices or len(choices) > most:
        return Said("")
    return Said(
        "Known here: " + ", ".join(f'"{c}"' for c in choices) + ".",
        "这里可以写：" + "、".join(f"“{c}”" for c in choices) + "。",
    )


def which(name: str, known: Mapping[str, str]) -> Said:
    """As `near` for ids that have a Chinese name each, which an author may have written instead; else all of them."""
    if (close := near(name, known, bare=True)) or not known:
        return close
    called = sorted(id for id, title in known.items() if name and title and (name in title or title in name))
    if called:
        return meant(*called[:3])
    return Said(
        "Known here: " + ", ".join(f"{id} ({title})" if title else id for id, title in known.items()) + ".",
        "这里可以写：" + "、".join(f"{id}（{title}）" if title else id for id, title in known.items()) + "。",
    )


def meant(*names: str) -> Said:
    return Said(
        "Did you mean " + " or ".join(f'"{n}"' for n in names) + "?",
        "是不是想写" + "或".join(f"“{n}”" for n in names) + "？",
    )
