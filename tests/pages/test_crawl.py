"""Every form a person or a firm may begin, page after page up to 核对: no page fails, none is in two languages.

Knows no item: what is written on a page is what the item's own scenarios answer.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from forms.pages.sheet import form_of
from tests.conftest import Client
from tests.forms_engine.browser import posted
from tests.pages.test_gallery import as_post
from tests.pages.test_languages import CERTIFICATE, CJK, chinese

BOTH_DATABASES = True

ROOT = Path(__file__).parents[2]
MOST = 15
"""Pages of one form; more is a circle."""


def firm_of(number: str) -> str:
    with (ROOT / "seeds/sources/legal-entity.csv").open(encoding="utf-8") as file:
        return next((one["credit_code"] for one in csv.DictReader(file) if one["legal_rep_id"] == number), "")


def registered() -> list[str]:
    """What the registers hold in Chinese: data, and spelt as it is in every language."""
    cells: set[str] = set()
    for file in (ROOT / "seeds/sources").glob("*.csv"):
        with file.open(encoding="utf-8") as opened:
            cells |= {cell for row in list(csv.reader(opened))[1:] for cell in row if CJK.search(cell)}
    return sorted(cells, key=len, reverse=True)


def answers_of(id: str) -> dict[str, Any]:
    """All that the item's scenarios answer; what is nowhere answered stays blank."""
    answers: dict[str, Any] = {}
    for file in sorted((ROOT / "plugins" / id / "cases").glob("*.json")):
        answers = {**json.loads(file.read_text(encoding="utf-8")).get("answers", {}), **answers}
    return answers


def question(name: str) -> str:
    """The question of the top level that a control belongs to; "" for the page's own."""
    found = re.search(r"(?:^|:)/([^/#]+)", name)
    return found[1] if found else ""


def written(core: Any, item: Any, page: str) -> dict[str, Any]:
    """The page's own post, with the scenarios' answers in the boxes that it has."""
    form = re.search(r'<form id="fill" method="post" action="/drafts/.*?</form>', page, re.S)
    assert form is not None
    shown = posted(form[0])
    here = {question(name) for name in re.findall(r' name="([^"]+)"', form[0])} - {""}
    drawn = form_of(core, item).render(answers_of(item.id), areas=core.office.areas)
    ours = [(name, value) for name, value in posted(drawn) if question(name) in here]
    theirs = [(name, value) for name, value in shown if question(name) not in {question(name) for name, _ in ours}]
    return as_post([*theirs, *ours])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("login", ["elder", "firm-food"])
def test_every_page_of_every_form_up_to_the_check(client: Client, login: str, language: str) -> None:
    people = [one for one in client.told["accounts"] if one["role"] == "citizen"]
    account = client.sign_in("citizen", next(n for n, one in enumerate(people) if one["login"] == login))
    firm = firm_of(account["id_number"])
    client.http.cookies.set("lb_lang", language)
    core = client.http.app.state.kernel  # type: ignore[attr-defined]
    names = (*(area.name for area in core.office.areas.values()), *registered())
    wrong: list[str] = []
    walked: dict[str, int] = {}
    id = ""

    def look(page: Any) -> None:
        where = id + re.sub(r".*/drafts/[0-9a-f-]+", "", str(page.url))
        if page.status_code not in (200, 422):
            wrong.append(f"{where}: {page.status_code}")
        if language == "en" and (left := chinese(page.text.replace(CERTIFICATE, "No. 1"), names)):
            wrong.append(f"{where}: {left}")

    for id, item in sorted(core.catalog.items.items()):
        if item.handling not in ("instant", "promised") or (bool(firm) != ("enterprise" in item.audience)):
            continue
        page = client.http.get(f"/items/{id}/apply")
        whom = {"whom": "firm", "credit_code": firm} if firm else {"whom": "self"}
        page = client.http.post(f"/items/{id}/apply", data={**client.hidden(page.text), **whom})
        if "/drafts/" not in str(page.url):
            continue
        seen: list[str] = []
        stuck = False
        while "/check" not in str(page.url) and len(seen) < MOST:
            look(page)
            seen.append(str(page.url))
            stuck = page.status_code == 422  # the registers know nothing of what the scenario made up
            if stuck or ("/ask/" not in seen[-1] and "/papers/" not in seen[-1]):
                page = client.http.get(re.sub(r"(/drafts/[0-9a-f-]+).*", r"\1/check", seen[-1]))
                break
            to = re.sub(r"[?#].*", "", seen[-1])
            page = client.http.post(to, data={**written(core, item, page.text), "action": "next"})
        look(page)
        if not stuck:
            walked[id] = len(seen)
        if "/check" not in str(page.url):
            wrong.append(f"{id}: does not come to its end: {seen[-2:]}")
    assert len(walked) > 5, walked
    assert not firm or max(walked.values()) > 2, "no form of several pages is among them"
    assert not wrong, "\n".join(wrong)
