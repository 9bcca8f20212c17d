"""Every kind of service that the format must be able to say: an item that is of that kind, and the recipe for it.

A kind is read off what the items declare, never off their names, so that a kind which a change of an item loses is
missed here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from core.contract import Item, Step
from tests.items.test_items import PLUGINS, catalog, scenarios

Kind = Callable[[Item], bool]


def steps(item: Item) -> Iterator[Step]:
    for step in item.routing.steps:
        yield from step.together or (step,)


def together(item: Item) -> list[int]:
    return [len({one.unit for one in step.together}) for step in item.routing.steps if step.together]


def ways(item: Item) -> set[str]:
    """Names of the fallbacks that a material of this item can end in."""
    return {way for material in item.materials for way in _ways(material.fallback)}


def _ways(fallback: Any) -> Iterator[str]:
    """Of a way, of a map outcome → way, or of lines `{when, fallback}`."""
    if isinstance(fallback, str):
        yield fallback
    elif isinstance(fallback, Mapping) and {"later", "confirm"} & fallback.keys():
        yield from {"later", "confirm"} & fallback.keys()
    elif isinstance(fallback, Mapping):
        for way in fallback.values():
            yield from _ways(way)
    else:
        for line in fallback or ():
            yield from _ways(line["fallback"])


def agents(item: Item) -> set[str]:
    """Relations in which a scenario files this item for somebody else."""
    return {one["agent"]["relation"] for one in scenarios(item.id).values() if one.get("agent")}


def gated_by_credit(item: Item) -> bool:
    credit = {f"/outcomes/{name}" for name, one in item.lookups.items() if one.source == "public-credit"}
    credit |= {f"/lookups/{name}/" for name, one in item.lookups.items() if one.source == "public-credit"}
    rules = [rule for rule in item.routing.decide if rule.outcome != "approve" and rule.basis]
    return any(place in json.dumps(rule.when) for rule in rules for place in credit)


KINDS: Mapping[str, tuple[str, Kind]] = {
    "zero material, decided at once": (
        "零材料，当场办结",
        lambda i: i.handling == "instant" and catalog().facts(i)["zero_material"],
    ),
    "same city": ("同城通办", lambda i: i.routing.area in ("same-city", "anywhere")),
    "decided at the village": ("村里直接决定", lambda i: i.routing.sites.get("village") == "decide"),
    "collected at the village": (
        "村里收集、审批局代办",
        lambda i: i.routing.sites.get("village") == "collect",
    ),
    "promised, steps together": (
        "承诺件，几个部门并联",
        lambda i: i.handling == "promised" and max(together(i), default=0) > 1,
    ),
    "a major project with several units": (
        "重大项目，多部门会审",
        lambda i: max(together(i), default=0) > 2 and any(r.then.get("priority") for r in i.routing.rules),
    ),
    "a query without a case": ("查询，不成办件", lambda i: i.handling == "query" and bool(i.answer)),
    "a hand-off": ("转到外部服务", lambda i: i.handling == "handoff" and bool(i.url)),
    "gated by credit on a legal basis": ("凭信用记录依法把关", gated_by_credit),
    "household members, each looked up": (
        "家庭成员逐个查",
        lambda i: any(one.each and one.each.startswith("/lookups/") for one in i.lookups.values()),
    ),
    "rows of the applicant, each looked up": (
        "申请人填几行，每行核对",
        lambda i: any(one.each and one.each.startswith("/answers/") for one in i.lookups.values()),
    ),
    "situations that change the materials": (
        "情形：不同原因要不同材料",
        lambda i: any(m.when and "/answers/" in json.dumps(m.when) for m in i.materials),
    ),
    "an inspection that stops the clock": (
        "现场核查停钟",
        lambda i: any(not s.counts and s.when is not None for s in steps(i)),
    ),
    "findings of staff": ("工作人员查了什么，写进结论", lambda i: any(s.findings for s in steps(i))),
    "an upload": ("上传材料", lambda i: "upload" in ways(i)),
    "a promise": ("告知承诺", lambda i: "promise" in ways(i)),
    "a material to follow": ("容缺受理", lambda i: "later" in ways(i)),
    "confirmed by another party": ("另一方确认", lambda i: "confirm" in ways(i)),
    "a guardian for a child": ("监护人为孩子办", lambda i: "guardian" in i.agents and "guardian" in agents(i)),
    "an agent for a firm": (
        "代理人为企业办",
        lambda i: "enterprise" in i.audience and bool(agents(i) & {"legal_representative", "mandate"}),
    ),
    "no benefit twice": (
        "同一待遇不发两次",
        lambda i: any(one.source == "own-cases" for one in i.lookups.values()),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_bundled_and_has_its_recipe(kind: str) -> None:
    recipe, of_this_kind = KINDS[kind]
    assert [id for id, item in catalog().items.items() if of_this_kind(item)], kind
    assert f"\n## {recipe}\n" in (PLUGINS / "_guide" / "cookbook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "item", ["exit-entry-endorsement", "provident-fund-house", "medical-reimbursement", "real-estate-transfer"]
)
def test_the_four_same_city_items_are_taken_outside_the_home_town(item: str) -> None:
    assert catalog().items[item].routing.area in ("same-city", "anywhere")


def test_one_permit_is_made_new_changed_renewed_and_cancelled() -> None:
    parts: dict[str, set[str]] = {}
    for item in catalog().items.values():
        if item.part_of:
            parts.setdefault(item.part_of, set()).add(str(item.declared.get("procedure")))
    assert {"新办", "变更", "延续", "注销"} in parts.values()


@pytest.mark.parametrize(("item", "by"), [("elder-allowance", "x-age"), ("minimum-living", "/answers/income_per_head")])
def test_amounts_follow_brackets_of_age_and_of_income(item: str, by: str) -> None:
    """Each bracket is declared as a line of its own, and scenarios have been granted different amounts."""
    lines = catalog().items[item].declared["result"]["amount"]
    assert len([one for one in lines if by in json.dumps(one.get("when"))]) > 2
    assert len({one["expect"]["amount"] for one in scenarios(item).values() if one["expect"].get("amount")}) > 1
