"""A file of a plugin against its schema in schemas/, told as faults with near misses.

Knows the schemas by file name, and nothing of how the files hang together.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.catalog.faults import Faults
from core.contract import Said
from core.faults import either, meant, near, nearest, say
from core.faults.shapes import TYPES, limit
from core.judge.schema import Schema, compile, pointer

Told = tuple[str, str, str, dict[str, object]]
"""(pointer, which sentence, a better remedy or "", what stands in it)."""


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
    for at, key, hint, blanks in explain(raw, value):
        faults.add(file, at, key, hint=hint, **blanks)
    return False


def explain(schema: Mapping[str, Any], value: Any) -> Iterator[Told]:
    """Every error; python-jsonschema is asked, since it explains best."""
    from jsonschema import Draft202012Validator

    # Of several errors at one place, one is told: a value of the wrong type has no length to speak of.
    told: set[tuple[str, str]] = set()
    errors = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda e: [str(p) for p in e.absolute_path])
    for error in errors:
        for one in _told(error, _known_keys(schema)):
            mark = one[0], one[1].partition("/")[0]
            if mark not in told:
                told.add(mark)
                yield one


def _told(error: Any, above: Collection[str] = ()) -> Iterator[Told]:
    """`above`: the keys of the whole file, of which one may have been written too deep."""
    at = pointer(error.absolute_path)
    keyword, wanted, found = error.validator, error.validator_value, error.instance
    title = error.schema.get("title", "") if isinstance(error.schema, Mapping) else ""
    said: dict[str, object] = {"value": short(found), "title": f"（{title}）" if title else ""}
    if keyword == "additionalProperties":
        known = _known_keys(error.schema)
        for key in found:
            if key not in known and key != "$schema":
                yield (
                    f"{at}{pointer([key])}",
                    "unknown-key",
                    _meant(error.schema, key)
                    or near(key, known, bare=True)
                    or (at and _above(key, above))
                    or near(key, known),
                    {"key": key},
                )
    elif keyword == "required":
        for key in wanted:
            if key not in found:
                blanks = {"key": key, "title": _title(error.schema, key)}
                yield f"{at}{pointer([key])}", "missing-key", _example(error.schema, key), blanks
    elif keyword == "dependentRequired":
        for key in dict.fromkeys(one for beside, needed in wanted.items() if beside in found for one in needed):
            if key not in found:
                blanks = {"key": key, "title": _title(error.schema, key)}
                yield f"{at}{pointer([key])}", "missing-key", _example(error.schema, key), blanks
    elif keyword == "type":
        types = either([TYPES[t] for t in ([wanted] if isinstance(wanted, str) else wanted)])
        yield at, "wrong-type", _own_example(error.schema), {**said, "types": types}
    elif keyword == "const":
        hint = say("Write {value}.", "写成 {value}。", value=short(wanted))
        yield at, "wrong-contract" if at == "/contract" else "wrong-value", hint, said
    elif "propertyNames" in error.absolute_schema_path and keyword in ("pattern", "enum"):
        yield _told_name(f"{at}{pointer([found])}", str(found), error, str(said["title"]))
    elif keyword == "enum":
        choices = [str(w) for w in wanted if w is not None]
        hint = near(found, choices) if isinstance(found, str) else Said("")
        hint = hint or say("One of {names}.", "可以写：{names}。", names=", ".join(choices))
        yield at, "unknown-level" if set(choices) == {"city", "town", "village"} else "wrong-value", hint, said
    elif keyword == "pattern":
        if str(wanted).startswith("^/"):
            yield at, "bad-pointer", _A_DAY if isinstance(found, str) and _DAY.fullmatch(found) else "", said
        else:
            yield at, "wrong-value/fit", _own_example(error.schema), said
    elif keyword == "minProperties" or keyword == "minItems":
        yield at, "wrong-value/empty", _own_example(error.schema), said
    elif keyword == "if" or error.context:
        for inner in error.context or ():
            yield from _told(inner, above)
    elif keyword == "not" or keyword is None:
        yield at, "wrong-value", "", said
    else:
        yield at, "wrong-value/limit", _own_example(error.schema), {**said, "limit": limit(keyword, wanted)}


_DAY = re.compile(r"(\d{4}-)?\d{2}-\d{2}")
_A_DAY = say(
    "Point to a date that is filled in or looked up, such as /lookups/permit/valid_until; a day that is the same for "
    "all is written as a rule that reads /today.",
    "要指向填写的或查到的日期，如 /lookups/permit/valid_until；对谁都一样的日子（每年6月30日）写看 /today 的规则。",
)


def _told_name(at: str, name: str, error: Any, title: str) -> Told:
    """A key that is itself a name: a level, an outcome, a pointer, a text's place, a lookup's name."""
    blanks: dict[str, object] = {"name": name, "key": name, "title": title}
    if error.validator == "enum":
        choices = list(error.validator_value)
        key = "unknown-level/name" if "village" in choices else "unknown-key/name"
        return at, key, near(name, choices), blanks
    if str(error.validator_value) == "^/":
        return at, "bad-pointer/name", "", blanks
    if "json" in str(error.validator_value):
        return at, "bad-text-key/name", "", blanks
    return at, "wrong-value/name", "", blanks


def _known_keys(schema: Mapping[str, Any]) -> list[str]:
    return [k for k in schema.get("properties", {}) if k != "$schema"]


def _meant(schema: Mapping[str, Any], key: str) -> str:
    """The key that the schema calls by what the author wrote: 名称 for `title`."""
    return next((meant(name) for name in _known_keys(schema) if _title(schema, name) == f"（{key}）"), "")


def _above(key: str, above: Collection[str]) -> Said | str:
    close = nearest(key, above)
    if key not in above and not close:
        return ""
    name = key if key in above else close[0]
    return say('"{name}" stands at the top of the file.', "“{name}”写在文件的最外一层。", name=name)


def _title(schema: Mapping[str, Any], key: str) -> str:
    inner = schema.get("properties", {}).get(key, {})
    return f"（{inner['title']}）" if isinstance(inner, Mapping) and inner.get("title") else ""


def _example(schema: Mapping[str, Any], key: str) -> str:
    inner = schema.get("properties", {}).get(key, {})
    examples = inner.get("examples") if isinstance(inner, Mapping) else None
    if not examples:
        return ""
    return say('Add "{key}": {value}, for example.', "补上“{key}”，例如 {value}。", key=key, value=short(examples[0]))


def _own_example(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples")
    return say("For example {value}.", "例如 {value}。", value=short(examples[0])) if examples else ""


def short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"
