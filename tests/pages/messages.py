"""Every sentence that pages can say, and the English catalog brought up to date with it.

`python -m tests.pages.messages` adds what is new (untranslated) and drops what nobody says any more.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from core.web import errors, rendering

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core/web", "forms", "admin")
CATALOG = rendering.HERE / "locale" / "en" / "LC_MESSAGES" / "lingban.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.i18n"}

Id = str | tuple[str, ...]


def said() -> Iterator[tuple[Id, str]]:
    """(msgid, where) of every sentence marked in a template or a module, and those of the error pages."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.html")):
            if "templates" in path.parts:
                yield from _of(path, "jinja2.ext:babel_extract", JINJA)
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from _of(path, "python", {})
    yield from _of(ROOT / "core/cases/outcomes.py", "python", {})
    yield from _seeded()
    for pair in (*errors.SENTENCES.values(), *errors.BY_CODE.values()):
        for text in pair:
            yield text, "core/web/errors.py"


def _seeded() -> Iterator[tuple[Id, str]]:
    """Names that the bundled data gives: themes, units, sources and the fields of their records."""
    for sheet in ("themes", "units"):
        with (ROOT / "seeds" / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield row["name"], f"seeds/{sheet}.csv"
    for path in sorted((ROOT / "plugins").glob("*/source.json")):
        declared = json.loads(path.read_text(encoding="utf-8"))
        titles = [one.get("title") for one in declared["record"].get("properties", {}).values()]
        for title in dict.fromkeys([declared["title"], *titles]):
            if title:
                yield title, f"plugins/{path.parent.name}/source.json"


def _of(path: Path, method: str, options: dict[str, str]) -> Iterator[tuple[Id, str]]:
    where = str(path.relative_to(ROOT))
    for _line, id, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
        if id and any(ord(c) > 0x2E7F for c in str(id)):
            yield (tuple(id) if isinstance(id, (tuple, list)) else id), where


def catalog() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en", domain="lingban")


def brought_up_to_date() -> Catalog:
    old = catalog() if CATALOG.exists() else Catalog(locale="en", domain="lingban")
    new = Catalog(locale="en", domain="lingban", project="Lingban", fuzzy=False)
    for id, where in said():
        first = id if isinstance(id, str) else id[0]
        kept = old.get(first)
        text = kept.string if isinstance(kept, Message) else ("" if isinstance(id, str) else ("", ""))
        flags = {"python-format"} if "%(" in first else set()
        new.add(id, text, locations=[(where, None)], flags=flags)  # type: ignore[list-item]
    return new


def is_translated(message: Message) -> bool:
    return bool(message.string) and (isinstance(message.string, str) or all(message.string or ("",)))


if __name__ == "__main__":
    made = brought_up_to_date()
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    with CATALOG.open("wb") as out:
        write_po(out, made, sort_output=False, include_lineno=False, omit_header=True, width=120)
    missing = [m.id for m in made if m.id and not is_translated(m)]
    print(f"{len(made)} sentences, {len(missing)} without English")
    for id in missing:
        print(" ", id)
