"""Generated forms: a schema and its ui over every construct of issue-sized forms, with a strategy of valid answers.

Each `Part` is one place. What a page cannot tell apart is never generated: blank text, an optional null, an optional
group in which nothing was said; they are absent by design (docs/forms.md).
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st

Draw = Callable[..., Any]
Values = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Part:
    """One place of a form."""

    schema: dict[str, Any]
    values: Values
    ui: dict[str, Any] = field(default_factory=dict)
    defs: dict[str, Any] = field(default_factory=dict)
    """What its `$ref`s lead to."""
    nullable: bool = False
    """May be null too; said only where the answer is required, since an optional null is absent."""
    fixed: bool = False
    """Asks nothing by itself: a constant."""

    @property
    def needed(self) -> Values:
        return st.one_of(st.none(), self.values) if self.nullable else self.values


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn"), exclude_characters="�\xad"),
    min_size=1,
    max_size=12,
).filter(lambda t: t == t.strip())
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)
ODD = (
    "name", "a/b", "a~b", "a~1b", "多少 钱", "0", "12", "x.y", "_seen:x", "_row:/0", "<b>", '"q"', "'", "&amp;", "%41",
    "properties", "items", "type", "$ref", "~+0", "#", "*", "_branch:/a#0", "required", "from", "__proto__",
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(ODD), TEXT)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 6)).filter(lambda f: f != 0 or str(f) == "0.0"),
    st.sampled_from([1e-7, 1.5e21, 0.1 + 0.2, -0.01]),
)
FIRST, LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)
DIGITS = string.digits


def _digits(fewest: int, most: int | None = None) -> Values:
    return st.text(DIGITS, min_size=fewest, max_size=most or fewest)


def _id_number(head: str, day: date, serial: int) -> str:
    body = f"{head}{day:%Y%m%d}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _card(body: str) -> str:
    total = 0
    for i, d in enumerate(reversed(body)):
        n = int(d) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return body + str(-total % 10)


def _credit_code(body: str) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    return body + signs[-sum(signs.index(c) * w for c, w in zip(body, weights, strict=True)) % 31]


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+08:00"


def _clock(at: time) -> str:
    return f"{at:%H:%M:%S}+08:00"


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
    _text(st.times().map(_clock), format="time"),
    _text(st.datetimes(max_value=LAST, min_value=FIRST).map(_stamp), format="date-time"),
    _text(st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True), pattern="^[A-Z]{2}-[0-9]{4}$"),
    _text(st.builds(_id_number, st.just("320583"), st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999)),
          format="cn-id-number"),
    _text(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), format="cn-mobile"),
    _text(_digits(15, 18).map(lambda d: _card("6" + d[1:])), format="cn-bank-card"),
    _text(_digits(8).map(lambda d: _credit_code("91320583" + d + "A")), format="cn-credit-code"),
    _text(_digits(6), format="cn-postcode"),
    _text(st.decimals(0, 10**9, places=2).map(str), format="cn-money"),
    _text(_digits(12), format="cn-area"),
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


def parts(deep: int) -> st.SearchStrategy[Part]:
    """A place of any kind with at most so many levels below it."""
    if deep <= 0:
        return leaves()
    below = parts(deep - 1)
    return st.one_of(
        leaves(), groups(below), rows(below), tuples(below), further(below), by_pattern(below), told_apart(below),
        chosen(below), several_at_once(below), conditional(below), dependent(below), by_reference(below), trees(below),
        chains(below), kinds(below), carried(), periods(), maybe_groups(below),
    )  # fmt: skip


def _all_of(*several: Part) -> dict[str, Any]:
    return {name: schema for one in several for name, schema in one.defs.items()}


def _says(value: Any) -> bool:
    """Whether anything is said in an answer: a group of nothing but blanks is not there."""
    return any(map(_says, value.values())) if isinstance(value, dict) else value is not None


def _without_constants(value: Any, schema: dict[str, Any]) -> Any:
    """An answer less what its form fixes: nobody has said a constant."""
    if not isinstance(value, dict):
        return value
    own = {name: schema.get("properties", {}).get(name) or {} for name in value}
    return {name: _without_constants(one, own[name]) for name, one in value.items() if "const" not in own[name]}


def _asking(below: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    """Places whose being there can be seen from the answer: no constant."""
    return below.filter(lambda p: not p.fixed and p.schema != {"const": True})


@st.composite
def groups(draw: Draw, below: st.SearchStrategy[Part], least: int = 1) -> Part:
    """An object with properties, required or not, in any order of the ui; a constant is required, and never alone."""
    some: dict[str, Part] = draw(
        st.dictionaries(NAMES, st.one_of(below, below, below, CONSTANT), min_size=least, max_size=4)
    )
    asked = [n for n, p in some.items() if not p.fixed]
    if not asked:
        some["asked"] = Part({"type": "string"}, TEXT)
        asked = ["asked"]
    # A list: what is drawn must not hang on the order in which a set of texts is gone through.
    needed = [n for n, p in some.items() if p.fixed or draw(st.booleans())]
    if len(needed) == len(some) - len(asked):
        needed.append(asked[0])  # a group of constants alone says nothing
    schema: dict[str, Any] = {"type": "object", "properties": {n: p.schema for n, p in some.items()}}
    if needed:
        schema["required"] = sorted(needed)
    if draw(st.booleans()):
        schema["additionalProperties"] = False
    ui: dict[str, Any] = {n: p.ui for n, p in some.items() if p.ui and not n.startswith("ui:")}
    if draw(st.integers(0, 4)) == 0:
        ui["ui:order"] = [*draw(st.permutations(list(some)))[:2], "*"]
    values = st.fixed_dictionaries(
        {n: some[n].needed for n in needed}, optional={n: p.values for n, p in some.items() if n not in needed}
    )
    return Part(schema, values, ui, _all_of(*some.values()))


@st.composite
def maybe_groups(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group that may be null or not there, as one alternative of two."""
    group = draw(groups(below))
    schema = {"anyOf": [group.schema, {"type": "null"}]}
    said = group.values.filter(lambda value: _says(_without_constants(value, group.schema)))
    return Part(schema, said, group.ui, group.defs, nullable=True)


@st.composite
def rows(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A list of anything, also of lists; an empty one is an answer too."""
    item: Part = draw(_asking(below))
    fewest = draw(st.integers(0, 2))
    schema = {"type": "array", "items": item.schema, "minItems": fewest, "maxItems": 5}
    values = st.lists(item.values, min_size=fewest, max_size=4)
    return Part(schema, values, {"items": item.ui} if item.ui else {}, item.defs)


@st.composite
def tuples(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """prefixItems, with or without a tail."""
    some: list[Part] = draw(st.lists(_asking(below), min_size=1, max_size=3))
    schema: dict[str, Any] = {"type": "array", "prefixItems": [p.schema for p in some]}
    head = st.tuples(*(p.values for p in some)).map(list)
    if draw(st.booleans()):
        schema["items"] = False
        return Part(schema, head, defs=_all_of(*some))
    tail: Part = draw(leaves().filter(lambda p: p.schema != {"const": True}))
    schema["items"] = tail.schema
    values = st.builds(lambda a, b: a + b, head, st.lists(tail.values, max_size=2))
    return Part(schema, values, defs=_all_of(*some))


@st.composite
def further(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """additionalProperties beside properties: the editor of further ones."""
    own = draw(groups(leaves()))
    one: Part = draw(_asking(below))
    schema = {**own.schema, "additionalProperties": one.schema}
    more = st.dictionaries(NAMES.filter(lambda n: n not in own.schema["properties"]), one.values, max_size=3)
    values = st.builds(lambda a, b: {**a, **b}, own.values, more)
    ui = {**{k: v for k, v in own.ui.items() if k != "ui:order"}}
    return Part(schema, values, ui, _all_of(own, one))


def _headed(head: str) -> Values:
    return TEXT.map(lambda text: head + text)


@st.composite
def by_pattern(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """One or several patternProperties, with or without what fits none of them."""
    heads = draw(st.lists(st.sampled_from(["a", "b", "x_", "甲"]), min_size=1, max_size=3, unique=True))
    some: list[Part] = [draw(_asking(below)) for _ in heads]
    schema: dict[str, Any] = {
        "type": "object",
        "patternProperties": {f"^{h}": p.schema for h, p in zip(heads, some, strict=True)},
    }
    kept = [st.dictionaries(_headed(h), p.values, max_size=2) for h, p in zip(heads, some, strict=True)]
    more = draw(st.sampled_from(["closed", "open", "typed"]))
    if more == "closed":
        schema["additionalProperties"] = False
    elif more == "typed":
        schema["additionalProperties"] = {"type": "integer"}
        kept.append(st.dictionaries(_headed("z"), st.integers(0, 9), max_size=2))
    values = st.tuples(*kept).map(lambda ds: {k: v for d in ds for k, v in d.items()})
    return Part(schema, values, defs=_all_of(*some))


@st.composite
def told_apart(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """oneOf of groups that a constant tells apart, declared as discriminator or seen."""
    some: list[Part] = draw(st.lists(below, min_size=2, max_size=3))
    keys = draw(st.sampled_from([["k0", "k1", "k2"], [1, 2, 3], [1, "1", True]]))
    if len({repr(k) for k in keys[: len(some)]}) != len({*map(str, keys[: len(some)])}):
        keys = ["1", "2", "3"]
    branches = [
        {"type": "object", "properties": {"kind": {"const": keys[i]}, f"it{i % 2}": p.schema}, "required": ["kind"]}
        for i, p in enumerate(some)
    ]
    values = [
        st.fixed_dictionaries({"kind": st.just(keys[i])}, optional={f"it{i % 2}": p.values}) for i, p in enumerate(some)
    ]
    schema: dict[str, Any] = {"type": "object", draw(st.sampled_from(["oneOf", "anyOf"])): branches}
    if draw(st.booleans()):
        schema["discriminator"] = {"propertyName": "kind"}
    return Part(schema, st.one_of(values), defs=_all_of(*some))


@st.composite
def chosen(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """oneOf of groups, each with a name of its own, chosen by a control, beside a property of all."""
    some: list[Part] = draw(st.lists(_asking(below), min_size=2, max_size=3))
    names = draw(st.lists(NAMES.filter(lambda n: n != "also"), min_size=3, max_size=3, unique=True))
    branches = [
        {"type": "object", "properties": {names[i]: p.schema}, "required": [names[i]]} for i, p in enumerate(some)
    ]
    values = [st.fixed_dictionaries({names[i]: p.values}, optional={"also": TEXT}) for i, p in enumerate(some)]
    schema = {"type": "object", "oneOf": branches, "properties": {"also": {"type": "string"}}}
    return Part(schema, st.one_of(values), defs=_all_of(*some))


@st.composite
def several_at_once(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """anyOf of groups: more than one may hold."""
    some: list[Part] = draw(st.lists(_asking(below), min_size=2, max_size=3))
    branches = [{"properties": {f"n{i}": p.schema}, "required": [f"n{i}"]} for i, p in enumerate(some)]
    held = st.lists(st.integers(0, len(some) - 1), min_size=1, max_size=len(some), unique=True)
    values = held.flatmap(lambda ns: st.fixed_dictionaries({f"n{i}": some[i].values for i in sorted(ns)}))
    return Part({"type": "object", "anyOf": branches}, values, defs=_all_of(*some))


@st.composite
def kinds(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A text, a list or a group: alternatives of different types."""
    group = draw(groups(leaves()))
    group = replace(group, schema={**group.schema, "title": "一组"})
    listed = {"type": "array", "items": {"type": "string"}, "title": "一列"}
    schema = {"oneOf": [{"type": "string", "title": "文字"}, listed, group.schema]}
    values = st.one_of(TEXT, st.lists(TEXT, min_size=1, max_size=3), group.values)
    return Part(schema, values, defs=group.defs)


@st.composite
def conditional(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """if, then and else, alone or in allOf, one inside the other."""
    yes, no, also = (draw(_asking(below)) for _ in range(3))
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    on, a, b, c = names
    condition = {
        "if": {"properties": {on: {"const": True}}, "required": [on]},
        "then": {"properties": {a: yes.schema}, "required": [a]},
        "else": {
            "properties": {b: no.schema},
            "if": {"required": [b]},
            "then": {"properties": {c: also.schema}},
        },
    }
    schema: dict[str, Any] = {"type": "object", "properties": {on: {"type": "boolean"}}, "required": [on]}
    schema.update({"allOf": [condition]} if draw(st.booleans()) else condition)
    values = st.one_of(
        st.fixed_dictionaries({on: st.just(True), a: yes.values}),
        st.fixed_dictionaries({on: st.just(False), b: no.values.filter(_says)}, optional={c: also.values}),
        st.just({on: False}),
    )
    return Part(schema, values, defs=_all_of(yes, no, also))


@st.composite
def dependent(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """dependentRequired and dependentSchemas, one leading to the next."""
    first, then = draw(_asking(below)), draw(_asking(below))
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    a, b, c, d = names
    schema = {
        "type": "object",
        "properties": {a: first.schema, b: {"type": "string"}, c: {"type": "integer"}},
        "dependentRequired": {b: [c]},
        "dependentSchemas": {a: {"properties": {d: then.schema}, "required": [d]}},
    }
    values = st.builds(
        lambda x, y: {**x, **y},
        st.one_of(st.just({}), st.fixed_dictionaries({a: first.values.filter(_says), d: then.values})),
        st.one_of(
            st.just({}), st.fixed_dictionaries({b: TEXT, c: st.integers(0, 9)}), st.just({c: 3}),
        ),
    )  # fmt: skip
    return Part(schema, values, defs=_all_of(first, then))


def _called(kind: str, schema: Any) -> str:
    """A name in `$defs` that two different schemas never share."""
    return kind + hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:8]


@st.composite
def by_reference(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A place by $ref, with siblings, through another $ref."""
    part: Part = draw(below)
    name = _called("d", part.schema)
    schema = {"$ref": f"#/$defs/{name}", "title": "由引用"}
    defs = {**part.defs, f"{name}~": part.schema, name: {"$ref": f"#/$defs/{name}~0", "description": "说明"}}
    return replace(part, schema=schema, defs=defs)


@st.composite
def trees(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group with a list of such groups."""
    leaf: Part = draw(leaves())
    name = _called("t", leaf.schema)
    node = {
        "type": "object",
        "properties": {"it": leaf.schema, "kids": {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}},
        "required": ["it"],
    }
    own = st.fixed_dictionaries({"it": leaf.values})
    values = st.recursive(
        own,
        lambda kids: st.fixed_dictionaries({"it": leaf.values}, optional={"kids": st.lists(kids, max_size=2)}),
        max_leaves=4,
    )
    return Part({"$ref": f"#/$defs/{name}"}, values, defs={name: node})


@st.composite
def chains(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group that may hold one more of its kind."""
    leaf: Part = draw(leaves().filter(lambda p: p.schema != {"const": True}))
    name = _called("c", leaf.schema)
    node = {"type": "object", "properties": {"it": leaf.schema, "next": {"$ref": f"#/$defs/{name}"}}}
    own = st.fixed_dictionaries({"it": leaf.values})
    values = st.recursive(
        own, lambda more: st.fixed_dictionaries({"it": leaf.values}, optional={"next": more}), max_leaves=6
    )
    return Part({"$ref": f"#/$defs/{name}"}, values, defs={name: node})


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(string.printable[:94], max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXT, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def carried(draw: Draw) -> Part:
    """Properties that no question asks for and nothing forbids."""
    own = draw(groups(leaves()))
    schema = {k: v for k, v in own.schema.items() if k != "additionalProperties"}
    more = st.dictionaries(NAMES.filter(lambda n: n not in schema["properties"]), JSON, max_size=3)
    return Part(schema, st.builds(lambda a, b: {**a, **b}, own.values, more), own.ui, own.defs)


@st.composite
def periods(draw: Draw) -> Part:
    """Two dates, the second not before the first."""
    names = draw(st.sampled_from([("from", "to"), ("start", "end"), ("valid_from", "valid_to")]))
    day = {"type": "string", "format": "date"}
    schema = {"type": "object", "properties": dict.fromkeys(names, day), "required": list(names)}
    values = st.lists(st.dates(), min_size=2, max_size=2).map(
        lambda ds: dict(zip(names, [str(d) for d in sorted(ds)], strict=True))
    )
    return Part(schema, values)


@st.composite
def forms(draw: Draw) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """(schema, ui, valid answers) of a whole form."""
    part: Part = draw(st.one_of(groups(parts(2)), groups(parts(2)), groups(parts(1), 2), parts(2)))
    schema = {**part.schema, "$defs": part.defs} if part.defs else part.schema
    return schema, part.ui, draw(part.needed if part.nullable else part.values)


def canonical(value: Any) -> Any:
    """Answers as JSON means them: 3.0 is 3, true is not 1, and a group in which nothing was said is not there."""
    if isinstance(value, dict):
        said = {k: v for k, v in value.items() if not isinstance(v, dict) or _says(v)}
        return ("{}", {k: canonical(said[k]) for k in sorted(said)})
    if isinstance(value, list):
        return [canonical(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return ("n", int(value))
    return ("n", value) if isinstance(value, (int, float)) and not isinstance(value, bool) else (type(value), value)
