"""The form of a step's findings on a case's page, drawn and read by the forms engine.

Knows the step that has its turn and the schema that its item gives it; whether a finding is sound is `core.cases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.cases import access
from core.cases.actions.findings import finding_schema
from core.cases.nouns import CaseView
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.kernel import Kernel
from forms import Form

PREFIX = "/findings"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step of the reader's that has its turn and wants to be told what was found."""

    position: int
    title: str
    form: Form
    questions: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a step found, as labels and texts."""

    title: str
    lines: tuple[tuple[str, str], ...]


def is_question(name: str) -> bool:
    """Whether a posted name is one of the forms engine's: a JSON Pointer, or a part of one (`_y:/on`)."""
    return name.startswith("/") or (name.startswith("_") and ":/" in name)


def wanted(item: Item, view: CaseView, *, position: str = "") -> Wanted | None:
    """The first of the reader's steps that wants findings, or the one at this position."""
    for one in view.dates.steps if view.dates else ():
        schema = finding_schema(item, one.step.id)
        if schema is None or not one.current or one.position not in view.my_steps:
            continue
        if position in ("", str(one.position)):
            return Wanted(one.position, one.step.title, Form(schema))
    return None


def drawn(
    item: Item,
    view: CaseView,
    *,
    posted: Sequence[tuple[str, str]],
    problems: Sequence[Problem],
    language: str,
    areas: Any,
) -> Wanted | None:
    """As `wanted`, with its questions: empty, or as they were posted with what is wrong about them."""
    one = wanted(item, view)
    if one is None:
        return None
    answers = one.form.read(posted).answers if posted else one.form.start()
    own = [Problem(p.at.removeprefix(PREFIX), p.keyword, p.message) for p in problems if p.at.startswith(PREFIX + "/")]
    html = one.form.render(answers, own, language, areas=areas)
    return Wanted(one.position, one.title, one.form, html)


async def read(kernel: Kernel, no: str, actor: Actor, said: Mapping[str, str]) -> Mapping[str, Any] | None:
    """What was posted with the step, as values; None where the step wants none."""
    view = await access.case(kernel, actor, no)
    one = wanted(await versions.item_by_digest(view.version), view, position=said.get("step", ""))
    if one is None:
        return None
    answers = one.form.read(getattr(said, "pairs", ())).answers
    return answers if isinstance(answers, Mapping) else {}


def found(item: Item, view: CaseView) -> list[Found]:
    """What the steps have found so far, the latest of each, in the order of the way."""
    titles = {one.step.id: one.step.title for one in (view.dates.steps if view.dates else ())}
    made = {str(e.data["finding"]): e.data["found"] for e in view.events if e.data.get("finding")}
    return [Found(titles.get(id) or id, tuple(_lines(finding_schema(item, id), values))) for id, values in made.items()]


def _lines(schema: Mapping[str, Any] | None, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    fields = (schema or {}).get("properties") or {}
    return [(str((fields.get(name) or {}).get("title") or name), _text(value)) for name, value in values.items()]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return "，".join(f"{name} {_text(one)}" for name, one in value.items())
    return "—" if value is None else str(value)
