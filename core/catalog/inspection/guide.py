"""item.json: unit, themes, materials, amounts and result against what the folder and the office hold.

Knows what each kind of handling needs; computes no amount.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.catalog.inspection import conditions, refusals, times, windows
from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import is_number, mismatch
from core.catalog.places import OPEN, Node, Place, listing, mapping
from core.contract import LEVELS
from core.faults import also, near, say, which
from core.faults.shapes import VALUES
from core.judge.amounts import WITHIN
from core.judge.blanks import named_facts
from core.judge.clock import Span, span_of
from core.judge.legal_clock import DELIVERY_DAYS, PAUSE_KINDS
from core.judge.schema import parts_of, token

FILE = "item.json"


def check(work: Work) -> None:
    guide = work.guide
    _handling(work, guide)
    unit(work, FILE, "/unit", guide.get("unit"))
    for i, name in enumerate(listing(guide.get("joint_units"))):
        unit(work, FILE, f"/joint_units/{i}", name, office=False)
    themes = set(work.around.office.themes.values())
    for i, theme in enumerate(listing(guide.get("themes"))):
        if isinstance(theme, str) and theme not in themes:
            work.faults.add(
                FILE,
                f"/themes/{i}",
                "unknown-theme",
                name=theme,
                themes="、".join(sorted(themes)),
                hint=near(theme, themes),
            )
    times.check(work)
    windows.check(work)
    _pauses(work, guide)
    refusals.check(work)
    _correction(work, guide)
    _deliver(work, guide)
    _materials(work, guide)
    _handover(work, guide)
    lines(work, "/fee", guide.get("fee"))
    _sums(work, guide)
    _payment(work, guide)
    result = mapping(guide.get("result"))
    lines(work, "/result/amount", result.get("amount"))
    _valid(work, "/result", result)
    template(work, "/result/template", result.get("template"))
    _also(work, result)


def _sums(work: Work, guide: Mapping[str, Any]) -> None:
    seen: set[Any] = set()
    for i, one in enumerate(map(mapping, listing(guide.get("sums")))):
        if one.get("id") in seen:
            work.faults.add(FILE, f"/sums/{i}/id", "duplicate-id/sum", id=one["id"])
        seen.add(one["id"] if isinstance(one.get("id"), str) else None)
        lines(work, f"/sums/{i}/lines", one.get("lines"))


def _pauses(work: Work, guide: Mapping[str, Any]) -> None:
    said = listing(guide.get("pauses"))
    if said and guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, "/pauses", "pause-wrong", handling=guide["handling"])
    seen = set(PAUSE_KINDS)
    for i, one in enumerate(map(mapping, said)):
        id = one.get("id")
        if isinstance(id, str) and id in seen:
            work.faults.add(FILE, f"/pauses/{i}/id", "duplicate-id/pause", id=id)
        if isinstance(id, str):
            seen.add(id)
        if "days" in one and "calendar_days" in one:
            work.faults.add(FILE, f"/pauses/{i}", "pause-wrong/both")


def _one_clock(work: Work, at: str, said: Mapping[str, Any], code: str) -> str:
    """The unit in which a time is said; "" where it is said in none or in both, which is a fault."""
    clocks = [key for key in ("days", "calendar_days") if key in said]
    if len(clocks) == 1:
        return clocks[0]
    work.faults.add(FILE, at, f"{code}/both" if clocks else f"{code}/days")
    return ""


def _correction(work: Work, guide: Mapping[str, Any]) -> None:
    said = guide.get("correction")
    if not isinstance(said, Mapping):
        return
    at = "/correction"
    if guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, at, "correction-wrong", handling=guide["handling"])
    _one_clock(work, at, said, "correction-wrong")
    if said.get("otherwise") == "close" and not said.get("basis"):
        work.faults.add(FILE, f"{at}/basis", "correction-wrong/basis")


def _deliver(work: Work, guide: Mapping[str, Any]) -> None:
    said = guide.get("deliver")
    if not isinstance(said, Mapping):
        return
    at = "/deliver"
    if guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, at, "deliver-wrong", handling=guide["handling"])
    clock = _one_clock(work, at, said, "deliver-wrong")
    if (
        clock
        and guide.get("type") == "行政许可"
        and type(said[clock]) is int
        and times.is_longer(span_of(said), Span(DELIVERY_DAYS))
    ):
        work.faults.add(FILE, f"{at}/{clock}", "deliver-wrong/law", most=DELIVERY_DAYS)


def _payment(work: Work, guide: Mapping[str, Any]) -> None:
    said = guide.get("payment")
    if not isinstance(said, Mapping):
        return
    at = "/payment"
    if guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, at, "payment-wrong/case", handling=guide["handling"])
    elif not guide.get("fee"):
        work.faults.add(FILE, at, "payment-wrong")
    _one_clock(work, at, said, "payment-wrong")
    if said.get("before") == "delivery" and said.get("otherwise") == "close":
        work.faults.add(FILE, f"{at}/otherwise", "payment-wrong/close")
    if said.get("before") == "acceptance" and "/findings/" in json.dumps(guide.get("fee")):
        work.faults.add(FILE, f"{at}/before", "payment-wrong/early")


def _valid(work: Work, at: str, result: Mapping[str, Any], each: Place | None = None) -> None:
    for unit_, pointer in mapping(result.get("valid")).items():
        here = f"{at}/valid/{token(unit_)}"
        place = work.of_row(FILE, here, pointer, each)
        if place is not None and "integer" not in place.types:
            mismatch(work, FILE, here, VALUES["integer"], place.types)
    for key in ("valid_from", "valid_after"):
        if key in result:
            conditions.date(work, FILE, f"{at}/{key}", result[key], each=each)
            if "valid" not in result:
                work.faults.add(FILE, f"{at}/{key}", "missing-key/valid", key=key)
    until = result.get("valid_until")
    for i, said in enumerate([until] if isinstance(until, str) else listing(until)):
        here = f"{at}/valid_until" + ("" if isinstance(until, str) else f"/{i}")
        if not isinstance(said, str) or said.startswith("/"):
            conditions.date(work, FILE, here, said, each=each)
        elif not windows.is_day(said):
            work.faults.add(FILE, here, "window-wrong/day", day=said)


def _also(work: Work, result: Mapping[str, Any]) -> None:
    """Further results: an id each, rows that are rows, and nothing of a row where there is none."""
    seen: set[Any] = set()
    for i, line in enumerate(map(mapping, listing(result.get("also")))):
        at, id = f"/result/also/{i}", line.get("id")
        if isinstance(id, str) and id in seen:
            work.faults.add(FILE, f"{at}/id", "duplicate-id/result", id=id)
        seen.add(id if isinstance(id, str) else None)
        each = None
        if "each" not in line and "/each/" in json.dumps(line):
            work.faults.add(FILE, at, "each-unused/result")
            each = Place((Node(OPEN, OPEN),))
        if "each" in line:
            rows = work.place(FILE, f"{at}/each", line["each"])
            each = rows.inner("*") if rows is not None else Place((Node(OPEN, OPEN),))
            if rows is not None and "array" not in rows.types:
                work.faults.add(FILE, f"{at}/each", "not-a-list", pointer=line["each"])
        if "when" in line:
            conditions.check(work, FILE, f"{at}/when", line["when"], each)
        for pointer in named_facts(line["title"]) if isinstance(line.get("title"), str) else ():
            work.of_row(FILE, f"{at}/title", pointer, each)
        _valid(work, at, line, each)
        template(work, f"{at}/template", line.get("template"))


def _handling(work: Work, guide: Mapping[str, Any]) -> None:
    handling = guide.get("handling")
    if handling in ("instant", "promised") and not work.files.has("routing.json"):
        work.faults.add("routing.json", "", "missing-file/routing")
    if handling == "query":
        if not work.files.has("lookups.json"):
            work.faults.add("lookups.json", "", "missing-file/lookups")
        if "answer" not in guide and guide:
            work.faults.add(FILE, "/answer", "query-without-answer", hint=near("", work.lookups))
        for key in work.routing:
            if key not in ("sites", "$schema"):
                work.faults.add("routing.json", f"/{token(key)}", "query-routing", key=key)
    if handling == "handoff" and "url" not in guide:
        work.faults.add(FILE, "/url", "handoff-without-url")
    answer = guide.get("answer")
    if isinstance(answer, str):
        lookup(work, FILE, "/answer", answer)


def unit(work: Work, file: str, at: str, name: Any, *, office: bool = True, level: Any = None) -> None:
    """A fault unless the unit exists and, where it has something to decide, has an office."""
    known = work.around.office
    if not isinstance(name, str):
        return
    if name not in known.units:
        titles = {one.id: one.name for one in known.units.values()}
        work.faults.add(file, at, "unknown-unit/office", name=name, hint=which(name, titles))
    elif office:
        areas = [a for u, a in known.offices if u == name]
        if not areas:
            work.faults.add(file, at, "unit-without-office", name=name)
        elif level in LEVELS and not any(a in known.areas and known.areas[a].level == level for a in areas):
            there = sorted({u for u, a in known.offices if a in known.areas and known.areas[a].level == level})
            names = ", ".join(there[:8])
            hint = (
                say("Units with one there: {names}.", "在那里有办公室的部门：{names}。", names=names) if there else ""
            )
            work.faults.add(file, at, "unit-without-office/level", hint=hint, name=name, level=level)


def lookup(work: Work, file: str, at: str, name: str) -> None:
    if name not in work.lookups and not work.unread("lookups.json"):
        work.faults.add(file, at, "unknown-lookup", name=name, hint=near(name, work.lookups))


def template(work: Work, at: str, name: Any) -> None:
    if isinstance(name, str) and not work.files.has(f"templates/{name}"):
        known = [n.removeprefix("templates/") for n in work.files.within("templates")]
        work.faults.add(FILE, at, "unknown-template", name=name, hint=near(name, known))


def _materials(work: Work, guide: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for i, said in enumerate(listing(guide.get("materials"))):
        if not isinstance(said, Mapping):
            continue
        at = f"/materials/{i}"
        template(work, f"{at}/sample", said.get("sample"))
        id = said.get("id")
        if isinstance(id, str):
            if id in seen:
                work.faults.add(FILE, f"{at}/id", "duplicate-id", id=id)
            seen.add(id)
        proof = said.get("proved_by")
        if isinstance(proof, str):
            lookup(work, FILE, f"{at}/proved_by", proof)
        for j, group in enumerate(listing(proof)):
            if isinstance(group, str):
                lookup(work, FILE, f"{at}/proved_by/{j}", group)
            for k, name in enumerate(listing(group)):
                if isinstance(name, str):
                    lookup(work, FILE, f"{at}/proved_by/{j}/{k}", name)
        for key in ("when", "valid_when"):
            if key in said:
                conditions.check(work, FILE, f"{at}/{key}", said[key])
                _order(work, f"{at}/{key}", said[key], seen - {str(id)})
        if not said.get("basis") and _closes(said.get("fallback")):
            work.faults.add(FILE, f"{at}/basis", "later-without-basis")
        unit(work, FILE, f"{at}/issued_by", said.get("issued_by"), office=False)
        _fallback(work, f"{at}/fallback", said.get("fallback"), proof)
        conditions.in_order(work, FILE, f"{at}/fallback", said.get("fallback"))
        for j, line in enumerate(map(mapping, listing(said.get("fallback")))):
            if "when" in line:
                conditions.check(work, FILE, f"{at}/fallback/{j}/when", line["when"])
                _order(work, f"{at}/fallback/{j}/when", line["when"], seen - {str(id)})
            _fallback(work, f"{at}/fallback/{j}/fallback", line.get("fallback"), proof)


def _closes(fallback: Any) -> bool:
    """Whether some way of handing it in later ends the application where it does not come."""
    if isinstance(fallback, list):
        return any(map(_closes, fallback))
    said = mapping(fallback)
    return ("later" in said and said.get("otherwise") == "close") or any(map(_closes, said.values()))


def _handover(work: Work, guide: Mapping[str, Any]) -> None:
    materials = [str(one.get("id")) for one in map(mapping, listing(guide.get("materials")))]
    also = listing(mapping(guide.get("result")).get("also"))
    results = list(dict.fromkeys(str(one.get("id")) for one in map(mapping, also)))
    seen: set[Any] = set()
    for i, thing in enumerate(map(mapping, listing(guide.get("handover")))):
        at, id, material = f"/handover/{i}", thing.get("id"), thing.get("material")
        if isinstance(id, str) and id in seen:
            work.faults.add(FILE, f"{at}/id", "duplicate-id/thing", id=id)
        seen.add(id if isinstance(id, str) else None)
        result = thing.get("result")
        if isinstance(result, str) and result not in results:
            work.faults.add(FILE, f"{at}/result", "unknown-result", name=result, hint=near(result, results))
        if isinstance(material, str) and material not in materials:
            work.faults.add(FILE, f"{at}/material", "unknown-material", name=material, hint=near(material, materials))
        if "when" in thing:
            conditions.check(work, FILE, f"{at}/when", thing["when"])


def _order(work: Work, at: str, condition: Any, before: set[Any]) -> None:
    """Materials are judged in their order: one may read the status of those before it only."""
    for pointer in conditions.pointers(condition):
        parts = parts_of(pointer)
        later = parts[:1] == ["materials"] and len(parts) == 2 and parts[1] not in before
        if later and isinstance(work.declared.at(pointer), Place):
            work.faults.add(FILE, at, "later-material", id=parts[1])


def _fallback(work: Work, at: str, said: Any, proof: Any) -> None:
    if not isinstance(said, Mapping):
        return
    names = [
        n for one in (proof if isinstance(proof, list) else [proof]) for n in (one if isinstance(one, list) else [one])
    ]
    asked = [mapping(work.lookups.get(n)) for n in names if isinstance(n, str)]
    if "empty" in said and asked and all(one.get("many") is True or "each" in one for one in asked):
        work.faults.add(FILE, f"{at}/empty", "never-reached/empty", names=also([f'"{n}"' for n in names]))
    _confirmers(work, at, said)
    for outcome, inner in said.items():
        if isinstance(inner, Mapping) and outcome != "when":
            _confirmers(work, f"{at}/{token(outcome)}", inner)


def _confirmers(work: Work, at: str, fallback: Mapping[str, Any]) -> None:
    said = fallback.get("confirm")
    if isinstance(said, str):
        work.place(FILE, f"{at}/confirm", said, star=True)
    for i, pointer in enumerate(listing(said)):
        work.place(FILE, f"{at}/confirm/{i}", pointer, star=True)
    if "when" not in fallback or said is None:
        return
    rows = [parts for one in ([said] if isinstance(said, str) else listing(said))
            if isinstance(one, str) and "*" in (parts := parts_of(one))]  # fmt: skip
    if not rows:
        work.faults.add(FILE, f"{at}/when", "not-a-list/parties")
    for parts in rows:
        last = len(parts) - list(reversed(parts)).index("*")
        row = work.declared.at("/" + "/".join(map(token, parts[:last])))
        conditions.check(work, FILE, f"{at}/when", fallback["when"], row if isinstance(row, Place) else None)


_ANY_ROW = Place((Node(OPEN, OPEN),))
"""Where the list is told to be nobody's, nothing more is told of its rows."""


def lines(work: Work, at: str, said: Any, *, outer: Place | None = None) -> None:
    """Fee and amount: conditions that can hold, rows that are rows, and factors that are numbers.

    `outer`: the row of the line around, where one line stands within another.
    """
    for i, line in enumerate(map(mapping, listing(said))):
        each = outer
        if "each" in line:
            rows = work.place(FILE, f"{at}/{i}/each", line["each"])
            each = rows.inner("*") if rows is not None else _ANY_ROW
            if rows is not None and "array" not in rows.types:
                work.faults.add(FILE, f"{at}/{i}/each", "not-a-list", pointer=line["each"])
        if "when" in line:
            conditions.check(work, FILE, f"{at}/{i}/when", line["when"], each)
        if line and len({"amount", *WITHIN} & line.keys()) != 1:
            work.faults.add(FILE, f"{at}/{i}", "line-without-amount")
        for way in WITHIN:
            lines(work, f"{at}/{i}/{way}", line.get(way), outer=each)
        if "times" in line and "amount" not in line and line.keys() & set(WITHIN):
            work.faults.add(FILE, f"{at}/{i}/times", "line-without-amount/times")
        times = line.get("times")
        single = isinstance(times, str)
        for j, pointer in enumerate([times] if single else listing(times)):
            here = f"{at}/{i}/times" + ("" if single else f"/{j}")
            if each is not None and isinstance(pointer, str) and parts_of(pointer)[:1] == ["each"]:
                place = work.row(FILE, here, pointer, each)
            else:
                place = work.place(FILE, here, pointer)
            if place is not None and not is_number(place):
                mismatch(work, FILE, here, VALUES["number"], place.types)
