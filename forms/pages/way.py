"""The way through a draft whose questions stand on several pages: which pages, in what order, what each asks.

Knows what `ui:pages` declares and what is asked for these answers; judges and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from core.contract import Problem
from core.judge.filling import Filling
from core.judge.schema import parts_of
from forms.engine.asked import Asked
from forms.engine.form import Form

ASK, PAPERS = "ask", "papers"


@dataclass(frozen=True, slots=True)
class Step:
    """One page. It is found by any of its names, so its address stays when another page comes or goes."""

    kind: str
    """ask: questions of the form; papers: materials that want a file or a promise."""
    title: str
    """"" for a page of one question, which is its own heading."""
    description: str
    names: tuple[str, ...]
    """Questions of the top level, or ids of materials."""

    def href(self, draft: str) -> str:
        return f"/drafts/{draft}/{self.kind}/{quote(self.names[0], safe='')}"


@dataclass(frozen=True, slots=True)
class Way:
    """The pages of one draft for its answers as they are now; without any, the form is one page."""

    steps: tuple[Step, ...]

    def __bool__(self) -> bool:
        return bool(self.steps)

    def find(self, kind: str, name: str) -> Step | None:
        return next((one for one in self.steps if one.kind == kind and name in one.names), None)

    def after(self, step: Step) -> Step | None:
        place = self.steps.index(step) + 1
        return self.steps[place] if place < len(self.steps) else None

    def before(self, step: Step) -> Step | None:
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    def of(self, problem: Problem) -> Step | None:
        """Where a problem of the form is mended."""
        names = parts_of(problem.at) if problem.at.startswith("/") else []
        return self.find(ASK, names[0]) if names else None

    def unfinished(self, problems: Iterable[Problem]) -> Step | None:
        """The first page that something is wrong on."""
        wrong = [step for problem in problems if (step := self.of(problem)) is not None]
        return min(wrong, key=self.steps.index, default=None)


def way_of(
    form: Form,
    answers: Any,
    *,
    filling: Filling,
    facts: Mapping[str, Any],
    papers: Sequence[str],
    language: str,
    texts: Mapping[str, str] | None,
    one_each: bool,
) -> Way:
    """`papers`: the materials that want something of the applicant. `one_each`: one question a page 长辈版."""
    if not form.paged and not one_each:
        return Way(())
    asked = {one.name: one for one in form.questions(answers, language, filling=filling, texts=texts)}
    steps: list[Step] = []
    if form.paged:
        for page in form.pages(answers, language, texts=texts, facts=facts):
            names = tuple(name for name in page.fields if name in asked)
            steps += _split(page.title, page.description, names, asked, one_each=one_each)
    else:
        steps += _split("", "", tuple(asked), asked, one_each=True)
    if papers:
        groups = [(one,) for one in papers] if one_each else [tuple(papers)]
        steps += [Step(PAPERS, "", "", group) for group in groups]
    # A single page needs no way through it.
    return Way(tuple(steps)) if len(steps) > 1 and any(one.kind == ASK for one in steps) else Way(())


def _split(
    title: str, description: str, names: tuple[str, ...], asked: Mapping[str, Asked], *, one_each: bool
) -> list[Step]:
    if not names:
        return []
    opened = [name for name in names if not asked[name].held]
    if not one_each or len(opened) < 2:
        return [Step(ASK, title, description, names)]
    # What is only to be checked comes with the first question: reading it is no action of its own.
    held = tuple(name for name in names if asked[name].held)
    first = Step(ASK, "", description, (*held, opened[0]))
    return [first, *(Step(ASK, "", "", (name,)) for name in opened[1:])]
