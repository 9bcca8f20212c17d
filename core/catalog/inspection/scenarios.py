"""cases/*.json: scenarios that speak of lookups, materials, rules and places that exist.

Knows the names only; `core.judge.scenario` runs them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.catalog.inspection import values
from core.catalog.inspection.around import Work
from core.catalog.places import Node, Place, listing, mapping
from core.contract import LEVELS
from core.faults import near
from core.judge import schema as schemas
from core.judge.fields import without_filled
from core.judge.legal_clock import PAUSE_KINDS
from core.judge.pointers import resolve
from core.judge.schema import token


def check(work: Work) -> None:
    if not work.files.within("cases"):
        return
    fits = _Fits(work)
    for file in work.files.within("cases"):
        said = work.files.json.get(file)
        if isinstance(said, Mapping):
            _scenario(work, file, said, fits)


def _scenario(work: Work, file: str, said: Mapping[str, Any], fits: _Fits) -> None:
    office, materials = work.around.office, fits.ids["materials"]
    for name, outcome in mapping(said.get("lookups")).items():
        at = f"/lookups/{token(name)}"
        if _known(work, file, at, name, work.lookups, "lookup") and isinstance(outcome, Mapping):
            _found(work, file, f"{at}/found", name, outcome.get("found"), fits)
    for key in ("given", "promises", "confirmed"):
        for i, id in enumerate(listing(said.get(key))):
            _known(work, file, f"/{key}/{i}", id, materials, "material")
    for id in mapping(said.get("confirmations")):
        _known(work, file, f"/confirmations/{token(id)}", id, materials, "material")
    for i, name in enumerate(listing(said.get("consents"))):
        _known(work, file, f"/consents/{i}", name, work.lookups, "lookup")
    _findings(work, file, mapping(said.get("findings")))
    for i, one in enumerate(map(mapping, listing(said.get("pauses")))):
        _known(work, file, f"/pauses/{i}/kind", one.get("kind"), [*PAUSE_KINDS, *fits.ids["pauses"]], "pause")
    expect = mapping(said.get("expect"))
    for id in mapping(expect.get("materials")):
        _known(work, file, f"/expect/materials/{token(id)}", id, materials, "material")
    for id in mapping(expect.get("sums")):
        _known(work, file, f"/expect/sums/{token(id)}", id, fits.ids["sums"], "sum")
    _known(work, file, "/expect/deciding", expect.get("deciding"), office.units, "unit")
    _known(work, file, "/expect/deciding_area", expect.get("deciding_area"), office.areas, "area")
    for i, unit in enumerate(listing(expect.get("steps"))):
        _known(work, file, f"/expect/steps/{i}", unit, office.units, "unit")
    for i, id in enumerate(listing(expect.get("handover"))):
        _known(work, file, f"/expect/handover/{i}", id, fits.ids["handover"], "thing")
    for at, named in (("/expect", expect), ("/expect/approved", mapping(expect.get("approved")))):
        for id in mapping(named.get("duties")):
            _known(work, file, f"{at}/duties/{token(id)}", id, fits.ids["duties"], "duty")
        for i, one in enumerate(listing(named.get("results"))):
            said_id = one.get("id") if isinstance(one, Mapping) else one
            here = f"{at}/results/{i}" + ("/id" if isinstance(one, Mapping) else "")
            _known(work, file, here, said_id, fits.ids["also"], "result")
    for i, id in enumerate(listing(expect.get("letters"))):
        _known(work, file, f"/expect/letters/{i}", id, fits.ids["letters"], "letter")
    for i, area in enumerate(listing(expect.get("step_areas"))):
        _known(work, file, f"/expect/step_areas/{i}", area, office.areas, "area")
    for i, at in enumerate(listing(expect.get("problems"))):
        if isinstance(at, str) and at and not at.startswith("/"):
            work.faults.add(file, f"/expect/problems/{i}", "bad-pointer/name", name=at, title="")
        elif at == "/today" and work.guide.get("open"):
            continue  # filed on a day on which it is not open
        elif isinstance(at, str) and at and not at.startswith(_ELSEWHERE):
            work.place(file, f"/expect/problems/{i}", f"/answers{at}")
    _priority(work, file, expect.get("priority"))
    _applicant(work, file, said, fits)
    _answers(work, file, mapping(said.get("answers")), listing(expect.get("problems")), fits)
    _known(work, file, "/expect/rule", expect.get("rule"), fits.rules, "rule")
    site = mapping(said.get("site"))
    _known(work, file, "/site/area", site.get("area"), office.areas, "area")
    _known(work, file, "/site/id", site.get("id"), office.sites, "area")
    area = office.areas.get(str(site.get("area")))
    if area is not None and site.get("level") in LEVELS and area.level != site["level"]:
        work.faults.add(file, "/site/area", "unknown-area/level", name=area.code, real=area.level, level=site["level"])


_ELSEWHERE = ("/site", "/applicant", "/agent", "/materials")
"""Problems that are not of the form stand at these."""


def _priority(work: Work, file: str, said: Any) -> None:
    given = [mapping(mapping(rule).get("then")).get("priority") for rule in listing(work.routing.get("rules"))]
    known = [one for one in given if isinstance(one, str)]
    if isinstance(said, str) and said not in known and not work.unread("routing.json"):
        work.faults.add(file, "/expect/priority", "unknown-priority", name=said, hint=near(said, known))


class _Fits:
    """What the values of this item's scenarios have to be, made once for all of them."""

    def __init__(self, work: Work) -> None:
        place, form = work.declared.at("/applicant"), work.declared.at("/answers")
        self.applicant = place if isinstance(place, Place) else Place(())
        self.form = form if isinstance(form, Place) else None
        if work.unread("form.json") or (work.form is None and work.files.has("form.json")):
            self.form = None
        self.people = {name: wanted for name in self.applicant.names() if (wanted := _at(self.applicant, name))}
        self.asked_by = [(holder, name, values.wanted_at(wanted)) for holder, name, wanted in _asked_by(work)]
        result = mapping(work.guide.get("result"))
        lists = {"also": result.get("also")} | {
            key: work.guide.get(key) for key in ("materials", "handover", "duties", "letters", "pauses", "sums")
        }
        self.ids = {key: [str(one.get("id")) for one in map(mapping, listing(said))] for key, said in lists.items()}
        self.rules = [f"/decide/{i}" for i in range(len(listing(work.routing.get("decide"))))]
        self.answers: dict[str, values.Wanted | None] = {}
        self.records: dict[str, values.Wanted] = {}
        for name, one in work.lookups.items():
            source = work.around.sources.get(str(mapping(one).get("source")))
            if source is not None:
                self.records[name] = values.Wanted([values.fields_of(source.record)])

    def answer(self, name: str) -> values.Wanted | None:
        if name not in self.answers:
            inner = self.form.inner(name) if self.form else None
            self.answers[name] = values.wanted_at(_posted(inner)) if inner is not None else None
        return self.answers[name]


def _posted(place: Place) -> Place:
    """What an applicant has to send of it: what a lookup fills is not missing."""
    return Place(tuple(replace(n, schema=without_filled(dict(n.schema)), root=_sent(n.root)) for n in place.nodes))


def _sent(root: Any) -> Any:
    return without_filled(dict(root)) if isinstance(root, Mapping) else root


def _at(place: Place, name: str) -> values.Wanted | None:
    inner = place.inner(name)
    return values.wanted_at(inner) if inner is not None else None


def _asked_by(work: Work) -> Iterator[tuple[str, str, Place]]:
    """(applicant or agent, his field, what the source that is asked by it wants it to be), once where several sources
    want the same."""
    told: list[tuple[str, str, list[Mapping[str, Any]]]] = []
    for one in map(mapping, work.lookups.values()):
        source = work.around.sources.get(str(one.get("source")))
        query = Place((Node(source.query, source.query),)) if source is not None else Place(())
        for field, pointer in mapping(one.get("by")).items():
            holder, _, name = str(pointer)[1:].partition("/")
            wanted = query.inner(field)
            if holder in ("applicant", "agent") and wanted is not None:
                given = work.declared.at(str(pointer))
                mark = (holder, name, [node.schema for node in wanted.nodes])
                if isinstance(given, Place) and given.types & wanted.types and mark not in told:
                    told.append(mark)
                    yield holder, name, wanted


def _applicant(work: Work, file: str, said: Mapping[str, Any], fits: _Fits) -> None:
    """He is one whom the item is for, and what he is asked by is what a source can be asked by."""
    for name, value in mapping(said.get("applicant")).items():
        at = f"/applicant/{token(name)}"
        if name in fits.people:
            fits.people[name].check(work.faults, file, at, value)
        elif name in ("id_number", "credit_code") and fits.people:
            known = list(fits.people)
            work.faults.add(file, at, "unknown-field/applicant", name=name, hint=near(name, known, bare=True))
    for holder, name, wanted in fits.asked_by:
        value = mapping(said.get(holder)).get(name)
        if isinstance(value, str):
            wanted.check(work.faults, file, f"/{holder}/{token(name)}", value)


def _answers(work: Work, file: str, answers: Mapping[str, Any], problems: Sequence[Any], fits: _Fits) -> None:
    """Fields that exist, with values that fit, but for those of which the scenario expects the problem."""
    if fits.form is None:
        return
    for name, value in answers.items():
        at, field = f"/answers/{token(name)}", fits.answer(name)
        if field is None:
            work.faults.add(file, at, "unknown-field/form", name=name, hint=near(name, fits.form.names()))
        elif not any(str(p).split("/")[1:2] == [token(name)] for p in problems):
            field.check(work.faults, file, at, value)


def _findings(work: Work, file: str, said: Mapping[str, Any]) -> None:
    declared = {id: mapping(step.get("findings")) for id, _, step in work.finding_steps}
    for id, made in said.items():
        at = f"/findings/{token(id)}"
        if not _known(work, file, at, id, declared, "step") or schemas.faults(declared[id]):
            continue
        rounds = [(f"{at}/{i}", one) for i, one in enumerate(made)] if isinstance(made, list) else [(at, made)]
        for here, one in rounds:
            for error in schemas.compile(declared[id]).errors(one):
                shown = json.dumps(resolve(one, error.at)[1], ensure_ascii=False)[:60]
                work.faults.add(file, here + error.at, "wrong-value/finding", value=shown)


_STATED_IN = {"lookup": "lookups.json", "material": "item.json", "rule": "routing.json", "step": "routing.json",
              "thing": "item.json"}  # fmt: skip
_WORDS = {"lookup": "a lookup", "material": "a material", "unit": "a unit", "rule": "a rule", "area": "a place"}


def _known(work: Work, file: str, at: str, name: Any, known: Collection[str], what: str) -> bool:
    if not isinstance(name, str):
        return False
    if name in known:
        return True
    if work.unread(_STATED_IN.get(what, "")):
        return False
    work.faults.add(file, at, f"unknown-{what}", name=name, hint=near(name, known))
    return False


def _found(work: Work, file: str, at: str, name: str, value: Any, fits: _Fits) -> None:
    """A scenario hands out what the source could give; what is not in take is dropped as it would be."""
    place = work.declared.at(f"/lookups/{token(name)}")
    if not work.declared.lookups[name][0] or not isinstance(place, Place):
        return
    known = work.declared.fields(name)
    for here, row, row_place in _rows(at, value, place):
        for field in row:
            if field in known:
                continue
            if row_place.inner(field) is None and field not in row_place.untaken():
                work.faults.add(
                    file,
                    f"{here}/{token(field)}",
                    "unknown-field/lookup",
                    lookup=name,
                    name=field,
                    hint=near(field, [*row_place.names(), *row_place.untaken()]),
                )
        if name in fits.records:
            fits.records[name].check(work.faults, file, here, {field: row[field] for field in row if field in known})
    single = isinstance(value, Mapping)
    if (single and "array" in place.types) or (isinstance(value, list) and "array" not in place.types):
        work.faults.add(file, at, f"type-mismatch/{'list' if single else 'record'}", name=name)


def _rows(at: str, value: Any, place: Place | None) -> Iterator[tuple[str, Mapping[str, Any], Place]]:
    if place is None:
        return
    if isinstance(value, Mapping):
        yield at, value, place.inner("*") or place if "array" in place.types else place
    for i, row in enumerate(listing(value)):
        yield from _rows(f"{at}/{i}", row, place.inner("*") if "array" in place.types else None)
