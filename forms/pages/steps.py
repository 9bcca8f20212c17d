"""A draft's way on the site: its pages as they stand now, and one of them as it is drawn.

Knows the request's size of type; what a page asks is `way`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from core.cases.draft_view import DraftView
from core.judge.filling import apply
from core.kernel import Kernel
from forms.pages.posting import was
from forms.pages.sheet import Sheet, SheetMaterial, form_of, sheet
from forms.pages.way import ASK, Step, Way, way_of


@dataclass(frozen=True, slots=True)
class StepView:
    """One page of the way, in words for its template."""

    kind: str
    title: str
    description: str
    number: int
    total: int
    href: str
    back: str
    """The page before; "" on the first."""
    was: str
    papers: tuple[SheetMaterial, ...]


def may_have_way(request: Request, core: Kernel, draft: DraftView) -> bool:
    """Quick: whether this form can have several pages at all."""
    return request.scope["state"]["size"] == "large" or form_of(core, draft.item).paged


def way_through(request: Request, core: Kernel, draft: DraftView) -> tuple[Way, Sheet]:
    """The pages for the answers as they are; and the sheet without questions, for its materials and notes."""
    state = request.scope["state"]
    language = state["language"]
    view = sheet(core, draft, language=language, only=())
    answers = apply(draft.filling, draft.answers)
    way = way_of(
        form_of(core, draft.item),
        answers,
        filling=draft.filling,
        facts=draft.facts,
        papers=[one.id for one in view.materials if one.ask],
        language=language,
        texts=(draft.item.bundle.get("texts") or {}).get(language),
        one_each=state["size"] == "large",
    )
    return way, view


def step_view(way: Way, step: Step, draft: DraftView, view: Sheet) -> StepView:
    before = way.before(step)
    return StepView(
        kind=step.kind,
        title=step.title,
        description=step.description,
        number=way.steps.index(step) + 1,
        total=len(way.steps) + 1,
        href=step.href(draft.id),
        back=before.href(draft.id) if before else "",
        was=was(draft, step.names) if step.kind == ASK else "",
        papers=tuple(one for one in view.materials if one.id in step.names) if step.kind != ASK else (),
    )
