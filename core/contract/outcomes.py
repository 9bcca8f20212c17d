"""How a lookup ends, and what of it is kept as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Found:
    """The source holds it. `value` is the record (a dict), or a list of them where `many` is declared."""

    value: Any
    recorded_at: str | None = None
    """The date the register itself gives for the record (ISO 8601), where it gives one."""
    name: ClassVar[str] = "found"


@dataclass(frozen=True, slots=True)
class Empty:
    """The source answered that it holds nothing under this key."""

    reason: str = ""
    name: ClassVar[str] = "empty"


@dataclass(frozen=True, slots=True)
class Down:
    """No answer in time, an error, a record that breaks the schema, two records where one was asked.

    `reason` is for staff and logs; a citizen reads the standard sentence instead.
    """

    reason: str = ""
    name: ClassVar[str] = "down"


@dataclass(frozen=True, slots=True)
class Refused:
    """The source, or the applicant's missing consent, does not permit the question."""

    reason: str = ""
    name: ClassVar[str] = "refused"


Outcome = Found | Empty | Down | Refused


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one lookup returned for one case 佐证: outcome, kept fields, and where and when it was read."""

    lookup: str
    source: str
    outcome: str
    """found, empty, down or refused."""
    value: Any = None
    """Only the fields in `take`; None unless found."""
    digest: str = ""
    """SHA-256 (hex) of the canonical JSON of `value`; "" unless found."""
    asked_at: str = ""
    """UTC, ISO 8601, seconds."""
    recorded_at: str | None = None
    ms: int = 0
    age_s: int = 0
    """Age of the answer when it came from a cache; 0 when asked afresh."""
    purpose: str = ""
    basis: str = ""
    reason: str = ""
    """For staff: why it is down or refused."""
    by_digest: str = ""
    """Digest of the question, so that a changed answer is asked again."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        return cls(**data)
