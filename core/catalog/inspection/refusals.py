"""item.json's refusals: grounds that are noted, and where they are named: by rules that refuse, and by lookups of this
item's own cases.

Knows the declaration and no case.
"""

from __future__ import annotations

from core.catalog.inspection.around import Work
from core.catalog.places import listing, mapping
from core.faults import near
from core.judge.schema import token

FILE = "item.json"


def check(work: Work) -> None:
    said, guide = listing(work.guide.get("refusals")), work.guide
    if said and guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, "/refusals", "refusal-wrong", handling=guide["handling"])
    ids: list[str] = []
    for i, id in enumerate(mapping(one).get("id") for one in said):
        if isinstance(id, str) and id in ids:
            work.faults.add(FILE, f"/refusals/{i}/id", "duplicate-id/refusal", id=id)
        elif isinstance(id, str):
            ids.append(id)
    for i, rule in enumerate(map(mapping, listing(work.routing.get("decide")))):
        if "ground" in rule and rule.get("outcome") in ("approve", "review"):
            work.faults.add("routing.json", f"/decide/{i}/ground", "refusal-wrong/outcome", outcome=rule["outcome"])
        elif isinstance(rule.get("ground"), str) and rule["ground"] not in ids:
            hint = near(rule["ground"], ids)
            work.faults.add("routing.json", f"/decide/{i}/ground", "unknown-refusal", name=rule["ground"], hint=hint)
    for name, one in work.lookups.items():
        by = mapping(mapping(one).get("by"))
        ground, items = (mapping(by.get(key)).get("const") for key in ("ground", "items"))
        if isinstance(ground, str) and items == [work.files.id] and ground not in ids:
            at = f"/lookups/{token(name)}/by/ground/const"
            work.faults.add("lookups.json", at, "unknown-refusal", name=ground, hint=near(ground, ids))
