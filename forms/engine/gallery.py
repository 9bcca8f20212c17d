"""The gallery for authors: every widget and construct with the schema and ui that make it.

Knows no item; a page shows `entries()`, tests walk them, and docs/forms.md points here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.contract import Area
from forms.engine.exhibits import Schema, declared
from forms.engine.form import Form

AREAS: Mapping[str, Area] = {
    area.code: area
    for area in (
        Area("320583000000", "示例市", "city", None),
        Area("320583103000", "示例镇", "town", "320583000000"),
        Area("320583103205", "示例村", "village", "320583103000"),
        Area("320583103206", "样板社区", "village", "320583103000"),
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One exhibit."""

    title: str
    schema: Schema
    ui: Mapping[str, Any] | None
    answers: Any
    html: str


@lru_cache(maxsize=4)
def entries(language: str = "zh", *, wrong: bool = False) -> tuple[Entry, ...]:
    """Every exhibit, drawn. `wrong`: as it looks when nothing was filled in, with its problems."""
    drawn: list[Entry] = []
    for title, (schema, ui), answers in declared():
        form = Form(schema, ui)
        shown = {} if wrong else answers
        problems = form.problems(shown, language) if wrong else ()
        drawn.append(Entry(title, schema, ui, answers, form.render(shown, problems, language, areas=AREAS)))
    return tuple(drawn)
