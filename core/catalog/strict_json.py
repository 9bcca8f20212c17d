"""JSON as an author must write it: no key twice, no NaN, no endless nesting, every fault with its place.

Knows no file's meaning; what the value must be like, the schemas say.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from core.catalog.faults import Faults
from core.contract import Said
from core.judge.schema import token

MAX_DEPTH = 60
UNREADABLE = object()


class _Refused(ValueError):
    def __init__(self, key: str, number: str) -> None:
        self.key, self.number = key, number


_MESSAGES = {
    "Expecting value": "这里应当有一个值",
    "Expecting ',' delimiter": "这里应当是逗号或收尾的括号",
    "Expecting ':' delimiter": "键的后面应当是冒号",
    "Expecting property name enclosed in double quotes": "这里应当是用双引号括起来的键",
    "Illegal trailing comma before end of object": "最后一项后面多了一个逗号",
    "Illegal trailing comma before end of array": "最后一项后面多了一个逗号",
    "Unterminated string starting at": "这段文字没有收尾的双引号",
    "Invalid control character at": "文字里有换行或别的控制字符",
    "Invalid \\escape": "反斜杠后面的写法不对",
    "Invalid \\uXXXX escape": "\\u 后面要有四个十六进制数字",
    "Extra data": "文件到这里应当结束了，后面还有东西",
}
"""What the parser says, in Chinese."""


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
        faults.add(
            name,
            "",
            "malformed-json",
            line=error.lineno,
            column=error.colno,
            message=_message(error.msg),
            hint=_syntax_hint(content, error),
        )
        return UNREADABLE
    except _Refused as error:
        faults.add(name, "", error.key, number=error.number)
        return UNREADABLE
    except RecursionError:
        faults.add(name, "", "too-deep", limit=MAX_DEPTH)
        return UNREADABLE
    # Neither can be wrong in most files: few brackets are no depth, and only \\u writes what UTF-8 cannot.
    suspect = "\\u" in content or content.count("[") + content.count("{") > MAX_DEPTH
    if suspect and not _sound(value, name, faults):
        return UNREADABLE
    if doubles:
        where = _pointers(value)
        for holder, key in doubles:
            if id(holder) in where:
                faults.add(name, f"{where[id(holder)]}/{token(key)}", "duplicate-key", key=key)
    return value


def _constant(text: str) -> NoReturn:
    raise _Refused("bad-number", text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused("bad-number/large", text[:40])
    return number


def _int(text: str) -> int:
    if len(text) > 18:
        raise _Refused("bad-number/large", text[:40])
    return int(text)


def _message(said: str) -> Said:
    return next((Said(said, zh) for en, zh in _MESSAGES.items() if said.startswith(en)), Said(said, "JSON 写错了"))


def _syntax_hint(content: str, error: json.JSONDecodeError) -> Said:
    before = content[: error.pos].rstrip()
    at = content[error.pos : error.pos + 1]
    if not content.strip():
        return Said("The file is empty.", "文件是空的。")
    if at and at in "“”‘’，：；、。｛｝［］【】（）＂":
        return Said(
            f'"{at}" is a Chinese punctuation mark; JSON wants the ASCII one.',
            f"这里的 {at} 是中文标点，JSON 里要用英文标点。",
        )
    if at and at in "\u3000\u00a0\u200b\ufeff":
        return Said(
            "An unusual space stands there; replace it by an ordinary one.",
            "这里是全角空格或从网页带来的特殊空格，换成普通空格（半角）。",
        )
    if content.startswith(("True", "False", "None"), error.pos):
        return Said("Write true, false or null, in small letters.", "写成小写的 true、false 或 null。")
    if at.isdigit() and before.endswith("0"):
        return Said(
            "A number does not begin with 0; a code stands in double quotes.", "数不能以 0 开头；是编号就加双引号。"
        )
    if error.msg.startswith("Extra data"):
        return Said("A file holds one value: remove the rest.", "一个文件只放一份内容，删去多余的。")
    if content.startswith(("//", "/*", "#"), error.pos):
        return Said("JSON has no comments.", "JSON 里不能写注释，删掉它。")
    if before.endswith(",") and at in "}]":
        return Said("Remove the comma before it.", "删去它前面的逗号。")
    if at == "'":
        return Said('Texts stand in double quotes ("…").', '文字用英文双引号括起来（"…"）。')
    if error.msg.startswith("Expecting ',' delimiter"):
        return Said(
            'A comma or a closing bracket is missing before it, or a " stands within a text (write “ ” there).',
            "它前面少了逗号或收尾的括号；或者文字里面用了英文双引号（改用“ ”）。",
        )
    if error.msg.startswith("Invalid control character"):
        return Said("A text may not go over the end of the line; write \\n.", "一段文字不能跨行写，要换行就写 \\n。")
    return Said("Mend the JSON there.", "改好那里。")


def _sound(value: Any, name: str, faults: Faults) -> bool:
    """Depth within bounds, and only characters that a database and a browser can hold."""
    sound = True
    stack = [(value, "", 1)]
    while stack:
        node, at, depth = stack.pop()
        if depth > MAX_DEPTH:
            faults.add(name, "", "too-deep", limit=MAX_DEPTH)
            return False
        if isinstance(node, str):
            if _broken(node):
                faults.add(name, at, "broken-text")
                sound = False
        elif isinstance(node, dict):
            for key, inner in node.items():
                if _broken(key):
                    faults.add(name, at, "broken-text/key")
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
