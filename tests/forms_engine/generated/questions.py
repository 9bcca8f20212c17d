"""Single questions: one box, one of several, several of several, a constant."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.part import Draw, Part, Values
from tests.forms_engine.generated.values import (
    FIRST,
    LAST,
    LINES,
    NUMBERS,
    TEXT,
    card,
    clock,
    credit_code,
    digits,
    id_number,
    stamp,
)


def _text(values: Values, **more: Any) -> Part:
    return Part({"type": "string", **more}, values)


PLAIN: tuple[Part, ...] = (
    _text(TEXT),
    _text(TEXT, readOnly=True),
    _text(TEXT, title="题目", description="说明", minLength=1, maxLength=40),
    _text(LINES, maxLength=500),
    _text(LINES, **{"ui:widget": "textarea", "ui:options": {"rows": 3}}),
    replace(_text(TEXT), ui={"ui:widget": "hidden"}),
    replace(_text(TEXT), ui={"ui:help": "帮助", "ui:placeholder": "例", "ui:title": "另一题目"}),
    _text(st.text(string.printable[:94] + " ", min_size=1, max_size=9), format="password"),
    _text(st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.cn", fullmatch=True), format="email"),
    _text(st.from_regex(r"https://[a-z]{1,9}\.cn/[a-z]{0,5}", fullmatch=True), format="uri"),
    _text(st.from_regex(r"\+?[0-9][0-9 -]{3,9}[0-9]", fullmatch=True), format="tel"),
    _text(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), format="color"),
    _text(st.dates().map(str), format="date"),
    _text(st.times().map(clock), format="time"),
    _text(st.datetimes(max_value=LAST, min_value=FIRST).map(stamp), format="date-time"),
    _text(st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True), pattern="^[A-Z]{2}-[0-9]{4}$"),
    _text(st.builds(id_number, st.just("320583"), st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999)),
          format="cn-id-number"),
    _text(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), format="cn-mobile"),
    _text(digits(15, 18).map(lambda d: card("6" + d[1:])), format="cn-bank-card"),
    _text(digits(8).map(lambda d: credit_code("91320583" + d + "A")), format="cn-credit-code"),
    _text(digits(6), format="cn-postcode"),
    _text(st.decimals(0, 10**9, places=2).map(str), format="cn-money"),
    _text(digits(12), format="cn-area"),
    _text(TEXT, format="signature"),
    _text(st.sampled_from(["data:text/plain;name=a.txt;base64,YQ==", "data:text/plain;base64,"]),
          contentMediaType="text/plain"),
    Part({"type": "integer"}, st.integers(-(10**12), 10**12)),
    Part({"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 3, "default": 6}, st.sampled_from([3, 6, 9])),
    Part({"type": "number"}, NUMBERS),
    Part({"type": "number", "x-unit": "元"}, st.integers(0, 10**9).map(lambda n: n / 100)),
    Part({"minimum": 1}, st.integers(1, 99)),
    Part({"type": "boolean"}, st.booleans()),
    Part({"type": "boolean", "default": True}, st.booleans()),
    Part({"type": "boolean"}, st.booleans(), {"ui:widget": "checkbox"}),
    Part({"const": True}, st.just(True)),
    Part({"oneOf": [{"const": 1, "title": "一"}, {"const": "1", "title": "二"}]}, st.sampled_from([1, "1"])),
    Part({"type": ["string", "integer", "boolean"]}, st.one_of(TEXT, st.integers(-99, 99), st.booleans())),
    Part({}, st.one_of(TEXT, st.integers(-99, 99), st.lists(st.integers(0, 3), min_size=1, max_size=3))),
)  # fmt: skip


@st.composite
def leaves(draw: Draw) -> Part:
    """A single question; now and then one that may be null, has a default, or is written by way of allOf."""
    part: Part = draw(st.one_of(st.sampled_from(PLAIN), choices(), boxes()))
    twist = draw(st.integers(0, 9))
    types = part.schema.get("type")
    free = isinstance(types, str) and types != "array" and part.ui.get("ui:widget") in (None, "textarea")
    if twist == 0 and free and "enum" not in part.schema:
        return replace(part, schema={**part.schema, "type": [types, "null"]}, nullable=True)
    if twist == 1 and free:
        return replace(part, schema={"anyOf": [part.schema, {"type": "null"}]}, nullable=True)
    if twist == 2:
        return replace(part, schema={"allOf": [part.schema, {"title": "合"}]})
    if twist == 3:
        return replace(part, schema={**part.schema, "default": draw(part.values)})
    return part


@st.composite
def choices(draw: Draw) -> Part:
    """One of several, by enum or by oneOf of constants, as radio or select."""
    given = draw(st.lists(st.one_of(TEXT, st.integers(-9, 9), st.booleans()), min_size=1, max_size=9, unique_by=repr))
    # 1 and true and "1" are three answers; what Python takes for the same must not stand twice in what is drawn.
    if draw(st.booleans()):
        schema: dict[str, Any] = {"enum": given}
    else:
        schema = {"oneOf": [{"const": v, "title": f"第 {i} 项"} for i, v in enumerate(given)]}
    ui = draw(st.sampled_from([{}, {"ui:widget": "select"}, {"ui:widget": "radio", "ui:options": {"inline": True}}]))
    return Part(schema, st.sampled_from(given), ui)


@st.composite
def boxes(draw: Draw) -> Part:
    """Several of several."""
    given = draw(st.lists(TEXT, min_size=2, max_size=6, unique=True))
    items = draw(st.sampled_from([{"enum": given}, {"oneOf": [{"const": v, "title": f"选{v}"} for v in given]}]))
    fewest = draw(st.integers(0, 1))
    picked = st.lists(st.sampled_from(given), min_size=fewest, max_size=4, unique=True)
    return Part({"type": "array", "uniqueItems": True, "minItems": fewest, "items": items}, picked)


CONSTANT = st.sampled_from(["k", "甲 乙", 5, -1.5, False, None, {"a": [1]}, [], ""]).map(
    lambda v: Part({"const": v}, st.just(v), fixed=True)
)
