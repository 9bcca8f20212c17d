"""A draft as its page shows it: fields, materials as a checklist, what was not found, what rules it out.

The hot path of the house: computed from the draft that was read, without another question to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from core.cases.draft_view import DraftView
from core.cases.nouns import FileRef
from core.contract import Decision, Evidence, Item, MaterialState, Problem, Source
from core.judge.decision import refuse_early
from core.judge.filling import Filling, apply, fill
from core.judge.materials import judge_materials
from core.judge.rules import rules_of
from core.kernel import LEGAL_TIME, Kernel
from core.sources.rounds import NO_CONSENT
from core.web.rendering import translator
from forms.engine.form import Form
from forms.engine.widgets import Widget
from forms.pages import words
from forms.pages.applicant import named
from forms.pages.disproof import under_held
from forms.pages.said import brought, consequence, said, title
from forms.pages.shut import shut
from forms.pages.situations import rests_on_answers


@dataclass(frozen=True, slots=True)
class SheetMaterial:
    id: str
    title: str
    required: bool
    look: str
    """is-done, is-open or is-wait."""
    mark: str
    how: str
    at: str
    ask: str
    """upload, promise, either or nothing."""
    promised: bool
    files: tuple[FileRef, ...]
    note: str = ""
    sample: bool = False
    """Whether an example can be looked at."""
    consequence: str = ""
    """What follows an untrue promise, where one may be made."""


@dataclass(frozen=True, slots=True)
class Line:
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    id: str
    item: str
    digest: str
    title: str
    revision: int
    applicant: str
    agent: str
    expires: str
    late: str
    """Why coming back before it ends is of no use: nothing can be filed until then. "" where it is."""
    changed: bool
    fields: str
    summary: str
    materials: tuple[SheetMaterial, ...]
    uploads: bool
    down: tuple[Line, ...]
    refusal: Decision | None
    instead: str
    lent: bool
    of: str = ""
    """The number of the case that it corrects."""
    steers: bool = False
    """Whether an answer may call for a paper, so that the list of papers follows each change."""


Say = Callable[[str], str]


def name_of(source: str, sources: Mapping[str, Source], _: Say) -> str:
    found = sources.get(source)
    return _(found.title) if found else source


FORMS: dict[tuple[str, int], tuple[Form, object]] = {}
"""(digest, identity of the widgets) → the form, and the widgets, which live as long."""


def form_of(core: Kernel, item: Item) -> Form:
    """The compiled form of an item version, with the widgets that plugins brought."""
    key = (item.digest, id(core.widgets))
    found = FORMS.get(key)
    if found is None:
        widgets = core.widgets
        key = (item.digest, id(widgets))
        if len(FORMS) > 2000:
            FORMS.clear()
        brought = {one.name: (plugin, one) for plugin, one in widgets if _usable(core, plugin, one)}

        def note(widget: str, part: str, why: str) -> None:
            core.hooks.note(brought[widget][0], "hook-failed/control", name=widget, part=part, reason=why)

        made = Form(item.form, item.ui, widgets=[one for _, one in brought.values()], on_failed=note)
        found = FORMS[key] = made, widgets
    return found[0]


def _usable(core: Kernel, plugin: str, one: object) -> bool:
    """Whether an item's form may ask with it; why not is told of its plugin."""
    if not isinstance(one, Widget):
        core.hooks.note(plugin, "hook-failed/no_control", name=type(one).__name__)
    elif one.kind == "file":
        core.hooks.note(plugin, "hook-failed/file", name=one.name)
    else:
        return True
    return False


def started(core: Kernel, item: Item) -> Mapping[str, Any]:
    """The answers a new draft begins with: the defaults that the form declares."""
    answers = form_of(core, item).start()
    return answers if isinstance(answers, Mapping) else {}


def sheet(
    core: Kernel,
    draft: DraftView,
    *,
    language: str,
    problems: Sequence[Problem] = (),
    raw: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
) -> Sheet:
    """`raw`: the branches that the last post chose, for a page that is shown again. `only`: the questions of one page
    of several; () draws none."""
    item, sources = draft.item, core.catalog.sources
    _ = translator(language)
    filling = sourced(draft, sources, _)
    texts = (item.bundle.get("texts") or {}).get(language)
    fields = form_of(core, item).render(
        draft.answers,
        problems,
        language,
        filling=filling,
        texts=texts,
        raw=raw,
        wrong=draft.disputed,
        under=under_held(draft.files, language),
        areas=core.office.areas,
        only=only,
    )
    facts = {**draft.facts, "answers": apply(filling, draft.answers)}
    states = judge_materials(
        item,
        facts,
        core.calendar,
        given=draft.given,
        promised=draft.promises,
        confirmed=draft.confirmed,
        language=language,
    )
    uploaded: dict[str, list[FileRef]] = {}
    for file in draft.files:
        uploaded.setdefault(file.material, []).append(file)
    doubts = doubted((filling.held.get(at, ""), at in filling.claimed) for at in draft.disputed)
    materials = tuple(
        checklist_line(
            item,
            state,
            draft.evidence,
            sources,
            tuple(uploaded.get(state.id, ())),
            promised=state.id in draft.promises,
            doubts=doubts,
            language=language,
        )
        for state in states
    )
    of = draft.of
    if of is not None:
        # A promise that was made stands, and after an untrue one there is no other.
        fixed = {**dict.fromkeys(of.promised, ""), **dict.fromkeys(of.barred, "upload")}
        materials = tuple(replace(one, ask=fixed.get(one.id, one.ask)) for one in materials)
    # What the rules say of a case under way is for its office to weigh.
    refusal = refusal_of(core, draft, facts, filling, language) if of is None else None
    current = core.catalog.items.get(item.id)
    ends = draft.expires_at.astimezone(LEGAL_TIME).date()
    closed = shut(core, item, language, ends) if of is None else None
    other = core.catalog.items.get(refusal.instead or "") if refusal else None
    return Sheet(
        id=draft.id,
        item=item.id,
        digest=item.digest,
        title=title(item, language),
        revision=draft.revision,
        applicant=named(draft.applicant, draft.evidence.values()),
        agent=str(draft.agent.get("name") or "") if draft.agent else "",
        expires=day(ends, language),
        late=closed.said if closed and not closed.kept else "",
        changed=of is None and current is not None and current.digest != item.digest,
        fields=fields,
        summary=form_of(core, item).summary(problems, language) if problems else "",
        materials=materials,
        uploads=bool(filling.values) or any(one.ask in ("upload", "either") for one in materials),
        down=not_found(item, draft.evidence, sources, language),
        refusal=refusal,
        instead=title(other, language) if other else "",
        lent=draft.lent is not None,
        of=of.no if of is not None else "",
        steers=steers(item),
    )


def sourced(draft: DraftView, sources: Mapping[str, Source], _: Say) -> Filling:
    """The draft's filling, with the words for the chip beside each value."""
    chips = {
        name: {
            "title": aged(name_of(one.source, sources, _), one.age_s, _),
            "asked_at": clock(one.asked_at),
            "purpose": one.purpose,
        }
        for name, one in draft.evidence.items()
        if one.outcome == "found"
    }
    return fill(draft.item, draft.facts, sources=chips, claims=draft.claims)


def aged(title: str, age_s: int, _: Say) -> str:
    """The source's name, with the age of an answer that was kept from an earlier question."""
    if not age_s:
        return title
    span, count = next((span, age_s // size) for size, span in AGES if age_s >= size)
    return _(words.N_("%(source)s（%(age)s前查到）")) % {"source": title, "age": _(span) % {"n": count}}


AGES = (
    (86400, words.N_("%(n)s 天")),
    (3600, words.N_("%(n)s 小时")),
    (60, words.N_("%(n)s 分钟")),
    (1, words.N_("%(n)s 秒")),
)


def doubted(disputed: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    """Lookups of which the applicant calls a value wrong → whether he declares another in place of one."""
    found: dict[str, bool] = {}
    for lookup, declares in disputed:
        found[lookup] = found.get(lookup, False) or declares
    return found


_STEERS: dict[str, bool] = {}
"""digest of an item → see `steers`."""


def steers(item: Item) -> bool:
    """Whether what is written decides if a paper is wanted."""
    found = _STEERS.get(item.digest)
    if found is None:
        if len(_STEERS) > 2000:
            _STEERS.clear()
        found = _STEERS[item.digest] = any(rests_on_answers(one.when) for one in item.materials)
    return found


def in_doubt(
    by: Sequence[str],
    doubts: Mapping[str, bool],
    evidence: Mapping[str, Evidence],
    sources: Mapping[str, Source],
    _: Say,
) -> str:
    """How a material stands whose proof the applicant calls wrong; "" where he does not."""
    wrong = [name for name in by if name in doubts and name in evidence]
    if not wrong:
        return ""
    titles = _("、").join(dict.fromkeys(name_of(evidence[name].source, sources, _) for name in wrong))
    if any(doubts[name] for name in wrong):
        return _(words.N_("您说%(sources)s查到的有误，工作人员会和您申报的对照核实")) % {"sources": titles}
    return _(words.N_("您说%(sources)s查到的有误，工作人员会核实")) % {"sources": titles}


def asked_later(item: Item, material: str, evidence: Mapping[str, Evidence]) -> list[str]:
    """The sources that will be asked for this material once the answers they are asked by are there."""
    declared = next(one for one in item.materials if one.id == material)
    names = [name for group in declared.proved_by for name in group]
    waiting = [name for name in names if name in rules_of(item).by_answers and name not in evidence]
    return [item.lookups[name].source for name in waiting]


def checklist_line(
    item: Item,
    state: MaterialState,
    evidence: Mapping[str, Evidence],
    sources: Mapping[str, Source],
    files: tuple[FileRef, ...],
    *,
    promised: bool,
    doubts: Mapping[str, bool],
    language: str,
) -> SheetMaterial:
    _ = translator(language)
    at = ""
    if state.status == "proved":
        look, mark, ask = "is-done", "✓", ""
        asked = [evidence[name] for name in state.by if name in evidence]
        titles = dict.fromkeys(aged(name_of(one.source, sources, _), one.age_s, _) for one in asked)
        how = _(words.N_("已由%(sources)s核验")) % {"sources": _("、").join(titles)}
        at = clock(max((one.asked_at for one in asked), default=""))
        wrong = in_doubt(state.by, doubts, evidence, sources, _)
        if wrong:
            look, mark, how = "is-wait", "…", wrong
    elif state.status == "promise":
        look, mark, ask, how = "is-done", "✓", "promise", state.because
    elif state.status == "upload" and (later := asked_later(item, state.id, evidence)):
        look, mark, ask = "is-wait", "…", ""
        titles = dict.fromkeys(name_of(one, sources, _) for one in later)
        how = _(words.N_("填好上面的内容后，由%(sources)s核验")) % {"sources": _("、").join(titles)}
    elif state.status == "upload":
        look, mark, how = "is-open", "", state.because
        ask = "either" if state.may_promise else "upload"
    elif state.status in ("given", "later"):
        look, mark, ask, how = "is-wait", "…", "upload", state.because
    else:
        look, mark, ask, how = "is-wait", "…", "", state.because
    if how == state.because and (silent := in_vain(item, state.id, evidence, sources, _)):
        how = _(words.N_("%(sources)s：%(because)s")) % {"sources": silent, "because": how}
    note, sample = brought(item, state.id, language) if ask else ("", False)
    follows = consequence(item, state.id, language) if ask in ("promise", "either") else ""
    return SheetMaterial(
        state.id, state.title, state.required, look, mark, how, at, ask, promised, files,
        note=note, sample=sample, consequence=follows,
    )  # fmt: skip


def in_vain(item: Item, material: str, evidence: Mapping[str, Evidence], sources: Mapping[str, Source], _: Say) -> str:
    """The sources that were to prove this material and did not."""
    declared = next(one for one in item.materials if one.id == material)
    names = [name for group in declared.proved_by for name in group if name in evidence]
    titles = dict.fromkeys(name_of(evidence[n].source, sources, _) for n in names if evidence[n].outcome != "found")
    return _("、").join(titles)


def not_found(
    item: Item, evidence: Mapping[str, Evidence], sources: Mapping[str, Source], language: str
) -> tuple[Line, ...]:
    """The lookups that gave no answer, each with its own words and its next step. Empty is no news here."""
    return tuple(
        Line(
            "{} · {}".format(
                name_of(one.source, sources, translator(language)),
                said(item, language, f"lookups.json#/lookups/{name}/purpose", one.purpose),
            ),
            words.LOOKUPS["no_consent" if one.reason == NO_CONSENT else one.outcome],
        )
        for name, one in evidence.items()
        if one.outcome in ("down", "refused")
    )


def refusal_of(
    core: Kernel, draft: DraftView, facts: Mapping[str, Any], filling: Filling, language: str
) -> Decision | None:
    """The refusal that no answer can change, so that nobody fills in a form in vain. `facts` hold the held values."""
    if not refuses(draft.item):
        return None
    doubtful = [f"/answers{at}" for at in (*draft.disputed, *filling.declared)]
    return refuse_early(draft.item, facts, core.calendar, unreliable=doubtful, language=language)


def refuses(item: Item) -> bool:
    return any(rule.outcome in ("reject", "decline") for rule in item.routing.decide)


def asks_by_answers(item: Item) -> bool:
    """Whether something the applicant writes may call for another lookup."""
    return bool(rules_of(item).by_answers)


def day(at: date, language: str) -> str:
    return f"{at.year}年{at.month}月{at.day}日" if language == "zh" else at.isoformat()


@lru_cache(maxsize=4096)
def clock(text: str) -> str:
    """UTC, ISO 8601 → the clock on the wall, to the minute."""
    return datetime.fromisoformat(text).astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M") if text else ""
