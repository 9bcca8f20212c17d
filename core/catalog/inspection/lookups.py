"""lookups.json: what may be asked of whom, by which values, in which order.

Knows the sources' contracts; asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.catalog.inspection import conditions
from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import mismatch, words
from core.catalog.places import Node, Place, listing, mapping
from core.contract import Source
from core.faults import also, either, near
from core.judge.schema import parts_of, token

FILE = "lookups.json"
_THE_APPLICANT = ("/applicant/id_number", "/applicant/credit_code")
"""What names him; his area or his kind name thousands."""
OWN_CASES = "cases"
"""The connector of `core.cases.connector`."""
_ALL_FIELDS = 60
"""A record's fields are told up to this many: nobody should have to open the source to read them."""
_NOT_HIS = (["lookups"], ["outcomes"], ["confirmations"], ["applicant"], ["agent"])
"""Roots of what others have said; `/answers` and `/each` of answers are his own words."""


def check(work: Work) -> None:
    for name, said in work.lookups.items():
        if isinstance(said, Mapping):
            _Lookup(work, name, said).check()
    _circles(work)


class _Lookup:
    def __init__(self, work: Work, name: str, said: Mapping[str, Any]) -> None:
        self.work, self.name, self.said = work, name, said
        self.at = f"/lookups/{token(name)}"
        self.source = self._source()

    def _source(self) -> Source | None:
        id = self.said.get("source")
        around = self.work.around
        if not isinstance(id, str):
            return None
        if id not in around.sources and id not in around.broken:
            self.fault("/source", "unknown-source", name=id, hint=near(id, around.sources))
        return around.sources.get(id)

    def fault(self, at: str, key: str, *, hint: str = "", **blanks: object) -> None:
        self.work.faults.add(FILE, self.at + at, key, hint=hint, **blanks)

    def check(self) -> None:
        self._take()
        self._each()
        self._by()
        if "allowed_when" in self.said:
            each = self.work.rows_of(self.said.get("each"))
            conditions.check(self.work, FILE, f"{self.at}/allowed_when", self.said["allowed_when"], each)
        if "must_find" in self.said:
            self.work.place(FILE, f"{self.at}/must_find", self.said["must_find"], star="each" in self.said)

    def _take(self) -> None:
        if self.source is None:
            return
        record = Place((Node(self.source.record, self.source.record),))
        for i, field in enumerate(listing(self.said.get("take"))):
            if isinstance(field, str) and record.inner(field) is None:
                self.fault(
                    f"/take/{i}",
                    "unknown-field/source",
                    source=self.source.id,
                    name=field,
                    hint=near(field, record.names(), most=_ALL_FIELDS),
                )

    def _each(self) -> None:
        pointers = [v for v in mapping(self.said.get("by")).values() if isinstance(v, str)]
        uses = any(p == "/each" or p.startswith("/each/") for p in pointers)
        if "each" not in self.said:
            if uses:
                self.fault("/by", "each-unused/by")
            return
        if not uses:
            self.fault("/each", "each-unused/each")
        place = self.work.place(FILE, f"{self.at}/each", self.said["each"])
        if place is not None and "array" not in place.types:
            self.fault("/each", "not-a-list", pointer=self.said["each"])

    def _by(self) -> None:
        by = mapping(self.said.get("by"))
        query = Place((Node(self.source.query, self.source.query),)) if self.source else None
        for field, value in by.items():
            at = f"/by/{token(field)}"
            wanted = query.inner(field) if query else None
            if query is not None and wanted is None:
                self.fault(
                    at,
                    "unknown-query-field/source",
                    source=self.source.id if self.source else "",
                    name=field,
                    hint=near(field, query.names()),
                )
            if isinstance(value, str):
                self._pointer(at, field, value, wanted, by)
            elif isinstance(value, Mapping) and "const" in value and wanted is not None:
                conditions.value(self.work, FILE, f"{self.at}{at}/const", value["const"], wanted)
                if self.source is not None and self.source.connector == OWN_CASES:
                    self._items(f"{at}/const", field, value["const"])
        for field in listing(mapping(self.source.query if self.source else None).get("required")):
            if field not in by:
                self.fault("/by", "missing-query-field", source=self.source.id if self.source else "", name=field)
        self._one_of(by)

    def _one_of(self, by: Mapping[str, Any]) -> None:
        """The question holds every field of one of the alternatives that a source names with `anyOf`."""
        choices = [
            [f for f in listing(mapping(one).get("required")) if isinstance(f, str)]
            for one in listing(mapping(self.source.query if self.source else None).get("anyOf"))
        ]
        if self.source is not None and choices and not any(all(f in by for f in fields) for fields in choices):
            names = either([also([f'"{f}"' for f in fields]) for fields in choices])
            self.fault("/by", "missing-query-field/either", source=self.source.id, names=names)

    def _items(self, at: str, field: str, said: Any) -> None:
        """Our own cases are asked by the items they belong to."""
        for i, id in enumerate(listing(said) if field == "items" else ()):
            if id not in self.work.around.items and id != self.work.files.id:
                self.fault(f"{at}/{i}", "unknown-item", name=id, hint=near(id, self.work.around.items))

    def _pointer(self, at: str, field: str, pointer: str, wanted: Place | None, by: Mapping[str, Any]) -> None:
        if not pointer.startswith("/"):
            return  # the shape check has told it
        parts = parts_of(pointer)
        root = parts[0]
        place: Place | None
        if root == "each":
            place = self._row(at, pointer, parts[1:])
        elif root in ("applicant", "agent", "site", "lookups", "answers"):
            place = self.work.place(FILE, self.at + at, pointer)
        else:
            roots = ("/applicant", "/agent", "/site", "/lookups", "/answers", "/each")
            self.fault(at, "bad-by", pointer=pointer, roots=", ".join(roots), hint=near(f"/{root}", roots, bare=True))
            return
        if place is not None and wanted is not None and not place.types & wanted.types:
            mismatch(self.work, FILE, self.at + at, words(wanted.types), place.types)
        of_answers = root == "answers" or (root == "each" and str(self.said.get("each", "")).startswith("/answers"))
        if of_answers and place is not None and not self._allowed(field, pointer, place, by):
            self.fault(at, "answers-not-allowed", pointer=pointer, field=field)

    def _opened(self, typed: str) -> None:
        """What permits a question by anybody's number has to tie that number to the applicant, on others' word."""
        said = self.said.get("allowed_when")
        for i, one in enumerate(said if isinstance(said, list) else [said]):
            at = "/allowed_when" + (f"/{i}" if isinstance(said, list) else "")
            read = conditions.pointers({p: schema for p, schema in mapping(one).items() if schema is not False})
            if not any(parts_of(p)[:1] in _NOT_HIS for p in read):
                self.fault(at, "allowed-by-answers")
            elif not (self._tied(typed, read) or _his_own(typed, mapping(one)) or self._confirmed(typed, mapping(one))):
                self.fault(at, "allowed-by-answers/untied", pointer=typed)

    def _confirmed(self, typed: str, condition: Mapping[str, Any]) -> bool:
        """By the word of whom the number names: he has confirmed a material of this case himself."""
        each = self.said.get("each")
        asked = f"{each}/*{typed.removeprefix('/each')}" if typed.startswith("/each") else typed
        yes = [parts_of(p)[1] for p, schema in condition.items()
               if parts_of(p)[:1] == ["confirmations"] and schema == {"const": "confirmed"}]  # fmt: skip
        for material in map(mapping, listing(self.work.guide.get("materials"))):
            ways = list(_confirmers(material.get("fallback")))
            if material.get("id") in yes and ways and all("when" not in way and _asks(way, asked) for way in ways):
                return True
        return False

    def _tied(self, typed: str, read: list[str]) -> bool:
        """By a lookup that was asked for this number and for the applicant, or by a comparison with what one holds."""
        asked = [parts[1] for p in read if (parts := parts_of(p))[:1] in (["lookups"], ["outcomes"]) and len(parts) > 1]
        for name in asked:
            other = mapping(self.work.lookups.get(name))
            by = [v for v in mapping(other.get("by")).values() if isinstance(v, str)]
            same_rows = not typed.startswith("/each") or other.get("each") == self.said.get("each")
            if same_rows and typed in by and self._of_the_applicant(name):
                return True
        return typed in read and any(self._of_the_applicant(name) for name in asked)

    def _of_the_applicant(self, name: str, passed: tuple[str, ...] = ()) -> bool:
        """Whether the lookup is asked by what names him, or by what another such lookup holds."""
        by = [v for v in mapping(mapping(self.work.lookups.get(name)).get("by")).values() if isinstance(v, str)]
        held = [parts[1] for v in by if (parts := parts_of(v))[:1] == ["lookups"] and len(parts) > 1]
        return any(v in _THE_APPLICANT for v in by) or any(
            self._of_the_applicant(other, (*passed, name)) for other in held if other not in (*passed, name)
        )

    def _row(self, at: str, pointer: str, rest: list[str]) -> Place | None:
        each = self.said.get("each")
        found = self.work.declared.at(each) if isinstance(each, str) and each.startswith("/") else None
        place = found.inner("*") if isinstance(found, Place) else None
        for name in rest:
            if place is None:
                return None
            inner = place.inner(name)
            if inner is None:
                self.fault(at, "undeclared-pointer", pointer=pointer, hint=near(name, place.names()))
            place = inner
        return place

    def _allowed(self, field: str, pointer: str, place: Place, by: Mapping[str, Any]) -> bool:
        if self.source is None or field in self.source.public:
            return True
        if any(isinstance(v, str) and v in _THE_APPLICANT for v in by.values()):
            return True
        if conditions.pointers(self.said.get("allowed_when")):
            self._opened(pointer)
            return True
        # Not x-from: where its lookup gives nothing, the field is an ordinary question and anybody's number fits.
        return place.has("x-choices")


def _confirmers(fallback: Any) -> Iterator[Mapping[str, Any]]:
    """Every way of a material's fallback in which another party confirms it."""
    if isinstance(fallback, list):
        for line in fallback:
            yield from _confirmers(mapping(line).get("fallback"))
    elif isinstance(fallback, Mapping):
        if "confirm" in fallback:
            yield fallback
        for way in fallback.values():
            yield from _confirmers(way) if isinstance(way, Mapping) and "confirm" in way else ()


def _asks(way: Mapping[str, Any], pointer: str) -> bool:
    said = way["confirm"]
    return pointer == said or (isinstance(said, list) and pointer in said)


def _his_own(typed: str, one: Mapping[str, Any]) -> bool:
    """Whether the number that he types has to be his own: what is looked up is his."""
    for pointer, schema in one.items():
        said = mapping(schema).get("x-equals")
        other = mapping(said).get("of") if isinstance(said, Mapping) else said
        if (pointer == typed and other in _THE_APPLICANT) or (pointer in _THE_APPLICANT and other == typed):
            return True
    return False


# --- the order they wait for one another -----------------------------------------------------------------


def waits_for(work: Work) -> dict[str, list[str]]:
    """lookup → the lookups it needs first: through by, each, allowed_when, and answers that a lookup fills."""
    filled = _filled(work.form)
    needs = {}
    for name, said in work.lookups.items():
        said = mapping(said)
        pointers = [v for v in mapping(said.get("by")).values() if isinstance(v, str)]
        pointers += conditions.pointers(said.get("allowed_when"))
        if isinstance(said.get("each"), str):
            pointers.append(said["each"])
        found: list[str] = []
        for pointer in pointers:
            parts = parts_of(pointer)
            if parts[:1] in (["lookups"], ["outcomes"]) and len(parts) > 1:
                found.append(parts[1])
            elif parts[:1] == ["answers"]:
                found += [lookup for place, lookup in filled if pointer == place or pointer.startswith(f"{place}/")]
        needs[name] = [n for n in dict.fromkeys(found) if n in work.lookups]
    return needs


def _filled(form: Any) -> list[tuple[str, str]]:
    """(pointer of a field in the facts, lookup that fills it or offers its choices); first level and groups."""
    found = []
    stack = [("/answers", mapping(form), 0)]
    while stack:
        at, node, depth = stack.pop()
        for keyword in ("x-from", "x-choices"):
            parts = parts_of(node[keyword]) if isinstance(node.get(keyword), str) else []
            if parts[:1] == ["lookups"] and len(parts) > 1:
                found.append((at, parts[1]))
        if depth < 6:
            for name, inner in mapping(node.get("properties")).items():
                stack.append((f"{at}/{token(name)}", mapping(inner), depth + 1))
    return found


def _circles(work: Work) -> None:
    needs = waits_for(work)
    done: set[str] = set()
    told: set[frozenset[str]] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            circle = path[path.index(name) :]
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                around = " → ".join(f'"{n}"' for n in [*circle, circle[0]])
                work.faults.add(FILE, f"/lookups/{token(circle[0])}", "lookup-circle", circle=around)
            return
        if name in done or len(path) > 200:
            return
        for need in needs[name]:
            visit(need, [*path, name])
        done.add(name)

    for name in needs:
        visit(name, [])
