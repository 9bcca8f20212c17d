"""A draft's row as a view and back.

Knows the shape of the sealed content, and neither who may see it nor how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.cases.draft_view import DraftView, OfCase
from core.cases.nouns import FileRef
from core.contract import Evidence, Item, Problem, Site

if TYPE_CHECKING:
    from core.kernel import Kernel


def content_of(view: DraftView) -> dict[str, Any]:
    """What is sealed into the row: everything personal, in one value."""
    known = view.of.evidence if view.of is not None else {}
    return {
        "role": view.owner_role,
        "channel": view.channel,
        "site": view.site.id if view.site else None,
        "applicant": view.applicant,
        "agent": view.agent,
        "standing": view.standing,
        "answers": view.answers,
        "evidence": [one.as_json() for name, one in view.evidence.items() if known.get(name) != one],
        "consents": sorted(view.consents),
        "refused": sorted(view.refused),
        "promises": list(view.promises),
        "confirmed": list(view.confirmed),
        "disputed": list(view.disputed),
        **({"claims": dict(view.claims)} if view.claims else {}),
        "files": [file.as_json() for file in view.files],
        "ignored": view.ignored,
        **({"told": [asdict(one) for one in view.told]} if view.told else {}),
        **({"shown": dict(view.shown)} if view.shown else {}),
        **({"aside": dict(view.aside)} if view.aside else {}),
        **({"lent": view.lent} if view.lent else {}),
        **({"of": _of(view.of, view.evidence)} if view.of is not None else {}),
    }


def _of(of: OfCase, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """The case is named; what it holds stays in it."""
    left_out = sorted(of.evidence.keys() - evidence.keys()) if of.evidence else sorted(of.left_out)
    return {"id": of.id, "no": of.no, "because": of.because, "left_out": left_out}


def view_of(
    kernel: Kernel, item: Item, content: Mapping[str, Any], *, id: str, owner: str, revision: int, expires_at: datetime
) -> DraftView:
    site_id = content["site"]
    return DraftView(
        id=id,
        item=item,
        owner=owner,
        owner_role=content["role"],
        revision=revision,
        expires_at=expires_at,
        channel=content["channel"],
        applicant=content["applicant"],
        agent=content["agent"],
        site=site_of(kernel, site_id),
        standing=content["standing"],
        answers=content["answers"],
        evidence={one["lookup"]: Evidence.from_json(one) for one in content["evidence"]},
        consents=frozenset(content["consents"]),
        refused=frozenset(content["refused"]),
        promises=tuple(content["promises"]),
        confirmed=tuple(content["confirmed"]),
        disputed=tuple(content["disputed"]),
        claims=content.get("claims", {}),
        files=tuple(FileRef(**file) for file in content["files"]),
        today=kernel.today(),
        ignored=content["ignored"],
        told=tuple(Problem(**one) for one in content.get("told", ())),
        shown=content.get("shown", {}),
        aside=content.get("aside", {}),
        lent=content.get("lent"),
        of=OfCase(**{**of, "left_out": frozenset(of["left_out"])}) if (of := content.get("of")) else None,
        source_titles=titles_of(kernel, item),
    )


def titles_of(kernel: Kernel, item: Item) -> dict[str, str]:
    """Source id → title as it is called now, for those that the item asks."""
    known = kernel.catalog.sources
    return {one.source: known[one.source].title for one in item.lookups.values() if one.source in known}


def site_of(kernel: Kernel, site_id: str | None) -> Site | None:
    return kernel.office.sites.get(site_id) if site_id else None


def moment(value: Any) -> datetime:
    """A stored moment as SQLite (text) and PostgreSQL (aware) give it in plain SQL."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a moment.")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
