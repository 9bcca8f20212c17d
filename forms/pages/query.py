"""The answer of a query item 查询: what a source holds, with an access record and no case.

Knows how a record is shown, not how it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from core.cases import actions
from core.contract import Actor, Item
from core.errors import Unprocessable
from core.kernel import Kernel
from core.web.rendering import page, translator
from core.web.session import form_data
from forms.engine.reading import Reading
from forms.pages import words
from forms.pages.applicant import named
from forms.pages.said import field_title, title
from forms.pages.sheet import clock, form_of

OURS = frozenset({"_csrf", "consent", "whom", "credit_code", "name", "id_number", "mandate"})
"""The names of the page's own boxes; the rest are the form's."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    id: str
    title: str
    applicant: str
    outcome: str
    sentence: str
    source: str
    asked_at: str
    records: tuple[tuple[tuple[str, str], ...], ...]


def read_answers(core: Kernel, item: Item, posted: FormData, language: str) -> Reading:
    pairs = [(key, value) for key, value in posted.multi_items() if isinstance(value, str) and key not in OURS]
    return form_of(core, item).read(pairs, language=language)


async def answer(
    request: Request,
    core: Kernel,
    item: Item,
    actor: Actor,
    applicant: Mapping[str, Any],
    consents: frozenset[str],
    mandate: str | None,
) -> Response:
    language = request.state.language
    reading = read_answers(core, item, form_data(request), language)
    if reading.problems:
        raise Unprocessable(reading.problems)
    found = await actions.answer_query(
        core,
        item,
        actor=actor,
        applicant=applicant,
        answers=reading.answers,
        consents=consents,
        mandate=mandate,
    )
    _ = translator(language)
    evidence = found.evidence
    outcome = evidence.outcome if evidence else "empty"
    source = core.catalog.sources.get(evidence.source) if evidence else None
    record = source.record if source else {}
    value = evidence.value if evidence and outcome == "found" else None
    rows = value if isinstance(value, list) else [value] if value else []
    sentence = {
        "found": _("查到 %(count)s 条记录") % {"count": len(rows)} if len(rows) > 1 else _("查到了"),
        "empty": _("没有查到记录"),
        "down": _("暂时查不到，请稍后再试"),
        "refused": _("没有得到您的同意，没有查"),
    }[outcome if rows or outcome != "found" else "empty"]
    view = AnswerView(
        id=item.id,
        title=title(item, language),
        applicant=named(applicant),
        outcome=outcome,
        sentence=sentence,
        source=_(source.title) if source else "",
        asked_at=clock(evidence.asked_at) if evidence else "",
        records=tuple(
            tuple((_(field_title(record, key)), shown(one, _)) for key, one in row.items())
            for row in rows
            if isinstance(row, Mapping)
        ),
    )
    return page(request, "forms/answer.html", {"view": view}, private=True)


def shown(value: Any, _: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _(words.N_("是")) if value else _(words.N_("否"))  # type: ignore[no-any-return]
    if isinstance(value, list):
        return "、".join(shown(one, _) for one in value)
    return str(value)
