"""Every keyword the engine supports, with an example that passes and one that fails: the table of docs/forms.md.

Knows nothing else; a test tries each example and compares the table with the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Keyword:
    name: str
    drawn: str
    """What it does to the page."""
    schema: Any
    good: Any
    bad: Any
    """An answer it refuses; None for a keyword that only words or draws."""


_AB: dict[str, Any] = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}}

KEYWORDS: tuple[Keyword, ...] = (
    Keyword("type", "chooses the control; a list with `null` may be left empty", {"type": "integer"}, 1, "x"),
    Keyword("enum", "radio buttons up to six, then a list", {"enum": ["a", "b"]}, "a", "c"),
    Keyword("const", "`true`: one box to tick; else fixed", {"const": True}, True, False),
    Keyword("title", "the label", {"title": "Name"}, "x", None),
    Keyword("description", "the hint under the label", {"description": "As on the card"}, "x", None),
    Keyword("default", "put into a new draft by `Form.start()`, once", {"default": "x"}, "x", None),
    Keyword("readOnly", "shown, not to be changed", {"readOnly": True}, "x", None),
    Keyword("minLength", "", {"minLength": 2}, "ab", "a"),
    Keyword("maxLength", "above 200: a box of several lines", {"maxLength": 2}, "ab", "abc"),
    Keyword("pattern", "never sent to the browser", {"pattern": "^a"}, "ab", "ba"),
    Keyword("format", "chooses control and reading; always asserted", {"format": "date"}, "2024-02-29", "2023-02-29"),
    Keyword("contentMediaType", "a file", {"type": "string", "contentMediaType": "image/*"}, "x", None),
    Keyword("minimum", "", {"minimum": 2}, 2, 1),
    Keyword("maximum", "", {"maximum": 2}, 2, 3),
    Keyword("exclusiveMinimum", "", {"exclusiveMinimum": 2}, 3, 2),
    Keyword("exclusiveMaximum", "", {"exclusiveMaximum": 2}, 1, 2),
    Keyword("multipleOf", "exact for decimals", {"multipleOf": 0.01}, 1.15, 1.155),
    Keyword("properties", "a group of questions", _AB, {"a": "x"}, {"a": 1}),
    Keyword("required", "the others are marked optional", {**_AB, "required": ["a"]}, {"a": "x"}, {}),
    Keyword(
        "dependentRequired",
        "required once the other is answered",
        {"dependentRequired": {"a": ["b"]}},
        {"a": "x", "b": "y"},
        {"a": "x"},
    ),
    Keyword(
        "dependentSchemas",
        "more questions once the other is answered",
        {"dependentSchemas": {"a": {"properties": {"c": {"type": "integer"}}}}},
        {"a": "x", "c": 1},
        {"a": "x", "c": "y"},
    ),
    Keyword(
        "additionalProperties",
        "a schema or `true` opens an editor of names and contents",
        {**_AB, "additionalProperties": {"type": "integer"}},
        {"z": 1},
        {"z": "x"},
    ),
    Keyword(
        "patternProperties",
        "an editor per pattern, under its `title` and `description`",
        {"patternProperties": {"^x": {"type": "integer"}}},
        {"x1": 1},
        {"x1": "a"},
    ),
    Keyword("propertyNames", "", {"propertyNames": {"maxLength": 2}}, {"ab": 1}, {"abc": 1}),
    Keyword("minProperties", "", {"minProperties": 1}, {"a": 1}, {}),
    Keyword("maxProperties", "", {"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}),
    Keyword(
        "unevaluatedProperties",
        "",
        {**_AB, "unevaluatedProperties": False},
        {"a": "x"},
        {"z": "x"},
    ),
    Keyword(
        "items", "rows to add, remove and move; of options: boxes to tick", {"items": {"type": "integer"}}, [1], ["x"]
    ),
    Keyword("prefixItems", "rows in fixed places", {"prefixItems": [{"type": "integer"}]}, [1], ["x"]),
    Keyword("unevaluatedItems", "", {"prefixItems": [{}], "unevaluatedItems": False}, [1], [1, 2]),
    Keyword("minItems", "so many rows are offered", {"minItems": 1}, [1], []),
    Keyword("maxItems", "no more rows are offered", {"maxItems": 1}, [1], [1, 2]),
    Keyword("uniqueItems", "", {"uniqueItems": True}, [1, 2], [1, 1]),
    Keyword("contains", "with `minContains`, `maxContains`", {"contains": {"const": 1}}, [1], [2]),
    Keyword("allOf", "its parts are one group", {"allOf": [_AB, {"required": ["a"]}]}, {"a": "x"}, {}),
    Keyword(
        "anyOf",
        "constants: options; groups: a control to choose by, of which several may be chosen",
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        1,
        [],
    ),
    Keyword(
        "oneOf",
        "constants: options; groups: a control, or the constant that tells them apart",
        {"oneOf": [{"const": 1, "title": "One"}, {"const": 2, "title": "Two"}]},
        1,
        3,
    ),
    Keyword("not", "", {"not": {"const": 1}}, 2, 1),
    Keyword(
        "if",
        "with `then`, `else`: questions that come and go",
        {"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]}},
        {"a": 2},
        {"a": 1},
    ),
    Keyword(
        "$ref",
        "local ones, siblings and circles included; `$defs`, `$anchor`",
        {"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n"},
        1,
        "x",
    ),
    Keyword("errorMessage", "the author's own sentence (ajv-errors)", {"minimum": 2, "errorMessage": "too few"}, 2, 1),
    Keyword(
        "definitions", "draft 04–07: `$defs`", {"definitions": {"n": {"minimum": 1}}, "$ref": "#/definitions/n"}, 1, 0
    ),
    Keyword(
        "dependencies",
        "draft 04–07: `dependentRequired`, `dependentSchemas`",
        {"dependencies": {"a": ["b"]}},
        {},
        {"a": 1},
    ),
    Keyword(
        "additionalItems",
        "draft 04–2019: `items` beside `prefixItems`",
        {"items": [{}], "additionalItems": False},
        [1],
        [1, 2],
    ),
    Keyword("nullable", "OpenAPI 3.0: `null` among the types", {"type": "string", "nullable": True}, None, 1),
)


def table() -> str:
    """The table as it stands in docs/forms.md."""
    lines = ["| keyword | judged | on the page |", "|---|---|---|"]
    for one in KEYWORDS:
        lines.append(f"| `{one.name}` | {'yes' if one.bad is not None else 'no'} | {one.drawn} |")
    return "\n".join(lines)
