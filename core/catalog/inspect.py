"""One plugin folder → what it is and everything that is wrong with it; the checker and the server both come here.

Knows the order in which files are looked at; the rules themselves stand in `core.catalog.inspection`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from core.catalog import alike, bundle, code, reading, shape
from core.catalog.faults import Faults
from core.catalog.hooks import HookFailed, Hooks
from core.catalog.inspection import (
    duties,
    form,
    form_ui,
    guide,
    letters,
    lookups,
    routing,
    scenarios,
    source,
    templates,
    texts,
)
from core.catalog.inspection.around import Around, Work
from core.catalog.places import listing, mapping
from core.catalog.reading import Files
from core.contract import Fault, Item, Office, Said, Source
from core.faults import near

__all__ = ["Around", "Inspection", "inspect", "inspect_files"]


@dataclass(frozen=True)
class Inspection:
    """What one folder is. `item` or `source` is there only when nothing is wrong with it."""

    id: str
    kind: str
    """item, source or code."""
    bundle: Mapping[str, Any] | None
    item: Item | None
    source: Source | None
    faults: tuple[Fault, ...]
    files: tuple[str, ...]
    title: str = ""
    unit: str = ""
    module: ModuleType | None = None
    scenarios: Mapping[str, Any] | None = None
    """cases/*.json by file name."""


def inspect(
    folder: Path,
    *,
    office: Office,
    sources: Mapping[str, Source],
    items: Collection[str],
    connectors: Collection[str],
    schemas: Path,
    broken: Collection[str] = (),
) -> Inspection:
    """Inspect one folder against everything around it. Never raises for what the folder holds."""
    faults = Faults(folder.name)
    files = read(folder, faults)
    module = load_code(folder, files, faults)
    around = Around(office, sources, items, {*connectors, *_own_connectors(folder.name, module)}, schemas, broken)
    return inspect_files(files, faults, around, module=module, folder=str(folder))


def _own_connectors(id: str, module: ModuleType | None) -> Collection[str]:
    if module is None:
        return ()
    hooks = Hooks()
    hooks.use({id: module})
    return list(hooks.connectors())


def read(folder: Path, faults: Faults) -> Files:
    try:
        return reading.read(folder, faults)
    except Exception as error:
        _internal(faults, error)
        return Files(folder.name, "code")


def load_code(folder: Path, files: Files, faults: Faults) -> ModuleType | None:
    return code.load(folder, files.text["plugin.py"], faults) if "plugin.py" in files.text else None


def inspect_files(
    files: Files, faults: Faults, around: Around, *, module: ModuleType | None = None, folder: str = ""
) -> Inspection:
    """The same for files that were read already; `faults` holds what reading found."""
    item: Item | None = None
    made: Source | None = None
    bundled: Mapping[str, Any] | None = None
    like = {name for name, one in files.json.items() if alike.LIKE in mapping(one)}
    files = _alike(files, faults)
    work = Work(files, faults, around)
    try:
        _folder(files, faults)
        for name, value in files.json.items():
            shape.check(form.modern(value) if name == form.FILE else value, name, around.schemas, faults)
        if any(one.code == "unknown-scenario" for one in faults.found):
            # What it would have had from the other one is not missing: the name of the other is wrong.
            lost = {faults.where(name, "/applicant") for name in like}
            faults.found[:] = [one for one in faults.found if one.code != "missing-key" or one.where not in lost]
        if files.kind == "item":
            _item(work)
        if files.has("source.json"):
            source.check(files, faults, around, module is None)
            texts.check(work)
        if files.kind == "item" and not faults.found:
            bundled = bundle_of(work)
            item = bundle.read_item(files.id, bundled)
            _ask(item, module, faults)
        elif files.kind == "source" and not faults.found:
            made = bundle.read_source(files.id, mapping(files.json["source.json"]), folder)
    except Exception as error:
        _internal(faults, error)
    if faults.found:
        item = None
    said = mapping(files.json.get("item.json") or files.json.get("source.json"))
    return Inspection(
        id=files.id,
        kind=files.kind,
        bundle=bundled,
        item=item,
        source=made,
        faults=told_once(sorted(faults.found, key=_order)),
        files=files.names,
        title=said["title"] if isinstance(said.get("title"), str) else files.id,
        unit=said["unit"] if isinstance(said.get("unit"), str) else "",
        module=module,
        scenarios={n: files.json[n] for n in files.within("cases") if n in files.json},
    )


def told_once(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """A fault that stands at the same place of several scenarios, which are copies of one another, is told at the
    first, which says in how many more it stands."""
    places: dict[tuple[str, str, str, str], list[Fault]] = {}
    for one in faults:
        file, _, at = one.where.partition("#")
        place = at if "/cases/" in file else one.where
        places.setdefault((place, one.code, one.what, one.hint), []).append(one)
    return tuple(_with_copies(same[0], len(same) - 1) for same in places.values())


def _with_copies(fault: Fault, more: int) -> Fault:
    if not more:
        return fault
    zh = fault.what.zh if isinstance(fault.what, Said) else fault.what
    files = "file" if more == 1 else "files"
    what = Said(f"{fault.what} The same in {more} more {files} of cases/.", f"{zh}cases/ 里还有 {more} 个文件同样。")
    return replace(fault, what=what)


_UNREAD = frozenset(
    ["unreadable-file", "link-out", "huge-file", "not-utf-8", "malformed-json", "bad-number", "broken-text", "too-deep"]
)


def _order(fault: Fault) -> tuple[bool, list[Any]]:
    """What could not be read first, for the rest may only follow from it; then by file and place, numbers as numbers,
    so that step 2 stands before step 10."""
    parts = re.split(r"[#/]", fault.where)
    return fault.code not in _UNREAD, [(p.isdigit(), int(p[:9]) if p.isdigit() else 0, p) for p in parts]


def _folder(files: Files, faults: Faults) -> None:
    if not reading.ID.fullmatch(files.id):
        faults.add("", "", "folder-name", id=files.id)
    if files.has("item.json") and files.has("source.json"):
        faults.add("source.json", "", "two-kinds")
    if files.kind == "item" and not files.has("item.json"):
        faults.add("item.json", "", "missing-file/item")
    if not files.names and not faults.found:
        if files.inside:
            faults.add("", "", "nothing-declared/inside", name=files.inside)
        else:
            faults.add("", "", "nothing-declared")


def _alike(files: Files, faults: Faults) -> Files:
    """The scenarios that say `like` another, written out."""
    cases = {name: files.json[name] for name in files.within("cases") if name in files.json}
    if not any(isinstance(one, Mapping) and alike.LIKE in one for one in cases.values()):
        return files
    stems = {name.removeprefix("cases/").removesuffix(".json"): name for name in cases}

    def told(stem: str, other: str) -> None:
        faults.add(
            stems[stem], "/like", "unknown-scenario", name=other, hint=near(other, [s for s in stems if s != stem])
        )

    made = alike.whole({stem: cases[name] for stem, name in stems.items()}, told)
    return replace(files, json={**files.json, **{stems[stem]: one for stem, one in made.items()}})


def _item(work: Work) -> None:
    form.prepare(work)
    routing.prepare(work)
    duties.prepare(work)
    guide.check(work)
    duties.check(work)
    letters.check(work)
    form.check(work)
    form_ui.check(work)
    lookups.check(work)
    routing.check(work)
    scenarios.check(work)
    texts.check(work)
    templates.check(work)


def _ask(item: Item, module: ModuleType | None, faults: Faults) -> None:
    """The plugin's own `inspect_item`."""
    if module is None:
        return
    hooks = Hooks()
    hooks.use({item.id: module})
    try:
        code.told(hooks.call_now(item.id, "inspect_item", item=item), faults)
    except HookFailed as error:
        faults.add("plugin.py", "", "hook-failed", reason=error.reason)


def _internal(faults: Faults, error: Exception) -> None:
    faults.add("", "", "internal", reason=type(error).__name__)


# --- the bundle ------------------------------------------------------------------------------------------


def bundle_of(work: Work) -> dict[str, Any]:
    """What a version is made of: every file that decides how the item works, with `$schema` hints removed."""
    files = work.files
    made: dict[str, Any] = {"item": _plain(work.guide)}
    if work.form is not None:
        made["form"] = bound(work)
    for key, name in (("ui", "form.ui.json"), ("lookups", "lookups.json"), ("routing", "routing.json")):
        if name in files.json:
            made[key] = _plain(work.routing if key == "routing" else files.json[name])
    said = {n.removeprefix("texts/").removesuffix(".json"): _plain(files.json[n]) for n in files.within("texts")}
    if said:
        # Fragments speak only the languages that the item speaks: a page half in English helps nobody.
        made["texts"] = {lang: {**work.fragment_texts.get(lang, {}), **own} for lang, own in sorted(said.items())}
    templates = {n.removeprefix("templates/"): files.text[n] for n in files.within("templates")}
    if templates:
        made["templates"] = templates
    return made


def _plain(value: Any) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k != "$schema"}


def bound(work: Work) -> dict[str, Any]:
    """The form, with `x-from` written in where a lookup about the applicant takes the very `x-element` asked for.

    Only where exactly one does, and only on the first level: deeper questions are about other people.
    """
    made: dict[str, Any] = dict(work.form)
    properties = {}
    for name, node in mapping(made.get("properties")).items():
        element = mapping(node).get("x-element")
        if isinstance(element, str) and not any(k in node for k in ("x-from", "x-suggest", "x-choices")):
            holders = list(_holders(work, element))
            if len(holders) == 1:
                node = {**node, "x-from": holders[0]}
        properties[name] = node
    if properties:
        made["properties"] = properties
    return made


def _holders(work: Work, element: str) -> Any:
    for name, said in work.lookups.items():
        held = work.around.sources.get(str(mapping(said).get("source")))
        if held is None or not form.about_the_applicant(mapping(said)):
            continue
        for field, node in mapping(held.record.get("properties")).items():
            if mapping(node).get("x-element") == element and field in listing(mapping(said).get("take")):
                yield f"/lookups/{name}/{field}"
