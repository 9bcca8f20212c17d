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


def test_a_pause_moves_the_deadline_and_the_steps_and_says_what_cannot_be() -> None:
    black = {**ALL_FOUND, "credit": found(list="black")}
    pause = {"kind": "expert_review", "on": "2026-11-24", "resumed": "2026-12-01"}
    expect = {"deadline": "2026-12-03", "step_due": ["2026-12-02", "2026-12-03"]}
    assert tried(lookups=black, expect={"deadline": "2026-11-26"}).passed
    assert tried(lookups=black, pauses=[pause], expect=expect).differences == ()
    assert tried(lookups=black, pauses=[pause], expect={"deadline": "2026-11-26"}).differences != ()
    overlapping = {"kind": "inspection", "on": "2026-11-30", "resumed": "2026-12-02"}
    for wrong, words in (
        ([{**pause, "on": "2026-11-20"}], "pauses/0：2026-11-23 以前不能中止"),
        ([pause, overlapping], "pauses/1：2026-12-01 以前不能中止"),
        ([{"kind": "hearing", "on": "2026-11-24"}], "pauses/0：这个理由没有写几天"),
        ([{**pause, "resumed": "2026-11-23"}], "pauses/0：2026-11-24 以前不能恢复计时"),
    ):
        assert tried(lookups=black, pauses=wrong, expect={}).differences[0].startswith(words)
    assert tried(pauses=[pause], lookups=ALL_FOUND, expect={}).differences[0].startswith("pauses：这件没有办结日")


def test_a_ground_of_the_item_ends_with_its_days_and_wants_a_scenario() -> None:
    declared = {"id": "means", "title": "待核对报告", "basis": "《示例办法》第三条", "days": 3}
    item = elder(item={"pauses": [declared]})
    review = scenario(lookups={**ALL_FOUND, "credit": "down"}, pauses=[{"kind": "means", "on": "2026-11-23"}])
    late = run(item, {**review, "expect": {"deadline": "2026-11-30"}}, OFFICE, CALENDAR)
    assert late.differences == ()
    assert "item.json#/pauses/0" in branches(item)
    assert "item.json#/pauses/0" in late.seen_rules
    held = elder(item={"pauses": [{**declared, "at_least": True}]})
    assert run(held, {**review, "expect": {"deadline": "2026-12-01"}}, OFFICE, CALENDAR).differences == ()
    early = [{"kind": "means", "on": "2026-11-23", "resumed": "2026-11-26"}]
    said = run(held, {**review, "pauses": early, "expect": {}}, OFFICE, CALENDAR).differences
    assert said == ("pauses/0：2026-11-27 以前不能恢复计时",)


def test_sums_are_compared_by_name() -> None:
    lines = [{"title": "每人", "amount": "2.00"}]
    item = elder(item={"sums": [{"id": "all", "title": "合计", "lines": lines}]})
    for n, passed in ((2, True), (3, False), (None, False)):
        result = run(item, scenario(lookups=ALL_FOUND, expect={"sums": {"all": n}}), OFFICE, CALENDAR)
        assert result.passed is passed, result.differences
