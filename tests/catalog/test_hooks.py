"""Each documented hook, called as a plugin would be; and every way in which a plugin's code can misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core import listeners as listeners_module
from core.catalog import code, hooks
from core.catalog.faults import Faults
from core.catalog.hooks import SPECS, HookFailed, Hooks
from core.contract import Fault, Item, Problem, Route
from core.listeners import Listeners
from tests.catalog.world import GOOD, inspected

pytestmark = pytest.mark.anyio
START = "import asyncio, time\nfrom pathlib import Path\nfrom lingban import Fault, Problem, hookimpl\n"

EVERY_HOOK = (
    START
    + """
heard = []

@hookimpl
def plugin_folders():
    return [Path(".")]

@hookimpl
def connectors():
    return {"paper": lambda source, settings: None}

@hookimpl
def widgets():
    return ["a widget"]

@hookimpl
def identity_providers():
    return {"card": object()}

@hookimpl
def notifiers():
    return {"letter": print}

@hookimpl
async def routes():
    await asyncio.sleep(0)
    return ["a route"]

@hookimpl
async def check_answers(item, facts):
    await asyncio.sleep(0)
    return [Problem("/tag", "taken", item.id + facts["channel"])]

@hookimpl
def choose_route(item, facts, route):
    from dataclasses import replace
    return replace(route, priority="green")

@hookimpl
def inspect_item(item):
    return [Fault("plugin.py", "No rates.", "Add rates.", "no-rates")]

@hookimpl
def case_changed(event):
    heard.append(event["id"])
"""
)


def loaded(tmp_path: Path, text: str, id: str = "dog-licence") -> tuple[Hooks, ModuleType]:
    folder = tmp_path / id
    folder.mkdir(exist_ok=True)
    faults = Faults(id)
    module = code.load(folder, text, faults)
    assert module is not None, faults.found
    made = Hooks()
    made.use({id: module})
    return made, module


@pytest.fixture(scope="module")
def item() -> Item:
    found = inspected(GOOD / "dog-licence").item
    assert found is not None
    return found


ROUTE = Route("direct", None, None, "animals", "320583000000", None, (), None, False, ())


async def test_every_documented_hook_is_called(tmp_path: Path, item: Item) -> None:
    made, module = loaded(tmp_path, EVERY_HOOK)
    arguments: dict[str, dict[str, Any]] = {
        "check_answers": {"item": item, "facts": {"channel": "web"}},
        "choose_route": {"item": item, "facts": {}, "route": ROUTE},
        "inspect_item": {"item": item},
        "case_changed": {"event": {"id": "1"}},
        "notifiers": {"environment": {}},
    }
    given = {name: await made.call_one("dog-licence", name, **arguments.get(name, {})) for name in SPECS}
    assert given["plugin_folders"] == [Path(".")]
    assert list(given["connectors"]) == ["paper"]
    assert given["widgets"] == ["a widget"]
    assert list(given["identity_providers"]) == ["card"]
    assert list(given["notifiers"]) == ["letter"]
    assert given["routes"] == ["a route"]
    assert given["check_answers"] == [Problem("/tag", "taken", "dog-licenceweb")]
    assert given["choose_route"].priority == "green"
    assert given["inspect_item"] == [Fault("plugin.py", "No rates.", "Add rates.", "no-rates")]
    assert given["case_changed"] is None
    assert module.heard == ["1"]


def test_every_hook_of_the_contract_has_its_signature_in_its_spec() -> None:
    assert set(SPECS) == {
        "plugin_folders", "connectors", "widgets", "identity_providers", "notifiers", "routes",
        "check_answers", "choose_route", "inspect_item", "case_changed",
    }  # fmt: skip
    assert SPECS["choose_route"] == ("item", "facts", "route")


async def test_a_plugin_without_the_hook_has_nothing_to_say(tmp_path: Path, item: Item) -> None:
    made, _ = loaded(tmp_path, START)
    assert await made.call_one("dog-licence", "check_answers", item=item, facts={}) is None
    assert await made.call_one("nobody", "check_answers", item=item, facts={}) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ValueError('no dogs')", "ValueError: no dogs"),
        ("raise SystemExit", "SystemExit"),
        ("raise StopIteration", "StopIteration"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise TimeoutError('mine')", "TimeoutError"),
        ("return 'fine'", "a str where a Sequence or None is due"),
        ("return [1]", "Problem only"),
        ("return {}", "a dict where a Sequence or None is due"),
    ],
)
async def test_a_failing_check_refuses_politely(tmp_path: Path, item: Item, body: str, reason: str) -> None:
    made, _ = loaded(tmp_path, f"{START}\n@hookimpl\ndef check_answers(item, facts):\n    {body}\n")
    with pytest.raises(HookFailed) as failed:
        await made.call_one("dog-licence", "check_answers", item=item, facts={})
    assert failed.value.status == 503
    assert "no dogs" not in str(failed.value)
    assert reason in failed.value.reason
    assert reason in made.failures["dog-licence"][-1].what
    # It may be called again: only one that overran is set aside.
    assert made.set_aside == {}


@pytest.mark.parametrize("body", ["time.sleep(1)", "await asyncio.sleep(30)"])
async def test_one_that_overruns_is_set_aside_and_never_waited_for_again(tmp_path: Path, item: Item, body: str) -> None:
    kind = "async def" if body.startswith("await") else "def"
    made, _ = loaded(tmp_path, f"{START}\n@hookimpl\n{kind} check_answers(item, facts):\n    {body}\n")
    told: list[str] = []
    made.on_set_aside(told.append)
    with pytest.raises(HookFailed):
        await made.call_one("dog-licence", "check_answers", 0.05, item=item, facts={})
    assert told == ["dog-licence"]
    with pytest.raises(HookFailed, match="暂时不能"):
        await made.call_one("dog-licence", "check_answers", item=item, facts={})


async def test_the_event_loop_goes_on_while_a_plugin_blocks(tmp_path: Path, item: Item) -> None:
    made, _ = loaded(tmp_path, f"{START}\n@hookimpl\ndef check_answers(item, facts):\n    time.sleep(0.3)\n")
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    beside = asyncio.create_task(others())
    await made.call_one("dog-licence", "check_answers", item=item, facts={})
    beside.cancel()
    assert turns >= 10


async def test_a_failing_listener_stops_no_other(tmp_path: Path) -> None:
    _, bad = loaded(tmp_path, f"{START}\n@hookimpl\ndef case_changed(event):\n    1 / 0\n", "bad-one")
    _, good = loaded(tmp_path, EVERY_HOOK, "good-one")
    made = Hooks()
    made.use({"bad-one": bad, "good-one": good})
    listeners = Listeners(made, {})
    assert await listeners.names() == ["bad-one", "good-one", "good-one:letter"]
    said = {name: await listeners.tell(name, {"id": "7"}) for name in await listeners.names()}
    assert said == {
        "bad-one": "case_changed: ZeroDivisionError: division by zero", "good-one": "", "good-one:letter": "",
    }  # fmt: skip
    assert good.heard == ["7"]
    assert "no such plugin" in await listeners.tell("gone", {"id": "8"})
    assert "no such notifier" in await listeners.tell("good-one:gone", {"id": "8"})


NOTIFIER = (
    START
    + """
@hookimpl
def notifiers(environment):
    def slow(event, environment):
        time.sleep(float(environment["PAUSE"]))
    def wrong(event, environment):
        raise SystemExit(3)
    return {"slow": slow, "wrong": wrong}
"""
)


async def test_a_notifier_that_hangs_or_fails_says_why_and_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, module = loaded(tmp_path, NOTIFIER, "post-office")
    monkeypatch.setattr(listeners_module, "NOTIFY_LIMIT_S", 0.2)
    listeners = Listeners(made, {"PAUSE": "1"})
    assert "no end within 0.2 s" in await listeners.tell("post-office:slow", {})
    assert await Listeners(made, {"PAUSE": "0"}).tell("post-office:slow", {}) == ""
    assert await listeners.tell("post-office:wrong", {})
    assert made.set_aside == {}
    _, newer = loaded(tmp_path, NOTIFIER.replace('"wrong": wrong', '"other": wrong'), "post-office")
    made.use({"post-office": newer})
    assert await listeners.names() == ["post-office:slow", "post-office:other"], "the folder changed, and its notifiers"
    assert module is not newer


def test_start_hooks_are_gathered_and_a_failing_one_is_left_out(tmp_path: Path) -> None:
    _, bad = loaded(tmp_path, f"{START}\n@hookimpl\ndef connectors():\n    return ['paper']\n", "bad-one")
    _, good = loaded(tmp_path, EVERY_HOOK, "good-one")
    made = Hooks()
    made.use({"bad-one": bad, "good-one": good})
    assert list(made.connectors()) == ["paper"]
    assert made.routes() == ["a route"]
    assert "connectors gave a list where a Mapping or None is due" in made.failures["bad-one"][0].what


def test_loading_code_leaves_no_trace_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "dog-licence"
    folder.mkdir()
    (folder / "rates.py").write_text("RATE = 3\n", encoding="utf-8")
    _, module = loaded(tmp_path, "from . import rates\nTOTAL = rates.RATE * 2\n")
    assert module.TOTAL == 6
    assert sorted(p.name for p in folder.iterdir()) == ["rates.py"]


def test_code_that_never_finishes_loading_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "START_LIMIT_S", 0.1)
    faults = Faults("dog-licence")
    assert code.load(tmp_path, "import time\ntime.sleep(2)\n", faults) is None
    assert [f.code for f in faults.found] == ["plugin-import"]


def test_a_hook_that_is_none_is_refused(tmp_path: Path) -> None:
    faults = Faults("dog-licence")
    text = f"{START}\n@hookimpl\ndef check_anwsers(item, facts):\n    pass\n\n@hookimpl\ndef routes(app):\n    pass\n"
    assert code.load(tmp_path, text, faults) is None
    assert [f.code for f in faults.found] == ["unknown-hook", "wrong-hook-argument"]


def test_arguments_may_be_left_out(tmp_path: Path, item: Item) -> None:
    made, _ = loaded(tmp_path, f"{START}\n@hookimpl\ndef check_answers(facts):\n    return []\n")
    facts: Mapping[str, Any] = {}
    assert made.call_now("dog-licence", "check_answers", item=item, facts=facts) == []


def test_each_name_in_hooks_is_what_the_specs_say() -> None:
    assert hooks.SPECS["case_changed"] == ("event",)
