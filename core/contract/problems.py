"""What can go wrong: a problem the applicant can fix, a fault the plugin author must fix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the applicant can fix. `at` is a JSON Pointer into the answers ("" is the whole)."""

    at: str
    keyword: str
    message: str


class Said(str):
    """A sentence in English, as programs read it, that knows itself in Chinese, as people do."""

    zh: str

    def __new__(cls, en: str, zh: str = "") -> Said:
        made = super().__new__(cls, en)
        made.zh = zh or en
        return made


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the plugin author must fix: where (file#pointer), what, the remedy, and a stable code.

    `what` and `hint` are English; those of `core.faults` are `Said` and come in Chinese through `told`.
    """

    where: str
    what: str
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        gap = "" if not self.hint or self.what.endswith("。") else " "
        return f"{self.where}: {self.what}{gap}{self.hint} [{self.code}]"

    def told(self, language: str) -> Fault:
        """The same in the words of `zh`, or of any other language in English."""
        what, hint = (s.zh if isinstance(s, Said) and language == "zh" else str(s) for s in (self.what, self.hint))
        return Fault(self.where, what, hint, self.code)
