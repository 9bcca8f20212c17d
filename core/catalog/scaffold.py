"""`lingban new`: a folder that passes its own check and scenarios, from plugins/_template and a few answers.

Knows what a beginner needs to see first; nothing of the office but the names it is given.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.catalog import held_once, tables
from core.catalog.bundle import read_source
from core.catalog.places import mapping
from core.catalog.reading import ID
from core.catalog.samples import sample
from core.contract import Office, Source
from core.errors import UsageError
from core.faults import near
from core.settings import bundled

SITES = "city:decide,town:decide,village:collect"
"""What sites may do where nobody says."""
HANDLINGS = ("instant", "promised", "query", "handoff")
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "person": {"kind": "person", "name": "测试甲", "id_number": "11010519491231002X", "area": "320583103205",
               "groups": []},
    "enterprise": {"kind": "enterprise", "name": "示例有限公司", "credit_code": "91350100M000100Y43",
                   "area": "320583103205", "groups": []},
}  # fmt: skip
OWN = {"id_number": "person", "credit_code": "enterprise"}
_USUAL = {"person": "natural-person", "enterprise": "legal-entity"}
_TODAY = "2026-11-23"
_WIDTH = 100


def new(
    kind: str,
    name: str,
    into: Path,
    answers: Mapping[str, Any] | None = None,
    *,
    sources: Mapping[str, Source] | None = None,
    office: Office | None = None,
) -> Path:
    """Make the folder `into/name` and return it.

    `answers` as `interview` asks them, each of which may be left out; lists may be texts with commas. Of an item:
    title, audience, handling, sources, once (nobody may hold it twice), sites (`level:may`), unit, themes, url. Of a
    source: title, audience, unit; of one that is a table, instead of audience: table (a `tables.Table`), keys, public.

    Without `sources` the bundled ones are known; with `office` there is a scenario for each level of
    `sites`. Raises UsageError for a name that cannot be an id, a folder that exists, or an answer that means nothing.
    """
    refuse(kind, name, into)
    folder = into / name
    said = answers or {}
    templates = bundled("plugins") / "_template"
    if kind == "item":
        files = _item(name, said, templates / kind, sources, office)
    elif said.get("table"):
        files = _table(name, said, templates)
    else:
        files = _source(name, said, templates / kind)
    folder.mkdir(parents=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            target.write_text(content if isinstance(content, str) else _json(content), encoding="utf-8")
    _point_at_schemas(folder)
    return folder


def refuse(kind: str, name: str, into: Path) -> None:
    """Raises UsageError for a folder that cannot be made."""
    if kind not in ("item", "source"):
        raise UsageError(f'"{kind}" cannot be made new; say item or source.')
    if not ID.fullmatch(name):
        raise UsageError(
            f'"{name}" cannot be an id. Use small English letters, digits and hyphens, such as dog-licence.'
        )
    if (into / name).exists():
        raise UsageError(f"{into / name} exists already. Choose another name.")


def _json(value: Any) -> str:
    return laid_out(value) + "\n"


def laid_out(value: Any, indent: str = "") -> str:
    """JSON as a person writes it: what fits on a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if (len(line) + len(indent) <= _WIDTH and indent) or not value or not isinstance(value, (dict, list)):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(k, ensure_ascii=False)}: {laid_out(v, inner)}" for k, v in value.items()]
    else:
        parts = [laid_out(v, inner) for v in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _point_at_schemas(folder: Path) -> None:
    """Editors complete and underline by `$schema`; the path depends on where the folder is made."""
    schemas = bundled("schemas")
    names = {"item.json": "item", "lookups.json": "lookups", "routing.json": "routing", "source.json": "source"}
    for path in sorted(folder.rglob("*.json")):
        name = "scenario" if path.parent.name == "cases" else names.get(path.name)
        if name is None or path.parent.name == "captured":
            continue
        hint = os.path.relpath(schemas / f"{name}.schema.json", path.parent)
        said = {k: v for k, v in json.loads(path.read_text(encoding="utf-8")).items() if k != "$schema"}
        path.write_text(_json({"$schema": hint.replace(os.sep, "/"), **said}), encoding="utf-8")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _listed(value: Any) -> list[str]:
    return [v.strip() for v in value.split(",") if v.strip()] if isinstance(value, str) else list(value or ())


# --- an item ---------------------------------------------------------------------------------------------


def _item(
    name: str,
    answers: Mapping[str, Any],
    template: Path,
    known: Mapping[str, Source] | None,
    office: Office | None,
) -> dict[str, Any]:
    audience = _listed(answers.get("audience")) or ["person"]
    handling = answers.get("handling") or "instant"
    if handling not in HANDLINGS:
        raise UsageError(f'"{handling}" is no handling. One of {", ".join(HANDLINGS)}.')
    for one in audience:
        if one not in PEOPLE:
            raise UsageError(f'"{one}" is no audience. One of {", ".join(PEOPLE)}.')
    known = _bundled_sources() if known is None else known
    usual = [_USUAL[one] for one in audience if _USUAL[one] in known]
    wanted = usual if answers.get("sources") is None else _listed(answers["sources"])
    for id in wanted:
        if id not in known:
            meant = near(id, known, bare=True) or f"There are: {', '.join(sorted(known))}."
            raise UsageError(f'"{id}" is not a source. {meant}')
    asked = {id.replace("-", "_"): known[id] for id in wanted} if handling != "handoff" else {}
    lookups = {n: made for n, s in asked.items() if (made := _lookup(s, audience)) is not None}
    guide = _read(template / "item.json")
    guide.update(title=answers.get("title") or name, audience=audience, handling=handling)
    guide["unit"] = answers.get("unit") or guide["unit"]
    guide["themes"] = _listed(answers.get("themes"))
    if handling == "promised":
        guide["promised_days"] = 5
    files: dict[str, Any] = {"README.md": _text(template / "README.md", name, guide["title"])}
    if handling in ("query", "handoff"):
        for key in ("materials", "result", "fee"):
            guide.pop(key)
    if handling == "handoff":
        guide["url"] = answers.get("url") or "https://example.invalid/"
        return {"item.json": guide, **files}
    if handling == "query" and not lookups:
        raise UsageError("A query answers from a source. Name one that can be asked by the applicant's own number.")
    sites = _sites(answers.get("sites"))
    once = held_once.EARLIER if answers.get("once") and handling != "query" else {}
    if once and "own-cases" not in known:
        raise UsageError('What may be held once is looked up in "own-cases", and there is no such source.')
    earlier = {once[one]: held_once.lookup(name, one) for one in audience if one in once}
    files["lookups.json"] = {"lookups": {**lookups, **earlier}}
    if handling == "query":
        guide["answer"] = next(iter(lookups))
        files["routing.json"] = {"sites": sites}
    else:
        guide["materials"] = [_material(n, asked[n], said, audience) for n, said in lookups.items()]
        files["form.json"] = _read(template / "form.json")
        files["routing.json"] = _routing(sites, guide, lookups, once)
        files["templates/result.html"] = (template / "templates" / "result.html").read_text(encoding="utf-8")
    files["item.json"] = guide
    for one in audience:
        suffix = f"-{one}" if len(audience) > 1 else ""
        made = _cases(guide, asked, lookups, one, suffix)
        files.update(made)
        if one in once:
            files.update(
                held_once.scenarios(next(iter(made.values())), once[one], rule=audience.index(one), suffix=suffix)
            )
    if office is not None and handling != "query":
        files.update(_at_sites(files, sites, office))
    return files


def _at_sites(files: Mapping[str, Any], sites: Mapping[str, str], office: Office) -> dict[str, Any]:
    """The first scenario once more at each level, in a village that the office has and what lies above it."""
    first = next(said for path, said in files.items() if path.startswith("cases/"))
    village = next((area for area in office.areas.values() if area.level == "village"), None)
    made, area = {}, village
    while village is not None and area is not None:
        if area.level in sites:
            kind = "station" if area.level == "village" else "hall"
            site = {"level": area.level, "area": area.code, "kind": kind}
            mode = "proxy" if sites[area.level] == "collect" else "direct"
            made[f"cases/at-{area.level}.json"] = {
                **first,
                "title": f"在{area.name}办",
                "channel": kind,
                "site": site,
                "applicant": {**first["applicant"], "area": village.code},
                "expect": {"problems": [], "mode": mode},
            }
        area = office.areas.get(area.parent or "")
    return made


def _suits(one: str, said: Mapping[str, Any]) -> bool:
    """The lookup can be asked for an applicant of this kind."""
    return all(p.rsplit("/", 1)[-1] in PEOPLE[one] for p in said["by"].values())


def _material(name: str, source: Source, said: Mapping[str, Any], audience: Sequence[str]) -> dict[str, Any]:
    made = {"id": name.replace("_", "-"), "title": f"{source.title}记录", "proved_by": name}
    kinds = [one for one in audience if _suits(one, said)]
    return made if len(kinds) == len(audience) else {**made, "when": {"/applicant/kind": {"const": kinds[0]}}}


def _bundled_sources() -> dict[str, Source]:
    found = {}
    for path in sorted(bundled("plugins").glob("*/source.json")):
        try:
            found[path.parent.name] = read_source(path.parent.name, _read(path), str(path.parent))
        except (OSError, ValueError, KeyError):
            continue  # a broken source is `check`'s affair
    return found


def askable(source: Source, audience: Sequence[str]) -> list[str]:
    """The fields to ask by, where the number of such an applicant is all that the source needs to be told."""
    fields = mapping(source.query.get("properties"))
    own = [f for f in fields if OWN.get(f) in audience]
    needed = list(source.query.get("required") or own[:1])
    one = {OWN.get(f) for f in needed}
    return needed if own and all(f in own for f in needed) and len(one) == 1 else []


def _lookup(source: Source, audience: Sequence[str]) -> dict[str, Any] | None:
    """The lookup about the applicant himself; None where the source cannot be asked by his number alone."""
    needed = askable(source, audience)
    if not needed:
        return None
    fields = mapping(source.query.get("properties"))
    properties = mapping(source.record.get("properties"))
    # A field that may be null leaves the material unproved: a beginner meets it when he takes it himself.
    take = [f for f, said in properties.items() if f not in fields and sample(said) is not None][:4]
    return {
        "source": source.id,
        "by": {f: f"/applicant/{f}" for f in needed},
        "take": take or list(properties)[:1],
        "purpose": f"请填写：为什么要查{source.title}",
        "basis": "请填写：查询的法律依据",
    }


def _sites(said: Any) -> dict[str, str]:
    if isinstance(said, Mapping):
        return dict(said)
    made = {}
    for pair in _listed(said or SITES):
        level, _, may = pair.partition(":")
        if level not in ("city", "town", "village") or may not in ("decide", "accept", "collect", "forward"):
            raise UsageError(f'"{pair}" is no site. Write level:what, such as village:collect.')
        made[level] = may
    return made


def _routing(
    sites: Mapping[str, str], guide: Mapping[str, Any], lookups: Mapping[str, Any], once: Mapping[str, str]
) -> dict[str, Any]:
    made: dict[str, Any] = {"sites": sites, "area": "same-city", "steps": [{"unit": guide["unit"], "days": 2}]}
    made["decide"] = [held_once.refusal(once[one]) for one in guide["audience"] if one in once]
    for one in guide["audience"] if guide["handling"] == "instant" else ():
        asked = [n for n, said in lookups.items() if _suits(one, said)]
        when: dict[str, Any] = {f"/outcomes/{n}": {"const": "found"} for n in asked}
        if len(guide["audience"]) > 1:
            when = {"/applicant/kind": {"const": one}, **when}
        if one in once:
            when[f"/lookups/{once[one]}"] = {"maxItems": 0}
        if asked:
            made["decide"].append({"when": when, "outcome": "approve", "because": "请填写：为什么可以当场办成"})
    return made


def _cases(
    guide: Mapping[str, Any], asked: Mapping[str, Source], lookups: Mapping[str, Any], one: str, suffix: str
) -> dict[str, Any]:
    own = [n for n, said in lookups.items() if _suits(one, said)]
    found = {n: {"found": _record(asked[n], lookups[n]["take"])} for n in own}
    answers = {} if guide["handling"] == "query" else {"phone": "13900000000"}
    base = {"today": _TODAY, "channel": "web", "applicant": PEOPLE[one], "answers": answers}
    if guide["handling"] == "query":
        shown: dict[str, Any] = {"problems": [], "decision": None}
        return {f"cases/answer{suffix}.json": {"title": "查到了", **base, "lookups": found, "expect": shown}}
    materials = {m["id"]: "proved" if m["proved_by"] in own else None for m in guide["materials"]}
    expect: dict[str, Any] = {"problems": [], "materials": materials, "decision": "review", "zero_material": True}
    approves = guide["handling"] == "instant" and own
    if approves:
        expect |= {"decision": "approve", "deadline": None}
    name, end = ("approve", "当场办成") if approves else ("review", "由人审核")
    made = {f"cases/{name}{suffix}.json": {"title": f"都查到了，{end}", **base, "lookups": found, "expect": expect}}
    if own:
        missing = {id: status and "upload" for id, status in materials.items()}
        expect = {"problems": [], "materials": missing, "decision": "review", "zero_material": False}
        down = dict.fromkeys(own, "down")
        title = "数据源没有应答，转人工"
        made[f"cases/down{suffix}.json"] = {"title": title, **base, "lookups": down, "expect": expect}
    return made


def _record(source: Source, take: Sequence[str]) -> dict[str, Any]:
    properties = mapping(source.record.get("properties"))
    return {field: sample(properties.get(field, {})) for field in take}


# --- a source --------------------------------------------------------------------------------------------


def _source(name: str, answers: Mapping[str, Any], template: Path) -> dict[str, Any]:
    audience = (_listed(answers.get("audience")) or ["person"])[0]
    if audience not in PEOPLE:
        raise UsageError(f'"{audience}" is no audience. One of {", ".join(PEOPLE)}.')
    said = _read(template / "source.json")
    said.update(title=answers.get("title") or name, connector=name, unit=answers.get("unit") or said["unit"])
    files: dict[str, Any] = {"source.json": said}
    for path in sorted(template.rglob("*")):
        relative = path.relative_to(template).as_posix()
        if path.is_file() and "__pycache__" not in relative and relative not in files:
            files[relative] = _text(path, name, said["title"])
    if audience == "enterprise":
        _of_enterprises(said)
        record = json.loads(files["captured/one.json"])
        del record["id_number"]
        whose = PEOPLE["enterprise"]
        files["captured/one.json"] = {"credit_code": whose["credit_code"], **record, "name": whose["name"]}
    return files


def _table(name: str, answers: Mapping[str, Any], templates: Path) -> dict[str, Any]:
    """A source that is a CSV or Excel file: no line of code. Without rows of its own it gets one, made up."""
    table: tables.Table = answers["table"]
    if not table.columns:
        raise UsageError("表格里一列也没有。")
    keys = _listed(answers.get("keys")) or [tables.usual_key(table.columns).field]
    contract = tables.contract(table, keys, public=bool(answers.get("public")))
    if not table.content:
        row = {field: sample(said) for field, said in contract["record"]["properties"].items()}
        table = replace(table, content=tables.written(table.columns, row))
    said = _read(templates / "source" / "source.json")
    said.update(
        title=answers.get("title") or name, connector="table", unit=answers.get("unit") or said["unit"], **contract
    )
    readme = _text(templates / "table" / "README.md", name, said["title"])
    titles = "、".join(one["title"] for one in said["query"]["properties"].values())
    for blank, word in {"{file}": table.name, "{keys}": titles, "{key}": said["query"]["required"][0]}.items():
        readme = readme.replace(blank, word)
    return {"source.json": said, table.name: table.content, "README.md": readme}


def _of_enterprises(said: dict[str, Any]) -> None:
    """The contract of a register of firms, which are known by their credit code."""
    code = {"title": "统一社会信用代码", "type": "string", "format": "cn-credit-code"}
    said["query"].update(properties={"credit_code": code}, required=["credit_code"])
    properties = {k: v for k, v in said["record"]["properties"].items() if k != "id_number"}
    properties["name"] = {"title": "企业名称", "type": "string", "x-element": "enterprise_name"}
    said["record"]["properties"] = {"credit_code": code, **properties}
    said["record"]["required"] = ["credit_code", *(f for f in said["record"]["required"] if f != "id_number")]


def _text(path: Path, name: str, title: str) -> str:
    return path.read_text(encoding="utf-8").replace("{id}", name).replace("{title}", title)
