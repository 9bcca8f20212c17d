"""Further properties: those whose names the applicant writes. One editor per pattern, and one for what fits none.

Knows schemas and names; draws and reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from core.judge.annex_b import spelled_out
from core.judge.schema import Schema, compile

if TYPE_CHECKING:
    from forms.engine.plan import Question

_LITERAL = re.compile(r"\^((?:[^\\.^$|?*+()\[\]{}]|\\[-./_])*)(?![?*{])")
_MOST_TRIED = 60


class Further:
    """The editors of one group. `patterns` come in the order of the schema; `rest` is for names that fit none of
    them, None where nobody opened an editor for such."""

    __slots__ = ("_known", "_other", "_tests", "patterns", "rest")

    def __init__(self, patterns: Mapping[str, Question], rest: Question | None, other: Question) -> None:
        self.patterns = tuple(patterns.values())
        self.rest = rest
        self._other = other
        self._tests: tuple[Schema, ...] = tuple(compile({"pattern": text}) for text in patterns)
        self._known: dict[tuple[int, ...], Question] = {}

    def fits(self, name: str) -> tuple[int, ...]:
        """The numbers of the patterns that a name fits; it is judged by all of them."""
        return tuple(i for i, test in enumerate(self._tests) if test.is_valid(name))

    def question(self, name: str, said: str | None = None) -> Question:
        """What is asked under a name. One that fits no pattern: what the editor asks whose number the page `said`,
        else anything."""
        fitting = self.fits(name)
        if not fitting and self.rest is not None:
            return self.rest
        if not fitting:
            editor = self.said(said)
            return self._other if editor is None else self.patterns[editor]
        if len(fitting) == 1:
            return self.patterns[fitting[0]]
        known = self._known.get(fitting)
        if known is None:
            first = self.patterns[fitting[0]]
            merged = {"allOf": [self.patterns[i].schema for i in fitting]}
            known = self._known[fitting] = type(first)(first.name, merged, first.ui)
        return known

    def said(self, text: str | None) -> int | None:
        """The number of a pattern's editor as the page says it; None where it says none."""
        number = int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 4 else -1
        return number if 0 <= number < len(self.patterns) else None

    def editor(self, name: str) -> int:
        """The number of the editor under which a name stands: its first pattern's, else that of the rest."""
        fitting = self.fits(name)
        return fitting[0] if fitting else len(self.patterns)

    def fresh(self, editor: int, taken: Collection[str]) -> str:
        """A name to start a new entry with: one that the editor's pattern allows, where one is easily found; none for
        what fits no pattern."""
        if editor >= len(self.patterns):
            return ""
        found = _LITERAL.match(self._tests[editor].source["pattern"])
        literal = found[1].replace("\\", "") if found else ""
        for n in range(1, _MOST_TRIED):
            for name in (
                f"{literal}{n}",
                f"{literal}{n:02}",
                f"{literal}{chr(96 + n % 26)}",
                f"{literal}{n:04}",
                "a" * n,
            ):
                if name not in taken and self.editor(name) == editor:
                    return name
        n = 1
        while f"{literal}{n}" in taken:
            n += 1
        return f"{literal}{n}"


def further_of(
    schema: Mapping[str, Any],
    made: type[Question],
    uis: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    bare: bool,
    opened: bool,
) -> Further | None:
    """The editors that an author opened: by patterns, by a schema for further properties or `true`, or by the ui.

    `uis`: the options of `patternProperties` by pattern, and those of `additionalProperties`. `bare`: nothing else is
    asked here. `opened`: the ui wants the editor."""
    more = schema.get("additionalProperties")
    given = schema.get("patternProperties")
    of_patterns, of_rest = uis
    of_patterns = {spelled_out(text): ui for text, ui in of_patterns.items()}
    patterns = {
        text: made("~+", one, ui if isinstance(ui := of_patterns.get(text), Mapping) else {})
        for text, one in (given.items() if isinstance(given, Mapping) else ())
        if one is not False
    }
    wanted = isinstance(more, Mapping) or more is True or opened
    rest = None
    if wanted or (bare and more is None and not patterns):
        rest = made("~+", more if isinstance(more, Mapping) else {}, of_rest)
    return Further(patterns, rest, made("~+", {}, {})) if patterns or rest is not None else None
