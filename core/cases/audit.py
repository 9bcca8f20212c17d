"""The event chain of a case: links over salted digests, so that a person's data can go and the chain stays whole.

Knows no lifecycle: it chains what it is given, and names the first link that does not hold.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.catalog.bundle import canonical

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event, ready to be stored; `payload` is None where it was erased."""

    case: str
    seq: int
    type: str
    at: str
    actor: str
    actor_role: str
    from_status: str | None
    to_status: str
    payload: Mapping[str, Any] | None
    payload_digest: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold, in a sentence for the auditor."""

    case: str
    seq: int
    what: str


def stamp(moment: datetime) -> str:
    """The spelling of a moment that digests are taken of."""
    return moment.isoformat(timespec="milliseconds")


def digest_payload(payload: Mapping[str, Any]) -> str:
    """Without the salt nobody can try out which answers give this digest."""
    return hashlib.sha256(bytes.fromhex(payload["salt"]) + canonical(payload["data"])).hexdigest()


def digest_link(link: Link) -> str:
    head = "\n".join(
        (
            link.previous,
            link.case,
            str(link.seq),
            link.type,
            link.at,
            link.actor,
            link.actor_role,
            link.from_status or "",
            link.to_status,
            link.payload_digest,
        )
    )
    return hashlib.sha256(head.encode()).hexdigest()


def forge(
    case: str,
    *,
    seq: int,
    previous: str,
    type: str,
    at: str,
    actor: str,
    actor_role: str,
    from_status: str | None,
    to_status: str,
    data: Mapping[str, Any],
) -> Link:
    """The next link after `previous`."""
    payload = {"salt": secrets.token_hex(16), "data": data}
    link = Link(
        case, seq, type, at, actor, actor_role, from_status, to_status,
        payload, digest_payload(payload), previous, "",
    )  # fmt: skip
    object.__setattr__(link, "digest", digest_link(link))  # it is not out of our hands yet
    return link


def check(case: str, links: Sequence[Link], *, head: str, count: int) -> Break | None:
    """The first break of one case's chain, given in order of `seq`; None where it is whole."""
    previous, status = GENESIS, None
    erased = max((link.seq for link in links if link.type == "erased"), default=0)
    for seq, link in enumerate(links, 1):
        if link.seq != seq:
            return Break(case, seq, f"event {seq} is missing (event {link.seq} stands in its place)")
        if link.previous != previous:
            return Break(case, seq, f"event {seq} does not follow the event before it: one was removed or reordered")
        if link.payload is None and seq >= erased:
            return Break(case, seq, f"the contents of event {seq} were taken away, and no erasure says why")
        if link.payload is not None and digest_payload(link.payload) != link.payload_digest:
            return Break(case, seq, f"the contents of event {seq} were changed")
        if digest_link(link) != link.digest:
            return Break(case, seq, f"event {seq} was changed")
        if link.from_status != status:
            return Break(case, seq, f"event {seq} starts from {link.from_status}, but the case stood at {status}")
        previous, status = link.digest, link.to_status
    if len(links) != count or previous != head:
        return Break(case, len(links) + 1, f"the tail was cut: {len(links)} events are there, {count} were written")
    return None


def day_root(previous: str, reads_root: str, heads: Sequence[str]) -> str:
    """One day's root: over the root before it, the root of the day's reads, and every chain head that moved that day.

    A case's head stands for all its events, and a root for all roots before it: whoever keeps the newest root keeps
    the whole past, and checking a day costs what happened on it, not all that ever happened.
    """
    return merkle_root([previous, reads_root, *heads])


def merkle_root(heads: Iterable[str]) -> str:
    """RFC 6962 tree hash over chain heads (hex), in the order given; leaves and nodes are told apart."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(head)).digest() for head in heads]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]  # an odd one moves up as it is: pairing it with itself would let two lists share a root
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()
