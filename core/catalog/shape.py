"""A file of a plugin against its schema in schemas/, told as faults with near misses.

Knows the schemas by file name, and nothing of how the files hang together.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.catalog.faults import Faults, near
from core.judge.schema import Schema, compile, pointer

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object {…}",
    "array": "a list […]",
    "null": "null",
}


def schema_name(file: str) -> str | None:
    """The schema that a file of a plugin is held against: `cases/x.json` → `scenario.schema.json`."""
    if file.startswith("cases/"):
        return "scenario.schema.json"
    if file.startswith("texts/"):
        return "texts.schema.json"
    return file.removesuffix(".json") + ".schema.json" if file.endswith(".json") else None


@functools.lru_cache(maxsize=64)
def load(schemas: Path, name: str) -> tuple[Mapping[str, Any], Schema]:
    """(the schema as written, compiled); read once, since schemas/ comes with the release."""
    raw = json.loads((schemas / name).read_text(encoding="utf-8"))
    return raw, compile(raw)


def check(value: Any, file: str, schemas: Path, faults: Faults) -> bool:
    """Add a fault for everything in the file that its schema does not allow; True when there is none."""
    name = schema_name(file)
    if name is None:
        return True
    raw, compiled = load(schemas, name)
    if compiled.is_valid(value):
        return True
    for at, what, hint, code in explain(raw, value):
        faults.add(file, at, what, hint, code=code)
    return False


def explain(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[str, str, str, str]]:
    """(pointer, what, hint, code) for every error; python-jsonschema is asked, since it explains best."""
    from jsonschema import Draft202012Validator

    # Of several errors at one place, one is told: a value of the wrong type has no length to speak of.
    told: set[tuple[str, str]] = set()
    errors = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda e: [str(p) for p in e.absolute_path])
    for error in errors:
        for at, what, hint, code in _told(error):
            if (at, code) not in told:
                told.add((at, code))
                yield at, what, hint, code


def _told(error: Any) -> Iterator[tuple[str, str, str, str]]:
    at = pointer(error.absolute_path)
    keyword, wanted, found = error.validator, error.validator_value, error.instance
    title = error.schema.get("title", "") if isinstance(error.schema, Mapping) else ""
    named = f"（{title}）" if title else ""
    if keyword == "additionalProperties":
        known = _known_keys(error.schema)
        for key in found:
            if key not in known and key != "$schema":
                yield f"{at}{pointer([key])}", f'"{key}" is not a key here.', near(key, known), "unknown-key"
    elif keyword == "required":
        for key in wanted:
            if key not in found:
                yield (
                    f"{at}{pointer([key])}",
                    f'"{key}"{_title(error.schema, key)} is missing.',
                    _example(error.schema, key),
                    "missing-key",
                )
    elif keyword == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        expected = " or ".join(_TYPES[t] for t in types)
        yield at, f"{_short(found)} is not {expected}{named}.", _own_example(error.schema), "wrong-type"
    elif keyword == "const":
        code = "wrong-contract" if at == "/contract" else "wrong-value"
        yield at, f"{_short(found)} cannot stand here{named}.", f"Write {_short(wanted)}.", code
    elif "propertyNames" in error.absolute_schema_path and keyword in ("pattern", "enum"):
        yield from _told_name(f"{at}{pointer([found])}", str(found), error, named)
    elif keyword == "enum":
        choices = [str(w) for w in wanted if w is not None]
        hint = near(found, choices) if isinstance(found, str) else ""
        code = "unknown-level" if set(choices) == {"city", "town", "village"} else "wrong-value"
        yield at, f"{_short(found)} cannot stand here{named}.", hint or f"One of {', '.join(choices)}.", code
    elif keyword == "pattern":
        if str(wanted).startswith("^/"):
            yield at, f"{_short(found)} is not a JSON Pointer{named}.", "A pointer begins with /.", "bad-pointer"
        else:
            yield at, f"{_short(found)} does not fit{named}.", _own_example(error.schema), "wrong-value"
    elif keyword == "minProperties" or keyword == "minItems":
        yield at, f"This may not be empty{named}.", _own_example(error.schema), "wrong-value"
    elif keyword == "if" or error.context:
        for inner in error.context or ():
            yield from _told(inner)
    elif keyword == "not" or keyword is None:
        yield at, f"{_short(found)} cannot stand here{named}.", "", "wrong-value"
    else:
        limit = f"{keyword} {wanted}" if not isinstance(wanted, (dict, list)) else str(keyword)
        yield at, f"{_short(found)} does not fit{named}: {limit}.", _own_example(error.schema), "wrong-value"


def _told_name(at: str, name: str, error: Any, named: str) -> Iterator[tuple[str, str, str, str]]:
    """A key that is itself a name: a level, an outcome, a pointer, a text's place, a lookup's name."""
    if error.validator == "enum":
        choices = list(error.validator_value)
        code = "unknown-level" if "village" in choices else "unknown-key"
        yield at, f'"{name}" cannot stand here{named}.', near(name, choices), code
    elif str(error.validator_value) == "^/":
        yield at, f'"{name}" is not a JSON Pointer{named}.', "A pointer begins with /.", "bad-pointer"
    elif "json" in str(error.validator_value):
        yield at, f'"{name}" names no text.', 'Write file#pointer, such as "item.json#/title".', "bad-text-key"
    else:
        yield at, f'"{name}" cannot be a name{named}.', "Small English letters, digits, _ and -.", "wrong-value"


def _known_keys(schema: Mapping[str, Any]) -> list[str]:
    return [k for k in schema.get("properties", {}) if k != "$schema"]


def _title(schema: Mapping[str, Any], key: str) -> str:
    inner = schema.get("properties", {}).get(key, {})
    return f"（{inner['title']}）" if isinstance(inner, Mapping) and inner.get("title") else ""


def _example(schema: Mapping[str, Any], key: str) -> str:
    inner = schema.get("properties", {}).get(key, {})
    examples = inner.get("examples") if isinstance(inner, Mapping) else None
    return f'Add "{key}": {_short(examples[0])}, for example.' if examples else f'Add "{key}".'


def _own_example(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples")
    return f"For example {_short(examples[0])}." if examples else ""


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"
