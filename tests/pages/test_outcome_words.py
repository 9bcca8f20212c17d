"""Every bundled item × lookup × outcome, drawn in both languages: a sentence with a next step, never silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from core.cases.draft_view import DraftView
from core.catalog.samples import sample
from core.contract import Evidence, Item, Source
from core.kernel import Kernel
from core.web.rendering import translator
from forms.pages import words
from forms.pages.sheet import Sheet, sheet
from tests.conftest import Client
from tests.pages.test_languages import chinese

BOTH_DATABASES = True

ENDS = ("found", "empty", "down", "refused", "not_asked", "cached")
NOTES = {
    ("empty", "zh"): "数据源里没有这一项", ("down", "zh"): "数据源暂时没有回应",
    ("refused", "zh"): "没有得到同意或许可",
    ("empty", "en"): "holds nothing here", ("down", "en"): "does not answer at the moment",
    ("refused", "en"): "not agreed to or not permitted",
}  # fmt: skip
AGES = {"zh": "1 天前查到", "en": "looked up 1 d ago"}
ASKED_AT = "2026-11-22T01:14:00+00:00"


def evidence(item: Item, name: str, end: str, source: Source | None) -> Evidence:
    lookup = item.lookups[name]
    record = source.record if source else {}
    properties = record.get("properties") or {}
    row = {field: sample(properties.get(field) or {}) for field in lookup.take}
    value: Any = [row] if lookup.many or lookup.each else row
    found = end in ("found", "cached")
    return Evidence(
        name, lookup.source, "found" if found else end, value if found else None, "0" * 64 if found else "",
        asked_at=ASKED_AT, age_s=86400 if end == "cached" else 0, purpose=lookup.purpose, basis=lookup.basis,
    )  # fmt: skip


def draft(kernel: Kernel, item: Item, name: str, end: str) -> DraftView:
    """Everything else found; the one lookup ended so."""
    known = kernel.catalog.sources
    kept = {
        other: evidence(item, other, end if other == name else "found", known.get(item.lookups[other].source))
        for other in item.lookups
        if other != name or end != "not_asked"
    }
    person = "person" in item.audience
    applicant = {"kind": "person", "name": "A", "id_number": "11010519491231002X", "area": "320583103205"}
    firm = {"kind": "enterprise", "name": "A", "credit_code": "91350100M000100Y43", "area": "320583103205"}
    return DraftView(
        id="d", item=item, owner="o", owner_role="citizen", revision=1, expires_at=kernel.now(), channel="web",
        applicant=applicant if person else firm, agent=None, site=None, standing={"kind": "self"}, answers={},
        evidence=kept, consents=frozenset(), refused=frozenset(), promises=(), confirmed=(), disputed=(), files=(),
        today=kernel.today(),
    )  # fmt: skip


def every(kernel: Kernel, language: str) -> Iterator[tuple[Item, str, str, DraftView, Sheet]]:
    for item in kernel.catalog.items.values():
        if item.handling in ("instant", "promised"):
            for name in item.lookups:
                for end in ENDS:
                    made = draft(kernel, item, name, end)
                    yield item, name, end, made, sheet(kernel, made, language=language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_field_and_material_has_its_words_for_every_outcome(client: Client, language: str) -> None:
    kernel: Kernel = client.http.app.state.kernel  # type: ignore[attr-defined]
    wrong: list[str] = []
    count, say = 0, translator(language)
    for item, name, end, made, page in every(kernel, language):
        count += 1
        where = f"{item.id} {name} {end}"
        lines = [one.how for one in page.materials] + [f"{one.source} {say(one.words)}" for one in page.down]
        wrong += [f"{where}: {line!r}" for line in lines if not line.strip() or "None" in line or "{" in line]
        if re.search(r">\s*None\s*<|\bNone\b", re.sub(r'"[^"]*"', "", page.fields)):
            wrong.append(f"{where}: None in a field")
        told = [one for one in page.down if one.words == words.LOOKUPS.get(end)]
        if (end in ("down", "refused")) != bool(told):
            wrong.append(f"{where}: {'nothing is' if not told else 'too much is'} said of it")
        for place, holder in made.filling.held.items():
            if holder == name and end not in ("found", "cached"):
                wrong.append(f"{where}: {place} is held by what was not found")
        noted = page.fields.count('class="lf-note"')
        if made.filling.declared and noted < 1 and "lf-error" not in page.fields:
            wrong.append(f"{where}: {sorted(made.filling.declared)} are asked without a word why")
        whys = set(made.filling.why.values())
        wrong += [f"{where}: its note does not say {why}" for why in whys if NOTES[why, language] not in page.fields]
        if (
            end == "cached"
            and name in made.filling.held.values()
            and AGES[language] not in page.fields + "".join(lines)
        ):
            wrong.append(f"{where}: an old answer without its age")
        if language == "en":
            html = f"<html><body>{page.fields}{''.join(f'<p>{line}</p>' for line in lines)}</body></html>"
            wrong += [f"{where}: {left!r}" for left in chinese(html, ("示例", "示"))]
    assert count > 300
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(sorted(set(wrong))[:40])
