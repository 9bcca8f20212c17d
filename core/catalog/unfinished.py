"""What the author of a folder has still to write: the texts that `lingban new` left as 请填写：….

Knows the mark and where it may stand. Such a folder has no fault (it can be tried, tested and shown), but whoever
works on it or meets its page is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.contract import Item
from core.judge.schema import token

MARK = "请填写："
FILES = {"item": "item.json", "form": "form.json", "lookups": "lookups.json", "routing": "routing.json"}


def unfinished(item: Item) -> tuple[str, ...]:
    """Where each stands, such as `item.json#/summary`, in the order of the files."""
    return tuple(f"{file}#{at}" for part, file in FILES.items() for at in _marked(item.bundle.get(part), ""))


def _marked(value: Any, at: str) -> Iterator[str]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in entries:
        if not isinstance(one, str):
            yield from _marked(one, f"{at}/{token(key)}")
        elif one.startswith(MARK):
            yield f"{at}/{token(key)}"
