"""JSON Pointers (RFC 6901) into facts and answers, with `*` for every row of a list.

Knows no schema and no item; it only walks dicts and lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Tokens = tuple[str, ...]

_NOTHING = (False, None)
_MAX_DIGITS = 9
"""Longer indices are no index at all: a post may name row 9999999999."""


@lru_cache(maxsize=4096)
def tokens(pointer: str) -> Tokens:
    """The segments of a pointer, unescaped; "" is the whole document."""
    if "~" not in pointer:
        return tuple(pointer.split("/")[1:])
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:])


def pointer(parts: Sequence[str | int]) -> str:
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1") for p in parts)


def walk(document: Any, path: Sequence[str]) -> tuple[bool, Any]:
    """(found, value). A `*` over a list gives the list of what each row holds, None where a row holds nothing.

    The list stays aligned with the rows, so that "every row says so" cannot hold because one row is missing.
    """
    value = document
    for at, token in enumerate(path):
        # `type(…) is dict` first: the check by abstract class costs ten times as much, and this is the hot path.
        if type(value) is dict or isinstance(value, Mapping):
            if token not in value:
                return _NOTHING
            value = value[token]
        elif isinstance(value, (list, tuple)):
            if token == "*":
                return True, _rows(value, path[at + 1 :])
            if not _is_index(token) or int(token) >= len(value):
                return _NOTHING
            value = value[int(token)]
        else:
            return _NOTHING
    return True, value


def _rows(rows: Sequence[Any], rest: Sequence[str]) -> list[Any]:
    if not rest:
        return list(rows)
    found: list[Any] = []
    for row in rows:
        value = walk(row, rest)[1]
        if "*" in rest and isinstance(value, list):
            found.extend(value)
        else:
            found.append(value)
    return found


def _is_index(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= _MAX_DIGITS and (token == "0" or token[0] != "0")


def resolve(facts: Any, pointer: str) -> tuple[bool, Any]:
    """(found, value) of a pointer; see `walk` for `*`."""
    return walk(facts, tokens(pointer))


def expand(document: Any, path: Tokens) -> Iterator[tuple[Tokens, tuple[int, ...]]]:
    """Every concrete path that a path with `*` names in this document, with the row indices put in.

    A path without `*` is given as it is, whether or not anything stands there.
    """
    if "*" not in path:
        yield path, ()
        return
    star = path.index("*")
    found, rows = walk(document, path[:star])
    if not found or not isinstance(rows, (list, tuple)):
        return
    for index in range(len(rows)):
        for rest, indices in expand(rows[index], path[star + 1 :]):
            yield (*path[:star], str(index), *rest), (index, *indices)


def placed(document: Any, path: Sequence[str], value: Any) -> Any:
    """A copy of `document` with `value` at `path`; missing objects are made, missing rows are not.

    Only what lies on the path is copied.
    """
    if not path:
        return value
    token, rest = path[0], path[1:]
    if isinstance(document, (list, tuple)) and _is_index(token):
        if int(token) >= len(document):
            return document
        rows = list(document)
        rows[int(token)] = placed(rows[int(token)], rest, value)
        return rows
    copy = dict(document) if isinstance(document, Mapping) else {}
    copy[token] = placed(copy.get(token, {}), rest, value)
    return copy


def without(document: Any, path: Sequence[str]) -> Any:
    """A copy of `document` with nothing at `path`; rows of a list are never removed."""
    if not path or not isinstance(document, (Mapping, list, tuple)):
        return document
    token, rest = path[0], path[1:]
    if isinstance(document, Mapping):
        if token not in document:
            return document
        if not rest:
            return {k: v for k, v in document.items() if k != token}
        return {**document, token: without(document[token], rest)}
    if not rest or not _is_index(token) or int(token) >= len(document):
        return document
    rows = list(document)
    rows[int(token)] = without(rows[int(token)], rest)
    return rows


def overlap(a: str, b: str) -> bool:
    """Whether one of two pointers is, or lies inside, the other; `*` stands for any row."""
    return all(x == y or "*" in (x, y) for x, y in zip(tokens(a), tokens(b), strict=False))
