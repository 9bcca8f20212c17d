"""What the form engine tells on an item's page: a folder with its own form, the real kernel, posts of browsers."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from core.web.app import build
from tests.conftest import Client
from tests.forms_engine.browser import posted, texts

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
ITEM = "volunteer-registration"
FORM: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "申请表",
    "properties": {
        "note": {"type": "string", "title": "备注", "maxLength": 100},
        "sign": {"type": "string", "format": "signature", "title": "签名"},
        "contacts": {
            "type": "object",
            "title": "联系方式",
            "patternProperties": {"^tel_": {"type": "string", "title": "电话", "maxLength": 20}},
        },
    },
    "required": ["sign"],
}
UNFIT = "“wrong”不能用作这里的名称，请按说明改写"


@dataclasses.dataclass
class Draft:
    """A draft of the item, and what its page would post."""

    client: Client
    path: str

    def page(self) -> str:
        return self.client.http.get(self.path).text

    def pairs(self, **answers: str) -> list[tuple[str, str]]:
        form = re.search(r'<form[^>]*id="draft-form".*?</form>', self.page(), re.DOTALL) or re.search(
            r"<main.*?</main>", self.page(), re.DOTALL
        )
        assert form
        pairs = [(n, answers.pop(n, v)) for n, v in posted(form[0]) if n != "action"]
        return [*pairs, *answers.items()]

    def send(self, action: str, **answers: str) -> Any:
        pairs = [*self.pairs(**answers), ("action", action)]
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        answer = self.client.http.post(self.path, data=fields, follow_redirects=False)
        # What went wrong is told at an address of its own.
        told = answer.headers.get("location", "").endswith("?wrong")
        return self.client.http.get(answer.headers["location"]) if told else answer


@pytest.fixture
def draft(town: Settings, tmp_path: Path) -> Iterator[Draft]:
    folder = tmp_path / "shelf" / ITEM
    shutil.copytree(PLUGINS / ITEM, folder)
    for name in ("form.ui.json", "texts", "cases"):
        gone = folder / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)
    (folder / "form.json").write_text(json.dumps(FORM, ensure_ascii=False), encoding="utf-8")
    settings = dataclasses.replace(town, plugins=(folder.parent,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        client = Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings)
        client.sign_in()
        fields = client.hidden(http.get(f"/items/{ITEM}/apply").text)
        begun = http.post(f"/items/{ITEM}/apply", data=fields, follow_redirects=False)
        assert begun.status_code == 303, begun.text
        yield Draft(client, begun.headers["location"])


@pytest.mark.parametrize("action", ["file", "save"])
def test_a_drawing_that_is_no_picture_is_told_and_the_rest_is_kept(draft: Draft, action: str) -> None:
    answer = draft.send(action, **{"/note": "早上有空", "_sign:/sign": "data:image/png;base64,AAAA"})
    assert answer.status_code == 422
    errors = texts(answer.text, "lf-error")
    assert len(errors) == 1
    assert "签名" in errors[0]
    assert 'value="早上有空"' in draft.page()


def test_a_drawing_that_is_no_picture_is_told_when_only_a_part_is_asked_for(draft: Draft) -> None:
    answer = draft.send("part", **{"_sign:/sign": "data:image/png;base64,AAAA"})
    assert answer.status_code == 200
    assert len(texts(answer.text, "lf-error")) == 1


def test_a_name_under_the_wrong_pattern_is_told_beside_it(draft: Draft) -> None:
    added = draft.client.http.post(draft.path, data=dict([*draft.pairs(), ("_add", "/contacts/~+0")]))
    assert added.status_code == 200
    entry = re.search(r'name="_key:(/contacts/~\+\d+)"', added.text)
    assert entry
    answer = draft.send("file", **{f"_key:{entry[1]}": "wrong", entry[1]: "0512", "/sign": "张例三"})
    assert answer.status_code == 422, answer.headers
    assert f"错误：{UNFIT}" in texts(answer.text, "lf-error")
    assert draft.send("file", **{f"_key:{entry[1]}": "tel_a", entry[1]: "0512", "/sign": "张例三"}).status_code == 303


def test_a_name_written_over_or_removed_is_gone_from_the_draft(draft: Draft) -> None:
    def names() -> list[str]:
        return [value for name, value in draft.pairs() if name.startswith("_key:")]

    draft.client.http.post(draft.path, data=dict([*draft.pairs(), ("_add", "/contacts/~+0")]))
    assert draft.send("save", **{"_key:/contacts/~+0": "tel_b", "/contacts/~+0": "0512"}).status_code == 303
    assert names() == ["tel_b"]
    draft.client.http.post(draft.path, data=dict([*draft.pairs(), ("_remove", "/contacts/tel_b")]))
    assert names() == []


def test_line_breaks_of_another_program_survive_a_box_of_one_line(draft: Draft) -> None:
    assert draft.send("save", **{"/note": "一\r\n二"}).status_code == 303
    assert ("/note", "一\r\n二") in draft.pairs()
    assert "<textarea" in draft.page()
