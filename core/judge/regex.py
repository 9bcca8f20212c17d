"""A regular expression (ECMA-262, and what the engine adds to it) taken apart into a tree.

Lenient: the engine has said already whether the pattern is one. Knows nothing of matching, and judges nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

LAST = 0x10FFFF
DEEPEST = 150
"""Groups inside one another that are looked into; the engine itself stops at 250."""

Span: TypeAlias = tuple[int, int]


class TooInvolved(Exception):
    """The pattern has more in it than is looked into."""


@dataclass(frozen=True, slots=True)
class Letters:
    """One character out of these, first and last of each run."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """`part` from `fewest` times to `most` times; None: without end."""

    part: Node
    fewest: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on what comes before or after, which takes nothing."""

    part: Node
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """`^`, `$`, `b` (a word's edge) or `B`."""

    kind: str


Node: TypeAlias = Letters | Chain | Either | Again | Look | Edge
EMPTY = Chain(())


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    done: list[Span] = []
    for low, high in sorted(spans):
        if done and low <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(high, done[-1][1]))
        else:
            done.append((low, high))
    return tuple(done)


def others(spans: Iterable[Span]) -> tuple[Span, ...]:
    """All characters but these."""
    done, start = [], 0
    for low, high in merged(spans):
        if low > start:
            done.append((start, low - 1))
        start = high + 1
    return (*done, (start, LAST)) if start <= LAST else tuple(done)


def _of(text: str) -> tuple[Span, ...]:
    return merged((ord(c), ord(c)) for c in text)


DIGIT = ((0x30, 0x39),)
WORD = merged([*DIGIT, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
SPACE = merged([(9, 13), (0x2000, 0x200A), *_of(" \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff")])
ANY = others(_of("\n\r\u2028\u2029"))
ALL = ((0, LAST),)
_CLASSES = {"d": DIGIT, "w": WORD, "s": SPACE}
_SIGNS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0, "a": 7, "e": 27}
_POSIX = {
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "digit": DIGIT,
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "space": SPACE,
    "word": WORD,
}
_HAN = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_LONG = {"Letter": "L", "Alphabetic": "L", "Number": "N", "Punctuation": "P", "Symbol": "S", "Separator": "Z"}


@cache
def property_of(name: str) -> tuple[Span, ...]:
    """The characters of `\\p{name}`: a general category, Han; of another script, every letter."""
    key, _, value = name.rpartition("=")
    if value in ("Han", "Hani"):
        return _HAN
    category = "L" if key.startswith("Sc") else _LONG.get(value, value)
    if not re.fullmatch("[LMNPSZC][a-z]?", category):
        category = {"Uppercase": "Lu", "Lowercase": "Ll", "White_Space": "Z"}.get(value, "")
    if not category:
        return ALL
    return merged((c, c) for c in range(0x32400) if unicodedata.category(chr(c)).startswith(category))


def parse(text: str) -> Node:
    """The tree of a pattern. Raises TooInvolved where it cannot be taken apart."""
    reader = _Reader(text)
    found = reader.either(0)
    if reader.at < len(text):
        raise TooInvolved
    return found


def width(node: Node) -> int | None:
    """How many characters a node takes; None where texts of several lengths fit."""
    if isinstance(node, Letters):
        return 1
    if isinstance(node, (Chain, Either)):
        widths = [width(part) for part in node.parts]
        if None in widths or (isinstance(node, Either) and len(set(widths)) > 1):
            return None
        known = [one for one in widths if one is not None]
        return sum(known) if isinstance(node, Chain) else known[0]
    if isinstance(node, Again):
        inner = width(node.part)
        return None if inner is None or node.fewest != node.most else inner * node.fewest
    return 0


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    fold: bool = False
    """Whether capitals count as small letters here."""
    dots: bool = False
    """Whether a dot is a line break too."""
    groups: dict[str, Node] = field(default_factory=dict)
    count: int = 0

    def took(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def matched(self, pattern: str) -> re.Match[str] | None:
        found = re.compile(pattern).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def letters(self, spans: Iterable[Span]) -> Letters:
        known = merged(spans)
        if self.fold:
            small = [(max(a, 65) + 32, min(b, 90) + 32) for a, b in known if a <= 90 and b >= 65]
            large = [(max(a, 97) - 32, min(b, 122) - 32) for a, b in known if a <= 122 and b >= 97]
            known = merged([*known, *small, *large])
        return Letters(known)

    def either(self, deep: int) -> Node:
        if deep > DEEPEST:
            raise TooInvolved
        parts = [self.chain(deep)]
        while self.took("|"):
            parts.append(self.chain(deep))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def chain(self, deep: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            part = self.atom(deep)
            while (times := self.matched(r"([*+?])|\{(\d+)(,?)(\d*)\}")) is not None:
                part = self.again(part, times)
            parts.append(part)
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def again(self, part: Node, times: re.Match[str]) -> Node:
        self.matched("[?+]")  # lazy or possessive: the same texts
        if times[1]:
            fewest, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[times[1]]
        else:
            fewest = int(times[2])
            most = int(times[4]) if times[4] else (None if times[3] else fewest)
        return part if isinstance(part, (Edge, Look)) and fewest else Again(part, fewest, most)

    def atom(self, deep: int) -> Node:
        if self.took("("):
            return self.group(deep)
        if self.took("["):
            return self.bracket()
        if self.took("\\"):
            return self.escaped()
        sign = self.text[self.at]
        self.at += 1
        if sign == ".":
            return Letters(ALL if self.dots else ANY)
        return Edge(sign) if sign in "^$" else self.letters(_of(sign))

    def group(self, deep: int) -> Node:
        look = self.matched(r"\?(<?)([=!])")
        flags = None if look else self.matched(r"\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
        name = self.matched(r"\?P?<(\w+)>") if not look and not flags else None
        before = self.fold, self.dots
        if flags:
            self.fold = ("i" in flags[1] or self.fold) and "i" not in (flags[2] or "")
            self.dots = ("s" in flags[1] or self.dots) and "s" not in (flags[2] or "")
            if flags[3] == ")":
                return EMPTY
        number = None
        if not look and not flags and not self.took("?>"):
            self.count += 1
            number = self.count
        part = self.either(deep + 1)
        if not self.took(")"):
            raise TooInvolved
        self.fold, self.dots = before
        if look:
            return Look(part, ahead=not look[1], negative=look[2] == "!")
        if number:
            self.groups[str(number)] = part
        if name:
            self.groups[name[1]] = part
        return part

    def escaped(self) -> Node:
        back = self.matched(r"([1-9]\d*)|k<(\w+)>")
        if back:
            # What was written there before: at the most, all that may be written there.
            return self.groups.get(back[1] or back[2], EMPTY)
        if edge := self.matched("[bBAzZG]"):
            return Edge({"A": "^", "z": "$", "Z": "$", "G": "^"}.get(edge[0], edge[0]))
        return self.letters(self.sign())

    def sign(self) -> tuple[Span, ...]:
        """What stands after a backslash, in or outside brackets."""
        if found := self.matched(r"([pP])(?:\{\^?([^}]*)\}|(\w))"):
            spans = property_of(found[2] or found[3])
            return others(spans) if (found[1] == "P") != ("{^" in found[0]) else spans
        if found := self.matched(r"u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})"):
            code = min(int(next(filter(None, found.groups())), 16), LAST)
            return ((code, code),)
        if found := self.matched("c([A-Za-z])"):
            return _of(chr(ord(found[1]) % 32))
        sign = self.text[self.at : self.at + 1]
        self.at += 1
        if not sign:
            raise TooInvolved
        if sign.lower() in _CLASSES:
            spans = _CLASSES[sign.lower()]
            return spans if sign.islower() else others(spans)
        return ((_SIGNS[sign], _SIGNS[sign]),) if sign in _SIGNS else _of(sign)

    def bracket(self) -> Node:
        negative = self.took("^")
        spans: list[Span] = []
        while not self.took("]"):
            one = self.member()
            if self.text.startswith("-", self.at) and not self.text.startswith("-]", self.at):
                self.at += 1
                other = self.member()
                if len(one) == len(other) == 1 and one[0][0] == one[0][1] <= other[0][0] == other[0][1]:
                    spans.append((one[0][0], other[0][1]))
                    continue
                spans += [*other, (45, 45)]
            spans += one
        known = self.letters(spans)
        return Letters(others(known.spans)) if negative else known

    def member(self) -> tuple[Span, ...]:
        if self.at >= len(self.text):
            raise TooInvolved
        if found := self.matched(r"\[:(\^?)(\w+):\]"):
            spans = _POSIX.get(found[2], ALL)
            return others(spans) if found[1] else spans
        if self.took("\\"):
            return _of("\b") if self.took("b") else self.sign()
        self.at += 1
        return _of(self.text[self.at - 1])
