"""The list that a folder's faults are gathered in, each with its place.

Knows no rule and no words: who adds a fault names its sentence in `core.faults` and what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.contract import Fault
from core.faults import fault
from core.faults.table import CODES

__all__ = ["CODES", "Faults"]


class Faults:
    """The faults of one folder, gathered as `plugins/<id>/<file>#<pointer>`, on whatever shelf it lies."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.found: list[Fault] = []

    def add(self, file: str, at: str, key: str, /, *, hint: str = "", **blanks: object) -> None:
        """The sentence `code` or `code/variant` of `core.faults`; without `hint`, its own remedy is told."""
        self.extend([fault(self.where(file, at), key, hint=hint, **blanks)])

    def where(self, file: str, at: str = "") -> str:
        return f"plugins/{self.id}/{file}" + (f"#{at}" if at else "")

    def relay(self, file: str, at: str, faults: Iterable[Fault]) -> None:
        """Faults of a schema (`core.judge.schema.faults`), put where the schema stands in the file.

        "Not a JSON Schema" is left out where the shape check has said the same of the same place better.
        """
        for one in faults:
            where = self.where(file, at + one.where)
            if one.code == "schema" and any(f.where == where for f in self.found):
                continue
            if one.code == "remote-ref" and '"urn:lingban:common:' in one.what:
                continue  # told as dead-ref, with the fragments that do exist
            self.extend([Fault(where, one.what, one.hint, one.code)])

    def extend(self, faults: Iterable[Fault]) -> None:
        self.found += [one for one in faults if one not in self.found]
