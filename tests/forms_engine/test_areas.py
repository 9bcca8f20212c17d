"""The area picker: one list where there are few, else level by level or by name; never an area of another town."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Form
from forms.engine.gallery import AREAS, FEW_AREAS
from tests.forms_engine.browser import inputs, posted

FORM = Form(
    {
        "type": "object",
        "properties": {
            "a": {"type": "string", "format": "cn-area", "title": "所在村"},
            "rows": {"type": "array", "items": {"properties": {"a": {"type": "string", "format": "cn-area"}}}},
        },
    },
    {"a": {"ui:level": "village"}, "rows": {"items": {"a": {"ui:level": "village"}}}},
)
EAST, WEST = "320583101000", "320583102000"


def options(html: str, name: str) -> list[str]:
    found = [e for e in inputs(html) if e.get("name") == name]
    return [o.get("value", "") for o in found[0].iter("option")] if found else []


def test_few_areas_are_one_list() -> None:
    html = FORM.render(areas=FEW_AREAS)
    assert "_area:" not in html
    assert len(options(html, "/a")) == 6


def test_many_are_chosen_level_by_level() -> None:
    html = FORM.render(areas=AREAS)
    assert options(html, "_area:/a#0") == ["", EAST, WEST, "320583103000"]
    assert options(html, "/a") == []
    reading = FORM.read([("_under:/a", ""), ("_area:/a#0", EAST), ("_refresh", "/a")])
    html = FORM.render(reading.answers, raw=reading.raw, areas=AREAS)
    assert all(code.startswith("320583101") for code in options(html, "/a")[1:])
    assert len(options(html, "/a")) == 6


def test_an_answer_shows_the_levels_above_it() -> None:
    html = FORM.render({"a": "320583102207"}, areas=AREAS)
    assert FORM.read(posted(html)).answers == {"a": "320583102207"}


def test_a_village_of_the_town_chosen_before_is_no_answer_below_another() -> None:
    html = FORM.render({"a": "320583102207"}, areas=AREAS)
    post = [(n, EAST if n == "_area:/a#0" else v) for n, v in posted(html)]
    reading = FORM.read(post)
    assert reading.answers == {}
    assert "/a" in reading.seen
    assert reading.onto({"a": "320583102207"}) == {}
    assert options(FORM.render({}, raw=reading.raw, areas=AREAS), "/a")[1].startswith("320583101")


@pytest.mark.parametrize(
    ("name", "found"),
    [("样例", 3), ("东样例社区", 1), ("东示例镇", 5), ("320583101207", 1), ("　样例 ", 3), ("没有", 0), ("<b>", 0)],
)
def test_a_name_finds_areas_in_every_town(name: str, found: int) -> None:
    html = FORM.render({}, raw={"_find:/a": name}, areas=AREAS)
    assert len([o for o in options(html, "/a") if o]) == found
    assert FORM.read(posted(html)).raw["_find:/a"] == name.strip()


def test_what_was_chosen_in_a_row_goes_with_its_row() -> None:
    raw: dict[str, Any] = {"_area:/rows/0/a#0": EAST, "_area:/rows/1/a#0": WEST, "_branch:/rows/2#0": "1"}
    there = [(f"_row:/rows/{i}", "1") for i in range(3)]
    removed = FORM.read([*there, *raw.items(), ("_remove", "/rows/0")]).raw
    assert removed == {"_area:/rows/0/a#0": WEST, "_branch:/rows/1#0": "1"}
    moved = FORM.read([*there, *raw.items(), ("_down", "/rows/1")]).raw
    assert moved == {"_area:/rows/0/a#0": EAST, "_area:/rows/2/a#0": WEST, "_branch:/rows/1#0": "1"}


def test_without_a_wanted_level_the_town_itself_may_be_the_answer() -> None:
    form = Form({"properties": {"a": {"type": "string", "format": "cn-area"}}})
    html = form.render({"a": EAST}, areas=AREAS)
    assert EAST in options(html, "/a")
    assert form.read(posted(html)).answers == {"a": EAST}
    html = form.render({"a": "320583000000"}, areas=AREAS)
    assert form.read(posted(html)).answers == {"a": "320583000000"}
