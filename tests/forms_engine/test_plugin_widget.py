"""A plugin's widget, end to end: served, filled in and filed; a broken one is told, and what it asks is asked."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.kernel import Kernel
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
NEVER = "lambda schema, ui: 0"
BROKEN = {
    "a template with a mistake": ((GOOD + "{% if %}", TESTER, ""), "“stars”的 template 出错（TemplateSyntaxError"),
    "a template that raises": ((GOOD + "{{ f.nothing.at }}", TESTER, ""), "“stars”的 template 出错（UndefinedError"),
    "a tester that raises": ((GOOD, "lambda schema, ui: 1 // 0", ""), "“stars”的 tester 出错（ZeroDivisionError"),
    "a tester that gives no number": ((GOOD, 'lambda schema, ui: "high"', ""), "“stars”的 tester 出错（ValueError"),
    "what is no widget": ((GOOD, NEVER, "42, None"), "widgets 给了一个 int，不是表单控件"),
    "one that takes a file": (
        (GOOD, NEVER, f'Widget("scan", "file", {TESTER}, kind="file")'),
        "“scan”要收文件，没有启用",
    ),
}


def shelf(at: Path, template: str, tester: str, more: str = "") -> Path:
    """A shelf with the item, whose form asks one question and whose code brings a control for it."""
    folder = at / "shelf" / ITEM
    shutil.copytree(PLUGINS / ITEM, folder)
    for name in ("form.ui.json", "texts", "cases"):
        gone = folder / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)
    (folder / "form.json").write_text(json.dumps(FORM, ensure_ascii=False), encoding="utf-8")
    code = PLUGIN.format(template=template, tester=tester, more=more)
    (folder / "plugin.py").write_text(code, encoding="utf-8")
    return folder.parent


@pytest.fixture
def draft(request: pytest.FixtureRequest, town: Settings, tmp_path: Path) -> Iterator[Draft]:
    settings = dataclasses.replace(town, plugins=(shelf(tmp_path, *request.param),))
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


@pytest.mark.parametrize(("draft", "told"), BROKEN.values(), ids=BROKEN, indirect=["draft"])
def test_a_broken_one_is_contained_and_told_and_the_question_can_be_answered(draft: Draft, told: str) -> None:
    assert asked(draft) == ["text"]
    assert asked(draft) == ["text"]
    filed = draft.send("file", **{"/rating": "4"})
    assert filed.status_code == 303
    assert "/cases/" in filed.headers["location"]
    draft.client.sign_in("administrator")
    for path in ("/admin/plugins", f"/admin/plugins/{ITEM}"):
        page = draft.client.http.get(path).text
        assert "出过错，仍在服务" in page
        assert page.count(told) == 1
        assert f"{ITEM}/plugin.py" in page


@pytest.mark.parametrize("draft", [(GOOD, TESTER, "")], indirect=True)
def test_a_file_that_no_question_takes_is_refused_and_never_lost_silently(draft: Draft) -> None:
    fields = dict(draft.pairs(**{"/rating": "4"}))
    sent = {"_file:/rating": ("章程.pdf", b"%PDF-1.7", "application/pdf")}
    refused = draft.client.http.post(draft.path, data={**fields, "action": "save"}, files=sent)
    assert refused.status_code == 400
    assert ("/rating", "4") not in draft.pairs()


@pytest.mark.parametrize("draft", [(GOOD + "{% if %}", TESTER, "")], indirect=True)
def test_a_mended_control_is_there_without_a_restart(draft: Draft) -> None:
    assert asked(draft) == ["text"]
    folder = draft.client.settings.plugins[0] / ITEM
    template = folder / "stars.html"
    code = PLUGIN.format(template="@", tester=TESTER, more="").replace(
        "'@'", "(Path(__file__).parent / 'stars.html').read_text()"
    )
    template.write_text(GOOD, encoding="utf-8")
    (folder / "plugin.py").write_text(f"from pathlib import Path\n{code}", encoding="utf-8")
    reload(draft)
    assert asked(draft) == ["range"]
    template.write_text(GOOD.replace("range", "tel"), encoding="utf-8")
    reload(draft)
    assert asked(draft) == ["tel"]
    assert draft.send("file", **{"/rating": "4"}).status_code == 303


@pytest.mark.parametrize("draft", [(GOOD, TESTER, "")], indirect=True)
def test_one_whose_code_breaks_later_or_goes_leaves_a_plain_control(draft: Draft) -> None:
    assert asked(draft) == ["range"]
    code = draft.client.settings.plugins[0] / ITEM / "plugin.py"
    code.write_text(
        "from lingban import hookimpl\n\n@hookimpl\ndef widgets():\n    raise ValueError\n", encoding="utf-8"
    )
    reload(draft)
    assert asked(draft) == ["text"]
    code.unlink()
    reload(draft)
    assert asked(draft) == ["text"]


def reload(draft: Draft) -> None:
    """What the watch does when a folder has changed."""
    portal = draft.client.http.portal
    assert portal is not None
    kernel: Kernel = draft.client.http.app.state.kernel  # type: ignore[attr-defined]
    portal.call(kernel.holder.reload_beside)
