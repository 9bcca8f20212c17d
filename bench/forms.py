"""The form engine: drawing, reading and judging, each against the plainest way of doing the same."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any
from urllib.parse import urlencode

import jinja2
import jsonschema
from starlette.datastructures import Headers
from starlette.formparsers import FormParser

from bench.table import Row, microseconds
from core.judge.conditions import Condition
from forms import Form

ROUNDS = 101
SHORTER = 5
"""A turn is this many times shorter than what a benchmark says."""

FIELD = """
{%- macro error(at, problems) %}{% if at in problems %}<p class="error" id="{{ at }}-error">{{ problems[at] }}</p>
{% endif %}{% endmacro %}
{%- macro field(at, schema, value, problems, required) %}
<div class="field{% if at in problems %} bad{% endif %}">
<label for="{{ at }}">{{ schema.title }}{% if not required %} <span>(optional)</span>{% endif %}</label>
{% if schema.description %}<p class="hint" id="{{ at }}-hint">{{ schema.description }}</p>{% endif %}
{{ error(at, problems) }}
{% if schema.enum %}<select id="{{ at }}" name="{{ at }}"{% if at in problems %} aria-invalid="true"{% endif %}>
<option value="">-</option>{% for option in schema.enum %}
<option value="{{ option }}"{% if option == value %} selected{% endif %}>{{ option }}</option>{% endfor %}
</select>{% elif schema.maxLength and schema.maxLength > 200 %}
<textarea id="{{ at }}" name="{{ at }}" rows="4">{{ value or "" }}</textarea>{% else %}
<input id="{{ at }}" name="{{ at }}" value="{{ value or "" }}"{% if schema.type == "integer" %} inputmode="numeric"
{% endif %}{% if at in problems %} aria-invalid="true"{% endif %}
{%- if schema.description %} aria-describedby="{{ at }}-hint"{% endif %}>{% endif %}
</div>{% endmacro %}
{%- for name, schema in form.properties.items() %}
{{ field("/" ~ name, schema, answers[name], problems, name in form.required) }}{% endfor %}
"""


def both(work: Callable[[], Any], times: int, floor: Callable[[], Any], floor_times: int) -> tuple[float, float]:
    """CPU seconds of one call of each, from the middle one of many short turns. A pair ran one right after the other,
    so what else the machine did met both alike; the calmest of each alone may come from different moments."""
    work(), floor()
    times, floor_times = max(1, times // SHORTER), max(1, floor_times // SHORTER)
    pairs = [(_cpu(work, times), _cpu(floor, floor_times)) for _ in range(ROUNDS)]
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]


def _cpu(work: Callable[[], Any], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def page_of_15() -> tuple[dict[str, Any], dict[str, Any]]:
    properties: dict[str, Any] = {}
    for i in range(15):
        plain: dict[str, Any] = {"type": "string", "title": f"第 {i} 项", "description": "请如实填写", "maxLength": 60}
        if i % 5 == 0:
            plain = {"title": f"第 {i} 项", "enum": [f"选项 {n}" for n in range(8)]}
        elif i % 5 == 1:
            plain = {"type": "integer", "title": f"第 {i} 项", "description": "填数字"}
        properties[f"field_{i}"] = plain
    answers = {
        n: s["enum"][3] if "enum" in s else 7 if s["type"] == "integer" else "示例路 1 号"
        for n, s in properties.items()
    }
    return {"type": "object", "properties": properties, "required": list(properties)[:8]}, answers


def drawing() -> Row:
    schema, answers = page_of_15()
    form = Form(schema)
    plain = jinja2.Environment(autoescape=True).from_string(FIELD)
    ours, macros = both(
        lambda: form.render(answers), 1000, lambda: plain.render(form=schema, answers=answers, problems={}), 50
    )
    return Row(
        "draw a 15-field page, of plain macros",
        microseconds(ours),
        microseconds(macros),
        ours / macros,
        1 / 15,
        1 / ours,
    )


def failing_post() -> Row:
    texts = {f"text_{i}": {"type": "string", "title": f"文字 {i}", "minLength": 5} for i in range(10)}
    numbers = {f"number_{i}": {"type": "integer", "title": f"数字 {i}", "minimum": 3} for i in range(5)}
    mobiles = {f"mobile_{i}": {"type": "string", "title": f"手机 {i}", "format": "cn-mobile"} for i in range(5)}
    properties = {**texts, **numbers, **mobiles}
    form = Form({"type": "object", "properties": properties, "required": list(properties)})
    pairs = [(f"/{name}", "1") for name in properties]
    body = urlencode(pairs).encode()
    headers = Headers({"content-type": "application/x-www-form-urlencoded"})
    loop = asyncio.new_event_loop()

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    def parse() -> Any:
        return loop.run_until_complete(FormParser(headers, stream()).parse())

    def judged() -> Any:
        return form.problems(form.read(parse().multi_items()).answers)

    assert len(judged()) == 20
    whole, parsed = both(judged, 100, parse, 200)
    loop.close()
    what = "parse, read and judge a failing 20-field post, of the bare parse"
    return Row(what, microseconds(whole), microseconds(parsed), whole / parsed, 2.5, 1 / whole)


def many_rows() -> list[Row]:
    columns = {
        f"column_{i}": {"type": "string", "maxLength": 20} if i % 2 else {"type": "integer", "minimum": 0}
        for i in range(200)
    }
    item = {"type": "object", "properties": columns, "required": list(columns)}
    form = Form({"type": "object", "properties": {"rows": {"type": "array", "items": item}}})
    rows = [{name: "示例内容" if "maxLength" in s else 5 for name, s in columns.items()} for _ in range(50)]
    text = json.dumps({"rows": rows}, ensure_ascii=False)
    good, bad = json.loads(text), json.loads(text)
    for row in bad["rows"]:
        row["column_0"] = -1
    found = []
    for what, answers in (("valid", good), ("with 50 problems", bad)):
        took, loads = both(lambda answers=answers: form.problems(answers), 10, lambda: json.loads(text), 10)  # type: ignore[misc]
        name = f"judge 200 fields × 50 rows {what}, of json.loads"
        found.append(Row(name, microseconds(took), microseconds(loads), took / loads, 10, 1 / took))
    return found


class Weekdays:
    def is_working_day(self, day: Any) -> bool:
        return bool(day.weekday() < 5)

    def is_provisional(self, day: Any) -> bool:
        return False


def ten_conditions() -> Row:
    pick = random.Random(4)
    raws: list[dict[str, Any]] = [
        {"/answers/kind": {"const": "lamp"}, "/answers/area_m2": {"minimum": 3}},
        {"/applicant/kind": {"enum": ["person", "enterprise"]}},
        {"/lookups/person/alive": {"const": True}},
        {"/lookups/credit/list": {"const": "black"}},
        {"/applicant/groups": {"contains": {"const": "disabled"}}},
        {"/answers/name": {"type": "string", "minLength": 2, "maxLength": 40}},
        {"/answers/days": {"type": "integer", "minimum": 1, "maximum": 30}},
        {"/lookups/licence/status": {"enum": ["valid", "suspended"]}},
        {"/answers/power": {"exclusiveMaximum": 2000}},
        {"/site/level": {"const": "village"}},
    ]
    facts = {
        "applicant": {"kind": "person", "groups": ["elder", "disabled"]},
        "answers": {"kind": "lamp", "area_m2": pick.randint(3, 9), "name": "示例店", "days": 3, "power": 300},
        "lookups": {"person": {"alive": True}, "credit": {"list": None}, "licence": {"status": "valid"}},
        "site": {"level": "village"},
    }
    ours = [Condition(raw) for raw in raws]
    calendar = Weekdays()

    def nested(at: str, schema: Any) -> dict[str, Any]:
        for name in reversed(at.split("/")[1:]):
            schema = {"properties": {name: schema}, "required": [name]}
        return dict(schema)

    plain = [jsonschema.Draft202012Validator({"allOf": [nested(at, s) for at, s in raw.items()]}) for raw in raws]
    assert [c.holds(facts, calendar) for c in ours] == [v.is_valid(facts) for v in plain]
    took, theirs = both(
        lambda: [c.holds(facts, calendar) for c in ours], 500, lambda: [v.is_valid(facts) for v in plain], 25
    )
    return Row(
        "try ten conditions, of plain jsonschema",
        microseconds(took),
        microseconds(theirs),
        took / theirs,
        1 / 8,
        1 / took,
    )


def run() -> list[Row]:
    return [drawing(), failing_post(), *many_rows(), ten_conditions()]
