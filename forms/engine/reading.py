"""What came back from one page, and how it goes onto the answers that were there before.

Knows no plan: `reader` fills it in, the site keeps it in a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract import Problem
from core.judge.schema import parts_of, token


@dataclass(frozen=True, slots=True)
class Reading:
    """What came back from one page."""

    answers: Any
    """The answers to the questions that are active now; a dict unless the schema is of another type."""
    raw: Mapping[str, str]
    """Branches chosen explicitly, by control name; give it to `Form.render` when the page is shown again."""
    unknown: tuple[str, ...]
    """Names posted that the form does not ask for, held values among them: ignored, to be counted."""
    hidden: Mapping[str, Any] = field(default_factory=dict)
    """Pointer → answer for questions of the form that these answers hide: kept in a draft, never filed."""
    seen: frozenset[str] = frozenset()
    """Pointers of the questions that were on the page, answered or not."""
    wrong: frozenset[str] = frozenset()
    """Held pointers that the applicant marked as wrong."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Of those, what the applicant declares instead, where he wrote it."""
    problems: tuple[Problem, ...] = ()
    """Files, signatures and names of further properties that could not be taken; the rest of the page is read. `told`
    puts them with what `Form.problems` says."""
    action: str = ""
    """`_add`, `_remove`, `_up`, `_down` or `_refresh` when such a button sent the page (already done to the
    answers): show the page again instead of going on."""
    strange: tuple[str, ...] = ()
    """Of `unknown`, pointers that are no question of the form in any branch: no page of it posts them."""

    def told(self, found: Iterable[Problem]) -> list[Problem]:
        """What could not be taken, then what is wrong with the rest: of one place only the first of the two."""
        places = {problem.at for problem in self.problems}
        return [*self.problems, *(problem for problem in found if problem.at not in places)]

    @property
    def lost(self) -> list[Problem]:
        """Of what could not be taken, that which no page can show again: told at once, whatever button was pressed."""
        return [problem for problem in self.problems if problem.keyword != "patternProperties"]

    def onto(self, answers: Any) -> Any:
        """Earlier answers with this page's put over them: what was asked and left blank goes, the rest stays."""
        if not isinstance(answers, Mapping) or not isinstance(self.answers, Mapping):
            return self.answers
        done = _onto(dict(answers), self.answers, "", self.seen)
        for at, value in self.hidden.items():
            _kept(done, parts_of(at), value)
        return done


def _onto(old: dict[str, Any], new: Mapping[str, Any], at: str, seen: frozenset[str]) -> dict[str, Any]:
    for name in list(old):
        place = f"{at}/{token(name)}"
        if name in new:
            continue
        if place in seen:
            del old[name]
        elif isinstance(old[name], Mapping) and old[name]:
            old[name] = _onto(dict(old[name]), {}, place, seen)
            if not old[name]:
                del old[name]
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            old[name] = _onto(dict(before), value, f"{at}/{token(name)}", seen)
        else:
            old[name] = value
    return old


def _kept(holder: Any, names: list[str], value: Any) -> None:
    """A hidden answer put back where it was; one whose surroundings are gone is let go."""
    for name in names[:-1]:
        holder = holder.setdefault(name, {}) if isinstance(holder, dict) else None
    if isinstance(holder, dict) and names:
        holder[names[-1]] = value
