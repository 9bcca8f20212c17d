"""What a browser posted, grouped by name and checked at the edge: sizes, indices, characters.

Knows names as JSON Pointers with a few markers before them; which of them the form asks for is `reader`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

from core.errors import RequestError, TooLarge

MAX_PAIRS = 20_000
MAX_INDEX = 9_999
MAX_SAID = 40
"""Characters of what a control says that is no answer: the number of a branch, the code of an area."""
MAX_DEEP = 64
"""Steps of a pointer; names with more are nobody's."""
_MARKERS = (
    "_seen:", "_row:", "_key:", "_old:", "_kind:", "_y:", "_m:", "_d:", "_file:", "_branch:", "_under:",
    "_area:", "_find:", "_drop:", "_sign:", "_claim:",
)  # fmt: skip
_BROKEN = re.compile("[\x00\ud800-\udfff�]")
_LONG_INDEX = re.compile(r"/\d{5,}(?:/|$)", re.ASCII | re.MULTILINE)


class Post:
    """Names and values of one post. Raises RequestError (400, 413) for what no browser sends from our pages."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.names: dict[str, list[str]] = {}
        self.uploads: dict[str, Any] = {}
        self.used: set[str] = set()
        count = 0
        names = self.names
        for name, value in pairs:
            count += 1
            if count > MAX_PAIRS:
                raise TooLarge("提交的内容太多，请减少后再试", code="too-many-fields")
            if type(value) is not str:
                self.uploads[name] = value
                continue
            if name in names:
                names[name].append(value)
            else:
                names[name] = [value]
        every_name = "\n".join(names)
        if found := _BROKEN.search(every_name) or _BROKEN.search("\n".join(chain.from_iterable(names.values()))):
            code = "nul" if found[0] == "\0" else "broken-text"
            raise RequestError("提交的内容含有无法识别的字符，请检查后重新提交", code=code)
        self.extended = "/~+" in every_name
        """Whether any further property was posted."""
        self.marked = every_name[:1] == "_" or "\n_" in every_name
        """Whether anything was posted besides plain answers."""
        self._below: set[str] | None = None
        self._rows: dict[str, set[int]] = {}

    def one(self, name: str) -> str | None:
        """The value of a name that may come once; None when it did not come."""
        values = self.names.get(name)
        if values is None:
            return None
        self.used.add(name)
        if len(values) > 1:
            raise RequestError("同一项内容提交了两次，请返回上一页重试", code="twice", what=name)
        return values[0]

    def many(self, name: str) -> list[str]:
        self.used.add(name)
        return self.names.get(name, [])

    def has(self, name: str) -> bool:
        return name in self.names

    def said(self, *markers: str) -> dict[str, str]:
        """Controls by name that are no answers, but have to look the same when the page is shown again."""
        if not self.marked:
            return {}
        found = {n: v[0] for n, v in self.names.items() if n.startswith(markers) and len(v[0]) <= MAX_SAID}
        for name in found:
            if name.startswith("_branch:"):  # of some controls several may be chosen; a blank says that none is
                found[name] = ",".join(dict.fromkeys(v for v in self.names[name][:MAX_SAID] if v and len(v) < 4))
        return found

    def _index(self) -> None:
        self._below = set()
        for name in self.names:
            at = pointer_of(name)
            if at.count("/") > MAX_DEEP:
                continue
            while at.startswith("/") and at not in self._below:
                self._below.add(at)
                head, _, tail = at.rpartition("/")
                number = tail.removeprefix("~+")
                if number.isascii() and number.isdigit() and int(number) <= MAX_INDEX:
                    key = f"{head}/~+" if number != tail else head
                    self._rows.setdefault(key, set()).add(int(number))
                at = head

    def below(self, at: str) -> bool:
        """Whether anything was posted at or below a pointer."""
        if self._below is None:
            self._index()
        return at in self._below if at else True  # type: ignore[operator]

    def rows(self, at: str) -> list[int]:
        """The indices posted under a list, smallest first."""
        if self._below is None:
            self._index()
        return sorted(self._rows.get(at, ()))


def refuse_long_index(names: Iterable[str]) -> None:
    """Refuses an index that no page of ours can have; a property may well be named by a long number."""
    if any(found := [name for name in names if _LONG_INDEX.search(name)]):
        raise RequestError("提交的内容含有无法识别的序号，请返回上一页重试", code="bad-index", what=found[0])


def pointer_of(name: str) -> str:
    """The place a name speaks of, its marker taken off; "" when it is no pointer."""
    if name.startswith("/"):
        return name
    for marker in _MARKERS:
        if name.startswith(marker):
            at = name[len(marker) :]
            return at.rsplit("#", 1)[0] if marker in ("_branch:", "_area:") else at
    return ""
