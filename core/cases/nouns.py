"""What this room hands out besides drafts, cases and lists: a file, a receipt, the answer of a query.

Knows no table; everything here is frozen and safe to give to a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract import Evidence, Item


@dataclass(frozen=True, slots=True)
class FileRef:
    """One uploaded file: where it belongs, what it is called, and the digest it is found under."""

    material: str
    name: str
    digest: str
    size: int
    media_type: str

    def as_json(self) -> dict[str, Any]:
        return {
            "material": self.material,
            "name": self.name,
            "digest": self.digest,
            "size": self.size,
            "media_type": self.media_type,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a filing answers; `as_json` is the body of the API, to the letter."""

    no: str
    tracking_code: str | None
    """None where the case is only read again."""
    status: str
    decision: Mapping[str, Any] | None
    materials: tuple[Mapping[str, Any], ...]
    route: Mapping[str, Any] | None
    deadline: str | None

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"no": self.no}
        if self.tracking_code is not None:
            body["tracking_code"] = self.tracking_code
        body["status"] = self.status
        body["decision"] = self.decision
        body["materials"] = list(self.materials)
        body["route"] = self.route
        body["deadline"] = self.deadline
        return body


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What a query item 查询 answers: the lookup it shows, and how that lookup ended."""

    item: Item
    evidence: Evidence | None
    """None where the lookup was not asked."""
    lookups: Mapping[str, Evidence] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the API: only how it ended and what may be shown."""
        one = self.evidence
        return {
            "item": self.item.id,
            "answer": None
            if one is None
            else {"lookup": one.lookup, "outcome": one.outcome, "value": one.value, "asked_at": one.asked_at},
        }
