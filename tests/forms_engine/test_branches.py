"""`anyOf` of groups: one case or several are chosen, with and without JavaScript, and nothing written is lost."""

from __future__ import annotations

from typing import Any

from forms import Form
from tests.forms_engine.browser import inputs, posted, tree

CONTACT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contact": {
            "type": "object",
            "title": "联系方式",
            "anyOf": [
                {"title": "有电话", "required": ["tel"], "properties": {"tel": {"type": "string", "title": "电话"}}},
                {
                    "title": "有邮箱",
                    "required": ["mail"],
                    "properties": {"mail": {"type": "string", "format": "email", "title": "邮箱"}},
                },
                {"title": "有地址", "required": ["home"], "properties": {"home": {"type": "string", "title": "地址"}}},
            ],
        }
    },
}
CONTROL = "_branch:/contact#0"


def controls(html: str) -> list[tuple[str, bool]]:
    """Kind and state of each alternative on offer."""
    boxes = [e for e in inputs(html) if e.get("name") == CONTROL and e.get("type") != "hidden"]
    return [(e.get("type", ""), e.get("checked") is not None) for e in boxes]


def asked(html: str) -> set[str]:
    return {name for e in inputs(html) if (name := e.get("name") or "").startswith("/")}


def ticked(html: str, *cases: int) -> list[tuple[str, str]]:
    """The post with exactly these cases ticked."""
    pairs = [(n, v) for n, v in posted(html) if n != CONTROL or not v]
    return [*pairs, *((CONTROL, str(i)) for i in cases)]


def test_a_second_case_is_added_and_both_are_asked_and_read() -> None:
    form = Form(CONTACT)
    html = form.render({"contact": {"tel": "1"}})
    assert controls(html) == [("checkbox", True), ("checkbox", False), ("checkbox", False)]
    assert asked(html) == {"/contact/tel"}
    more = form.read([*ticked(html, 0, 1), ("_refresh", "/contact")])
    html = form.render(more.answers, raw=more.raw)
    assert controls(html) == [("checkbox", True), ("checkbox", True), ("checkbox", False)]
    assert asked(html) == {"/contact/tel", "/contact/mail"}
    filled = [(n, "a@b.cn" if n == "/contact/mail" else v) for n, v in posted(html)]
    reading = form.read(filled)
    assert reading.answers == {"contact": {"tel": "1", "mail": "a@b.cn"}}
    assert form.problems(reading.answers) == []
    again = form.render(reading.answers)
    assert asked(again) == {"/contact/tel", "/contact/mail"}
    assert form.read(posted(again)).answers == form.prune(reading.answers) == reading.answers


def test_a_case_that_is_unticked_takes_its_questions_along() -> None:
    form = Form(CONTACT)
    html = form.render({"contact": {"tel": "1", "mail": "a@b.cn"}})
    reading = form.read(ticked(html, 1))
    assert reading.answers == {"contact": {"mail": "a@b.cn"}}
    assert asked(form.render(reading.answers, raw=reading.raw)) == {"/contact/mail"}
    nothing = form.read(ticked(html))
    assert asked(form.render(nothing.answers, raw=nothing.raw)) == set()


def test_what_a_second_case_holds_is_kept_though_it_does_not_fit_yet() -> None:
    form = Form(CONTACT)
    answers = {"contact": {"tel": "1", "mail": "nobody"}}
    html = form.render(answers)
    assert asked(html) == {"/contact/tel", "/contact/mail"}
    assert form.read(posted(html)).answers == form.prune(answers) == answers


def test_cases_in_rows_keep_their_ticks_when_rows_move() -> None:
    form = Form(
        {"type": "object", "properties": {"rows": {"type": "array", "items": CONTACT["properties"]["contact"]}}}
    )
    html = form.render({"rows": [{"tel": "1"}, {"mail": "a@b.cn", "home": "示例路"}]})
    reading = form.read(posted(html, button=("_up", "/rows/1")))
    assert reading.answers == {"rows": [{"mail": "a@b.cn", "home": "示例路"}, {"tel": "1"}]}
    assert reading.raw["_branch:/rows/0#0"] == "1,2"
    assert asked(form.render(reading.answers, raw=reading.raw)) == {"/rows/0/mail", "/rows/0/home", "/rows/1/tel"}


def test_only_one_is_offered_where_two_cannot_hold_at_once() -> None:
    names = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    others: list[dict[str, Any]] = [
        {"properties": {"b": {"type": "string"}}, "required": ["b"], "additionalProperties": False},
        {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {"type": "array", "items": {"type": "string"}},
    ]
    for other in others:
        form = Form({"anyOf": [names, other]})
        kinds = {e.get("type") for e in inputs(form.render({})) if (e.get("name") or "").startswith("_branch:")}
        assert kinds == {"radio"}, other
    one = Form({"type": "object", "oneOf": CONTACT["properties"]["contact"]["anyOf"]})
    assert "checkbox" not in {e.get("type") for e in tree(one.render({"tel": "1"})).iter("input")}
    two = [("_branch:#0", "0"), ("_branch:#0", "1"), ("/tel", "1"), ("/mail", "a@b.cn")]
    assert one.read(two).answers == {"tel": "1"}


def test_a_choice_of_groups_without_a_type_is_a_group_before_anything_is_chosen() -> None:
    text = {"type": "string"}
    one = {"properties": {"dog": text}, "required": ["dog"]}
    two = {"properties": {"cat": text}, "required": ["cat"]}
    form = Form({"type": "object", "properties": {"pet": {"oneOf": [one, two]}}})
    assert "<textarea" not in form.render()
    assert 'name="_branch:/pet#0"' in form.render()
    assert form.read(posted(form.render({"pet": {"cat": "x"}}))).answers == {"pet": {"cat": "x"}}


def test_conditions_within_conditions_are_read_once_a_level() -> None:
    """Read twice a level, these would take till tomorrow."""
    depth = 24
    schema: dict[str, Any] = {"type": "string"}
    answers: Any = "end"
    pairs = [("/k" * depth, "end")]
    for level in reversed(range(depth)):
        condition = {"properties": {"v": {"const": "x"}}, "required": ["v"]}
        then = {"properties": {"k": schema}}
        schema = {"type": "object", "properties": {"v": {"type": "string"}}, "if": condition, "then": then}
        answers = {"v": "x", "k": answers}
        pairs.append(("/k" * level + "/v", "x"))
    form = Form(schema)
    assert form.read(pairs).answers == answers
    assert form.read(posted(form.render(answers))).answers == answers
