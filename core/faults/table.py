"""Every fault code in one table. A code, once released, keeps its meaning.

Knows which module holds which codes; the order is the guide's.
"""

from __future__ import annotations

from core.contract import Fault
from core.faults import advice, code, files, forms, guides, lookups, names, pointers, shapes, sources, texts
from core.faults.sentence import Code, Sentence, say

SUBJECTS: dict[str, dict[str, Code]] = {
    "文件夹和文件": files.CODES,
    "键和值的写法": shapes.CODES,
    "指到了没有的东西": names.CODES,
    "指针和条件": pointers.CODES,
    "调取 lookups.json": lookups.CODES,
    "指南 item.json、规则 routing.json 和情景 cases/": guides.CODES,
    "表单 form.json": forms.CODES,
    "数据源 source.json": sources.CODES,
    "译文 texts/ 和文书 templates/": texts.CODES,
    "代码 plugin.py": code.CODES,
    "声明了却没有用处（提醒，不算错误，不停用）": advice.CODES,
}
TABLE: dict[str, Code] = {name: one for codes in SUBJECTS.values() for name, one in codes.items()}
CODES: dict[str, str] = {name: one.about for name, one in TABLE.items()}
"""Stable code → its explanation in Chinese, for the author's guide."""


def sentence(key: str) -> Sentence:
    """The sentence of `code` or `code/variant`. KeyError for a code nobody has written down."""
    name, _, variant = key.partition("/")
    return TABLE[name].sentences[variant]


def fault(where: str, key: str, /, *, hint: str = "", **blanks: object) -> Fault:
    """The fault of `code` or `code/variant` at this place; `hint` is a better remedy than the sentence's own."""
    one = sentence(key)
    remedy = hint or (say(one.hint, one.hint_zh, **blanks) if one.hint else "")
    return Fault(where, say(one.en, one.zh, **blanks), remedy, key.partition("/")[0])
