"""Asking the sources for one application, and the access log of every question asked.

Knows when an earlier answer still serves; how a source is asked is `core.sources`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.connector import asks_own_cases, looking_for
from core.cases.reads import Read, read_row
from core.cases.standing import key_of
from core.contract import Evidence, Item
from core.sources.rounds import NO_CONSENT

if TYPE_CHECKING:
    from core.kernel import Kernel

ANY_AGE = float("inf")


async def ask(
    kernel: Kernel,
    item: Item,
    facts: Mapping[str, Any],
    *,
    already: Mapping[str, Evidence],
    consents: Collection[str],
    again: bool = False,
    filing: bool = False,
    of: str | None = None,
) -> dict[str, Evidence]:
    """Evidence for every lookup that can be asked now. `again`: those that were down are asked once more.

    `filing`: what reads our own cases is asked afresh, however young the answer is. `of`: the id of a case that is
    corrected: what it was told stays, however old, unless the question itself is another one now.
    """
    stale = asks_own_cases(item, kernel.catalog.sources) if filing else frozenset()
    kept = {
        name: one
        for name, one in already.items()
        if name in item.lookups
        and name not in stale
        and not (again and one.outcome == "down")
        and not _consent_changed(item, name, one, consents)
    }
    if of is None:
        return await kernel.sources.ask(item, facts, already=kept, consents=consents, calendar=kernel.calendar)
    looked = looking_for.set(UUID(of))
    try:
        return await kernel.sources.ask(
            item, facts, already=kept, consents=consents, calendar=kernel.calendar, max_age_s=ANY_AGE
        )
    finally:
        looking_for.reset(looked)


def _consent_changed(item: Item, name: str, one: Evidence, consents: Collection[str]) -> bool:
    """A yes given since, or a no: either way the earlier outcome no longer says what may be known."""
    if not item.lookups[name].consent:
        return False
    return (one.outcome == "refused") == (name in consents)


def asked_now(evidence: Mapping[str, Evidence], already: Mapping[str, Evidence]) -> list[Evidence]:
    """Those that a source was in fact asked for just now. A missing consent asked nobody.

    What served again is the very same object; a second question within the same second is not, and is a read too.
    """
    return [
        one
        for name, one in evidence.items()
        if one.reason != NO_CONSENT and (name not in already or one is not already[name])
    ]


def access_rows(
    kernel: Kernel,
    asked: Iterable[Evidence],
    *,
    actor: str,
    actor_role: str,
    applicant: Mapping[str, Any],
    item: Item,
    reference: str,
    at: datetime,
    kind: str = "lookup",
) -> list[Read]:
    subject = key_of(kernel, applicant) or ""
    return [
        read_row(
            at=at,
            kind=kind,
            actor=actor,
            actor_role=actor_role,
            subject_key=subject,
            item=item.id,
            reference=reference,
            lookup=one.lookup,
            source=one.source,
            outcome=one.outcome,
            purpose=one.purpose[:400],
            basis=one.basis[:400],
        )
        for one in asked
    ]
