"""A small town, a calendar of weekends, and the elders' allowance of DESIGN section 4: what judge's tests share.

Knows no seeds: a test reads here all that its outcome rests on.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.catalog.bundle import read_item
from core.contract import Area, Item, Office, Site, Unit

CITY, TOWN, VILLAGE = "320583000000", "320583103000", "320583103205"
OTHER_TOWN, OTHER_VILLAGE = "320583104000", "320583104201"
NEXT_VILLAGE = "320583103206"

OFFICE = Office(
    areas={
        CITY: Area(CITY, "样例市", "city", None),
        TOWN: Area(TOWN, "张浦镇", "town", CITY),
        VILLAGE: Area(VILLAGE, "甲社区", "village", TOWN),
        NEXT_VILLAGE: Area(NEXT_VILLAGE, "乙社区", "village", TOWN),
        OTHER_TOWN: Area(OTHER_TOWN, "邻镇", "town", CITY),
        OTHER_VILLAGE: Area(OTHER_VILLAGE, "丙社区", "village", OTHER_TOWN),
    },
    units={
        "civil-affairs": Unit("civil-affairs", "民政部门"),
        "credit-office": Unit("credit-office", "信用办"),
        "approval-bureau": Unit("approval-bureau", "行政审批局"),
        "fire": Unit("fire", "消防部门"),
    },
    offices=frozenset(
        {
            ("civil-affairs", CITY),
            ("civil-affairs", TOWN),
            ("civil-affairs", VILLAGE),
            ("civil-affairs", OTHER_TOWN),
            ("credit-office", CITY),
            ("approval-bureau", CITY),
            ("approval-bureau", TOWN),
            ("fire", CITY),
        }
    ),
    sites={
        "hall-city": Site("hall-city", "市政务服务大厅", "hall", "city", CITY),
        "hall-town": Site("hall-town", "张浦镇政务服务大厅", "hall", "town", TOWN),
        "station-a": Site("station-a", "甲社区市民驿站", "station", "village", VILLAGE),
        "station-c": Site("station-c", "丙社区市民驿站", "station", "village", OTHER_VILLAGE),
        "hall-other": Site("hall-other", "邻镇政务服务大厅", "hall", "town", OTHER_TOWN),
    },
)

TODAY = date(2026, 11, 23)
"""A Monday."""


class Weekdays:
    """Monday to Friday, all of it official; the days given are taken off."""

    def __init__(self, *holidays: date, official_until: date = date(9999, 12, 31)) -> None:
        self._holidays, self._until = frozenset(holidays), official_until

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays

    def is_provisional(self, day: date) -> bool:
        return day > self._until


CALENDAR = Weekdays()

ELDER: dict[str, Any] = {
    "item": {
        "contract": 1,
        "title": "老年人尊老金待遇申领",
        "version": "1.0.0",
        "type": "行政给付",
        "unit": "civil-affairs",
        "audience": ["person"],
        "themes": ["养老"],
        "handling": "instant",
        "statutory_days": 20,
        "promised_days": 0,
        "visits": 0,
        "channels": ["web", "mobile", "hall", "phone", "station", "kiosk"],
        "basis": ["样例规定"],
        "conditions": ["年满80周岁"],
        "fee": None,
        "materials": [
            {
                "id": "identity",
                "title": "居民身份证",
                "proved_by": "person",
                "valid_when": {"/lookups/person/alive": {"const": True}},
            },
            {"id": "account", "title": "银行账户证明", "proved_by": "account", "fallback": "upload"},
        ],
        "result": {"title": "尊老金待遇发放告知单", "template": "result.html", "delivery": ["electronic"]},
    },
    "form": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "姓名", "x-from": "/lookups/person/name"},
            "phone": {"type": "string", "title": "联系电话", "format": "cn-mobile"},
        },
        "required": ["name", "phone"],
    },
    "lookups": {
        "lookups": {
            "person": {
                "source": "natural-person",
                "by": {"id_number": "/applicant/id_number"},
                "take": ["name", "birth_date", "area", "alive"],
                "purpose": "核对年龄与户籍",
                "basis": "样例规定",
            },
            "credit": {
                "source": "public-credit",
                "by": {"id_number": "/applicant/id_number"},
                "take": ["list"],
                "purpose": "信用核查",
                "basis": "样例规定",
            },
            "account": {
                "source": "own-business",
                "by": {"id_number": "/applicant/id_number"},
                "take": ["bank_account"],
                "purpose": "发放待遇",
                "basis": "样例规定",
            },
        }
    },
    "routing": {
        "sites": {"city": "decide", "town": "decide", "village": "collect"},
        "area": "same-city",
        "steps": [
            {"unit": "civil-affairs", "days": 2},
            {
                "unit": "credit-office",
                "days": 1,
                "when": {"/lookups/credit/list": {"const": "black"}},
                "because": "列入失信名单",
                "basis": "样例规定",
            },
        ],
        "decide": [
            {
                "when": {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}},
                "outcome": "approve",
                "because": "户籍在册且年满80周岁",
            },
            {
                "when": {"/lookups/person/birth_date": {"x-age": {"exclusiveMaximum": 80}}},
                "outcome": "reject",
                "because": "未满80周岁",
                "basis": "样例规定",
            },
        ],
        "rules": [
            {
                "when": {"/applicant/groups": {"contains": {"const": "disabled"}}},
                "then": {"priority": "green"},
                "because": "特殊人群",
            }
        ],
    },
}

SCENARIO: dict[str, Any] = {
    "title": "账户查不到，转人工",
    "today": "2026-11-23",
    "channel": "station",
    "site": {"level": "village", "area": VILLAGE, "kind": "station"},
    "applicant": {
        "kind": "person",
        "id_number": "320583194001010013",
        "name": "样例老人",
        "area": VILLAGE,
        "groups": [],
    },
    "answers": {"phone": "13900000000"},
    "lookups": {
        "person": {"found": {"name": "样例老人", "birth_date": "1940-01-01", "area": VILLAGE, "alive": True}},
        "credit": "empty",
        "account": "down",
    },
    "expect": {
        "problems": [],
        "materials": {"identity": "proved", "account": "upload"},
        "decision": "review",
        "mode": "proxy",
        "zero_material": False,
        "deadline": "2026-11-25",
    },
}


def elder(**changes: Mapping[str, Any]) -> Item:
    """The elders' allowance with whole keys of its files replaced: `elder(routing={"area": "home"})`."""
    bundle = copy.deepcopy(ELDER)
    for file, keys in changes.items():
        bundle[file] = {**bundle[file], **keys}
    return read_item("elder-allowance", bundle)


def scenario(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SCENARIO), **changes}


def found(**fields: Any) -> dict[str, Any]:
    return {"found": fields}


PERSON = {"found": SCENARIO["lookups"]["person"]["found"]}
ALL_FOUND: dict[str, Any] = {"person": PERSON, "credit": "empty", "account": found(bank_account="6200000000000000")}
