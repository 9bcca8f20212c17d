"""What a letter reads and its facts do not hold: no in an `if`, and an error that tells what to write anywhere else.

Knows the template engine and no fact.
"""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, UndefinedError

from core.contract import Said
from core.faults import say


class Absent(StrictUndefined):
    """Nothing was found, filled in or concluded yet. What lies within it is absent too, and equal to nothing."""

    # A letter must not congratulate on what is not known: to print it, to walk or to compare it (`!=` too) stays an
    # error. `==` alone has one right answer.
    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return False

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, name: Any) -> Any:
        return self


def told(where: str, line: int, error: BaseException) -> Said:
    """Why a letter could not be written, for its author, in both languages."""
    at, at_zh = (f"{where}, line {line}", f"{where} 第 {line} 行") if line else (where, where)
    if not isinstance(error, UndefinedError):
        return say(
            "{at} cannot be worked out ({why}). A value there is missing, or of another kind than the line expects: "
            "look at what is added up, compared or cut.",
            "{at}算不出来（{why}）。那一行的值没有，或者不是它要的种类：看看相加、比较、截取的是什么。",
            at=Said(at, at_zh), why=error,
        )  # fmt: skip
    return say(
        "{at} uses what this case does not hold ({why}): not found, not filled in, or not concluded yet. Ask first: "
        '{{% if findings.visit %}}…{{% endif %}}, or say what stands instead: |default("…").',
        "{at}用到了这一件里没有的值（{why}）：没有查到、没有填，或者那一步还没有结论。先判断："
        "{{% if findings.visit %}}…{{% endif %}}，或者写明没有时写什么：|default(\"…\")。",
        at=Said(at, at_zh), why=_absent(str(error)),
    )  # fmt: skip


def _absent(said: str) -> Said:
    """The engine's `'x' is undefined` and `'dict object' has no attribute 'x'`."""
    quoted = said.split("'")[1::2]
    return Said(said, f"“{quoted[-1]}”") if quoted else Said(said)
