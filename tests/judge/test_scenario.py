"""Scenarios: the example of DESIGN section 4 and every way in which it can turn out."""

from __future__ import annotations

from typing import Any

import pytest

from core.dryrun import as_json
from core.judge.coverage import branches, unseen
from core.judge.scenario import ScenarioResult, run
from tests.judge.town import ALL_FOUND, CALENDAR, OFFICE, PERSON, elder, found, scenario


def tried(**changes: Any) -> ScenarioResult:
    return run(elder(), scenario(**changes), OFFICE, CALENDAR)


def test_the_example_of_the_design_passes() -> None:
    result = tried()
    assert result.differences == ()
    assert result.passed


@pytest.mark.parametrize(
    ("lookups", "expect"),
    [
        (ALL_FOUND, {"decision": "approve", "rule": "/decide/0", "deadline": None, "zero_material": True}),
        ({**ALL_FOUND, "person": "down"}, {"decision": "review", "rule": None, "materials": {"identity": "upload"}}),
        ({**ALL_FOUND, "credit": "down"}, {"decision": "review", "rule": "/decide/0", "zero_material": True}),
        ({**ALL_FOUND, "credit": "refused"}, {"decision": "review", "rule": "/decide/0"}),
        (
            {**ALL_FOUND, "credit": found(list="black")},
            {"decision": "review", "steps": ["civil-affairs", "credit-office"], "deadline": "2026-11-26"},
        ),
        ({**ALL_FOUND, "credit": found(list="red")}, {"decision": "approve", "steps": ["civil-affairs"]}),
        ({}, {"decision": "review", "problems": ["/name"]}),
        (
            {**ALL_FOUND, "person": found(name="样例", birth_date="1946-11-24", area="320583103205", alive=True)},
            {"decision": "reject", "because": "未满80周岁", "deadline": None},
        ),
        (
            {**ALL_FOUND, "person": found(name="样例", birth_date="1946-11-23", area="320583103205", alive=True)},
            {"decision": "approve"},
        ),
        (
            {**ALL_FOUND, "person": found(name="样例", birth_date="1940-01-01", area="320583103205", alive=False)},
            {"decision": "review", "materials": {"identity": "upload"}, "zero_material": False},
        ),
    ],
)
def test_it_ends_as_its_lookups_do(lookups: dict[str, Any], expect: dict[str, Any]) -> None:
    result = tried(lookups=lookups, expect=expect)
    assert result.differences == ()


def test_a_difference_names_what_was_expected_and_what_came() -> None:
    result = tried(expect={"decision": "approve", "materials": {"account": "proved"}, "colour": "red"})
    assert not result.passed
    assert result.differences == (
        "decision：期望 approve，实际 review",
        "materials.account：期望 proved，实际 upload",
        "expect 中没有“colour”这一项",
    )


def test_a_material_that_is_not_wanted_is_null() -> None:
    assert tried(expect={"materials": {"photo": None}}).passed
    assert not tried(expect={"materials": {"identity": None}}).passed


def test_only_the_fields_in_take_are_kept() -> None:
    lookups = {"person": found(**PERSON["found"], religion="秘密")}
    result = tried(lookups=lookups, expect={})
    assert "religion" not in result.evidence["person"].value


def test_given_materials_wait_for_a_person() -> None:
    result = tried(given=["account"], expect={"materials": {"account": "given"}, "decision": "review"})
    assert result.differences == ()


def test_the_report_has_the_shape_of_the_design() -> None:
    result = tried()
    made = as_json(elder(), result, CALENDAR)
    assert list(made) == [
        "lookups", "materials", "problems", "decision", "passed_over", "route", "deadline", "zero_material", "fee",
        "amount", "duties", "deadline_because",
    ]  # fmt: skip
    assert made["lookups"]["account"] == {"outcome": "down", "ms": 0, "value": None}
    assert made["materials"][0] == {"id": "identity", "status": "proved", "by": ["person"]}
    assert made["decision"]["rule"] == "/decide/0"
    assert made["route"]["accepting"] == {"site": "station-a", "level": "village", "area": "320583103205"}
    assert made["route"]["deciding"] == {"unit": "approval-bureau", "area": "320583103000"}
    assert made["route"]["steps"] == [
        {"unit": "civil-affairs", "area": "320583103000", "days": 2, "because": "", "until": "2026-11-25"}
    ]
    assert made["deadline"] == "2026-11-25"
    assert made["fee"] is None


def test_a_lookup_that_cannot_be_asked_is_not_asked() -> None:
    result = tried(applicant={"kind": "person", "name": "样例"}, expect={"problems": []})
    assert result.evidence == {}
    assert as_json(elder(), result, CALENDAR)["lookups"]["person"]["outcome"] == "not_asked"
    assert result.differences == (), "what an unasked lookup would fill is no question"


def test_the_branches_nobody_has_seen_are_named() -> None:
    first = tried()
    left = unseen(elder(), [first.seen_rules])
    assert "routing.json#/decide/1" in left
    assert "routing.json#/steps/1/when: holds" in left
    assert "item.json#/materials/1: proved" in left
    assert "routing.json#/decide/0" not in left
    assert set(left) | first.seen_rules == set(branches(elder()))
