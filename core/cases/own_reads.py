"""谁查过我的信息: who read the data of the person who asks, each question told once, however often it was put.

Knows no page. A source in trouble is asked again and again: those reads are one line with every one of them inside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.expressions import Q

from core.cases import numbers
from core.cases.lines import AccessLine, Page
from core.cases.models import AccessLog, Case
from core.cases.rows import select_all
from core.contract import Actor
from core.errors import NotFound

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20
_SAME = ("kind", "actor", "actor_role", "item", "reference", "lookup", "source", "purpose", "basis")
"""What makes two reads the same question: of one case, one source, one purpose, by one person."""


async def accesses_of(kernel: Kernel, actor: Actor, after: str | None = None, *, case: str = "") -> Page[AccessLine]:
    """Who looked at the data of this person, for what, newest first (PIPL 44, 45). `case`: only for that case of his,
    its draft included; none where it is not his. Raises NotFound for a page that is none."""
    if not actor.id_number:
        return Page(())
    mine = kernel.keys.index(actor.id_number)
    references: list[str] = []
    if case:
        wanted = await Case.get_or_none(no=numbers.read(case) or "", applicant_key=mine)
        if wanted is None:
            return Page(())
        # A key of the API is no draft: what was asked with it is told by the number.
        references = [wanted.no, *([wanted.filing_key] if ":" not in wanted.filing_key else [])]
    newest = await _newest(mine, references, _uuid(after) if after else "")
    kept = await _rows(mine, newest[:PAGE])
    numbered = await _numbers(mine, {row.reference for rows in kept for row in rows})
    lines = []
    for rows in kept:
        first, *others = (_line(row, numbered) for row in rows)
        lines.append(replace(first, earlier=tuple(others)))
    return Page(tuple(lines), newest[PAGE - 1]["newest"] if len(newest) > PAGE else None)


async def _newest(mine: str, references: list[str], before: str) -> list[dict[str, Any]]:
    """The newest read of each question, one more than a page. A case opened by staff is no question: each counts."""
    where, values = "subject_key = ?", [mine]
    if references:
        where += f" AND reference IN ({', '.join('?' * len(references))})"
        values += references
    having = "HAVING max(CAST(id AS text)) < ? " if before else ""
    return await select_all(
        f"SELECT max(CAST(id AS text)) AS newest, count(*) AS n FROM cases_access_log WHERE {where} "
        f"GROUP BY {', '.join(_SAME)}, CASE WHEN source = '' THEN CAST(id AS text) ELSE '' END "
        f"{having}ORDER BY newest DESC LIMIT {PAGE + 1}",
        *values, *([before] if before else []),
    )  # fmt: skip


async def _rows(mine: str, newest: list[dict[str, Any]]) -> list[list[AccessLog]]:
    """Each question's reads, newest first."""
    first = {str(row.id): row for row in await AccessLog.filter(id__in=[one["newest"] for one in newest])}
    often = [first[one["newest"]] for one in newest if int(one["n"]) > 1]
    same: dict[tuple[Any, ...], list[AccessLog]] = defaultdict(list)
    if often:
        asked = {"reference__in": {row.reference for row in often}, "source__in": {row.source for row in often}}
        for row in await AccessLog.filter(subject_key=mine, **asked).order_by("-id"):
            same[_key(row)].append(row)
    return [same[_key(row)] if int(one["n"]) > 1 else [row] for one in newest for row in [first[one["newest"]]]]


def _key(row: AccessLog) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _SAME)


async def _numbers(mine: str, references: Iterable[str]) -> Mapping[str, str]:
    """Reference → the number of the reader's own case, also where it was asked while he wrote it."""
    known = set(references)
    nos = [one for one in known if numbers.read(one)]
    filed = Q(Q(no__in=nos), Q(filing_key__in=known - {*nos}), join_type="OR")
    cases = await Case.filter(filed, applicant_key=mine).only("id", "no", "filing_key") if known else []
    return {key: one.no for one in cases for key in (one.no, one.filing_key)}


def _line(row: AccessLog, numbered: Mapping[str, str]) -> AccessLine:
    return AccessLine(
        row.at,
        row.kind,
        row.actor,
        row.actor_role,
        row.item,
        row.reference,
        row.lookup,
        row.source,
        row.outcome,
        row.purpose,
        row.basis,
        numbered.get(row.reference, ""),
    )


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound("没有这一页。请从第一页看起。") from None
