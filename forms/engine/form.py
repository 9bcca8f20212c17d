"""`Form`: one schema with its ui, drawn, read back and judged. The engine's one door.

Knows no item, no case and no web framework; usable alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contract import Problem
from core.judge.answers import Answers
from core.judge.schema import parts_of
from forms.engine import asked, marks, reader, review
from forms.engine.areas import Areas
from forms.engine.asked import Asked
from forms.engine.defaults import defaults
from forms.engine.html import Templates, esc, id_of, sentence
from forms.engine.page import Page
from forms.engine.pages import FormPage
from forms.engine.plan import Plan
from forms.engine.reading import Reading
from forms.engine.render import Renderer
from forms.engine.review import Line
from forms.engine.texts import overlaid
from forms.engine.widgets import Told, Widget, Widgets
from forms.engine.words import words

if TYPE_CHECKING:
    from core.judge.filling import Filling


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The form in one language."""

    answers: Answers
    plan: Plan
    renderer: Renderer


class Form:
    """A form for any JSON Schema of draft 04 to 2020-12. Build it once per version; it is safe to share.

    Raises DeclarationError with its faults when the schema cannot be used.
    """

    def __init__(
        self,
        schema: Mapping[str, Any] | bool,
        ui: Mapping[str, Any] | None = None,
        *,
        widgets: Sequence[Widget] = (),
        on_failed: Told | None = None,
    ) -> None:
        """`on_failed(widget, part, why)`: told, beside the log, what of an added widget raises."""
        self._schema = schema
        self._ui = ui
        self._widgets = Widgets(tuple(widgets), on_failed)
        self._templates = Templates(self._widgets)
        self._spoken: dict[tuple[str, int], tuple[Any, _Spoken]] = {}
        self.answers = Answers(schema, ui)

    def _in(self, language: str, texts: Mapping[str, str] | None) -> _Spoken:
        short = "en" if language[:2] == "en" else "zh"
        key = (short, id(texts) if texts else 0)
        known = self._spoken.get(key)
        if known is not None and (known[0] is texts or not texts):
            return known[1]
        schema, ui = overlaid(self._schema, self._ui, texts) if texts else (self._schema, self._ui)
        answers = Answers(schema, ui) if texts else self.answers
        plan = Plan(answers.resolver, ui, self._widgets, words(short))
        made = _Spoken(answers, plan, Renderer(plan, self._templates, words(short)))
        if len(self._spoken) > 16:
            self._spoken.clear()
        self._spoken[key] = (texts, made)
        return made

    def start(self) -> Any:
        """The defaults of the schema as answers: applied once, when a draft is made."""
        return defaults(self._in("zh", None).plan)

    def render(
        self,
        answers: Any = None,
        problems: Iterable[Problem] = (),
        language: str = "zh",
        *,
        filling: Filling | None = None,
        texts: Mapping[str, str] | None = None,
        raw: Mapping[str, str] | None = None,
        wrong: Iterable[str] = (),
        under: Callable[[str, str], str] | None = None,
        areas: Areas | None = None,
        page: int | None = None,
        only: Sequence[str] | None = None,
    ) -> str:
        """The questions as HTML, without <form> and submit button. One problem is shown per place.

        `raw`: the branches chosen on the page before (`Reading.raw`). `wrong`: held pointers marked as wrong.
        `under`: (pointer, title) → HTML of the caller's own to stand where one says that a held value is wrong.
        `areas`: code → Area, for area pickers. `page`: the number of the one page of `ui:pages` to draw.
        `only`: names of the questions of the top level to draw, whatever the pages say.
        """
        errors: dict[str, str] = {}
        for problem in problems:
            errors.setdefault(problem.at, problem.message)
        drawn = Page(errors, filling, raw or {}, frozenset(wrong), under, marks.marks_of(filling, answers), areas, page)
        drawn.only = None if only is None else tuple(only)
        if filling is not None and filling.suggested:
            answers = _suggested(answers, filling.suggested)
        return self._in(language, texts).renderer.form(answers, drawn)

    def read(
        self,
        pairs: Iterable[tuple[str, Any]],
        *,
        filling: Filling | None = None,
        known: Mapping[str, Any] | None = None,
        language: str = "zh",
    ) -> Reading:
        """What a browser posted, as answers. Raises RequestError for what cannot have come from the page.

        `known`: the answers of other pages, where this post is one page of several. `language`: of the problems with
        files, the only ones that reading tells.
        """
        return reader.read(self._in("zh", None).plan, pairs, filling, known, language)

    def problems(
        self,
        answers: Any,
        language: str = "zh",
        *,
        filling: Filling | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> list[Problem]:
        """All that is wrong with the answers, in the order of the questions; formats are asserted."""
        held = {*filling.values, *filling.hidden}.difference(filling.claimed) if filling is not None else ()
        return self._in(language, texts).answers.problems(answers, language, held=held)

    @property
    def paged(self) -> bool:
        """Whether the ui declares pages."""
        return bool(self._in("zh", None).plan.pages)

    def pages(
        self,
        answers: Any = None,
        language: str = "zh",
        *,
        texts: Mapping[str, str] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> tuple[FormPage, ...]:
        """The pages of `ui:pages` that are there for these answers (and facts); () for a form of one page."""
        return tuple(page for page in self._in(language, texts).plan.pages if page.holds(answers, facts))

    def on_page(self, problems: Iterable[Problem], page: int) -> list[Problem]:
        """The problems that belong to one page: what keeps the applicant from going on to the next."""
        fields = next((p.fields for p in self._in("zh", None).plan.pages if p.number == page), ())
        return [p for p in problems if (parts_of(p.at) or [""])[0] in fields]

    def review(
        self,
        answers: Any,
        language: str = "zh",
        *,
        filling: Filling | None = None,
        texts: Mapping[str, str] | None = None,
        areas: Areas | None = None,
        links: bool = False,
    ) -> str:
        """The answers in words, for checking before sending and for staff; `links` lead back to the questions."""
        plan = self._in(language, texts).plan
        change = plan.words["change"] if links else ""
        return review.draw(review.lines(plan, answers, filling, areas), change)

    def questions(
        self,
        answers: Any = None,
        language: str = "zh",
        *,
        filling: Filling | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> tuple[Asked, ...]:
        """The questions of the top level that are there for these answers, in order; () where the root is no object."""
        return asked.questions(self._in(language, texts).plan, answers, filling)

    def places(self, answers: Any, *, filling: Filling | None = None) -> frozenset[str]:
        """Pointers of all questions, at any depth, that are there for these answers."""
        return asked.places(self._in("zh", None).plan, answers, filling)

    def lines(
        self,
        answers: Any,
        language: str = "zh",
        *,
        filling: Filling | None = None,
        texts: Mapping[str, str] | None = None,
        areas: Areas | None = None,
    ) -> list[Line]:
        """What `review` draws, as data: every given answer in words, in the order of the form."""
        return review.lines(self._in(language, texts).plan, answers, filling, areas)

    def prune(self, answers: Any) -> Any:
        """The answers without those whose question is hidden now: what is filed."""
        return self.answers.prune(answers)

    def summary(self, problems: Sequence[Problem], language: str = "zh") -> str:
        """The error summary: one link per place, to be put above the form; "" when nothing is wrong."""
        first: dict[str, str] = {}
        for problem in problems:
            first.setdefault(problem.at, problem.message)
        if not first:
            return ""
        items = "".join(
            f'<li><a href="#{esc(id_of(at) or "#")}">{sentence(message)}</a></li>' for at, message in first.items()
        )
        title = words(language)["summary"]
        return (
            '<div class="lf-summary" role="alert" aria-labelledby="lf-summary-title" tabindex="-1">'
            f'<h2 id="lf-summary-title">{title}</h2><ul>{items}</ul></div>'
        )


def _suggested(answers: Any, suggested: Mapping[str, Any]) -> Any:
    """Answers with suggestions where nothing was said yet."""
    done = copy.deepcopy(dict(answers)) if isinstance(answers, Mapping) else {}
    for at, value in suggested.items():
        names = parts_of(at)
        holder: Any = done
        for name in names[:-1]:
            holder = holder.setdefault(name, {}) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and names and value is not None:
            holder.setdefault(names[-1], value)
    return done
