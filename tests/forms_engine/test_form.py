"""Constructs through the front door: a schema goes in, a page comes out, the post comes back as the answers meant."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest

from core.errors import DeclarationError
from forms import Form, Widget
from forms.engine import gallery
from tests.forms_engine.browser import attributes, inputs, posted, texts
from tests.forms_engine.constructs import CASES


@pytest.mark.parametrize(("schema", "answers"), [pytest.param(s, a, id=n) for n, s, a in CASES])
def test_valid_answers_survive_the_page(schema: Any, answers: Any) -> None:
    form = Form(schema)
    assert form.problems(answers) == []
    reading = form.read(posted(form.render(answers)))
    assert reading.answers == answers
    assert reading.unknown == ()


@pytest.mark.parametrize("entry", gallery.entries(), ids=lambda e: e.title)
def test_every_exhibit_of_the_gallery_survives_the_page(entry: gallery.Entry) -> None:
    form = Form(entry.schema, entry.ui)
    reading = form.read(posted(form.render(entry.answers, areas=gallery.AREAS)))
    assert reading.answers == (entry.answers or {})


class TestConditions:
    LIGHT: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"light": {"type": "boolean", "title": "亮灯"}},
        "if": {"properties": {"light": {"const": True}}, "required": ["light"]},
        "then": {"properties": {"power": {"type": "number", "title": "功率"}}, "required": ["power"]},
    }

    def test_a_question_is_there_once_its_condition_holds(self) -> None:
        form = Form(self.LIGHT)
        assert "功率" not in form.render({"light": False})
        assert "功率" in form.render({"light": True})

    def test_an_answer_hidden_now_is_kept_but_not_among_the_answers(self) -> None:
        form = Form(self.LIGHT)
        reading = form.read([("/light", "false"), ("/power", "30")])
        assert reading.answers == {"light": False}
        assert reading.hidden == {"/power": 30}
        assert reading.unknown == ()
        assert reading.onto({"light": True}) == {"light": False, "power": 30}
        assert form.prune(reading.onto({})) == {"light": False}

    def test_a_button_asks_for_the_page_anew_without_javascript(self) -> None:
        html = Form(self.LIGHT).render()
        assert ("_refresh", "#") in [(a.get("name"), a.get("value")) for a in attributes(html)]
        assert "data-lf-live" in html

    def test_a_branch_is_chosen_never_guessed(self) -> None:
        form = Form(
            {
                "type": "object",
                "oneOf": [
                    {"title": "甲", "properties": {"a": {"type": "string"}}},
                    {"title": "乙", "properties": {"b": {"type": "string"}}},
                ],
            }
        )
        html = form.render()
        assert 'name="/a"' not in html
        assert 'name="/b"' not in html
        reading = form.read([("_branch:#0", "1")])
        assert 'name="/b"' in form.render(reading.answers, raw=reading.raw)

    def test_of_a_form_without_conditions_nothing_is_live(self) -> None:
        assert "data-lf-live" not in Form({"properties": {"a": {"type": "string"}}}).render()


class TestProblems:
    def test_an_error_stands_at_its_question_and_is_tied_to_it(self) -> None:
        form = Form(
            {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"type": "string", "title": "甲", "description": "提示"}},
            }
        )
        html = form.render({}, form.problems({}))
        box = next(a for a in attributes(html) if a.get("name") == "/a")
        assert box["aria-invalid"] == "true"
        assert box["aria-describedby"] == "/a-hint /a-error"
        assert texts(html, "lf-error") == ["错误：请填写甲"]

    def test_one_error_is_shown_per_question_and_all_are_told(self) -> None:
        form = Form({"properties": {"a": {"type": "string", "minLength": 3, "pattern": "^x", "title": "甲"}}})
        problems = form.problems({"a": "1"})
        assert len(problems) == 2
        assert len(texts(form.render({"a": "1"}, problems), "lf-error")) == 1

    def test_the_summary_links_to_each_place_once(self) -> None:
        form = Form({"required": ["a b", "c"], "properties": {"a b": {"type": "string"}, "c": {"enum": [1, 2]}}})
        html = form.summary(form.problems({}))
        assert [a["href"] for a in attributes(html) if "href" in a] == ["#/a%20b", "#/c"]
        ids = {a["id"] for a in attributes(form.render()) if "id" in a}
        assert {"/a%20b", "/c"} <= ids

    @pytest.mark.parametrize(
        ("typed", "whole", "fraction", "money"),
        [
            ("abc", "甲请填写整数", "乙请填写数字", "丙请用数字填写金额，例如 1280.50"),
            ("1e2", *(f"{title}里有字母 e，请把数字完整写出来，例如 1200" for title in "甲乙丙")),
            ("9" * 70, *(f"{title}的数字太长，请核对有没有多按" for title in "甲乙丙")),
            ("1.505", "甲请填写整数，不要带小数", None, "丙最多保留2位小数"),
            ("-3", None, None, "丙不能小于0"),
            ("1" * 15, None, None, "丙的数字太长，请核对有没有多按"),
        ],
    )
    def test_each_way_to_miss_a_number_has_its_sentence(
        self, typed: str, whole: str | None, fraction: str | None, money: str | None
    ) -> None:
        asked = {"a": {"type": "integer"}, "b": {"type": "number"}, "c": {"type": "string", "format": "cn-money"}}
        titles = dict(zip(asked, "甲乙丙", strict=True))
        form = Form({"properties": {name: {**one, "title": titles[name]} for name, one in asked.items()}})
        told = {p.at[1:]: p.message for p in form.problems(form.read([(f"/{n}", typed) for n in asked]).answers)}
        assert [told.get(name) for name in asked] == [whole, fraction, money]

    def test_an_author_s_own_words_for_a_number_stand(self) -> None:
        own = {"type": "number", "errorMessage": {"type": "请照水表填写"}}
        assert [p.message for p in Form({"properties": {"n": own}}).problems({"n": "1e2"})] == ["请照水表填写"]

    def test_text_that_cannot_be_read_is_kept_and_shown(self) -> None:
        form = Form(
            {
                "properties": {
                    "n": {"type": "integer", "title": "数"},
                    "d": {"type": "string", "format": "date", "title": "日"},
                }
            }
        )
        reading = form.read([("/n", "十二"), ("_y:/d", "2026"), ("_m:/d", "13"), ("_d:/d", "")])
        problems = form.problems(reading.answers)
        assert [(p.at, p.message) for p in problems] == [
            ("/n", "数请填写整数"),
            ("/d", "日请填写真实存在的日期，例如 1950 年 3 月 27 日"),
        ]
        again = form.render(reading.answers, problems)
        assert 'value="十二"' in again
        # On a narrow screen the example keeps together.
        kept = '<span class="lf-example">例如 1950 年 3 月 27 日</span>'
        assert kept in again
        assert kept in form.summary(problems)
        assert 'value="13"' in again


class TestLanguages:
    SCHEMA: ClassVar[dict[str, Any]] = {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "string", "title": "姓名"},
            "d": {"type": "string", "format": "date", "title": "日期"},
            "k": {"type": "boolean", "title": "是否"},
            "rows": {"type": "array", "title": "列表", "items": {"type": "string"}},
        },
    }
    TEXTS: ClassVar[dict[str, Any]] = {
        "form.json#/properties/a/title": "Name",
        "form.json#/properties/d/title": "Date",
        "form.json#/properties/k/title": "Yes or no",
        "form.json#/properties/rows/title": "List",
        "item.json#/title": "no concern of the form",
        "form.json#/properties/gone/title": "leads nowhere",
    }

    def test_an_overlaid_page_has_not_one_chinese_character(self) -> None:
        form = Form(self.SCHEMA)
        problems = form.problems({}, "en", texts=self.TEXTS)
        html = form.render({"rows": ["x"]}, problems, "en", texts=self.TEXTS)
        assert not [c for c in html if "\u4e00" <= c <= "\u9fff"]
        assert [p.message for p in problems] == ["Enter Name"]

    def test_an_option_is_called_otherwise_yet_posts_the_same(self) -> None:
        form = Form({"properties": {"k": {"enum": ["甲", "乙"]}}})
        html = form.render({"k": "甲"}, language="en", texts={"form.json#/properties/k/enum/0": "First"})
        assert ("/k", "甲") in posted(html)
        assert "First" in html

    def test_the_chinese_page_stays_chinese(self) -> None:
        form = Form(self.SCHEMA)
        form.render(language="en", texts=self.TEXTS)
        assert "姓名" in form.render()


class TestWidgets:
    def test_a_plugin_adds_one_with_a_template_and_a_tester(self) -> None:
        stars = Widget(
            "stars",
            '<input type="number" id="{{ f.id }}" name="{{ f.name }}" value="{{ slot.value }}"{{ slot.told }}>',
            lambda schema, ui: 9 if schema.get("x-element") == "rating" else 0,
        )
        form = Form({"properties": {"r": {"type": "integer", "x-element": "rating"}}}, widgets=[stars])
        assert 'type="number"' in form.render({"r": 4})
        assert form.read(posted(form.render({"r": 4}))).answers == {"r": 4}

    def test_the_ui_overrides_the_choice_but_not_the_kind_of_answer(self) -> None:
        schema = {"properties": {"k": {"enum": ["a", "b"]}, "n": {"type": "integer"}}}
        form = Form(schema, {"k": {"ui:widget": "select"}, "n": {"ui:widget": "textarea"}})
        html = form.render({"k": "a", "n": 3})
        assert "<select" in html
        assert form.read(posted(html)).answers == {"k": "a", "n": 3}

    def test_options_inside_the_schema_count_and_the_ui_wins(self) -> None:
        schema = {"properties": {"a": {"type": "string", "title": "一", "ui:title": "二"}}}
        assert "二" in Form(schema).render()
        assert "三" in Form(schema, {"a": {"ui:title": "三"}}).render()

    def test_an_order_that_names_a_question_twice_asks_it_once(self) -> None:
        schema = {"properties": {name: {"type": "string"} for name in "abc"}}
        html = Form(schema, {"ui:order": ["c", "*", "c", "*", "a", 3]}).render()
        assert re.findall(r'name="/(.)"', html) == ["c", "b", "a"]

    def test_an_order_with_a_star_holds_the_rest(self) -> None:
        schema = {"properties": {n: {"type": "string"} for n in "abcd"}}
        html = Form(schema, {"ui:order": ["d", "*", "a"]}).render()
        assert [name for name, _ in posted(html)] == ["/d", "/b", "/c", "/a"]


class TestPages:
    FORM = Form(
        {"required": ["a", "b"], "properties": {n: {"type": "string"} for n in "abc"}},
        {
            "ui:pages": [
                {"title": "一", "fields": ["a"]},
                {"title": "二", "fields": ["b"], "when": {"/answers/a": {"const": "x"}}},
            ]
        },
    )

    def test_a_page_shows_its_own_questions(self) -> None:
        assert [n for n, _ in posted(self.FORM.render({"a": "x"}, page=1))] == ["/b"]

    def test_a_page_whose_condition_fails_is_not_there(self) -> None:
        assert [p.title for p in self.FORM.pages({"a": "y"})] == ["一"]
        assert [p.title for p in self.FORM.pages({"a": "x"})] == ["一", "二"]

    def test_without_a_number_all_pages_stand_under_their_titles(self) -> None:
        html = self.FORM.render({"a": "x"})
        assert texts(html, "lf-page-title") == ["一", "二"]
        assert "data-lf-live" in html

    def test_a_question_on_no_page_is_not_lost(self) -> None:
        assert "/c" in [n for n, _ in posted(self.FORM.render({}))]

    def test_the_problems_of_a_page_keep_one_there(self) -> None:
        assert [p.at for p in self.FORM.on_page(self.FORM.problems({}), 0)] == ["/a"]

    def test_answers_of_other_pages_stay(self) -> None:
        reading = self.FORM.read(posted(self.FORM.render({"a": "x", "b": "1"}, page=1)))
        assert reading.onto({"a": "x", "b": "0"}) == {"a": "x", "b": "1"}


class TestAlone:
    def test_defaults_are_applied_once_when_the_draft_is_made(self) -> None:
        form = Form(
            {"properties": {"a": {"default": 1}, "g": {"type": "object", "properties": {"b": {"default": "x"}}}}}
        )
        assert form.start() == {"a": 1, "g": {"b": "x"}}
        assert 'value="1"' not in form.render({})

    def test_a_broken_schema_is_refused_with_its_faults(self) -> None:
        with pytest.raises(DeclarationError) as refused:
            Form({"properties": {"a": {"$ref": "#/$defs/gone"}, "b": {"$ref": "https://example.com/x"}}})
        assert {f.code for f in refused.value.faults} == {"dead-ref", "remote-ref"}

    def test_a_schema_that_contains_itself_everywhere_is_drawn_and_ends(self) -> None:
        node: dict[str, Any] = {"type": "object", "properties": {k: {"$ref": "#"} for k in "abcdefgh"}}
        assert len(Form(node).render()) < 200_000

    def test_a_list_that_must_contain_itself_is_drawn_and_ends(self) -> None:
        assert Form({"type": "array", "minItems": 3, "items": {"$ref": "#"}}).render()

    def test_answers_in_words_for_checking(self) -> None:
        form = Form(
            {
                "properties": {
                    "k": {"oneOf": [{"const": 1, "title": "一号"}]},
                    "d": {"type": "string", "format": "date", "title": "日"},
                    "rows": {
                        "type": "array",
                        "title": "人",
                        "items": {"properties": {"n": {"type": "string", "title": "名"}}},
                    },
                }
            }
        )
        html = form.review({"k": 1, "d": "2026-11-05", "rows": [{"n": "<甲>"}]}, links=True)
        assert "一号" in html
        assert "2026 年 11 月 5 日" in html
        assert "&lt;甲&gt;" in html
        assert "<input" not in html


@pytest.mark.parametrize("word", ["ui:readonly", "ui:disabled"])
def test_a_lock_of_the_ui_is_no_dead_end(word: str) -> None:
    """What has to be answered and nothing fills can be written; what is filled, or need not be, stays locked."""
    schema = {
        "properties": {
            "open": {"type": "string"},
            "pick": {"enum": ["a", "b"]},
            "full": {"type": "string", "default": "x"},
            "office": {"type": "string", "readOnly": True},
            "free": {"type": "string"},
        },
        "required": ["open", "pick", "full", "office"],
    }
    names = list(schema["properties"])
    form = Form(schema, {name: {word: True} for name in names})
    html = form.render(form.start())
    boxes = {e.get("name"): e for e in inputs(html)}
    locked = [name for name in names if name != "pick" and boxes[f"/{name}"].get("readonly") is not None]
    assert locked == ["full", "office", "free"]
    assert boxes["/pick"].get("type") == "radio"
    given = {"/open": "1", "/pick": "a"}
    reading = form.read([*[(n, v) for n, v in posted(html) if n not in given], *given.items()])
    assert reading.answers == {"open": "1", "pick": "a", "full": "x"}
    assert form.problems(reading.answers) == []


def test_a_date_is_explained_by_a_day_of_its_own_where_the_author_gives_one() -> None:
    def told(language: str, **more: Any) -> str:
        return Form({"properties": {"from": {"type": "string", "format": "date", **more}}}).render(language=language)

    assert "1950" in told("zh")
    assert "例如 2026 年 12 月 1 日" in told("zh", examples=["2026-12-01"])
    assert "For example 2026-12-01" in told("en", examples=["no day", "2026-12-01"])
    assert "1950" not in told("zh", examples=["2026-12-01"])
    assert "三天以后" in told("zh", examples=["2026-12-01"], description="三天以后")
