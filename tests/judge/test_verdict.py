"""The verdict as a whole: an approval in every combination of what sources say, and no input that breaks it."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Problem
from core.judge.clock import age, read_date
from core.judge.verdict import judge
from tests.judge.town import CALENDAR, OFFICE, SCENARIO, TODAY, VILLAGE, elder

PERSONS: list[Any] = [
    "empty", "down", "refused", None,
    {"name": "甲", "birth_date": "1940-01-01", "area": VILLAGE, "alive": True},
    {"name": "甲", "birth_date": "1940-01-01", "area": VILLAGE, "alive": False},
    {"name": "甲", "birth_date": "1990-01-01", "area": VILLAGE, "alive": True},
    {"name": "甲", "birth_date": None, "area": VILLAGE, "alive": True},
]  # fmt: skip
CREDITS: list[Any] = ["empty", "down", "refused", None, {"list": "black"}, {"list": "red"}]
ACCOUNTS: list[Any] = ["empty", "down", "refused", None, {"bank_account": "62"}, {"bank_account": None}]


def facts(**asked: Any) -> dict[str, Any]:
    known = {name: value for name, value in asked.items() if value is not None}
    return {
        "applicant": SCENARIO["applicant"],
        "answers": {"phone": "13900000000"},
        "lookups": {n: v for n, v in known.items() if not isinstance(v, str)},
        "outcomes": {n: v if isinstance(v, str) else "found" for n, v in known.items()},
    }


def by_the_law(person: Any, credit: Any, account: Any) -> str:
    """The allowance as a clerk would decide it with the folder open."""
    if not isinstance(person, dict) or not person["birth_date"]:
        return "review"
    born = read_date(person["birth_date"])
    assert born is not None
    if age(born, TODAY) < 80:
        return "reject"
    identified = person["alive"] is True
    paid = isinstance(account, dict) and account["bank_account"] is not None
    clear = credit not in ("down", "refused") and credit != {"list": "black"}
    return "approve" if identified and paid and clear else "review"


@pytest.mark.parametrize(("person", "credit", "account"), list(itertools.product(PERSONS, CREDITS, ACCOUNTS)))
def test_every_combination_of_answers_is_decided_by_the_law(person: Any, credit: Any, account: Any) -> None:
    verdict = judge(elder(), facts(person=person, credit=credit, account=account), OFFICE, CALENDAR, today=TODAY)
    assert verdict.decision.outcome == by_the_law(person, credit, account)
    assert (verdict.deadline is None) is (verdict.decision.outcome != "review")
    assert verdict.decision.because
    assert verdict.zero_material is all(m.status == "proved" for m in verdict.materials)


def test_a_hooks_problems_and_route_take_their_place() -> None:
    made = facts(person=PERSONS[4], credit="empty", account=ACCOUNTS[4])
    plain = judge(elder(), made, OFFICE, CALENDAR, today=TODAY)
    further = Problem("/phone", "landline", "请填写手机号码。")
    verdict = judge(elder(), made, OFFICE, CALENDAR, today=TODAY, problems=[further, further], route=plain.route)
    assert verdict.problems == (further,)
    assert verdict.route == plain.route


def test_an_outside_site_is_a_problem_and_the_rest_is_judged_all_the_same() -> None:
    made = {**facts(person=PERSONS[4]), "site": {"level": "kiosk-level", "area": VILLAGE, "kind": "kiosk"}}
    verdict = judge(elder(), made, OFFICE, CALENDAR, today=TODAY)
    assert [p.at for p in verdict.problems] == ["/site"]
    assert verdict.route is None
    assert verdict.decision.outcome == "review"
    assert verdict.deadline is not None


def test_judging_changes_nothing_it_is_given() -> None:
    made = facts(person=PERSONS[4], credit="down", account=ACCOUNTS[4])
    before = copy.deepcopy(made)
    first = judge(elder(), made, OFFICE, CALENDAR, today=TODAY)
    assert made == before
    assert judge(elder(), made, OFFICE, CALENDAR, today=TODAY) == first


def test_the_day_of_filing_may_lie_before_today() -> None:
    made = facts(person="down")
    verdict = judge(elder(), made, OFFICE, CALENDAR, today=TODAY, filed_on=TODAY.replace(day=20))
    assert verdict.deadline is not None
    assert verdict.deadline.isoformat() == "2026-11-24"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


@given(JSON, JSON, JSON, JSON, st.dictionaries(st.sampled_from(["area", "groups", "kind", "id_number"]), JSON))
def test_no_answer_and_no_record_breaks_it(
    answers: Any, person: Any, credit: Any, account: Any, applicant: dict[str, Any]
) -> None:
    made = {
        "applicant": applicant,
        "answers": answers,
        "lookups": {"person": person, "credit": credit, "account": account},
        "outcomes": {"person": "found", "credit": "found", "account": "found"},
    }
    verdict = judge(elder(), made, OFFICE, CALENDAR, today=TODAY)
    assert verdict.decision.outcome in ("approve", "reject", "review")


@pytest.mark.parametrize(("years", "outcome"), [(100, "approve"), (101, "review"), (99_999, "review")])
@pytest.mark.parametrize("further", [False, True])
def test_a_validity_beyond_a_hundred_years_is_a_persons_to_grant(years: int, outcome: str, further: bool) -> None:
    valid = {"valid": {"years": "/answers/dogs"}}
    line = {"id": "sign", "title": "标牌", **valid}
    item = elder(item={"result": {"title": "证", **({"also": [line]} if further else valid)}})
    known = facts(
        person={"name": "甲", "birth_date": "1940-01-01", "area": VILLAGE, "alive": True},
        credit="empty", account={"bank_account": "62"},
    )  # fmt: skip
    known["answers"]["dogs"] = years
    item.form["properties"]["dogs"] = {"type": "integer"}
    verdict = judge(item, known, OFFICE, CALENDAR, today=TODAY)
    assert verdict.decision.outcome == outcome
    assert ("100年" in verdict.decision.because) is (outcome == "review")


@pytest.mark.parametrize(("off", "fee"), [("-30", "0.00"), ("-10", "0.00"), ("-4", "6.00")])
def test_a_fee_is_never_less_than_nothing(off: str, fee: str) -> None:
    item = elder(item={"fee": [{"title": "费", "amount": "10"}, {"title": "减免", "amount": off}]})
    assert judge(item, facts(), OFFICE, CALENDAR, today=TODAY).fee == fee
