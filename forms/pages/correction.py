"""A filed case opened again to correct it 补正: its draft's pages say what is asked, and what it changes.

Knows words; what a correction may change is said in `core.cases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions, remade
from core.cases.case_view import CaseView
from core.cases.draft_view import DraftView
from core.cases.reopened import of_event, undone
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.judge.filling import apply
from core.judge.schema import parts_of
from core.kernel import Kernel
from core.web import session
from core.web.rendering import translator
from core.web.session import kernel
from forms.pages.said import node_at, said
from forms.pages.sheet import day, form_of
from forms.pages.words import N_

MISSING = N_("请提交“%(title)s”；交不了的，在“补正说明”里写明原因。")
UNSAID = N_("还没有改：%(what)s。请改好，或者在“补正说明”里写明。")
UNSENT = N_("表单里有改了还没有提交的内容。请打开表单提交；不要了的，先在“我的”里放弃那份草稿。")
FIXED = (
    N_("改了这一项，就要由另一个部门决定，补正里不能改。请撤回这件申请，再重新申请。"),
    N_("这一方已经确认为共同申请人，补正里不能换人。请撤回这件申请，再重新申请。"),
    N_("还没有改动，也没有补交材料。不用改的，请在“补正说明”里写明。"),
)
"""As `core.cases.remade` says them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One answer, in words; "" where there was none, or is none."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    no: str
    asked: tuple[tuple[str, str], ...]
    """(the material's title or "", what is to be mended)."""
    until: str
    because: str
    changes: tuple[Change, ...]
    papers: tuple[tuple[str, str], ...]
    """(title, name) of each file handed in with it."""


async def open_post(request: Request) -> Response:
    """The case as a draft, and on to its form."""
    core, actor = kernel(request), session.actor(request)
    draft = await actions.open_correction(core, request.path_params["no"], actor=actor)
    return RedirectResponse(f"/drafts/{draft.id}", status_code=303)


def correction_of(core: Kernel, draft: DraftView, language: str) -> CorrectionView | None:
    """None for an application that is not filed yet."""
    of, item = draft.of, draft.item
    if of is None:
        return None
    now = form_of(core, item).prune(apply(draft.filling, draft.answers))
    titles = {one.id: said(item, language, f"item.json#/materials/{n}/title", one.title)
              for n, one in enumerate(item.materials)}  # fmt: skip
    return CorrectionView(
        no=of.no,
        asked=tuple((titles.get(id, ""), text) for id, text in of.wanted.items()),
        until=day(date.fromisoformat(of.until), language) if of.until else "",
        because=of.because,
        changes=changes(core, item, of.answers, now if isinstance(now, Mapping) else {}, language),
        papers=tuple((titles.get(one.material, one.material), one.name) for one in draft.files if one.name),
    )


async def unsent(core: Kernel, actor: Actor, no: str, language: str) -> bool:
    """Whether something in the form was changed, and not sent: a note alone would leave it behind."""
    draft = await access.correction_draft(core, actor, no)
    view = correction_of(core, draft, language) if draft is not None else None
    return view is not None and bool(view.changes or view.papers)


async def corrected(core: Kernel, case: CaseView, language: str) -> tuple[Change, ...]:
    """What the correction of a case changed in its answers, for who may read them; () once they are erased."""
    event = next((one for one in case.events if one.type == "corrected"), None)
    what = of_event(event.data) if event is not None else None
    if not what or not case.answers:
        return ()
    item = await versions.item_by_digest(case.version)
    after = undone(case.answers, type(what)(what.new, what.old))
    return changes(core, item, undone(after, what), after, language)


def changes(
    core: Kernel, item: Item, old: Mapping[str, Any], new: Mapping[str, Any], language: str
) -> tuple[Change, ...]:
    """Every line of the form that reads otherwise, in its order. A picture has no words: that it is another one is
    told all the same."""
    texts, form = (item.bundle.get("texts") or {}).get(language), form_of(core, item)
    before, after = (
        {one.at: one for one in form.lines(answers, language, texts=texts, areas=core.office.areas)}
        for answers in (old, new)
    )
    found: dict[str, Change] = {}
    for at, line in {**before, **after}.items():
        pair = [group[at].words if at in group else "" for group in (before, after)]
        if pair[0] != pair[1]:
            found[at] = Change(line.title, *pair)
    told = {(parts_of(at) or [""])[0] for at in found}
    _ = translator(language)
    for name in dict.fromkeys((*old, *new)):
        if name not in told and old.get(name) != new.get(name):
            title = str(node_at(item, f"/answers/{name}")[1].get("title") or name)
            found[name] = Change(title, _("（有）") if name in old else "", _("（另一份）") if name in new else "")
    return tuple(found.values())


def spoken(draft: DraftView, problems: Sequence[Problem], language: str) -> list[Problem]:
    """What keeps a correction back, in the reader's language: `core` speaks Chinese."""
    _ = translator(language)
    titles = {f"material-{one.id}": said(draft.item, language, f"item.json#/materials/{n}/title", one.title)
              for n, one in enumerate(draft.item.materials)}  # fmt: skip
    wanted = {remade.unsaid(text): text for text in (draft.of.wanted.values() if draft.of is not None else ())}

    def words(one: Problem) -> str:
        if one.keyword == "unmended" and one.at in titles:
            return _(MISSING) % {"title": titles[one.at]}
        if one.message in wanted:
            return _(UNSAID) % {"what": wanted[one.message].rstrip("。")}
        return _(one.message) if one.keyword in ("unmended", "fixed") else one.message

    return [Problem(one.at, one.keyword, words(one)) for one in problems]
