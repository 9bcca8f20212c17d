"""`/drafts/{id}/check` 核对: every answer in words with a way to change it, then one button that files.

Knows no box: nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases.draft_view import DraftView
from core.contract import Actor, Problem
from core.judge.filling import apply
from core.judge.schema import parts_of, token
from core.kernel import Kernel
from core.web.rendering import page, translator
from forms.engine.html import id_of
from forms.pages.again import WRONG, again, flags, left
from forms.pages.correction import correction_of
from forms.pages.posting import file, keep, of_draft, posted_of, wrong
from forms.pages.sheet import SheetMaterial, form_of
from forms.pages.steps import way_through
from forms.pages.way import ASK, PAPERS, Step, Way

STALE = "stale"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One answer. Without `words` it is the title of those below it, or a question left blank."""

    title: str
    words: str
    deep: int
    blank: bool
    held: bool
    href: str
    """Where it is changed; "" below the first level and for what nobody can change."""
    wrong: bool = False
    """Held, and the applicant says that it is not right."""


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one page."""

    title: str
    lines: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """What keeps the application back, and where that is mended ("" where it is on no page)."""

    message: str
    href: str


@dataclass(frozen=True, slots=True)
class CheckView:
    sections: tuple[Section, ...]
    papers: tuple[SheetMaterial, ...]
    papers_href: str
    mend: tuple[Mend, ...]
    back: str
    on: str
    """Where to go on filling in, while something is not right."""


@of_draft
async def check(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    if STALE in flags(request):
        return show(request, core, found, wrong(core, found, request.state.language), status=409, tried=False)
    if problems := left(request, core, found):
        return show(request, core, found, problems, status=422, tried=True)
    return show(request, core, found, wrong(core, found, request.state.language), tried=False)


@of_draft
async def check_post(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    posted = posted_of(request)
    # Nothing is written on this page: what counts is only that the reader saw the draft as it is.
    if posted.get("_revision") != str(found.revision):
        return RedirectResponse(f"/drafts/{found.id}/check?{STALE}", status_code=303)
    if posted.get("action") == "again":
        await keep(core, found, again=True)
        return RedirectResponse(f"/drafts/{found.id}/check", status_code=303)

    async def refused(kept: DraftView, problems: list[Problem]) -> Response:
        return await again(kept, f"/drafts/{kept.id}/check", WRONG, problems=problems)

    return await file(request, core, actor, found, refused)


def show(
    request: Request, core: Kernel, found: DraftView, problems: Sequence[Problem], *, status: int = 200, tried: bool
) -> Response:
    """`tried`: somebody pressed the button, so what is missing is an error by now."""
    way, view = way_through(request, core, found)
    shown = check_view(core, found, way, view.materials, problems, request.state.language)
    context = {"view": view, "check": shown, "tried": tried, "stale": status == 409,
               "correction": correction_of(core, found, request.state.language)}  # fmt: skip
    return page(request, "forms/check.html", context, status=status, private=True)


def check_view(
    core: Kernel,
    draft: DraftView,
    way: Way,
    materials: tuple[SheetMaterial, ...],
    problems: Sequence[Problem],
    language: str,
) -> CheckView:
    _ = translator(language)
    form = form_of(core, draft.item)
    texts = (draft.item.bundle.get("texts") or {}).get(language)
    asked = form.questions(apply(draft.filling, draft.answers), language, filling=draft.filling, texts=texts)
    known = {one.name: one for one in asked}
    steps = way.steps or (Step(ASK, "", "", tuple(known)),)
    answers = form.prune(apply(draft.filling, draft.answers))
    said: dict[str, list[CheckLine]] = {name: [] for name in known}
    at_page = {name: step for step in steps if step.kind == ASK for name in step.names}

    def href(at: str, name: str) -> str:
        step = at_page.get(name)
        if step is None:
            return ""
        base = f"{Step(ASK, '', '', (name,)).href(draft.id)}?check" if way else f"/drafts/{draft.id}"
        return f"{base}#{quote(id_of(at), safe='/')}"

    for line in form.lines(answers, language, filling=draft.filling, texts=texts, areas=core.office.areas):
        name = (parts_of(line.at) or [""])[0]
        if name in said:
            top = line.at.count("/") == 1
            held = known[name].held
            wrong = line.at in draft.disputed
            link = href(line.at, name) if top and (wrong or not held) else ""
            said[name].append(CheckLine(line.title, line.words, line.deep, False, held, link, wrong))
    for name, one in known.items():
        if not said[name]:
            link = "" if one.held else href(f"/{token(name)}", name)
            said[name].append(CheckLine(one.title, "", 0, True, one.held, link))
    sections = _sections(steps, said)
    papers = next((step for step in steps if step.kind == PAPERS), None)
    papers_at = (
        f"{papers.href(draft.id)}?check" if papers else "" if way else f"/drafts/{draft.id}#materials"
    )  # fmt: skip
    first = way.unfinished(problems)
    unfit = [one for one in problems if one.keyword != "unmended"]  # that, a note may explain
    mend = []
    for problem in problems:
        name = (parts_of(problem.at) or [""])[0] if problem.at.startswith("/") else ""
        there = href(problem.at, name) if name in at_page else ""
        if not problem.at.startswith("/"):
            there = "#because" if problem.at == "because" else papers_at if problem.at.startswith("material-") else ""
        mend.append(Mend(problem.message, there))
    back = way.steps[-1].href(draft.id) if way else f"/drafts/{draft.id}"
    return CheckView(
        sections=sections,
        papers=materials,
        papers_href=papers_at,
        mend=tuple(dict.fromkeys(mend)),
        back=back,
        on=f"{first.href(draft.id)}?check" if first else "" if way or not unfit else f"/drafts/{draft.id}",
    )


def _sections(steps: Sequence[Step], said: dict[str, list[CheckLine]]) -> tuple[Section, ...]:
    """One for each titled page; pages of one question follow in the one before."""
    made: list[tuple[str, list[CheckLine]]] = []
    for step in steps:
        if step.kind != ASK:
            continue
        if step.title or not made:
            made.append((step.title, []))
        for name in step.names:
            made[-1][1].extend(said.get(name, ()))
    return tuple(Section(title, tuple(lines)) for title, lines in made if lines)
