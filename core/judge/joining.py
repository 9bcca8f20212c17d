"""A way that becomes longer: steps that a late answer calls for, put where the item has them.

Knows steps only; nobody is asked and nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from core.contract import RouteStep


def same(step: RouteStep) -> tuple[int, str, str]:
    """What makes two steps the same: its place in the item, its unit and its id."""
    return step.group, step.unit, step.id


def with_joined(
    told: Sequence[RouteStep], wanted: Sequence[RouteStep], done: Collection[int], *, late: bool = True
) -> tuple[RouteStep, ...]:
    """`told` with those of `wanted` that it lacks, each where the item has it, but before none that is done (`done`:
    positions in `told`) and between none that run together. `late`: the applicant was told a day without them."""
    way, lacking = list(told), Counter(map(same, told))
    first = max(done, default=-1) + 1
    for step in wanted:
        if lacking[same(step)]:
            lacking[same(step)] -= 1
            continue
        at = next((n for n in range(first, len(way)) if way[n].group > step.group), len(way))
        while 0 < at < len(way) and way[at - 1].group == way[at].group:
            at += 1
        way.insert(at, replace(step, joined=late))
    return tuple(way)
