"""The access log as proof: each row carries a digest and is linked to the row before it in its book, and each day's
digests go into the day's root.

Knows no reader and no page; the books are in `core.cases.logbook`. The subject is covered by a salted digest of its
own, so that it can be forgotten when the time of keeping is over and the row still proves that somebody read something,
when, and for what.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.catalog.bundle import canonical

KEPT = {"lookup": timedelta(days=3 * 366), "query": timedelta(days=3 * 366), "relation": timedelta(days=3 * 366)}
"""Records of handing personal data over are kept at least three years (PIPL 56)."""
KEPT_OTHERWISE = timedelta(days=184)
"""Logs of who opened what: at least six months (网络安全法 21)."""
DIGESTED = (
    "id", "kind", "actor", "actor_role", "subject_digest", "item", "reference", "lookup", "source", "outcome",
    "purpose", "basis",
)  # fmt: skip
_DEFAULTS = dict.fromkeys(("reference", "lookup", "source", "outcome", "purpose", "basis"), "")


@dataclass(frozen=True, slots=True)
class Read:
    """A record for the access log that has no place in a book yet: only `logbook.note` makes a row of it."""

    values: Mapping[str, Any]


def read_row(**values: Any) -> Read:
    """What was read, to be handed to `logbook.note`. Every record is made here."""
    salt = secrets.token_hex(16)
    made = {**_DEFAULTS, **values, "salt": salt}
    made["subject_digest"] = digest_subject(salt, made["subject_key"])
    return Read(made)


def digest_subject(salt: str, subject_key: str) -> str:
    return hashlib.sha256(f"{salt}\n{subject_key}".encode()).hexdigest()


def digest_read(values: Mapping[str, Any]) -> str:
    said = [str(values[name]) for name in DIGESTED]
    return hashlib.sha256(canonical([_moment(values["at"]), *said])).hexdigest()


def link_read(previous: str, book: int, seq: int, digest: str) -> str:
    """A row's place in its book: over the link before it."""
    return hashlib.sha256(f"{previous}\n{book}\n{seq}\n{digest}".encode()).hexdigest()


def _moment(at: Any) -> str:
    """The same spelling for what is about to be written and for what either database gives back."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return str(moment.astimezone(UTC).isoformat(timespec="microseconds"))


def kept_until(kind: str, at: Any) -> datetime:
    """The moment before which a row's subject may not be forgotten."""
    return datetime.fromisoformat(_moment(at)) + KEPT.get(kind, KEPT_OTHERWISE)


def check_read(values: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """(the row's leaf in its day's root, what is wrong or ""). The first release's rows have no digest."""
    subject, wrong = values["subject_digest"], ""
    if not subject or values["salt"]:
        computed = digest_subject(values["salt"], values["subject_key"])
        wrong = "whose data was read was changed" if subject and computed != subject else ""
        subject = subject or computed
    elif kept_until(values["kind"], values["at"]) > now:
        wrong = "whose data was read was taken away before the time of keeping was over"
    leaf = digest_read({**values, "subject_digest": subject})
    if values["digest"] and leaf != values["digest"]:
        wrong = "it was changed"
    return leaf, wrong
