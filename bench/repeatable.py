"""The elder's allowance as one person may file it again and again: without its rule against a second grant.

Knows that rule and no other: what is filed is an approval on the same three lookups, time after time.
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
    last = len(routing["decide"]) - 1
    if list(routing["decide"][last]["when"]) != [EARLIER]:
        raise RuntimeError(f"The last rule of {FOLDER.name} is not that against a second grant.")
    del routing["decide"][last]
    for rule in routing["decide"]:
        rule["when"].pop(EARLIER, None)
    gone = ("lookups.json#/lookups/earlier/", f"routing.json#/decide/{last}/")
    texts = {key: text for key, text in texts.items() if not key.startswith(gone)}
    for name, value in (("lookups", lookups), ("routing", routing), ("texts/en", texts)):
        (copy / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return copy.parent
