"""Decisions: the order of rules, what keeps a machine from approving, what is refused before the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Decision, Item, Verdict
from core.judge.verdict import eligibility, judge, judged
from tests.judge.town import CALENDAR, OFFICE, SCENARIO, TODAY, VILLAGE, elder

PERSON = SCENARIO["lookups"]["person"]["found"]


def facts(answers: dict[str, Any] | None = None, **lookups: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"person": PERSON, "credit": "empty", "account": {"bank_account": "62"}, **lookups}
    asked = {name: value for name, value in asked.items() if value is not None}
    return {
        "applicant": {**SCENARIO["applicant"], "groups": []},
        "answers": {"phone": "13900000000"} if answers is None else answers,
        "lookups": {n: v for n, v in asked.items() if not isinstance(v, str)},
        "outcomes": {n: v if isinstance(v, str) else "found" for n, v in asked.items()},
        "channel": "web",
    }


def verdict_of(item: Item | None = None, made: dict[str, Any] | None = None, **more: Any) -> Verdict:
    return judge(item or elder(), made or facts(), OFFICE, CALENDAR, today=TODAY, **more)


def rules(*declared: dict[str, Any], **routing: Any) -> Item:
    return elder(routing={"decide": list(declared), "steps": [], "rules": [], **routing}, item={"materials": []})


def test_the_first_rule_that_holds_wins() -> None:
    item = rules(
        {"when": {"/lookups/person/alive": {"const": False}}, "outcome": "reject", "because": "甲", "basis": "法"},
        {"when": {"/lookups/person/alive": {"const": True}}, "outcome": "decline", "because": "乙", "basis": "法",
         "instead": "other-item"},
        {"when": {}, "outcome": "approve", "because": "丙"},
    )  # fmt: skip
    decision = verdict_of(item).decision
    assert (decision.outcome, decision.rule, decision.because) == ("decline", "/decide/1", "乙")
    assert (decision.basis, decision.instead) == ("法", "other-item")
    assert decision.facts == ("/lookups/person/alive：true",)


def test_when_no_rule_holds_a_person_reviews() -> None:
    decision = verdict_of(rules()).decision
    assert (decision.outcome, decision.rule) == ("review", None)
    assert decision.because == "没有可以自动适用的规则，转人工审核"


def test_a_rule_may_ask_for_a_review_itself() -> None:
    decision = verdict_of(rules({"when": {}, "outcome": "review", "because": "抽查"})).decision
    assert (decision.outcome, decision.rule, decision.because) == ("review", "/decide/0", "抽查")


def test_a_decided_case_has_no_deadline_and_a_review_has_one() -> None:
    assert verdict_of().deadline is None
    assert verdict_of(made=facts(account="down")).deadline == date(2026, 11, 25)


# --- what keeps an approval back -------------------------------------------------------------------------


def test_an_open_material_keeps_an_approval_back_and_says_so() -> None:
    decision = verdict_of(made=facts(account="empty")).decision
    assert (decision.outcome, decision.rule) == ("review", "/decide/0")
    assert decision.because == "“银行账户证明”尚未齐备（没有查到记录，需要提交）"


def test_a_given_material_waits_for_a_person() -> None:
    decision = verdict_of(made=facts(account="empty"), given=["account"]).decision
    assert decision.outcome == "review"
    assert decision.held_back == ("“银行账户证明”已提交，需要人工核对",)


def test_a_promise_that_was_made_lets_it_through() -> None:
    materials = [{"id": "account", "title": "账户", "proved_by": "account", "fallback": "promise"}]
    item = elder(item={"materials": materials})
    assert verdict_of(item, facts(account="empty")).decision.outcome == "review"
    assert verdict_of(item, facts(account="empty"), promised=["account"]).decision.outcome == "approve"


def test_an_optional_material_keeps_nobody_waiting() -> None:
    item = elder(item={"materials": [{"id": "photo", "title": "照片", "required": False}]})
    assert verdict_of(item).decision.outcome == "approve"
    assert verdict_of(item, given=["photo"]).decision.outcome == "approve"


def test_a_step_that_holds_calls_for_a_person() -> None:
    decision = verdict_of(made=facts(credit={"list": "black"})).decision
    assert decision.outcome == "review"
    assert "列入失信名单" in decision.because


def test_a_step_without_a_condition_calls_for_nobody() -> None:
    assert verdict_of().route is not None
    assert verdict_of().decision.outcome == "approve"


@pytest.mark.parametrize("credit", ["down", "refused", {"list": "black"}])
def test_a_step_with_review_false_calls_for_nobody_whatever_its_condition(credit: Any) -> None:
    step = {"unit": "credit-office", "days": 1, "when": {"/lookups/credit/list": {"const": "black"}}, "review": False}
    assert verdict_of(elder(routing={"steps": [step]}), facts(credit=credit)).decision.outcome == "approve"


@pytest.mark.parametrize("ended", ["down", "refused"])
@pytest.mark.parametrize("pointer", ["/lookups/credit/list", "/outcomes/credit"])
def test_a_step_that_cannot_be_settled_calls_for_a_person(ended: str, pointer: str) -> None:
    step = {"unit": "credit-office", "days": 1, "when": {pointer: {"const": "black"}}}
    decision = verdict_of(elder(routing={"steps": [step]}), facts(credit=ended)).decision
    assert decision.outcome == "review"
    assert decision.held_back == ("“信用核查”没有得到答复，不能自动作出决定",)


def test_a_condition_around_steps_together_counts_too() -> None:
    steps = [{"together": [{"unit": "fire", "days": 1}], "when": {"/lookups/credit/list": {"const": "black"}}}]
    item = elder(routing={"steps": steps})
    assert verdict_of(item, facts(credit="empty")).decision.outcome == "approve"
    assert verdict_of(item, facts(credit="down")).decision.outcome == "review"
    assert verdict_of(item, facts(credit={"list": "black"})).decision.outcome == "review"


def test_a_situation_that_cannot_be_settled_calls_for_a_person() -> None:
    materials = [{"id": "plan", "title": "方案", "when": {"/lookups/credit/list": {"const": "black"}}}]
    item = elder(item={"materials": materials}, routing={"steps": []})
    assert verdict_of(item, facts(credit="empty")).decision.outcome == "approve"
    assert verdict_of(item, facts(credit="down")).decision.outcome == "review"


def test_a_lookup_not_asked_because_another_is_down_settles_nothing_either() -> None:
    lookups = {
        "person": {"source": "p", "by": {"n": "/applicant/id_number"}, "take": ["household"], "purpose": "户籍"},
        "credit": {"source": "c", "by": {"h": "/lookups/person/household"}, "take": ["list"], "purpose": "信用"},
    }
    step = {"unit": "credit-office", "days": 1, "when": {"/lookups/credit/list": {"const": "black"}}}
    approve = {"when": {"/applicant/kind": {"const": "person"}}, "outcome": "approve", "because": "可"}
    item = elder(
        lookups={"lookups": lookups}, item={"materials": []}, routing={"steps": [step], "decide": [approve]},
        form={"properties": {}, "required": []},
    )  # fmt: skip
    assert verdict_of(item, facts(person={"household": None}, credit=None)).decision.outcome == "approve"
    held = verdict_of(item, facts(person="down", credit=None)).decision
    assert (held.outcome, held.held_back) == ("review", ("“户籍”没有得到答复，不能自动作出决定",))


def test_a_step_that_a_hook_adds_calls_for_a_person_and_a_moved_one_does_not() -> None:
    plain = verdict_of()
    assert plain.route is not None
    (step,) = plain.route.steps
    moved = replace(plain.route, steps=(replace(step, days=9, area="320583000000"),))
    assert verdict_of(route=moved).decision.outcome == "approve"
    added = replace(plain.route, steps=(step, replace(step, unit="fire", because="人员密集场所")))
    decision = verdict_of(route=added).decision
    assert (decision.outcome, decision.because) == ("review", "需经“有关部门办理”环节：人员密集场所")
    quiet = replace(plain.route, steps=(step, replace(step, unit="fire", review=False)))
    assert verdict_of(route=quiet).decision.outcome == "approve"


def test_a_refusal_needs_no_materials_and_waits_for_nobody() -> None:
    young = {**PERSON, "birth_date": "1990-01-01"}
    verdict = verdict_of(made=facts(person=young, account="down", credit={"list": "black"}))
    assert verdict.decision.outcome == "reject"
    assert verdict.decision.basis == "样例规定"


# --- values nobody vouches for ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "unreliable", "fires"),
    [
        ({"/answers/phone": {}}, ["/answers/phone"], False),
        ({"/answers/phone": {}}, ["/phone"], False),
        ({"/answers": {}}, ["/phone"], False),
        ({"/answers/phone": {}}, ["/other"], True),
        ({"/answers/phone": {}}, ["/pho"], True),
        ({"/lookups/person/name": {}}, ["/name"], False),
        ({"/lookups/person/name": {}}, ["/answers/name"], False),
        ({"/lookups/person/name": {}}, ["/lookups/person/name"], False),
        ({"/lookups/person": {}}, ["/name"], False),
        ({"/lookups/person/alive": {}}, ["/name"], True),
        ([{"/applicant/kind": {}}, {"/answers/phone": {}}], ["/phone"], False),
    ],
)
def test_a_rule_that_reads_a_doubtful_value_never_fires(when: Any, unreliable: list[str], fires: bool) -> None:
    item = rules({"when": when, "outcome": "reject", "because": "x", "basis": "y"})
    assert (verdict_of(item, unreliable=unreliable).decision.outcome == "reject") is fires


def test_a_rule_about_a_record_is_not_silenced_by_a_declared_answer() -> None:
    when = {"/outcomes/person": {"const": "empty"}, "/lookups/person": False}
    item = rules({"when": when, "outcome": "reject", "because": "不在册", "basis": "法"})
    made = facts({"phone": "13900000000", "name": "甲"}, person="empty")
    assert verdict_of(item, made).decision.outcome == "reject"


def test_where_it_was_filed_changes_nothing() -> None:
    outcomes = set()
    for site in (None, *OFFICE.sites.values()):
        made = facts()
        if site:
            made["site"] = {"id": site.id, "level": site.level, "area": site.area, "kind": site.kind}
        outcomes.add(verdict_of(made=made).decision)
    assert len(outcomes) == 1


@given(st.permutations(["reject", "approve", "review"]), st.lists(st.booleans(), min_size=3, max_size=3))
def test_what_stands_after_the_first_that_holds_does_not_matter(outcomes: list[str], holding: list[bool]) -> None:
    declared = [
        {"when": {"/applicant/kind": {"const": "person" if holds else "nobody"}}, "outcome": o, "because": o}
        for o, holds in zip(outcomes, holding, strict=True)
    ]  # fmt: skip
    decision = verdict_of(rules(*declared)).decision
    first = next((n for n, holds in enumerate(holding) if holds), None)
    assert decision.rule == (None if first is None else f"/decide/{first}")
    assert decision.outcome == ("review" if first is None else outcomes[first])


# --- before the form -------------------------------------------------------------------------------------


def early(item: Item, made: dict[str, Any] | None = None, **more: Any) -> Decision | None:
    return eligibility(item, made or facts({}), OFFICE, CALENDAR, today=TODAY, **more)


YOUNG = {**PERSON, "birth_date": "1990-01-01"}


def test_who_cannot_be_eligible_is_told_before_the_form() -> None:
    decision = early(elder(), facts({}, person=YOUNG))
    assert decision is not None
    assert (decision.outcome, decision.because, decision.basis) == ("reject", "未满80周岁", "样例规定")
    assert early(elder()) is None
    assert early(elder(), facts({}, person="down")) is None


def test_a_refusal_that_an_answer_decides_waits_for_the_form() -> None:
    item = rules({"when": {"/answers/kind": {"const": "x"}}, "outcome": "reject", "because": "a", "basis": "b"})
    assert early(item) is None
    nothing = rules({"when": {"/answers/kind": False}, "outcome": "reject", "because": "a", "basis": "b"})
    assert early(nothing) is None, "nothing is there yet, so nothing follows from it"


def test_a_refusal_behind_a_rule_that_may_still_hold_waits_for_the_form() -> None:
    refuse = {"when": {}, "outcome": "reject", "because": "a", "basis": "b"}
    maybe = {"when": {"/answers/kind": {"const": "x"}}, "outcome": "approve", "because": "c"}
    assert early(rules(maybe, refuse)) is None
    never = {"when": {"/answers/kind": {}, "/applicant/kind": {"const": "enterprise"}}, "outcome": "approve"}
    assert early(rules(never, refuse)) is not None
    assert early(rules(refuse, maybe)) is not None
    also = {**refuse, "when": {"/answers/kind": {"const": "x"}}}
    assert early(rules(also, refuse)) is not None, "refused either way"


def test_a_lookup_asked_by_an_answer_is_not_known_before_the_form() -> None:
    lookups = {"permit": {"source": "p", "by": {"no": "/answers/no"}, "take": ["until"]}}
    refuse = {"when": {"/lookups/permit": False}, "outcome": "decline", "because": "没有许可证", "basis": "法"}
    item = elder(lookups={"lookups": lookups}, routing={"decide": [refuse]}, item={"materials": []})
    assert early(item, facts({}, person=None, credit=None, account=None)) is None
    asked = facts({"no": "1"}, person=None, credit=None, account=None, permit="empty")
    assert early(item, asked) is not None


def test_a_refusal_does_not_read_materials_before_the_form() -> None:
    refuse = {"when": {"/materials/identity": False}, "outcome": "reject", "because": "a", "basis": "b"}
    assert early(rules(refuse)) is None


def test_a_disputed_record_refuses_nobody_before_the_form() -> None:
    form = {"properties": {"born": {"type": "string", "x-from": "/lookups/person/birth_date"}}, "required": []}
    item = elder(form=form)
    assert early(item, facts({}, person=YOUNG)) is not None
    assert early(item, facts({}, person=YOUNG), unreliable=["/born"]) is None


@pytest.mark.parametrize("handling", ["query", "handoff"])
def test_queries_and_hand_offs_decide_nothing(handling: str) -> None:
    item = elder(item={"handling": handling})
    assert verdict_of(item).decision == Decision(None)
    assert verdict_of(item).deadline is None
    assert early(item) is None


# --- 校核纠错: a disputed value -----------------------------------------------------------------------------

BORN = {"properties": {"born": {"type": "string", "x-from": "/lookups/person/birth_date"}}, "required": []}
YEARS = {"/lookups/person/birth_date": {"x-age": {"maximum": 79}}}


def disputing(item: Item, **more: Any) -> Decision:
    return verdict_of(item, facts({}, **more.pop("lookups", {})), unreliable=["/born"], **more).decision


def test_a_rule_passed_over_in_doubt_lets_no_later_one_of_another_outcome_decide() -> None:
    refuse = {"when": YEARS, "outcome": "reject", "because": "未满", "basis": "法"}
    approve = {"when": {}, "outcome": "approve", "because": "其余"}
    item = elder(form=BORN, routing={"decide": [refuse, approve], "steps": [], "rules": []}, item={"materials": []})
    assert verdict_of(item, facts({})).decision.outcome == "approve"
    assert disputing(item).outcome == "review"
    other = {"when": {"/lookups/person/alive": {"const": True}}, "outcome": "reject", "because": "b", "basis": "法"}
    item = elder(
        form=BORN,
        routing={"decide": [{**approve, "when": YEARS}, other], "steps": [], "rules": []},
        item={"materials": []},
    )
    assert disputing(item).outcome == "review", "the approval that was passed over might have held"


def test_a_doubt_that_cannot_matter_keeps_nobody_waiting() -> None:
    never = {"when": {**YEARS, "/lookups/person/alive": {"const": False}}, "outcome": "reject", "because": "a",
             "basis": "法"}  # fmt: skip
    same = {"when": YEARS, "outcome": "approve", "because": "b"}
    approve = {"when": {}, "outcome": "approve", "because": "c"}
    item = elder(
        form=BORN, routing={"decide": [never, same, approve], "steps": [], "rules": []}, item={"materials": []}
    )
    assert disputing(item).outcome == "approve"


def test_a_material_a_step_or_an_amount_that_rests_on_a_disputed_value_waits_for_a_person() -> None:
    approve = {"when": {}, "outcome": "approve", "because": "c"}
    plain = {"decide": [approve], "steps": [], "rules": []}
    old = {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}}
    material = {"id": "identity", "title": "证件", "proved_by": "person", "valid_when": old}
    step = {"unit": "credit-office", "days": 1, "when": YEARS}
    lines = [{"title": "津贴", "when": old, "amount": "100"}]
    result = {"title": "单", "template": "result.html", "amount": lines}
    for item in (
        elder(form=BORN, routing=plain, item={"materials": [material]}),
        elder(form=BORN, routing={**plain, "steps": [step]}, item={"materials": []}),
        elder(form=BORN, routing=plain, item={"materials": [], "result": result}),
    ):
        assert verdict_of(item, facts({})).decision.outcome == "approve"
        assert disputing(item).outcome == "review"


@given(st.text(min_size=1, max_size=20))
def test_a_declared_value_is_judged_as_an_answer_and_is_never_what_was_looked_up(value: str) -> None:
    approve = {"when": {}, "outcome": "approve", "because": "c"}
    item = elder(form=BORN, routing={"decide": [approve], "steps": [], "rules": []}, item={"materials": []})
    made = facts({})
    verdict, complete = judged(item, made, OFFICE, CALENDAR, today=TODAY, unreliable=["/born"], claims={"/born": value})
    assert complete["lookups"] == made["lookups"]
    assert complete["answers"]["born"] == value
    assert verdict.decision.outcome == "review"


# --- words -----------------------------------------------------------------------------------------------


def test_the_words_of_an_item_are_translated_where_they_are() -> None:
    item = elder()
    texts = {
        "en": {
            "routing.json#/decide/0/because": "Registered here and 80 or older",
            "item.json#/materials/1/title": "Bank account",
        }
    }
    item = type(item)(**{**item.__dict__, "bundle": {**item.bundle, "texts": texts}, "digest": "translated"})
    english = verdict_of(item, language="en")
    assert english.decision.because == "Registered here and 80 or older"
    back = verdict_of(item, facts(account="down"), language="en").decision
    assert back.because == (
        "“Bank account” is still open (the source does not answer at the moment; has to be handed in)"
    )
    assert verdict_of(item).decision.because == "户籍在册且年满80周岁"


def test_a_place_is_needed_for_nothing_but_the_route() -> None:
    made = facts()
    del made["applicant"]["area"]
    assert verdict_of(made=made).decision.outcome == "approve"
    assert VILLAGE not in str(verdict_of(made=made).route)
