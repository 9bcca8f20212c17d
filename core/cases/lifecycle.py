"""The case's life as one table: which move leads from which status to which, and who may make it.

Knows no database: `actions` asks here before it writes, pages ask which buttons to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.contract import STATUSES
from core.errors import Conflict, LingbanError

PARTY = "party"
"""The applicant himself, or whoever acts for him in this case."""
TAKER = "taker"
"""Staff who filed it for the applicant: what he may still say for him."""
DESK = "desk"
"""Staff of the accepting site, or of the deciding office, who may take cases."""
OFFICE = "office"
"""A reviewer of the office that decides (or of a step's), who neither filed nor accepted the case alone."""
HEAD = "head"
"""Whoever heads the deciding office, or one above it of the same unit, and did not accept the case himself."""
STEP = "step"
"""A reviewer of an office that has a step of the way, without deciding the whole."""
SYSTEM = "system"
"""A rule or a timer."""


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    starts: tuple[str, ...]
    ends: str
    makers: frozenset[str]
    basis: str = ""
    stays: tuple[str, ...] = ()
    """Of `starts`: where the status is what it was, since the office is at work already."""


BEFORE_ACCEPTANCE = ("accept", "refuse")
"""Moves of a case that has not been accepted, whatever its status."""
UNDER_WAY = ("filed", "correction", "accepted", "in_step", "paused")
WITH_OFFICES = ("in_step", "paused")
"""While a case stands so, it is in the queue of the office whose step has its turn."""
OVER = ("decided", "delivered", "not_accepted", "withdrawn", "closed")

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "accept",
            ("filed", "correction", "in_step"),
            "accepted",
            frozenset({DESK, OFFICE, SYSTEM}),
            "行政许可法第三十二条",
            stays=("in_step",),
        ),
        Move("ask_correction", ("filed", "in_step"), "correction", frozenset({DESK, OFFICE}), "行政许可法第三十二条"),
        Move("correct", ("correction",), "filed", frozenset({PARTY, TAKER, DESK, SYSTEM})),
        Move(
            "refuse",
            ("filed", "correction", "in_step"),
            "not_accepted",
            frozenset({OFFICE, SYSTEM}),
            "行政许可法第三十二条",
        ),
        Move("begin", ("filed", "accepted"), "in_step", frozenset({OFFICE, SYSTEM})),
        Move("finish_step", ("in_step",), "in_step", frozenset({OFFICE, STEP})),
        Move("pause", ("in_step",), "paused", frozenset({OFFICE}), "行政许可法第四十五条"),
        Move("resume", ("paused",), "in_step", frozenset({OFFICE, SYSTEM})),
        Move("extend", ("in_step",), "in_step", frozenset({HEAD}), "行政许可法第四十二条"),
        Move(
            "decide", ("filed", "accepted", "in_step"), "decided", frozenset({OFFICE, SYSTEM}), "行政许可法第三十八条"
        ),
        Move("deliver", ("decided",), "delivered", frozenset({PARTY, DESK, OFFICE, SYSTEM}), "行政许可法第四十四条"),
        Move("withdraw", UNDER_WAY, "withdrawn", frozenset({PARTY, TAKER, DESK})),
        Move("lapse", UNDER_WAY, "withdrawn", frozenset({SYSTEM})),
        Move("close", ("decided", "delivered", "not_accepted", "withdrawn"), "closed", frozenset({OFFICE, SYSTEM})),
    )
}


def move(name: str, status: str) -> Move:
    """The move `name` from `status`. Raises Conflict when the table does not have it."""
    found = MOVES.get(name)
    if found is None:
        raise LingbanError(f'"{name}" is not a move; core/cases/lifecycle.py lists them.')
    if status not in found.starts:
        raise Conflict(f"办件现为“{TITLES[status]}”，不能进行此操作。请刷新后查看最新状态。", code="move-not-possible")
    return found


def possible(status: str, makers: Iterable[str]) -> tuple[str, ...]:
    """Names of the moves that somebody with these parts may make from here, in table order."""
    hats = frozenset(makers)
    return tuple(name for name, one in MOVES.items() if status in one.starts and one.makers & hats)


TITLES = dict(
    zip(
        STATUSES,
        ("已提交", "待补正", "已受理", "不予受理", "办理中", "已中止", "已办结", "已送达", "已撤回", "已归档"),
        strict=True,
    )
)
