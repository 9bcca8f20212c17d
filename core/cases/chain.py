"""New events of one case, chained, each with its row for the outbox.

Knows no lifecycle rule: moves are checked before they come here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.cases.audit import GENESIS, forge, stamp
from core.cases.models import Event, Outbox
from core.cases.rows import Row, new_id, row

SYSTEM = "system"


class Chain:
    """Grows by `add`; `events` and `outbox` are the rows to insert, `head`, `seq` and `status` go into the case."""

    def __init__(
        self,
        case_id: str,
        *,
        no: str,
        item: str,
        version: str,
        at: datetime,
        head: str = GENESIS,
        seq: int = 0,
        status: str | None = None,
    ) -> None:
        self.case_id, self.no, self.item, self.version, self.at = case_id, no, item, version, at
        self.head, self.seq = head, seq
        self._status = status
        self._unit: str | None = None
        self._area: str | None = None
        self.events: list[Row] = []
        self.outbox: list[Row] = []
        self.said: list[tuple[str, Mapping[str, Any]]] = []
        """(type, data) of what was added."""

    @property
    def status(self) -> str:
        if self._status is None:
            raise ValueError("The chain has no event yet.")
        return self._status

    def place(self, unit: str | None, area: str | None) -> None:
        """Where the matter lies, for the listeners."""
        self._unit, self._area = unit, area

    def add(self, type: str, *, to: str, data: Mapping[str, Any], actor: str = SYSTEM, role: str = SYSTEM) -> None:
        link = forge(
            self.case_id,
            seq=self.seq + 1,
            previous=self.head,
            type=type,
            at=stamp(self.at),
            actor=actor,
            actor_role=role,
            from_status=self._status,
            to_status=to,
            data=data,
        )
        self.said.append((type, data))
        event_id = new_id()
        self.events.append(
            row(
                Event,
                id=event_id,
                case_id=self.case_id,
                seq=link.seq,
                type=link.type,
                at=link.at,
                actor=link.actor,
                actor_role=link.actor_role,
                from_status=link.from_status,
                to_status=link.to_status,
                payload=link.payload,
                payload_digest=link.payload_digest,
                previous=link.previous,
                digest=link.digest,
            )
        )
        self.outbox.append(
            row(
                Outbox,
                id=event_id,
                case_id=self.case_id,
                seq=link.seq,
                event={
                    "id": event_id,
                    "type": link.type,
                    "at": link.at,
                    "case": self.no,
                    "item": self.item,
                    "version": self.version,
                    "from": link.from_status,
                    "to": link.to_status,
                    "unit": self._unit,
                    "area": self._area,
                },
                next_at=self.at,
            )
        )
        self.head, self.seq, self._status = link.digest, link.seq, to
