"""Dry runs: one scenario judged (`try`), or all of every item (`test`), with no side effect.

Knows scenarios and how a verdict reads on a terminal; judging itself is `core.judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.cases.receipt import decision_json, materials_json, route_json
from core.commands import Standing, find_item, read_json, registers_of, stand, within
from core.contract import Evidence, Item, Problem, Route
from core.errors import UsageError
from core.judge.coverage import unseen
from core.judge.scenario import ScenarioResult, facts_of, run
from core.settings import Settings

Echo = Callable[[str], None]


async def try_item(settings: Settings, said: str, scenario_file: Path) -> dict[str, Any]:
    """The JSON of `lingban try --json`. Raises UsageError for an item or a file that cannot be read."""
    scenario = _scenario(scenario_file)
    standing = await stand(settings, [Path(said)] if Path(said).is_dir() else [])
    item = find_item(standing, said)
    result = await judge_scenario(standing, item, scenario)
    return as_json(item, result)


def _scenario(path: Path) -> dict[str, Any]:
    scenario = read_json(path)
    if not isinstance(scenario, dict):
        raise UsageError(f"{path} is not a scenario: it must be a JSON object. See plugins/README.md.")
    return scenario


async def judge_scenario(standing: Standing, item: Item, scenario: Mapping[str, Any]) -> ScenarioResult:
    """Judged as a filing would be: sources are asked where the scenario does not say what they return, and the
    item's own hooks are called."""
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
        problems = await standing.hooks.call_one(item.id, "check_answers", item=item, facts=result.facts) or ()
    if result.verdict.route is not None and standing.hooks.offers(item.id, "choose_route"):
        route = await standing.hooks.call_one(
            item.id, "choose_route", item=item, facts=result.facts, route=result.verdict.route
        )
    if problems or route is not None:
        result = run(
            item, scenario, standing.office, standing.calendar, outcomes, problems=tuple(problems), route=route
        )
    return result


def as_json(item: Item, result: ScenarioResult) -> dict[str, Any]:
    verdict = result.verdict
    return {
        "lookups": {
            name: {"outcome": "not_asked", "ms": 0, "value": None}
            if (evidence := result.evidence.get(name)) is None
            else {"outcome": evidence.outcome, "ms": evidence.ms, "value": evidence.value}
            for name in item.lookups
        },
        "materials": materials_json(verdict.materials),
        "problems": [{"at": p.at, "keyword": p.keyword, "message": p.message} for p in verdict.problems],
        "decision": decision_json(verdict.decision),
        "route": route_json(verdict.route),
        "deadline": verdict.deadline.isoformat() if verdict.deadline else None,
        "zero_material": verdict.zero_material,
        "fee": verdict.fee,
        "amount": verdict.amount,
    }


_WORDS = {
    "approve": "批准", "reject": "不予", "decline": "不予受理", "review": "转人工审核",
    "found": "查到", "empty": "没有记录", "down": "没有回应", "refused": "未获准查询", "not_asked": "未查询",
    "proved": "已由数据核验", "given": "已提交", "upload": "需上传", "staff": "由窗口代查", "promise": "告知承诺",
    "later": "容缺后补", "confirm": "待对方确认",
}  # fmt: skip


_WAYS = {"holds": " 成立", "does not hold": " 不成立", "proved": " 证明了", "not proved": " 没有证明"}


def explain(result: Mapping[str, Any]) -> str:
    """A dry run as a person reads it."""
    lines = [f"{'结果':　<5}{_decision(result['decision'])}"]
    lines += [f"问题　　{p['at']} {p['message']}" for p in result["problems"]]
    lines += [f"调取　　{name}: {_WORDS[row['outcome']]}（{row['ms']} ms）" for name, row in result["lookups"].items()]
    lines += [f"材料　　{row['id']}: {_WORDS[row['status']]}" for row in result["materials"]]
    if (route := result["route"]) is not None:
        lines.append(f"路线　　{route['mode']} → {route['deciding']['unit']}@{route['deciding']['area']}")
        lines += [f"　　　　{why}" for why in route["because"]]
        lines += [f"环节　　{s['unit']} {s['days'] or ''} {s['because'] or ''}".rstrip() for s in route["steps"]]
    if result["deadline"]:
        lines.append(f"期限　　{result['deadline']}")
    for key, word in (("fee", "收费　"), ("amount", "金额　")):
        if result[key] is not None:
            lines.append(f"{word}　{result[key]} 元")
    lines.append(f"零材料　{'是' if result['zero_material'] else '否'}")
    return "\n".join(lines)


def _decision(decision: Mapping[str, Any]) -> str:
    outcome = _WORDS.get(decision["outcome"] or "", "（不作决定）")
    told = f"{outcome}：{decision['because']}" if decision["because"] else outcome
    more = [*([decision["part"]] if decision.get("part") else []), *decision.get("conditions", ())]
    return "\n".join([told, *(f"　　　　{one}" for one in more)])


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
                result = await judge_scenario(standing, item, _scenario(path))
            except UsageError as error:
                failed += 1
                echo(f"FAIL {plugin.id}/{path.name}: {error}")
                continue
            results.append(result.seen_rules)
            if result.passed:
                passed += 1
            else:
                failed += 1
                echo(f"FAIL {plugin.id}/{path.name} {result.title}")
                for line in result.differences:
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
