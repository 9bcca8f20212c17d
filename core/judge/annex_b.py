r"""A pattern as JavaScript reads it without its flag `u` (ECMA-262, annex B) in words that every matcher reads alike.

Where annex B lets pass what the strict grammar refuses, the strict spelling is put: `[\w-.]` is `[\w\-.]`. The meaning
stays, and so does every pattern that needs none of it. Knows text; matches and judges nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TIMES = re.compile(r"\{\d+(?:,\d*)?\}")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_NAME = re.compile(r"\\k<(\w+)>")
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P?<(\w+)>", re.DOTALL)
_NUL = re.compile(r"\\0(?!\d)")
_SETS = re.compile(r"\\(?:[dDwWsS]|[pP](?:\{[^}]*\}|\w))")
_ONE = re.compile(r"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|.)|[^\\]", re.DOTALL)


@lru_cache(maxsize=2_000)
def spelled_out(pattern: str) -> str:
    """The same pattern, spelled strictly. What it cannot read stays as it is, for the matcher to refuse."""
    done: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "[":
            piece, at = _bracket(pattern, at)
        elif pattern[at] == "{" and not (found := _TIMES.match(pattern, at)):
            piece, at = r"\{", at + 1
        elif pattern[at] == "{" and found:
            piece, at = found[0], found.end()
        elif named := _NAME.match(pattern, at):
            piece, at = _by_number(pattern, named[1]) or named[0], named.end()
        elif pattern.startswith((r"\u{", r"\x{", r"\p{", r"\P{"), at):
            end = pattern.find("}", at) + 1 or len(pattern)
            piece, at = pattern[at:end], end
        else:
            piece, at = _sign(pattern, at)
        done.append(piece)
    return "".join(done)


def _by_number(pattern: str, name: str) -> str | None:
    """A reference back to a named group, by the group's number."""
    for number, found in enumerate((one for one in _GROUP.finditer(pattern) if one[0].startswith("(")), 1):
        if found[1] == name:
            return rf"(?:\{number})"
    return None


def _sign(pattern: str, at: int) -> tuple[str, int]:
    """One character, escaped or not, in or outside brackets; and where the next begins."""
    if pair := _PAIR.match(pattern, at):
        code = 0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + int(pair[2], 16) - 0xDC00
        return rf"\u{{{code:X}}}", pair.end()
    if _NUL.match(pattern, at):
        return r"\x00", at + 2
    found = _SETS.match(pattern, at) or _ONE.match(pattern, at)
    if found is None:  # a backslash at the end
        return pattern[at:], len(pattern)
    sign = found[0]
    if len(sign) == 2 and not sign[1].isascii():
        sign = sign[1]
    return sign, found.end()


def _bracket(pattern: str, start: int) -> tuple[str, int]:
    """`[…]` with every `-` escaped that stands beside a set of characters and so spans nothing."""
    at = start + 1
    done = ["["]
    if pattern.startswith("^", at):
        done.append("^")
        at += 1
    if pattern.startswith("]", at):
        if "]" not in pattern[at + 1 :]:  # `[^]` is anything, `[]` nothing
            return (r"[\s\S]" if done[-1] == "^" else r"[^\s\S]"), at + 1
        done.append("]")  # some read `[]a]` as one of two signs; the matcher says how
        at += 1
    wide = False
    while at < len(pattern) and pattern[at] != "]":
        first, at = _member(pattern, at)
        if wide and first == "-":
            first = r"\-"  # `[a-\d-z]`: the second stands for itself, too
        if not pattern.startswith("-", at) or at + 1 >= len(pattern) or pattern[at + 1] == "]":
            done.append(first)
            wide = False
            continue
        last, end = _member(pattern, at + 1)
        wide = bool(_SETS.fullmatch(first) or _SETS.fullmatch(last))
        if wide:
            done.append(rf"{first}\-" + (r"\-" if last == "-" else last))
        else:
            done.append(f"{first}-{last}")
        at = end
    return "".join(done) + pattern[at : at + 1], at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    return (r"\x08", at + 2) if pattern.startswith(r"\b", at) else _sign(pattern, at)
