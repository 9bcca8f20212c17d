"""A plugin folder's JSON as nouns: bundle → Item, source.json → Source, and the digest that is the version.

Knows no rule of inspection: what comes in here has passed `core.catalog.inspect`, or comes from a test.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.contract import (
    CHANNELS,
    Again,
    DecidedAt,
    DecideRule,
    EffectRule,
    Item,
    Lookup,
    Material,
    Routing,
    Source,
    Step,
)
from core.judge.clock import begins_in

_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value that digests are taken of: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(value).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def written(bundle: Mapping[str, Any]) -> str:
    """A bundle as it is kept: its keys in the author's order, for that is the order of the questions on the page."""
    return _WRITTEN.encode(bundle)


def version_of(id: str, bundle: Mapping[str, Any]) -> str:
    """The item version: SHA-256 of the whole bundle, order included."""
    return hashlib.sha256(written({"id": id, **bundle}).encode()).hexdigest()


def read_item(id: str, bundle: Mapping[str, Any]) -> Item:
    """An Item from its bundle, whose keys are `item`, `form`, `ui`, `lookups`, `routing`, `texts`, `templates`."""
    guide = bundle["item"]
    handling = guide["handling"]
    return Item(
        id=id,
        digest=version_of(id, bundle),
        bundle=bundle,
        title=guide["title"],
        version=guide.get("version", ""),
        handling=handling,
        unit=guide.get("unit", ""),
        audience=tuple(guide.get("audience") or ("person",)),
        themes=tuple(guide.get("themes", ())),
        channels=tuple(guide.get("channels", CHANNELS)),
        agents=tuple(guide.get("agents", ())),
        statutory_days=_longest(guide.get("statutory_days")),
        promised_days=_longest(guide.get("promised_days", 0)) or 0,
        materials=tuple(map(read_material, guide.get("materials", ()))),
        lookups={
            name: read_lookup(name, declared)
            for name, declared in (bundle.get("lookups") or {}).get("lookups", {}).items()
        },
        routing=read_routing(bundle.get("routing") or {}),
        answer=guide.get("answer"),
        part_of=guide.get("part_of"),
        url=guide.get("url"),
    )


def _longest(declared: Any) -> int | None:
    """Of working days that differ by situation the most: what may be said before anybody has applied."""
    if not isinstance(declared, list):
        return None if declared is None else int(declared)
    return max((line["days"] for line in declared if "days" in line), default=None)


def read_material(declared: Mapping[str, Any]) -> Material:
    proof = declared.get("proved_by") or ()
    if isinstance(proof, str):
        proof = (proof,)
    return Material(
        id=declared["id"],
        title=declared["title"],
        required=declared.get("required", True),
        proved_by=tuple((p,) if isinstance(p, str) else tuple(p) for p in proof),
        valid_when=declared.get("valid_when"),
        when=declared.get("when"),
        fallback=declared.get("fallback", "upload"),
        declared=declared,
    )


def read_lookup(name: str, declared: Mapping[str, Any]) -> Lookup:
    return Lookup(
        name=name,
        source=declared["source"],
        by=declared.get("by", {}),
        take=tuple(declared.get("take", ())),
        purpose=declared.get("purpose", ""),
        basis=declared.get("basis", ""),
        many=declared.get("many", False),
        each=declared.get("each"),
        consent=declared.get("consent", False),
        allowed_when=declared.get("allowed_when"),
        must_find=declared.get("must_find"),
    )


def pointers_of(declared: Any) -> tuple[str, ...]:
    """One pointer, or a list of them."""
    return (declared,) if isinstance(declared, str) else tuple(declared or ())


APPLICANT = "申请人"
"""Who does a step of the applicant's, in the words of the desk and the letters."""


def read_step(declared: Mapping[str, Any]) -> Step:
    return Step(
        unit=declared.get("unit", ""),
        by=declared.get("by", "") or (APPLICANT if declared.get("party") else ""),
        party=declared.get("party", False),
        otherwise=declared.get("otherwise", ""),
        title=declared.get("title", ""),
        days=declared.get("days"),
        calendar_days=declared.get("calendar_days"),
        begins=begins_in(declared),
        at_least=declared.get("at_least", False),
        level=declared.get("level"),
        place=pointers_of(declared.get("place")),
        when=declared.get("when"),
        because=declared.get("because", ""),
        basis=declared.get("basis", ""),
        counts=declared.get("counts", True),
        review=declared.get("review", True),
        id=declared.get("id", ""),
        findings=declared.get("findings"),
        again=Again(again["when"], again["because"], again["times"]) if (again := declared.get("again")) else None,
        together=tuple(map(read_step, declared.get("together", ()))),
    )


def _deciders(declared: Any) -> tuple[DecidedAt, ...]:
    lines = declared if isinstance(declared, list) else [] if declared is None else [declared]
    made: Iterator[Mapping[str, Any]] = ({"level": line} if isinstance(line, str) else line for line in lines)
    return tuple(DecidedAt(line.get("level"), line.get("of", "site"), line.get("when")) for line in made)


def read_routing(declared: Mapping[str, Any]) -> Routing:
    return Routing(
        sites=declared.get("sites", {}),
        area=declared.get("area", "home"),
        place=pointers_of(declared.get("place", "/applicant/area")),
        decided_at=_deciders(declared.get("decided_at")),
        not_after=declared.get("not_after"),
        steps=tuple(map(read_step, declared.get("steps", ()))),
        decide=tuple(
            DecideRule(
                r.get("when", {}),
                r["outcome"],
                r.get("because", ""),
                r.get("basis", ""),
                r.get("instead"),
                tuple(r.get("conditions", ())),
                r.get("part"),
                r.get("ground", ""),
            )
            for r in declared.get("decide", ())
        ),
        rules=tuple(
            EffectRule(r.get("when", {}), r.get("then", {}), r.get("because", ""), r.get("basis", ""))
            for r in declared.get("rules", ())
        ),
    )


def read_source(id: str, declared: Mapping[str, Any], folder: str = "") -> Source:
    public = declared.get("public", ())
    return Source(
        id=id,
        title=declared["title"],
        unit=declared.get("unit", ""),
        connector=declared["connector"],
        query=declared.get("query", {}),
        record=declared.get("record", {}),
        public=tuple(public),
        timeout_ms=declared.get("timeout_ms", 1500),
        cache_s=declared.get("cache_s", 0),
        settings=declared.get("settings", {}),
        relation=declared.get("relation"),
        folder=folder,
    )
