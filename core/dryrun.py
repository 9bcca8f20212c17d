"""Dry runs: one scenario judged (`try`), or all of every item (`test`), with no side effect.

Knows scenarios and what became of them; judging itself is `core.judge`, how it reads on a terminal `core.explained`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import Markup

from core.cases.connector import asks_own_cases
from core.cases.handover import recorded
from core.cases.letters import LetterFailed
from core.cases.notices import decision_letters
from core.cases.proposing import decision_record
from core.cases.receipt import decision_json, duty_json, materials_json, route_json
from core.cases.results import granting
from core.cases.trying import letters_written
from core.catalog import alike
from core.catalog.hooks import HookFailed
from core.commands import Standing, find_item, read_json, registers_of, stand, within
from core.contract import Calendar, Duty, Evidence, Facts, Item, Office, Problem, Route, Said
from core.errors import UsageError
from core.faults import near
from core.judge.clock import read_date
from core.judge.coverage import unseen
from core.judge.duties import duties_of
from core.judge.passed_over import passed_over
from core.judge.pointers import resolve
from core.judge.rules import rules_of
from core.judge.scenario import (
    ScenarioResult,
    compare_duties,
    dates_of,
    facts_of,
    results_said,
    run,
    same_results,
    today_of,
)
from core.judge.sentences import say, show
from core.judge.validity import valid_until
from core.settings import Settings
from core.sources.taken import Reaches

Echo = Callable[[str], None]
NO_FAULT = Said("")
NO_CASES = "a dry run reads no cases: say in the scenario what this lookup returns"
BY_PERSON = "经审查，符合条件"
"""What a person who approves in a scenario writes, where the scenario does not say."""


async def try_item(settings: Settings, said: str, scenario_file: Path, *, language: str = "zh") -> dict[str, Any]:
    """The JSON of `lingban try --json`, its sentences in a language. Raises UsageError for an item or a file that
    cannot be read."""
    scenario = _scenario(scenario_file)
    standing = await stand(settings, [Path(said)] if Path(said).is_dir() else [])
    item = find_item(standing, said)
    tried = await judge_scenario(standing, item, scenario, language=language)
    return {
        **as_json(item, tried.result, standing.calendar, language),
        **({"letters": [*tried.letters]} if rules_of(item).letters else {}),
        "reaches": [*tried.reaches],
        "letter_fault": tried.letter_fault,
    }


def _scenario(path: Path) -> dict[str, Any]:
    scenario = read_json(path)
    if not isinstance(scenario, dict):
        raise UsageError(f"{path} is not a scenario: it must be a JSON object. See plugins/README.md.")
    if alike.LIKE not in scenario:
        return scenario
    beside = {one.stem: read_json(one) for one in path.resolve().parent.glob("*.json") if one.stem != path.stem}

    def told(_name: str, other: str) -> None:
        hint = near(other, [name for name in (*beside, path.stem) if name != other])
        raise UsageError(f'{path}: "like" names "{other}", which is no other scenario beside it. {hint}'.rstrip())

    return dict(alike.whole({**beside, path.stem: scenario}, told)[path.stem])


@dataclass(frozen=True, slots=True)
class Tried:
    result: ScenarioResult
    reaches: tuple[Mapping[str, str], ...] = ()
    """`door` (a hook, or a template's file) and `pointer` of each read that was refused: `take` does not name it."""
    letter_fault: Said = NO_FAULT
    """Why the letter of this decision, or another, could not be written."""
    letters: tuple[Mapping[str, Any], ...] = ()
    """The item's letters that such a case comes to: `id`, `title`, `on`, `to`, `unit`, `name`, `text`."""


@dataclass(frozen=True, slots=True)
class _Around:
    office: Office
    calendar: Calendar
    reaches: Reaches


async def judge_scenario(
    standing: Standing, item: Item, scenario: Mapping[str, Any], *, language: str = "zh", reader: str = ""
) -> Tried:
    """Judged as a filing would be: sources are asked where the scenario does not say what they return, the item's own
    hooks are called, and its letter is written, each seeing what the item takes and no more."""
    reader = reader or language
    reaches = Reaches()
    outcomes: Mapping[str, Evidence] | None = None
    if "lookups" not in scenario and item.lookups:
        facts, _ = facts_of(item, scenario, standing.office, standing.calendar)
        consents = scenario.get("consents", [name for name, lookup in item.lookups.items() if lookup.consent])
        async with registers_of(standing) as sources:
            outcomes = await sources.ask(item, facts, consents=consents, calendar=standing.calendar)
        own = asks_own_cases(item, standing.catalog.sources)
        # A dry run stands on no database: whoever tries it says what was filed before.
        outcomes = {n: replace(one, reason=NO_CASES) if n in own else one for n, one in outcomes.items()}
    judge = partial(run, item, scenario, standing.office, standing.calendar, outcomes, language=language, reader=reader)
    result = judge()
    problems: Sequence[Problem] = ()
    route: Route | None = None
    if standing.hooks.offers(item.id, "check_answers"):
        problems = await _asked(standing, item, "check_answers", result.facts, reaches) or ()
    if result.verdict.route is not None and standing.hooks.offers(item.id, "choose_route"):
        route = await _asked(standing, item, "choose_route", result.facts, reaches, route=result.verdict.route)
    if problems or route is not None:
        result = judge(problems=tuple(problems), route=route)
    around = _Around(standing.office, standing.calendar, reaches)
    fault = _letter_fault(around, item, scenario, result)
    letters, failed = letters_written(around, item, result, today_of(scenario))
    result = replace(result, differences=(*result.differences, *_approved(around, item, scenario, result, reader)))
    told = (
        {"door": one.door, "pointer": f"/lookups/{one.lookup}" + (f"/{one.field}" if one.field else "")}
        for one in reaches.fetch()
    )
    return Tried(result, tuple(told), fault or failed, letters)


async def _asked(standing: Standing, item: Item, hook: str, facts: Facts, reaches: Reaches, **more: Any) -> Any:
    """The hook's answer. One that fails over what it may not read is told by that; any other failure stays one."""
    before = reaches.noted
    try:
        seen = reaches.watch(item, hook, "try", facts)
        return await standing.hooks.call_one(item.id, hook, item=item, facts=seen, **more)
    except HookFailed:
        if reaches.noted == before:
            raise
        return None


def _letter_fault(around: _Around, item: Item, scenario: Mapping[str, Any], result: ScenarioResult) -> Said:
    if result.verdict.problems:
        return NO_FAULT  # nothing is filed, so nothing is told
    try:
        _letters(
            around,
            item,
            scenario,
            result,
            decision_record(result.verdict.decision),
            today_of(scenario),
            result.verdict.duties,
        )
    except LetterFailed as error:
        return error.told
    return NO_FAULT


def _granted(
    around: _Around, item: Item, result: ScenarioResult, decision: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """The part of a record that tells what is granted and handed over by this decision of that day."""
    verdict = result.verdict
    record = {
        "decision": decision,
        "proposed": decision_record(verdict.decision),
        **recorded(one for one in verdict.handover if one.result is None),
    }
    if decision["outcome"] == "approve":
        record |= granting(record, item, result.facts, around.calendar, no="try", on=day)
    return record


def _letters(
    around: _Around,
    item: Item,
    scenario: Mapping[str, Any],
    result: ScenarioResult,
    decision: Mapping[str, Any],
    day: date,
    duties: Sequence[Duty],
) -> str | None:
    """The text of the letters that tell this decision of that day; None: it calls for none. Raises LetterFailed."""
    verdict = result.verdict
    letters = decision_letters(
        around, item, "try", no="try", facts=result.facts, decision=decision,
        unit=verdict.route.deciding_unit if verdict.route else item.unit,
        area=verdict.route.deciding_area if verdict.route else None, fee=verdict.fee, amount=verdict.amount,
        record=_granted(around, item, result, decision, day), filed_on=today_of(scenario), today=day, duties=duties,
        now=datetime.combine(day, time(), UTC),
    )  # fmt: skip
    return "\n".join(str(one.values["text"]) for one in letters) if letters else None


def _approved(
    around: _Around, item: Item, scenario: Mapping[str, Any], result: ScenarioResult, reader: str
) -> list[str]:
    """Where what follows once a person approves differs from `expect.approved`; where he could not, only why not."""
    wanted = (scenario.get("expect") or {}).get("approved")
    if not wanted:
        return []
    verdict = result.verdict
    barred = [(f"materials.{one.id}", one.status) for one in verdict.materials if one.required and one.open]
    barred += [("problems", one.at) for one in verdict.problems]
    if verdict.decision.outcome not in ("approve", "review"):
        barred.append(("decision", verdict.decision.outcome or "null"))
    if barred:
        return [say(reader, "not_approved", at=at, got=got) for at, got in barred]
    day = read_date(wanted.get("on")) or today_of(scenario)
    decision = decision_record(verdict.decision) | {"outcome": "approve"}
    if verdict.decision.outcome == "review":
        decision |= {"because": wanted.get("because", BY_PERSON), "basis": "", "rule": None}
    try:
        last = valid_until(item, result.facts, day)
        duties = duties_of(
            item,
            result.facts,
            around.office,
            around.calendar,
            route=verdict.route,
            decided_on=day,
            amount=verdict.amount,
            last=last,
        )
        letter = _letters(around, item, scenario, result, decision, day, duties)
    except LetterFailed as error:
        got_words = error.told.zh if reader == "zh" else str(error)
        return [say(reader, "expected", at="approved", wanted=show(wanted), got=got_words)]
    except ValueError as error:
        return [say(reader, "expected", at="approved", wanted=show(wanted), got=str(error))]
    got = {"valid_until": last.isoformat() if last else None, "amount": verdict.amount}
    lines = [
        say(reader, "expected", at=f"approved.{key}", wanted=show(wanted[key]), got=show(value))
        for key, value in got.items()
        if key in wanted and wanted[key] != value
    ]
    lines += compare_duties(wanted.get("duties") or {}, duties, at="approved.duties")
    given = _granted(around, item, result, decision, day).get("results", ())
    if "results" in wanted and not same_results(wanted["results"], given):
        listed = [{key: one[key] for key in ("id", "title", "valid_until")} for one in given]
        lines.append(say(reader, "expected", at="approved.results", wanted=show(wanted["results"]), got=show(listed)))
    text = None if letter is None else Markup(letter).striptags()
    for said in wanted.get("letter", ()) or ():
        if said not in (text or ""):
            lines.append(say(reader, "expected", at="approved.letter", wanted=said, got=show(text)))
    if text is not None and "letter" in wanted and wanted["letter"] is None:
        lines.append(say(reader, "expected", at="approved.letter", wanted="null", got=show(text)))
    return lines


def as_json(item: Item, result: ScenarioResult, calendar: Calendar, language: str = "zh") -> dict[str, Any]:
    verdict, said = result.verdict, result.facts.get("confirmations") or {}
    passed = passed_over(item, result.facts, verdict.decision, calendar, language=language)
    return {
        "lookups": {name: _asked_of(item, name, result, calendar) for name in item.lookups},
        "materials": [
            {**one, **({"said": said[one["id"]]} if one["id"] in said else {})}
            for one in materials_json(verdict.materials)
        ],
        "problems": [{"at": p.at, "keyword": p.keyword, "message": p.message} for p in verdict.problems],
        "decision": decision_json(verdict.decision),
        "passed_over": [
            {
                "rule": rule.place,
                "outcome": rule.outcome,
                "because": rule.words(language),
                "unmet": [[{"at": at, "because": said} for at, said in one] for one in rule.unmet],
            }
            for rule in passed
        ],
        "route": _route(item, result, calendar),
        "deadline": verdict.deadline.isoformat() if verdict.deadline else None,
        "zero_material": verdict.zero_material,
        "fee": verdict.fee,
        "amount": verdict.amount,
        "duties": [duty_json(one) for one in verdict.duties],
        **({"unpaid": verdict.unpaid} if verdict.unpaid else {}),
        **({"results": results_said(verdict.results)} if rules_of(item).also else {}),
        **({"deadline_because": [*verdict.deadline_because]} if verdict.deadline else {}),
    }


def _route(item: Item, result: ScenarioResult, calendar: Calendar) -> dict[str, Any] | None:
    """As clients get it, and of each step what only its author asks about, where it has any: also the day by which it
    would be done, if all took all of their days from the filing on."""
    route, told = result.verdict.route, route_json(result.verdict.route)
    dates = dates_of(item, result.verdict, result.facts, calendar, result.happened)
    until = {one.position: one.due.day.isoformat() for one in (dates.steps if dates is not None else ())}
    for n, (one, step) in enumerate(zip(told["steps"] if told else (), route.steps if route else (), strict=True)):
        more = {"title": step.title, "calendar_days": step.calendar_days, "until": until.get(n)}
        one |= {key: value for key, value in more.items() if value}
    return told


def _asked_of(item: Item, name: str, result: ScenarioResult, calendar: Calendar) -> dict[str, Any]:
    """How a lookup ended; with a reason, in English as reasons are kept, where there is one."""
    evidence = result.evidence.get(name)
    if evidence is not None:
        told = {"outcome": evidence.outcome, "ms": evidence.ms, "value": evidence.value}
        return told | ({"reason": evidence.reason} if evidence.reason else {})
    why = _not_asked(item, name, result.facts, calendar)
    return {"outcome": "not_asked", "ms": 0, "value": None} | ({"reason": why} if why else {})


def _not_asked(item: Item, name: str, facts: Facts, calendar: Calendar) -> str:
    question = rules_of(item).plan[name]
    if question.allowed is not None and not question.allowed_by_row and not question.allowed.holds(facts, calendar):
        return "allowed_when does not hold"
    pointers = (value for value in question.lookup.by.values() if isinstance(value, str))
    gone = [at for at in pointers if not at.startswith("/each/") and resolve(facts, at)[1] is None]
    return f"there is no {', '.join(gone)}" if gone else ""


_WAYS = {"holds": " 成立", "does not hold": " 不成立", "proved": " 证明了", "not proved": " 没有证明",
         "every row has a record": " 每一行都查到", "a row has none": " 有一行没有查到",
         "a row": " 有一行", "in part": " 准予一部分", "whole": " 全部准予", "down": " 没有应答",
         "empty": " 没有查到"}  # fmt: skip


def _beyond(tried: Tried, *, zh: bool) -> Iterator[str]:
    for one in tried.reaches:
        door, pointer = one["door"], one["pointer"]
        yield f"{door} 要读 {pointer}：take 没有声明" if zh else f"{door} reads {pointer}, which take does not name"
    if tried.letter_fault:
        yield (
            f"告知单写不出来：{tried.letter_fault.zh}" if zh else f"the letter cannot be written: {tried.letter_fault}"
        )


async def test(settings: Settings, folders: Sequence[Path], echo: Echo) -> tuple[int, int]:
    """Run every scenario of the items in `folders` (all items without); (passed, failed). Unseen branches are named."""
    standing = await stand(settings, folders)
    passed = failed = 0
    zh = settings.language == "zh"
    for plugin in sorted(standing.catalog.plugins.values(), key=lambda p: p.id):
        if not within(plugin, folders) or plugin.kind != "item":
            continue
        item = standing.catalog.items.get(plugin.id)
        if item is None:
            failed += 1
            echo(
                f"FAIL {plugin.id}：文件夹里有声明错误，请运行 lingban check {plugin.folder}"
                if zh
                else f"FAIL {plugin.id}: the folder has faults; run: lingban check {plugin.folder}"
            )
            continue
        results = []
        for file, scenario in sorted(plugin.scenarios.items()):
            tried = await judge_scenario(standing, item, scenario, reader=settings.language)
            result = tried.result
            results.append(result.seen_rules)
            if result.passed and not tried.reaches and not tried.letter_fault:
                passed += 1
            else:
                failed += 1
                echo(f"FAIL {plugin.id}/{PurePosixPath(file).name} {result.title}")
                for line in (*result.differences, *_beyond(tried, zh=zh)):
                    echo(f"     {line}")
        for line in _not_seen(plugin.id, item, results or None, zh=zh):
            echo(f"     {line}")
    return passed, failed


def _not_seen(id: str, item: Item, results: Sequence[frozenset[str]] | None, *, zh: bool) -> Iterator[str]:
    """The branches that no scenario went through; of an item without any (None), how to begin, and how many."""
    branches = unseen(item, results or ())
    if results is None:
        if zh:
            yield f"{id}：还没有情景。照 plugins/_guide/cases.md 写 cases/approve.json，再运行 lingban test"
            yield f"{id}：有 {len(branches)} 个分支等着情景去走；写了第一个，这里就逐条列出还没走到的"
        else:
            yield f"{id}: no scenario yet. Write cases/approve.json as plugins/_guide/cases.md shows, then test again"
            yield f"{id}: {len(branches)} branches wait for one; once there is a first, those not seen are listed"
        return
    for branch in branches:
        place, _, way = branch.partition(": ")
        if zh:
            yield f"{id}/{place}{_WAYS.get(way, '')}：还没有情景走到这里"
        else:
            yield f"{id}/{branch}: no scenario has seen this"
