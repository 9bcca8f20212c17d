"""Hooks with a real user each: a plugin's widget in a form, its check of answers, its route, its page."""

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

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lingban import Problem, hookimpl

HEARD = []


@hookimpl
def check_answers(item, facts):
    if facts["answers"].get("phone", "").startswith("138"):
        return [Problem("/phone", "landline", "这个号段不行，请换一个号码。")]


@hookimpl
def case_changed(event):
    HEARD.append(event)


@hookimpl
def routes():
    async def heard(request):
        return PlainTextResponse(",".join(sorted({event["type"] for event in HEARD})))

    return [Route("/heard", heard)]
"""


@pytest.fixture
def hooked(town: Settings, tmp_path: Path) -> Iterator[Client]:
    folder = tmp_path / "shelf" / "elder-allowance"
    shutil.copytree(ROOT / "plugins" / "elder-allowance", folder)
    (folder / "plugin.py").write_text(CODE, encoding="utf-8")
    settings = dataclasses.replace(town, plugins=(folder.parent,))
    with TestClient(build(settings), base_url="http://127.0.0.1:8000") as http:
        told = json.loads((town.data / "demo.json").read_text(encoding="utf-8"))
        yield Client(http, told, settings)


def test_a_plugin_checks_its_own_item_hears_of_cases_and_adds_a_page(hooked: Client) -> None:
    from tests.web.test_trouble import PATH, elder, within

    refused = elder(hooked) | {"answers": {"phone": "13800000000"}}
    answer = hooked.http.post(PATH, json=refused, headers=hooked.token())
    assert answer.status_code == 422, answer.text
    assert answer.json()["problems"] == [
        {"at": "/phone", "keyword": "landline", "message": "这个号段不行，请换一个号码。"}
    ]
    assert hooked.http.post(PATH, json=elder(hooked), headers=hooked.token()).status_code == 201
    assert within(10, lambda: "decided" in hooked.http.get("/heard").text)
