"""Why a letter could not be written, in words.

Knows the shape of a letter's fault as `core.cases.letters` tells it, and no case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_WHERE = re.compile(r"^(templates/[\w.-]+)(?::(\d+))?: (.*)$", re.DOTALL)
_ABSENT = re.compile(r"^(?:'([^']+)' is undefined|'[^']*' has no (?:attribute|element) '?([^']+?)'?)$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")


@dataclass(frozen=True, slots=True)
class Said:
    """A fault in words, and as the template engine said it, "" where the reader may not see that."""

    words: str
    code: str


def said(error: str, *, reads: bool, _: Callable[[str], str]) -> Said:
    """`reads` False: what the engine quotes may be a fact of the case, so only a name that an author wrote is told."""
    found = _WHERE.match(error)
    if found is None:
        return Said(_("这份文书写不出来。"), error if reads else "")
    file, line, why = found.groups()
    where = _("%(file)s 第 %(line)s 行") % {"file": file, "line": line} if line else file
    absent = _ABSENT.match(why)
    name = (absent[1] or absent[2]) if absent else ""
    if not name or not (reads or _NAME.fullmatch(name)):
        return Said(_("%(where)s运行出错。") % {"where": where}, error if reads else "")
    sentence = _(
        "%(where)s用到“%(name)s”，这个办件里没有：数据源没有查到，或者没有填写。"
        "模板应当先用 is defined 判断，或改用一定会有的内容。"
    )
    return Said(sentence % {"where": where, "name": name}, error)
