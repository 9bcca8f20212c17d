"""Questions to try a source with: one that it answers, and one that nothing can be held under.

Knows the query schema with its `examples`, captured answers, the source's own table and the demo's CSV. What it makes
up is nobody's: born in 1900, or a word that says what it is.
"""

from __future__ import annotations

import contextlib
import csv
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.contract import Source
from core.judge.schema import compile as compile_schema
from core.sources.connectors import CannotConnect, table
from core.sources.environment import expand, unset
from core.sources.records import converter

NOBODY = "lingban-conformance-nobody"
SEVERAL = 12
FINAL = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ATTACKS = (
    "' OR '1'='1",
    '" OR ""="',
    "'; DROP TABLE person; --",
    "1 OR 1=1",
    "\\' OR 1=1 -- ",
    "%",
    "_",
    "*",
    "../../etc/passwd",
    "a/../../b",
    "a?b=c&d=e#f",
    "a\r\nX-Injected: 1",
    "${HOME}",
    "{{7*7}}",
    "$ne",
    "\u2019 OR 1=1",
)
"""None of these is anybody's number; a source that finds something under one of them reads it as code."""


@dataclass(frozen=True, slots=True)
class Samples:
    found: Mapping[str, Any] | None = None
    """A question that the source answers; None where nobody named one."""
    nobody: tuple[Mapping[str, Any], ...] = ()
    """Questions that nothing is held under."""
    attacks: tuple[Mapping[str, Any], ...] = ()


def samples_of(
    source: Source,
    *,
    seeds: Path | None = None,
    found: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Samples:
    """`found`, else the first of the query's `examples`, a captured answer, a line of its table or the demo's CSV."""
    fits = compile_schema(source.query).is_valid
    examples = source.query.get("examples") or ()
    lines = chain(from_table(source, environment), from_seeds(source, seeds))
    for question in (found, *examples, *from_captured(source), *lines):
        if isinstance(question, Mapping) and fits(question):
            break
    else:
        question = None
    field = key_field(source, question)
    base = dict(question or {})
    nobody = tuple(islice((q for value in nobodies(base.get(field)) if fits(q := {**base, field: value})), SEVERAL))
    attacks = tuple(q for value in ATTACKS if fits(q := {**base, field: value}))
    return Samples(question, nobody, attacks)


def key_field(source: Source, question: Mapping[str, Any] | None) -> str:
    """The field whose value is changed: the first required one, else the first that the question gives."""
    fields = [*source.query.get("required", ()), *(question or {}), *(source.query.get("properties") or {})]
    return str(fields[0]) if fields else "id"


def nobodies(held: Any) -> Iterator[Any]:
    """Values that look like `held` and are nobody's, likeliest first."""
    if isinstance(held, int) and not isinstance(held, bool):
        yield from (held + 987_654_321, -987_654_321)
    if isinstance(held, str) and len(held) >= 10:
        if len(held) == 18:
            for number in range(10):
                yield from (f"{held[:6]}1900010100{number}{last}" for last in FINAL)
        for number in range(10):
            yield from (f"{held[:-5]}000{number}{last}" for last in FINAL)
    yield from (f"{NOBODY}-{number}" for number in range(SEVERAL))
    for number in range(10):
        yield from (f"110101190001010{number:02}{last}" for last in FINAL)
        yield from (f"91110000ZZZZZZZ{number:02}{last}" for last in FINAL)


def from_captured(source: Source) -> Iterator[dict[str, Any]]:
    """Questions that the answers in the folder's `captured/` were given to."""
    names = source.query.get("required") or list(source.query.get("properties") or {})[:1]
    for path in sorted(Path(source.folder or ".").glob("captured/*.json")) if source.folder else ():
        with contextlib.suppress(OSError, ValueError, RecursionError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(record, dict) and names and all(name in record for name in names):
                yield {name: record[name] for name in names}


def from_table(source: Source, environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Questions that exactly one row of the source's own file answers; none where it cannot be read."""
    if source.connector == "table" and not unset(source.settings, environment):
        with contextlib.suppress(CannotConnect, OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile):
            rows = table.rows(source, expand(source.settings, environment))
            yield from _questions(source, [{name: table.key(cell) for name, cell in row.items()} for row in rows])


def from_seeds(source: Source, seeds: Path | None) -> Iterator[dict[str, Any]]:
    """Questions that exactly one line of the demo's CSV answers."""
    if seeds is None:
        return
    with contextlib.suppress(OSError, ValueError, csv.Error):
        text = (seeds / "sources" / f"{source.id}.csv").read_text(encoding="utf-8-sig")
        yield from _questions(source, list(csv.DictReader(text.splitlines(), strict=True)))


def _questions(source: Source, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    properties = source.query.get("properties") or {}
    required = tuple(source.query.get("required") or ())
    for fields in [required] if required else [(name,) for name in properties]:
        held = Counter(tuple(line.get(name) for name in fields) for line in lines)
        for values, times in held.items():
            if times == 1 and all(values):
                yield {n: converter(properties.get(n))(v) for n, v in zip(fields, values, strict=True)}
