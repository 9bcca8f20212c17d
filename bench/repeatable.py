"""The elder's allowance as one person may file it again and again: without its rules against a second grant.

Knows those rules and no other: what is filed is an approval on the same three lookups, time after time.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "plugins" / "elder-allowance"
EARLIER = "/lookups/earlier"


def repeatable(into: Path) -> Path:
    """A shelf in `into` that holds it; for `--plugins`."""
    copy = into / "shelf" / FOLDER.name
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("cases"))
    lookups = json.loads((copy / "lookups.json").read_text(encoding="utf-8"))
    routing = json.loads((copy / "routing.json").read_text(encoding="utf-8"))
    texts = json.loads((copy / "texts" / "en.json").read_text(encoding="utf-8"))
    del lookups["lookups"]["earlier"]
    rules = routing["decide"]
    first = next((n for n, one in enumerate(rules) if one["outcome"] == "decline"), len(rules))
    if first == len(rules) or not all(at.startswith(EARLIER) for one in rules[first:] for at in one["when"]):
        raise RuntimeError(f"The last rules of {FOLDER.name} are not those against a second grant.")
    gone = ("lookups.json#/lookups/earlier/", *(f"routing.json#/decide/{n}/" for n in range(first, len(rules))))
    del rules[first:]
    for rule in rules:
        rule["when"].pop(EARLIER, None)
    texts = {key: text for key, text in texts.items() if not key.startswith(gone)}
    for name, value in (("lookups", lookups), ("routing", routing), ("texts/en", texts)):
        (copy / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return copy.parent
