"""form.ui.json: how the form is shown, speaking of fields and words that exist.

Knows the ui:* vocabulary of schemas/form.ui.schema.json; makes no page of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from core.catalog import shape
from core.catalog.inspection import conditions
from core.catalog.inspection.around import Work
from core.catalog.places import Node, Place, expand, listing, mapping
from core.faults import meant, near
from core.judge.schema import token

FILE = "form.ui.json"


def check(work: Work) -> None:
    ui = work.files.json.get(FILE)
    if not isinstance(ui, Mapping) or not isinstance(work.form, Mapping):
        return
    _ui(work, "", ui, Place((Node(work.form, work.form),)))
    fields = Place((Node(work.form, work.form),))
    for i, page in enumerate(listing(ui.get("ui:pages"))):
        page = mapping(page)
        for j, name in enumerate(listing(page.get("fields"))):
            if isinstance(name, str) and fields.inner(name.removeprefix("/")) is None:
                work.faults.add(
                    FILE, f"/ui:pages/{i}/fields/{j}", "unknown-field/form", name=name, hint=near(name, fields.names())
                )
        if "when" in page:
            conditions.check(work, FILE, f"/ui:pages/{i}/when", page["when"])


def _known_ui(work: Work) -> list[str]:
    return list(shape.load(work.around.schemas, "form.ui.schema.json")[0]["properties"])


def _ui(work: Work, at: str, ui: Mapping[str, Any], place: Place) -> None:
    for i, name in enumerate(listing(ui.get("ui:order"))):
        if isinstance(name, str) and name != "*" and place.inner(name) is None:
            work.faults.add(FILE, f"{at}/ui:order/{i}", "unknown-field/form", name=name, hint=near(name, place.names()))
    for key, inner in ui.items():
        if key.startswith("ui:") and key not in _known_ui(work):
            # Any option may be written as ui:option, so only what is nearly a known word is told.
            close = difflib.get_close_matches(key, _known_ui(work), n=1, cutoff=0.8)
            if close:
                work.faults.add(FILE, f"{at}/{token(key)}", "unknown-key", key=key, hint=meant(close[0]))
        if key.startswith("ui:") or key == "$schema" or not isinstance(inner, Mapping):
            continue
        found = place.inner("*" if key in ("items", "additionalItems") and "array" in place.types else key)
        if found is None:
            work.faults.add(FILE, f"{at}/{token(key)}", "unknown-field/form", name=key, hint=near(key, place.names()))
        else:
            _locked(work, f"{at}/{token(key)}", key, inner, (place, found))
            _ui(work, f"{at}/{token(key)}", inner, found)


_FILLED = ("readOnly", "default", "const", "x-from", "x-suggest")
"""What gives a locked question its answer, or says that it is none for the applicant."""


def _locked(work: Work, at: str, name: str, ui: Mapping[str, Any], places: tuple[Place, Place]) -> None:
    """A required question that the ui locks and nothing fills: a dead end."""
    around, own = places
    word = next((w for w in ("readonly", "disabled") if _said(ui, w)), None)
    schemas = [one.schema for node in own.nodes for one in expand(node)]
    if word is None or any("properties" in schema or any(w in schema for w in _FILLED) for schema in schemas):
        return
    if any(name in listing(one.schema.get("required")) for node in around.nodes for one in expand(node)):
        key = f"ui:{word}" if ui.get(f"ui:{word}") else f"ui:options/{word}"
        work.faults.add(FILE, f"{at}/{key}", "locked-question", name=name)


def _said(ui: Mapping[str, Any], word: str) -> bool:
    return bool(ui.get(f"ui:{word}") or mapping(ui.get("ui:options")).get(word))
