"""What the template engine says of a template that does not parse, in Chinese too.

Knows the engine's sentences; a sentence it does not know stays as it is.
"""

from __future__ import annotations

import re

from core.contract import Said

_TOKENS = {
    "end of print statement": "}}", "end of statement block": "%}", "begin of print statement": "{{",
    "begin of statement block": "{%", "end of comment": "#}", "end of template": "模板末尾",
}  # fmt: skip
_END = r"['\"](?P<a>.+?)['\"]"
_SENTENCES = [
    (re.compile(rf"Unexpected end of template.*needs to be closed is {_END}\.?"), "到末尾还没有写 {{% end{a} %}}"),
    (re.compile(rf"unexpected end of template, expected {_END}\.?"), "到末尾还缺“{a}”"),
    (re.compile(rf"Encountered unknown tag {_END}\..*needs to be closed is '(?P<b>.+?)'\.?"),
     "这里不能写“{a}”：前面的 {{% {b} %}} 还没有用 {{% end{b} %}} 收尾"),
    (re.compile(rf"Encountered unknown tag {_END}\.?"), "没有“{a}”这个标签，或者它前面没有开头"),
    (re.compile(rf"expected token {_END}, got ['\"](?P<b>.+?)['\"]"), "这里应当是“{a}”，写的是“{b}”"),
    (re.compile(rf"[Ee]xpected an expression, got {_END}"), "“{a}”前面缺一个值"),
    (re.compile(rf"unexpected char {_END} at \d+"), "不认识 {a} ：符号和引号要用英文半角，引号要成对"),
    (re.compile(rf"unexpected {_END}, expected '(?P<b>.+?)'"), "这里应当是“{b}”，写的是“{a}”"),
    (re.compile(rf"unexpected {_END}"), "这里不能写“{a}”，前面缺一个值，或者多写了"),
    (re.compile(r"Missing end of comment tag"), "{{# 后面缺 #}}"),
    (re.compile(r"expected name or number"), "点号后面缺一个名称"),
]  # fmt: skip


def said(reason: str) -> Said:
    for pattern, chinese in _SENTENCES:
        if found := pattern.fullmatch(reason):
            return Said(reason, chinese.format(**{k: _TOKENS.get(v, v) for k, v in found.groupdict().items()}))
    return Said(reason)
