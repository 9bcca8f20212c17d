"""A plugin's widget, end to end: served, filled in and filed; a broken one asks all the same."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from core.web.app import build
from tests.conftest import Client
from tests.forms_engine.browser import inputs
from tests.forms_engine.test_item_pages import ITEM, PLUGINS, Draft

FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "申请表",
    "properties": {"rating": {"type": "integer", "title": "<b>满意度", "minimum": 1, "maximum": 5}},
    "required": ["rating"],
}
PLUGIN = """
from forms import Widget
from lingban import hookimpl

@hookimpl
def widgets():
    return [Widget("stars", {template!r}, {tester}), {more}]
"""
GOOD = (
    '<input type="range" min="1" max="5" id="{{ f.id }}" name="{{ f.name }}" aria-label="{{ f.title }}" '
    'value="{{ slot.value }}"{{ slot.told }}>'
)
TESTER = 'lambda schema, ui: 9 if "满意度" in schema.get("title", "") else 0'
BROKEN = {
    "a template with a mistake": (GOOD + "{% if %}", TESTER, ""),
    "a template that raises": (GOOD + "{{ f.nothing.at.all }}", TESTER, ""),
    "a tester that raises": (GOOD, "lambda schema, ui: 1 // 0", ""),
    "a tester that gives no number": (GOOD, 'lambda schema, ui: "high"', ""),
    "what is no widget": (GOOD, "lambda schema, ui: 0", "42, None"),
}


@pytest.fixture
def draft(request: pytest.FixtureRequest, town: Settings, tmp_path: Path) -> Iterator[Draft]:
    template, tester, more = request.param
    folder = tmp_path / "shelf" / ITEM
    shutil.copytree(PLUGINS / ITEM, folder)
    for name in ("form.ui.json", "texts", "cases"):
        gone = folder / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)
    (folder / "form.json").write_text(json.dumps(FORM, ensure_ascii=False), encoding="utf-8")
    code = PLUGIN.format(template=template, tester=tester, more=more)
    (folder / "plugin.py").write_text(code, encoding="utf-8")
    settings = dataclasses.replace(town, plugins=(folder.parent,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        client = Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings)
        client.sign_in()
        fields = client.hidden(http.get(f"/items/{ITEM}/apply").text)
        begun = http.post(f"/items/{ITEM}/apply", data=fields, follow_redirects=False)
        assert begun.status_code == 303, begun.text
        yield Draft(client, begun.headers["location"])


def asked(draft: Draft) -> list[str | None]:
    return [e.get("type") for e in inputs(draft.page()) if e.get("name") == "/rating"]


@pytest.mark.parametrize("draft", [(GOOD, TESTER, "")], indirect=True)
def test_the_control_of_a_plugin_asks_is_read_and_filed(draft: Draft) -> None:
    assert asked(draft) == ["range"]
    assert "<b>满意度" not in draft.page()
    wrong = draft.send("file", **{"/rating": "9"})
    assert wrong.status_code == 422
    assert draft.send("save", **{"/rating": "4"}).status_code == 303
    assert ("/rating", "4") in draft.pairs()
    filed = draft.send("file", **{"/rating": "4"})
    assert filed.status_code == 303
    assert "/cases/" in filed.headers["location"]


@pytest.mark.parametrize("draft", BROKEN.values(), ids=BROKEN, indirect=True)
def test_a_broken_one_is_contained_and_the_question_can_be_answered(draft: Draft) -> None:
    assert asked(draft) == ["text"]
    filed = draft.send("file", **{"/rating": "4"})
    assert filed.status_code == 303
    assert "/cases/" in filed.headers["location"]
