"""Constructs of JSON Schema that forms in the field use, each with valid answers."""

from __future__ import annotations

from typing import Any

CASES: list[tuple[str, Any, Any]] = [
    (
        "a choice of objects, of which several hold",
        {
            "type": "object",
            "anyOf": [{"properties": {"foo": {"type": "string"}}}, {"properties": {"bar": {"type": "string"}}}],
        },
        {"foo": "1", "bar": "2"},
    ),
    (
        "one of two groups",
        {
            "type": "object",
            "oneOf": [
                {"properties": {"foo": {"type": "string"}}, "required": ["foo"]},
                {"properties": {"bar": {"type": "string"}}, "required": ["bar"]},
            ],
        },
        {"bar": "2"},
    ),
    (
        "text or group",
        {
            "type": "object",
            "properties": {
                "a": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"x": {"type": "number"}}}]}
            },
        },
        {"a": {"x": 1.5}},
    ),
    (
        "text or list",
        {
            "type": "object",
            "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
        },
        {"a": ["p", "q"]},
    ),
    (
        "rows of different kinds",
        {
            "type": "object",
            "properties": {
                "a": {
                    "type": "array",
                    "items": {
                        "anyOf": [
                            {"type": "object", "properties": {"foo": {"type": "string"}}, "required": ["foo"]},
                            {"type": "object", "properties": {"bar": {"type": "integer"}}, "required": ["bar"]},
                        ]
                    },
                }
            },
        },
        {"a": [{"foo": "x"}, {"bar": 3}]},
    ),
    (
        "a tree",
        {
            "definitions": {
                "node": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "children": {"type": "array", "items": {"$ref": "#/definitions/node"}},
                    },
                }
            },
            "type": "object",
            "properties": {"tree": {"$ref": "#/definitions/node"}},
        },
        {"tree": {"name": "r", "children": [{"name": "leaf", "children": [{"name": "z"}]}]}},
    ),
    (
        "a chain",
        {
            "$ref": "#/$defs/n",
            "$defs": {"n": {"type": "object", "properties": {"v": {"type": "string"}, "next": {"$ref": "#/$defs/n"}}}},
        },
        {"v": "1", "next": {"v": "2", "next": {"v": "3"}}},
    ),
    (
        "properties by pattern",
        {"type": "object", "properties": {"p": {"type": "object", "patternProperties": {"^a": {"type": "integer"}}}}},
        {"p": {"a1": 3}},
    ),
    (
        "further properties that are groups",
        {
            "type": "object",
            "properties": {
                "p": {
                    "type": "object",
                    "additionalProperties": {"type": "object", "properties": {"q": {"type": "string"}}},
                }
            },
        },
        {"p": {"k": {"q": "z"}, "l": {"q": "y"}}},
    ),
    (
        "properties nobody declared",
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"a": "x", "b": {"c": [1, None]}},
    ),
    (
        "an enum of objects",
        {"type": "object", "properties": {"e": {"type": "object", "enum": [{"a": 1}, {"a": 2}]}}},
        {"e": {"a": 2}},
    ),
    (
        "an enum that mixes types",
        {"type": "object", "properties": {"e": {"enum": [1, "1", True, "true", None, ""]}}},
        {"e": "1"},
    ),
    (
        "a time in another zone",
        {"type": "object", "properties": {"d": {"type": "string", "format": "date-time"}}},
        {"d": "2019-05-05T10:00:00Z"},
    ),
    (
        "conditions in allOf",
        {
            "type": "object",
            "properties": {"animal": {"enum": ["Cat", "Fish"]}},
            "allOf": [
                {
                    "if": {"properties": {"animal": {"const": "Cat"}}},
                    "then": {"properties": {"food": {"enum": ["meat", "grass"]}}},
                },
                {
                    "if": {"properties": {"animal": {"const": "Fish"}}},
                    "then": {"properties": {"food": {"enum": ["insect"]}, "water": {"enum": ["lake", "sea"]}}},
                },
            ],
        },
        {"animal": "Fish", "food": "insect", "water": "sea"},
    ),
    (
        "a dependency with alternatives",
        {
            "type": "object",
            "properties": {"pet": {"type": "string"}},
            "dependencies": {
                "pet": {
                    "oneOf": [
                        {"properties": {"pet": {"enum": ["No"]}}},
                        {"properties": {"pet": {"enum": ["Yes"]}, "age": {"type": "number"}}, "required": ["age"]},
                    ]
                }
            },
        },
        {"pet": "Yes", "age": 3},
    ),
    (
        "a tuple with a tail",
        {
            "type": "object",
            "properties": {
                "l": {
                    "type": "array",
                    "items": [{"type": "string"}, {"type": "boolean"}],
                    "additionalItems": {"type": "number"},
                }
            },
        },
        {"l": ["a", True, 3, 4]},
    ),
    (
        "rows of anything",
        {"type": "object", "properties": {"l": {"type": "array", "items": {}}}},
        {"l": ["a", True, 3, {"x": 1}, None]},
    ),
    (
        "an object without properties",
        {"type": "object", "properties": {"o": {"type": "object"}}},
        {"o": {"x": 1, "y": {"z": [1]}}},
    ),
    (
        "a boolean in words",
        {
            "type": "object",
            "properties": {
                "b": {"type": "boolean", "oneOf": [{"const": True, "title": "开"}, {"const": False, "title": "关"}]}
            },
        },
        {"b": False},
    ),
    (
        "files",
        {"type": "object", "properties": {"f": {"type": "array", "items": {"type": "string", "format": "data-url"}}}},
        {"f": ["data:text/plain;name=a.txt;base64,aGVsbG8="]},
    ),
    (
        "a discriminator",
        {
            "type": "object",
            "discriminator": {"propertyName": "t"},
            "oneOf": [
                {"properties": {"t": {"const": "a"}, "x": {"type": "string"}}, "required": ["t"]},
                {"properties": {"t": {"const": "b"}, "y": {"type": "string"}}, "required": ["t"]},
            ],
        },
        {"t": "b", "y": "1"},
    ),
    (
        "constants",
        {"type": "object", "properties": {"x": {"type": "string", "const": "k"}, "y": {"const": 5}}, "required": ["x"]},
        {"x": "k", "y": 5},
    ),
    (
        "several of a list, in an order of one's own, twice",
        {"type": "object", "properties": {"l": {"type": "array", "items": {"enum": ["a", "b"]}}}},
        {"l": ["b", "a", "b"]},
    ),
    (
        "a condition below a name that an address cannot hold",
        {
            "type": "object",
            "properties": {
                '<是> "%"': {
                    "type": "object",
                    "properties": {"a": {"type": "boolean"}},
                    "if": {"properties": {"a": {"const": True}}, "required": ["a"]},
                    "then": {"properties": {"b": {"type": "string"}}},
                }
            },
        },
        {'<是> "%"': {"a": True, "b": "1"}},
    ),
    (
        "documents inside one, under addresses of their own",
        {
            "$id": "https://example.com/root",
            "type": "object",
            "properties": {"a": {"$ref": "https://example.com/part"}, "b": {"$ref": "part"}, "c": {"$ref": "#whole"}},
            "$defs": {
                "part": {
                    "$id": "https://example.com/part",
                    "type": "object",
                    "properties": {"n": {"$ref": "#/$defs/number"}},
                    "$defs": {"number": {"type": "integer"}},
                },
                "whole": {"$id": "#whole", "type": "integer"},
            },
        },
        {"a": {"n": 3}, "b": {"n": 4}, "c": 5},
    ),
    (
        "an option that is off and yet the answer",
        {
            "type": "object",
            "properties": {
                "a": {"enum": ["x", "y"], "ui:enumDisabled": ["y"]},
                "l": {"type": "array", "uniqueItems": True, "items": {"enum": ["x", "y"]}, "ui:enumDisabled": ["y"]},
            },
        },
        {"a": "y", "l": ["y"]},
    ),
    (
        "telephone numbers as they are written, and very large ones",
        {"type": "object", "properties": {"t": {"type": "string", "format": "tel"}, "n": {"type": "number"}}},
        {"t": "(02) 1234-5678", "n": 1.7976931348623157e308},
    ),
    ("a list at the root", {"type": "array", "items": {"type": "string"}}, ["a", "b"]),
    ("a text at the root", {"type": "string"}, "hello"),
    ("anything at the root", True, {"a": 1}),
]
