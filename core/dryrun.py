"""Dry runs: one scenario judged (`try`), or all of every item (`test`), with no side effect.

Knows scenarios and how a verdict reads on a terminal; judging itself is `core.judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from markupsafe import Markup

from core.cases.handover import recorded
from core.cases.letters import LetterFailed
from core.cases.notices import decision_letters
from core.cases.proposing import decision_record
from core.cases.receipt import decision_json, duty_json, materials_json, route_json
from core.cases.results import granting
from core.catalog.hooks import HookFailed
from core.commands import Standing, find_item, read_json, registers_of, stand, within
from core.contract import Calendar, Duty, Evidence, Facts, Item, Office, Problem, Route, Said
from core.errors import UsageError
from core.judge.clock import read_date
from core.judge.coverage import unseen
from core.judge.duties import duties_of, told
from core.judge.rules import rules_of
from core.judge.scenario import (
    ScenarioResult,
    compare_duties,
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
BY_PERSON = "经审查，符合条件"
"""What a person who approves in a scenario writes, where the scenario does not say."""


async def try_item(settings: Settings, said: str, scenario_file: Path) -> dict[str, Any]:
    """The JSON of `lingban try --json`. Raises UsageError for an item or a file that cannot be read."""
    scenario = _scenario(scenario_file)
    standing = await stand(settings, [Path(said)] if Path(said).is_dir() else [])
    item = find_item(standing, said)
    tried = await judge_scenario(standing, item, scenario)
    return {**as_json(item, tried.result), "reaches": [*tried.reaches], "letter_fault": tried.letter_fault}


def _scenario(path: Path) -> dict[str, Any]:
    scenario = read_json(path)
    if not isinstance(scenario, dict):
        raise UsageError(f"{path} is not a scenario: it must be a JSON object. See plugins/README.md.")
    return scenario


@dataclass(frozen=True, slots=True)
class Tried:
    result: ScenarioResult
    reaches: tuple[Mapping[str, str], ...] = ()
    """`door` (a hook, or a template's file) and `pointer` of each read that was refused: `take` does not name it."""
    letter_fault: Said = NO_FAULT
    """Why the letter of this decision could not be written."""


@dataclass(frozen=True, slots=True)
class _Around:
    office: Office
    calendar: Calendar
    reaches: Reaches


async def judge_scenario(standing: Standing, item: Item, scenario: Mapping[str, Any]) -> Tried:
    """Judged as a filing would be: sources are asked where the scenario does not say what they return, the item's own
    hooks are called, and its letter is written, each seeing what the item takes and no more."""
    reaches = Reaches()
    outcomes: Mapping[str, Evidence] | None = None
    facts, _ = facts_of(item, scenario, standing.office, standing.calendar)
    if "lookups" not in scenario and item.lookups:
        consents = scenario.get("consents", [name for name, lookup in item.lookups.items() if lookup.consent])
        async with registers_of(standing) as sources:
            outcomes = await sources.ask(item, facts, consents=consents, calendar=standing.calendar)
    result = run(item, scenario, standing.office, standing.calendar, outcomes)
    problems: Sequence[Problem] = ()
    route: Route | None = None
    if standing.hooks.offers(item.id, "check_answers"):
        problems = await _asked(standing, item, "check_answers", result.facts, reaches) or ()
    if result.verdict.route is not None and standing.hooks.offers(item.id, "choose_route"):
        route = await _asked(standing, item, "choose_route", result.facts, reaches, route=result.verdict.route)
    if problems or route is not None:
        result = run(
            item, scenario, standing.office, standing.calendar, outcomes, problems=tuple(problems), route=route
        )
    around = _Around(standing.office, standing.calendar, reaches)
    fault = _letter_fault(around, item, scenario, result)
    result = replace(result, differences=(*result.differences, *_approved(around, item, scenario, result)))
    told = (
        {"door": one.door, "pointer": f"/lookups/{one.lookup}" + (f"/{one.field}" if one.field else "")}
        for one in reaches.fetch()
    )
    return Tried(result, tuple(told), fault)


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


def _approved(around: _Around, item: Item, scenario: Mapping[str, Any], result: ScenarioResult) -> list[str]:
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
        return [say("zh", "not_approved", at=at, got=got) for at, got in barred]
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
        return [say("zh", "expected", at="approved", wanted=show(wanted), got=error.told.zh)]
    except ValueError as error:
        return [say("zh", "expected", at="approved", wanted=show(wanted), got=str(error))]
    got = {"valid_until": last.isoformat() if last else None, "amount": verdict.amount}
    lines = [
        say("zh", "expected", at=f"approved.{key}", wanted=show(wanted[key]), got=show(value))
        for key, value in got.items()
        if key in wanted and wanted[key] != value
    ]
    lines += compare_duties(wanted.get("duties") or {}, duties, at="approved.duties")
    given = _granted(around, item, result, decision, day).get("results", ())
    if "results" in wanted and not same_results(wanted["results"], given):
        listed = [{key: one[key] for key in ("id", "title", "valid_until")} for one in given]
        lines.append(say("zh", "expected", at="approved.results", wanted=show(wanted["results"]), got=show(listed)))
    text = None if letter is None else Markup(letter).striptags()
    for said in wanted.get("letter", ()) or ():
        if said not in (text or ""):
            lines.append(say("zh", "expected", at="approved.letter", wanted=said, got=show(text)))
    if text is not None and "letter" in wanted and wanted["letter"] is None:
        lines.append(say("zh", "expected", at="approved.letter", wanted="null", got=show(text)))
    return lines


def as_json(item: Item, result: ScenarioResult) -> dict[str, Any]:
    verdict, said = result.verdict, result.facts.get("confirmations") or {}
    return {
        "lookups": {
            name: {"outcome": "not_asked", "ms": 0, "value": None}
            if (evidence := result.evidence.get(name)) is None
            else {"outcome": evidence.outcome, "ms": evidence.ms, "value": evidence.value}
            for name in item.lookups
        },
        "materials": [
            {**one, **({"said": said[one["id"]]} if one["id"] in said else {})}
            for one in materials_json(verdict.materials)
        ],
        "problems": [{"at": p.at, "keyword": p.keyword, "message": p.message} for p in verdict.problems],
        "decision": decision_json(verdict.decision),
        "route": route_json(verdict.route),
        "deadline": verdict.deadline.isoformat() if verdict.deadline else None,
        "zero_material": verdict.zero_material,
        "fee": verdict.fee,
        "amount": verdict.amount,
        "duties": [duty_json(one) for one in verdict.duties],
        **({"unpaid": verdict.unpaid} if verdict.unpaid else {}),
        **({"results": results_said(verdict.results)} if rules_of(item).also else {}),
        **({"deadline_because": [*verdict.deadline_because]} if verdict.deadline else {}),
    }


_WORDS = {
    "approve": "批准", "reject": "不予", "decline": "不予受理", "review": "转人工审核",
    "found": "查到", "empty": "没有记录", "down": "没有回应", "refused": "未获准查询", "not_asked": "未查询",
    "proved": "已由数据核验", "given": "已提交", "upload": "需上传", "staff": "由窗口代查", "promise": "告知承诺",
    "later": "容缺后补", "confirm": "待对方确认",
}  # fmt: skip


_UNPAID = {"acceptance": "缴清以前不受理", "decision": "缴清以前不批准", "delivery": "缴清以前不送达、不能领"}
_WAYS = {"holds": " 成立", "does not hold": " 不成立", "proved": " 证明了", "not proved": " 没有证明",
         "every row has a record": " 每一行都查到", "a row has none": " 有一行没有查到",
         "a row": " 有一行", "in part": " 准予一部分", "whole": " 全部准予"}  # fmt: skip

_CONFIRMED = {"confirmed": "对方已确认", "refused": "对方不同意", "late": "对方到期没有答复"}


def explain(result: Mapping[str, Any]) -> str:
    """A dry run as a person reads it."""
    lines = [f"{'结果':　<5}{_decision(result['decision'])}"]
    lines += [f"问题　　{p['at']} {p['message']}" for p in result["problems"]]
    lines += [f"调取　　{name}: {_WORDS[row['outcome']]}（{row['ms']} ms）" for name, row in result["lookups"].items()]
    wanted = [(row["id"], _CONFIRMED.get(row.get("said", ""), _WORDS[row["status"]])) for row in result["materials"]]
    lines += [f"材料　　{id}: {word}" for id, word in wanted]
    if (route := result["route"]) is not None:
        lines.append(f"路线　　{route['mode']} → {route['deciding']['unit']}@{route['deciding']['area']}")
        lines += [f"　　　　{why}" for why in route["because"]]
        steps = [(s.get("by") or s["unit"], _step_days(s), s["because"] or "") for s in route["steps"]]
        lines += [f"环节　　{who} {days} {why}".rstrip() for who, days, why in steps]
    if result["deadline"]:
        lines.append(f"期限　　{result['deadline']}")
        lines += [f"　　　　{why}" for why in result.get("deadline_because", ())]
    if result.get("unpaid"):
        lines.append(f"缴费　　{_UNPAID[result['unpaid']]}{'' if result['fee'] else '（金额还算不出）'}")
    for key, word in (("fee", "收费　"), ("amount", "金额　")):
        if result[key] is not None:
            lines.append(f"{word}　{result[key]} 元")
    for one in result["duties"]:
        by = "当事人" if one["party"] else f"{one['unit']}@{one['area']}"
        lines.append(f"后续　　{one['id']}: {one['title']} {by} {one['due'] or '（没有期限）'}")
        lines += [f"　　　　{why}" for why in told(one["why"])]
    for one in result.get("results", ()):
        lines.append(f"证照　　{one['title']}" + (f"（有效至 {one['valid_until']}）" if one["valid_until"] else ""))
    lines.append(f"零材料　{'是' if result['zero_material'] else '否'}")
    lines += [f"越界　　{one['door']} 要读 {one['pointer']}：take 没有声明，已拒绝" for one in result["reaches"]]
    lines += [f"告知单　写不出来：{result['letter_fault'].zh}"] if result["letter_fault"] else []
    return "\n".join(lines)


def _step_days(step: Mapping[str, Any]) -> str:
    days = f"{step['days'] or ''}"
    if not step.get("at_least"):
        return days
    return f"满 {days or step['calendar_days']} 个{'工作日' if days else '自然日'}才能办完"


def _decision(decision: Mapping[str, Any]) -> str:
    outcome = _WORDS.get(decision["outcome"] or "", "（不作决定）")
    told = f"{outcome}：{decision['because']}" if decision["because"] else outcome
    more = [*([decision["part"]] if decision.get("part") else []), *decision.get("conditions", ())]
    return "\n".join([told, *(f"　　　　{one}" for one in more)])


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
        paths = sorted((Path(plugin.folder) / "cases").glob("*.json"))
        for path in paths:
            try:
                tried = await judge_scenario(standing, item, _scenario(path))
            except UsageError as error:
                failed += 1
                echo(f"FAIL {plugin.id}/{path.name}: {error}")
                continue
            result = tried.result
            results.append(result.seen_rules)
            if result.passed and not tried.reaches and not tried.letter_fault:
                passed += 1
            else:
                failed += 1
                echo(f"FAIL {plugin.id}/{path.name} {result.title}")
                for line in (*result.differences, *_beyond(tried, zh=zh)):
                    echo(f"     {line}")
        if not paths:
            echo(
                f"     {plugin.id}：还没有情景；写 cases/approve.json，见 plugins/_guide/cases.md"
                if zh
                else f"     {plugin.id}: no scenario yet; write cases/approve.json, see plugins/_guide/cases.md"
            )
        for branch in unseen(item, results):
            if zh:
                place, _, way = branch.partition(": ")
                echo(f"     {plugin.id}/{place}{_WAYS.get(way, '')}：还没有情景走到这里")
            else:
                echo(f"     {plugin.id}/{branch}: no scenario has seen this")
    return passed, failed
