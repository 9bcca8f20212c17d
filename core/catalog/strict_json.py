"""JSON as an author must write it: no key twice, no NaN, no endless nesting, every fault with its place.

Knows no file's meaning; what the value must be like, the schemas say.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from core.catalog.faults import Faults
from core.judge.schema import token

MAX_DEPTH = 60
UNREADABLE = object()


class _Refused(ValueError):
    pass


def parse(content: str, name: str, faults: Faults) -> Any:
    """The JSON value, or UNREADABLE with its fault; duplicate keys are told with their pointer."""
    doubles: list[tuple[dict[str, Any], str]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            seen: set[str] = set()
            for key, _ in found:
                if key in seen:
                    doubles.append((made, key))
                seen.add(key)
        return made

    try:
        value = json.loads(
            content, object_pairs_hook=pairs, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        what = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        faults.add(name, "", what, _syntax_hint(content, error), code="malformed-json")
        return UNREADABLE
    except _Refused as error:
        faults.add(name, "", str(error), "JSON numbers are plain decimal numbers.", code="bad-number")
        return UNREADABLE
    except RecursionError:
        faults.add(name, "", f"The file nests deeper than {MAX_DEPTH} levels.", "Make it flatter.", code="too-deep")
        return UNREADABLE
    # Neither can be wrong in most files: few brackets are no depth, and only \\u writes what UTF-8 cannot.
    suspect = "\\u" in content or content.count("[") + content.count("{") > MAX_DEPTH
    if suspect and not _sound(value, name, faults):
        return UNREADABLE
    if doubles:
        where = _pointers(value)
        for holder, key in doubles:
            if id(holder) in where:
                faults.add(
                    name,
                    f"{where[id(holder)]}/{token(key)}",
                    f'"{key}" stands here twice.',
                    "Keep one; the later one would win.",
                    code="duplicate-key",
                )
    return value


def _constant(text: str) -> NoReturn:
    raise _Refused(f"{text} is not a JSON number.")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused(f"{text[:40]} is too large a number.")
    return number


def _int(text: str) -> int:
    if len(text) > 18:
        raise _Refused(f"{text[:40]} is too large a number.")
    return int(text)


def _syntax_hint(content: str, error: json.JSONDecodeError) -> str:
    before = content[: error.pos].rstrip()
    at = content[error.pos : error.pos + 1]
    if not content.strip():
        return "The file is empty."
    if at in "“”‘’，：" and at:
        return f'"{at}" is a Chinese punctuation mark; JSON wants the ASCII one.'
    if content.startswith(("//", "/*", "#"), error.pos):
        return "JSON has no comments."
    if before.endswith(",") and at in "}]":
        return "Remove the comma before it."
    if at == "'":
        return 'Texts stand in double quotes ("…").'
    if error.msg.startswith("Expecting ',' delimiter"):
        return "A comma or a closing bracket is missing before it."
    if error.msg.startswith("Invalid control character"):
        return "A text may not go over the end of the line; write \\n."
    return "Mend the JSON there."


def _sound(value: Any, name: str, faults: Faults) -> bool:
    """Depth within bounds, and only characters that a database and a browser can hold."""
    sound = True
    stack = [(value, "", 1)]
    while stack:
        node, at, depth = stack.pop()
        if depth > MAX_DEPTH:
            faults.add(name, "", f"The file nests deeper than {MAX_DEPTH} levels.", "Make it flatter.", code="too-deep")
            return False
        if isinstance(node, str):
            if _broken(node):
                faults.add(
                    name, at, "The text holds a NUL or half a character.", "Write the text anew.", code="broken-text"
                )
                sound = False
        elif isinstance(node, dict):
            for key, inner in node.items():
                if _broken(key):
                    faults.add(
                        name, at, "A key holds a NUL or half a character.", "Write the key anew.", code="broken-text"
                    )
                    sound = False
                    continue
                stack.append((inner, f"{at}/{token(key)}", depth + 1))
        elif isinstance(node, list):
            stack.extend((inner, f"{at}/{i}", depth + 1) for i, inner in enumerate(node))
    return sound


def _broken(text: str) -> bool:
    return "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text))


def _pointers(value: Any) -> dict[int, str]:
    found = {}
    stack = [(value, "")]
    while stack:
        node, at = stack.pop()
        if isinstance(node, dict):
            found[id(node)] = at
            stack.extend((inner, f"{at}/{token(key)}") for key, inner in node.items())
        elif isinstance(node, list):
            stack.extend((inner, f"{at}/{i}") for i, inner in enumerate(node))
    return found
