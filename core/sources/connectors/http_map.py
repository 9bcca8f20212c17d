"""How a field of a record is read from a JSON answer: where it stands, and how the register writes it.

Knows one record of one answer, no call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.judge.pointers import tokens, walk
from core.sources.connectors import CannotConnect
from core.sources.records import as_day, as_number, as_text, day_of

KEYS = ("at", "values", "date", "number")


class Unmapped(Exception):
    """A value that the map does not foresee. The message names the field and quotes no value."""


class Field:
    """`"/pointer"`, or `{"at": "/pointer"}` with `values`, `date` or `number`."""

    def __init__(self, name: str, declared: Any) -> None:
        said: Mapping[str, Any] = declared if isinstance(declared, Mapping) else {"at": declared}
        at = said.get("at")
        if not isinstance(at, str) or set(said) - set(KEYS):
            raise CannotConnect(f"settings.map.{name} is a pointer, or an object of {', '.join(KEYS)}")
        self._name, self._at = name, tokens(at)
        self._values: Mapping[str, Any] | None = said.get("values")
        self._date = str(said.get("date") or "")
        self._number = bool(said.get("number"))

    def read(self, held: Any) -> tuple[bool, Any]:
        """(whether it is there, its value). Raises Unmapped."""
        found, value = walk(held, self._at)
        if not found or value is None:
            return found, value
        if self._values is not None:
            word = written(value)
            if word in self._values:
                return True, self._values[word]
            if not self._date and not self._number:
                raise Unmapped(f"settings.map.{self._name}: the answer's value is none of {', '.join(self._values)}")
        if self._date:
            day = as_day(as_text(value), date_format=self._date)
            if not isinstance(day, str) or (day == as_text(value) and not is_day(day)):
                raise Unmapped(f"settings.map.{self._name}: the answer's value is no date written {self._date}")
            return True, day
        if self._number:
            number = as_number(value, whole=False)
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise Unmapped(f"settings.map.{self._name}: the answer's value is no number")
            return True, number
        return True, value


def written(value: Any) -> str:
    """A value as a key of `values`: 1 and "1" are the same word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(as_text(value)).strip()


def is_day(text: str) -> bool:
    return day_of(text, "%Y-%m-%d") is not None
