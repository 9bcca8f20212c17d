"""A source's own code that does what it should not: named at the desk, its item goes on, everybody else is served.

Code that holds the interpreter itself (a C call without release of the GIL), or ends the process, is out of scope.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from core.web.app import build
from tests.conftest import Client

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "own-business"
CODE = """
import os, socket, threading, time
from lingban import Down, Empty, Found, hookimpl

LEFT = []


class Register:
    def ask(self, by):
{lines}


@hookimpl
def connectors():
    return {{"own-business": lambda source, settings: Register()}}
"""
CORPUS = {
    "raises": ("raise RuntimeError('boom')", "RuntimeError: boom"),
    "exits": ("raise SystemExit(3)", "SystemExit"),
    "stops an iteration": ("raise StopIteration", "StopIteration"),
    "blocks in C": ("time.sleep(30)", "毫秒内没有答复"),
    "blocks in Python": ("end = time.time() + 8\nwhile time.time() < end: pass", "毫秒内没有答复"),
    "gives a coroutine of a coroutine": (
        "async def inner(): return 1\nasync def outer(): return inner()\nreturn outer()",
        "交回的是 coroutine，不是四种结果之一",
    ),
    "gives a dict": ("return {'bank_account': '1'}", "交回的是 dict，不是四种结果之一"),
    "gives nothing": ("return None", "交回的是 NoneType，不是四种结果之一"),
    "gives an outcome of a wrong record": ("return Found(['x'])", "一条记录是 str，不是对象"),
    "gives somebody else": (
        "return Found({'id_number': '320583194303089905', 'bank_account': '6210000000000000017',"
        " 'bank_name': 'x', 'telephone': '13900000000'})",
        "查回的是另一个人的记录",
    ),
    "leaks connections": (
        "s = socket.socket()\nLEFT.append(s)\ns.settimeout(0.1)\ns.connect(('127.0.0.1', 1))",
        "ConnectionRefusedError",
    ),
    "floods threads": (
        "for _ in range(50): threading.Thread(target=time.sleep, args=(3,), daemon=True).start()\n"
        "raise RuntimeError('flooded')",
        "RuntimeError: flooded",
    ),
}  # fmt: skip


@pytest.fixture(params=CORPUS)
def spoiled(request: pytest.FixtureRequest, town: Settings, tmp_path: Path) -> Iterator[tuple[Client, str]]:
    lines, told = CORPUS[request.param]
    folder = tmp_path / "shelf" / SOURCE
    folder.mkdir(parents=True)
    declared = json.loads((ROOT / "plugins" / SOURCE / "source.json").read_text(encoding="utf-8"))
    declared.update(connector=SOURCE, settings={}, timeout_ms=600)
    (folder / "source.json").write_text(json.dumps(declared), encoding="utf-8")
    indented = "\n".join("        " + line for line in lines.split("\n"))
    (folder / "plugin.py").write_text(CODE.format(lines=indented), encoding="utf-8")
    settings = dataclasses.replace(town, plugins=(folder.parent,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        yield Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings), told


def test_what_a_source_does_wrong_is_named_and_is_nobody_elses_trouble(spoiled: tuple[Client, str]) -> None:
    from tests.web.test_trouble import PATH, elder

    client, told = spoiled
    answers: list[Any] = []
    filing = threading.Thread(
        target=lambda: answers.append(client.http.post(PATH, json=elder(client), headers=client.token()))
    )
    filing.start()
    served_meanwhile = 0
    while filing.is_alive():
        assert client.http.get("/items/sewage-permit").status_code == 200
        served_meanwhile += 1
    filing.join()
    assert served_meanwhile
    receipt = answers[0].json()
    assert answers[0].status_code == 201, answers[0].text
    states = {one["id"]: one["status"] for one in receipt["materials"]}
    assert states == {"identity": "proved", "account": "upload"}
    assert receipt["decision"]["outcome"] == "review"
    client.sign_in("administrator")
    page = client.http.get(f"/admin/sources/{SOURCE}").text
    assert told in page
    assert "张" not in page.partition("最近的问题")[2].partition("哪些事项")[0]
