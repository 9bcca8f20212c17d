"""Periods that end before they start, and required answers that only the office can give."""

from __future__ import annotations

from typing import Any

import pytest

from core.catalog.bundle import read_item
from core.judge.filling import Filling
from core.judge.verdict import answer_problems
from forms import Form
from tests.forms_engine.browser import posted, texts
from tests.judge.town import ELDER

DATE = {"type": "string", "format": "date"}
STAY: dict[str, Any] = {
    "type": "object",
    "properties": {"from": {**DATE, "title": "入住日期"}, "to": {**DATE, "title": "离开日期"}},
    "required": ["from", "to"],
}
REVERSED = {"from": "2026-05-02", "to": "2026-05-01"}


def form(**more: Any) -> Form:
    return Form({"type": "object", "properties": {"stay": STAY, "stays": {"type": "array", "items": STAY}}, **more})


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "离开日期不能早于入住日期"), ("en", "离开日期 cannot be before 入住日期")],
)
def test_an_end_before_the_start_is_told_at_the_end(language: str, sentence: str) -> None:
    answers = {"stay": REVERSED, "stays": [{"from": "2026-01-01", "to": "2026-01-01"}, REVERSED]}
    problems = form().problems(answers, language)
    assert [(p.at, p.keyword, p.message) for p in problems] == [
        ("/stay/to", "period", sentence),
        ("/stays/1/to", "period", sentence),
    ]
    html = form().render(answers, problems, language)
    assert len(texts(html, "lf-error")) == 2
    assert form().read(posted(html)).answers == answers


@pytest.mark.parametrize("to", ["2026-05-02", "2027-01-01"])
def test_the_same_day_and_a_later_one_are_periods(to: str) -> None:
    assert form().problems({"stay": {**REVERSED, "to": to}}) == []


def test_a_date_that_is_none_is_told_as_such_alone() -> None:
    problems = form().problems({"stay": {"from": "2026-05-02", "to": "2026-02-30"}})
    assert [(p.at, p.keyword) for p in problems] == [("/stay/to", "format")]


def test_two_dates_of_other_names_are_no_period() -> None:
    two = {"type": "object", "properties": {"born": DATE, "died": DATE}}
    assert Form(two).problems({"born": "2026-05-02", "died": "2026-05-01"}) == []


def test_a_hidden_period_is_not_judged() -> None:
    when = {"properties": {"k": {"const": 1}}, "required": ["k"]}
    hidden = Form({"type": "object", "properties": {"k": {}}, "if": when, "then": {"properties": {"stay": STAY}}})
    assert [p.at for p in hidden.problems({"k": 1, "stay": REVERSED})] == ["/stay/to"]
    assert hidden.problems({"k": 2, "stay": REVERSED}) == []


OFFICE = Form(
    {
        "type": "object",
        "properties": {
            "area": {"type": "string", "title": "面积"},
            "rate": {"type": "string", "title": "核定标准", "readOnly": True},
            "kind": {"enum": ["a", "b"], "title": "类别", "readOnly": True},
        },
        "required": ["area", "rate", "kind"],
    }
)
NOTE = "这一项由办理单位填写，您不用填；空着也可以提交。"


def test_a_required_answer_that_the_office_gives_blocks_nobody_and_says_so() -> None:
    assert [p.at for p in OFFICE.problems({})] == ["/area"]
    assert texts(OFFICE.render({}), "lf-note") == [NOTE, NOTE]
    assert OFFICE.problems(OFFICE.read(posted(OFFICE.render({"area": "5"}))).answers) == []
    assert "you need not" in OFFICE.render({}, language="en")


def test_once_it_is_given_the_note_is_gone_and_it_is_judged() -> None:
    assert texts(OFFICE.render({"rate": "3", "kind": "a"}), "lf-note") == []
    assert [p.at for p in OFFICE.problems({"area": "5", "rate": "3", "kind": "c"})] == ["/kind"]


def test_staff_see_what_is_still_for_them_to_fill_in() -> None:
    said = {line.at: line.words for line in OFFICE.lines({"area": "5"})}
    assert said == {"/area": "5", "/rate": "尚未填写（由办理单位填写）", "/kind": "尚未填写（由办理单位填写）"}


@pytest.mark.parametrize("spelt", [{"ui:options": {"period": False}}, {"ui:period": False}])
def test_an_author_may_do_without_the_rule_in_one_place_alone(spelt: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"stay": STAY, "stays": {"type": "array", "items": STAY}}}
    answers = {"stay": REVERSED, "stays": [REVERSED]}
    assert [p.at for p in Form(schema).problems(answers)] == ["/stay/to", "/stays/0/to"]
    assert [p.at for p in Form(schema, {"stay": spelt}).problems(answers)] == ["/stays/0/to"]
    assert [p.at for p in Form(schema, {"stays": {"items": spelt}}).problems(answers)] == ["/stay/to"]


def test_an_author_may_say_the_rule_in_his_own_words_and_languages() -> None:
    schema = {"type": "object", "properties": {"stay": STAY}}
    own = Form(schema, {"stay": {"ui:options": {"period": "离开不能早于入住。"}}})
    assert [p.message for p in own.problems({"stay": REVERSED})] == ["离开不能早于入住。"]
    english = {"form.ui.json#/stay/ui:options/period": "You cannot leave before you come."}
    told = own.problems({"stay": REVERSED}, "en", texts=english)
    assert [p.message for p in told] == ["You cannot leave before you come."]


def test_an_items_filing_keeps_to_what_its_form_says_of_the_rule() -> None:
    facts = {"answers": {"stay": REVERSED, "phone": "13900000000"}}
    bundle = {**ELDER, "form": {"type": "object", "properties": {"stay": STAY}}}
    ruled = read_item("elder-allowance", bundle)
    assert [p.at for p in answer_problems(ruled, facts, Filling())] == ["/stay/to"]
    free = read_item("elder-allowance", {**bundle, "ui": {"stay": {"ui:options": {"period": False}}}})
    assert answer_problems(free, facts, Filling()) == []
