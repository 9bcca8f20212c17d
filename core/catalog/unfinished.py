"""What the author of a folder has still to write: the texts that `lingban new` left as 请填写：….

Knows the mark and where it may stand. Such a folder has no fault (it can be tried, tested and shown), but whoever
works on it or meets its page is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.contract import Item

MARK = "请填写："
FILES = {"item": "item.json", "form": "form.json", "lookups": "lookups.json", "routing": "routing.json"}


def unfinished(item: Item) -> tuple[str, ...]:
    """Where each stands, such as `item.json#/summary`, in the order of the files."""
    return tuple(
        f"{file}#{at}"
        for part, file in FILES.items()
        for at, text in _texts(item.bundle.get(part), "")
        if text.startswith(MARK)
    )


def _texts(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _texts(one, f"{at}/{n}")
