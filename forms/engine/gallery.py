"""The gallery for authors: every widget and construct with the schema and ui that make it.

Knows no item; a page shows `entries()`, tests walk them, and docs/forms.md points here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.contract import Area
from forms.engine.exhibits import Schema, declared, texts
from forms.engine.exhibits.english import ENGLISH
from forms.engine.form import Form

_VILLAGES = ("示例村", "样板社区", "演示村", "范例村", "样例社区")


def _areas() -> dict[str, Area]:
    """A made-up city of three towns with five villages each."""
    areas = [Area("320583000000", "示例市", "city", None)]
    for code, town in (("101", "东示例镇"), ("102", "西示例镇"), ("103", "示例镇")):
        areas.append(Area(f"320583{code}000", town, "town", "320583000000"))
        for n, village in enumerate(_VILLAGES, 205):
            areas.append(
                Area(f"320583{code}{n}", f"{town.removesuffix('示例镇')}{village}", "village", f"320583{code}000")
            )
    return {area.code: area for area in areas}


AREAS: Mapping[str, Area] = _areas()
FEW_AREAS: Mapping[str, Area] = {c: a for c, a in AREAS.items() if a.level == "city" or c[6:9] == "103"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One exhibit."""

    title: str
    schema: Schema
    ui: Mapping[str, Any] | None
    answers: Any
    html: str
    form: Form
    texts: Mapping[str, str] | None
    areas: Mapping[str, Area]


@lru_cache(maxsize=4)
def entries(language: str = "zh", *, wrong: bool = False) -> tuple[Entry, ...]:
    """Every exhibit, drawn. `wrong`: as it looks when nothing was filled in, with its problems."""
    drawn: list[Entry] = []
    for title, (schema, ui), answers in declared():
        form = Form(schema, ui)
        overlay = texts(schema, ui) if language == "en" else None
        areas = AREAS if "逐级" in title else FEW_AREAS
        # As a browser posts a page on which nothing was filled in: groups that have to be there are.
        shown = form.read([]).answers if wrong else answers
        problems = form.problems(shown, language, texts=overlay) if wrong else ()
        html = form.render(shown, problems, language, texts=overlay, areas=areas)
        named = ENGLISH[title] if language == "en" else title
        drawn.append(Entry(named, schema, ui, answers, html, form, overlay, areas))
    return tuple(drawn)
