"""The forms of steps' findings on a case's page, drawn and read by the forms engine.

Knows the steps that have their turn and the schema that the item gives each; whether a finding is sound is
`core.cases`. Steps that run together stand on one page: the questions of each lie below its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.cases import access
from core.cases.actions.findings import finding_step
from core.cases.case_view import CaseView
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import Unprocessable
from core.judge.rules import StepRule
from core.judge.schema import token
from core.kernel import Kernel
from core.web.rendering import translator
from forms import Form
from forms.engine.rows import ACTIONS
from forms.pages.words import N_

PREFIX = "/findings"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step of the reader's that has its turn and wants to be told what was found."""

    position: int
    id: str
    title: str
    form: Form
    texts: Mapping[str, str]
    questions: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a step found, as labels and texts; a label without a text heads those below it."""

    title: str
    lines: tuple[tuple[str, str], ...]


def is_question(name: str) -> bool:
    """Whether a posted name is one of the forms engine's: a JSON Pointer, a part of one (`_y:/on`), or a button."""
    return name.startswith("/") or (name.startswith("_") and ":/" in name) or name in ACTIONS


def is_redrawn(said: Mapping[str, str]) -> bool:
    """A button of the questions sent the page (add a row, find an area), or none did: nothing is finished by it."""
    pairs = getattr(said, "pairs", ())
    return any(name in ACTIONS for name, _ in pairs) or (bool(pairs) and not said.get("step"))


def wanted(item: Item, view: CaseView, language: str = "zh") -> list[Wanted]:
    """The reader's steps that have their turn and want findings, in order."""
    made = []
    for one in view.dates.steps if view.dates else ():
        rule = finding_step(item, one.step.id)
        if rule is not None and one.current and one.position in view.my_steps:
            title = _title(rule, language) + (f"（{one.step.by}）" if one.step.by else "")
            before = sum(1 for e in view.events if e.data.get("again") and e.data.get("step") == one.position)
            if before:
                title = _round(title, before + 1, language)
            made.append(Wanted(one.position, one.step.id, title, *_form(item, rule, language)))
    return made


def _round(title: str, number: int, language: str) -> str:
    return translator(language)(N_("%(title)s（第%(n)s次）")) % {"title": title, "n": number}


def _form(item: Item, rule: StepRule, language: str) -> tuple[Form, dict[str, str]]:
    title, findings = _title(rule, "zh"), rule.step.findings or {}
    form, texts = form_of(item, rule.step.id, title, findings, f"routing.json#{rule.place}", language)
    if (item.bundle.get("texts") or {}).get(language):
        texts.setdefault(f"#/properties/{token(rule.step.id)}/title", _title(rule, language))
    return form, texts


def form_of(
    item: Item, id: str, title: str, findings: Mapping[str, Any], place: str, language: str
) -> tuple[Form, dict[str, str]]:
    """The form with the findings below `id`, and the item's own words in the reader's language; `place` is where what
    declares them stands, as the overlay calls it."""
    below = f"#/properties/{token(id)}"
    form = Form({"type": "object", "properties": {id: {"title": title, **_below(findings, below)}}, "required": [id]})
    overlay = (item.bundle.get("texts") or {}).get(language) or {}
    start = f"{place}/findings/"
    texts = {f"{below}/{key.removeprefix(start)}": text for key, text in overlay.items() if key.startswith(start)}
    if overlay and (said := overlay.get(f"{place}/title")):
        texts.setdefault(f"{below}/title", said)
    return form, texts


def _below(node: Any, at: str) -> Any:
    """The schema as it reads when it stands at this place: what refers to `#/$defs/…` is in itself."""
    if isinstance(node, list):
        return [_below(one, at) for one in node]
    if not isinstance(node, Mapping):
        return node
    made = {key: value if key in _DATA else _below(value, at) for key, value in node.items()}
    ref = node.get("$ref")
    if isinstance(ref, str) and (ref == "#" or ref.startswith("#/")):
        made["$ref"] = at + ref[1:]
    return made


_DATA = ("enum", "const", "default", "examples")


def _title(rule: StepRule, language: str) -> str:
    return rule.said(language).title or rule.step.id


def drawn(
    item: Item,
    view: CaseView,
    *,
    posted: Sequence[tuple[str, str]],
    problems: Sequence[Problem],
    language: str,
    areas: Any,
) -> list[Wanted]:
    """As `wanted`, each with its questions: empty, or as they were posted with what is wrong about them."""
    made = []
    for one in wanted(item, view, language):
        answers, own = one.form.start(), []
        raw: Mapping[str, str] = {}
        if posted:
            reading = one.form.read(_own(one, posted))
            answers, raw = reading.answers, reading.raw
            at = f"{PREFIX}/{token(one.id)}"
            if any(p.at == at or p.at.startswith(at + "/") for p in problems):
                own = reading.told(one.form.problems(one.form.prune(answers), language, texts=one.texts))
        html = one.form.render(answers, own, language, texts=one.texts, raw=raw, areas=areas)
        made.append(Wanted(one.position, one.id, one.title, one.form, one.texts, html))
    return made


async def read(kernel: Kernel, no: str, actor: Actor, said: Mapping[str, str]) -> Mapping[str, Any] | None:
    """What was posted with the step, as values; None where the step wants none. Raises Unprocessable, at
    `/findings/<step>/…`, for what could not be taken: the values lack it, so no check of them would miss it."""
    view = await access.case(kernel, actor, no)
    step = said.get("step", "")
    for one in wanted(await versions.item_by_digest(view.version), view):
        if step in ("", str(one.position)):
            pairs = getattr(said, "pairs", ())
            if untaken := one.form.read(_own(one, pairs)).problems:
                raise Unprocessable([replace(problem, at=f"{PREFIX}{problem.at}") for problem in untaken])
            return _values(one, pairs)
    return None


async def begun(kernel: Kernel, no: str, actor: Actor, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was written for steps that still have their turn, beside the one that was sent; empty where nothing was."""
    view = await access.case(kernel, actor, no)
    pairs = getattr(said, "pairs", ())
    item = await versions.item_by_digest(view.version)
    others = [one for one in wanted(item, view) if str(one.position) != said.get("step")]
    if not any(_values(one, pairs) != _values(one, ()) for one in others):
        return []
    return [pair for pair in pairs if any(_is_of(one, pair[0]) for one in others)]


def _is_of(one: Wanted, name: str) -> bool:
    """Whether a posted name (`/site/on`, `_y:/site/on`, `_also:/site/…#…`) is of this step's questions."""
    rest = "/" + name.partition("/")[2]
    return f"{rest}/".startswith(f"/{token(one.id)}/")


def _own(one: Wanted, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was posted, without the buttons of another step's questions."""
    at = f"/{token(one.id)}"
    return [(name, value) for name, value in pairs if name not in ACTIONS or f"{value}/".startswith(f"{at}/")]


def _values(one: Wanted, pairs: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
    answers = one.form.read(_own(one, pairs)).answers if pairs else one.form.start()
    values = answers.get(one.id) if isinstance(answers, Mapping) else None
    return values if isinstance(values, Mapping) else {}


def found(item: Item, view: CaseView, *, language: str, areas: Any) -> list[Found]:
    """What the steps have found so far, in the order in which it was found."""
    told = [e.data for e in view.events if e.data.get("finding")]
    often = Counter(str(data["finding"]) for data in told)
    rounds = Counter[str]()
    made = []
    for data in told:
        id = str(data["finding"])
        rounds[id] += 1
        one = _found(item, id, data["found"], language, areas)
        made.append(replace(one, title=_round(one.title, rounds[id], language)) if often[id] > 1 else one)
    return made


def _found(item: Item, id: str, values: Any, language: str, areas: Any) -> Found:
    rule = finding_step(item, id)
    if rule is None:
        return Found(id, ())
    form, texts = _form(item, rule, language)
    lines = form.lines({id: values}, language, texts=texts, areas=areas)
    shown = tuple((line.title, line.words) for line in lines if line.at != f"/{token(id)}")
    return Found(_title(rule, language), shown)
