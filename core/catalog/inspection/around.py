"""What a folder is inspected against, and the folder's own declarations while they may still be wrong.

Knows no rule; the modules beside this one hold them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from core.catalog.declared import Declared
from core.catalog.faults import Faults
from core.catalog.places import Lost, Place, listing, mapping
from core.catalog.reading import Files
from core.contract import Office, Source
from core.faults import meant, near, nearest
from core.judge.schema import parts_of, token
from core.judge.schema import pointer as pointer_of


@dataclass(frozen=True)
class Around:
    """The rest of the world, as the server has it."""

    office: Office
    sources: Mapping[str, Source]
    items: Collection[str]
    connectors: Collection[str]
    schemas: Path
    broken: Collection[str] = ()
    """Sources that exist but are set aside: what they hold is not known, and no item is blamed for it."""


_ROOTS = {
    "item.json": ("materials", "confirmations", "applicant", "result"),
    "form.json": ("answers",),
    "routing.json": ("findings",),
    "lookups.json": ("lookups", "outcomes"),
}


_KNOWS_AMOUNT = ("steps", "decided_at", "decide", "rules")


@dataclass
class Work:
    """One item's folder in work."""

    files: Files
    faults: Faults
    around: Around
    form: Any = None
    """form.json with fragments written out."""
    fragment_texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def note_texts(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Keep a file's translations of its fragments: language → key of the overlay → words."""
        for language, words in texts.items():
            self.fragment_texts.setdefault(language, {}).update(words)

    @cached_property
    def guide(self) -> Mapping[str, Any]:
        """item.json; once prepared, with the fragments of its duties' findings written out."""
        return mapping(self.files.json.get("item.json"))

    @cached_property
    def lookups(self) -> Mapping[str, Any]:
        return mapping(mapping(self.files.json.get("lookups.json")).get("lookups"))

    @cached_property
    def routing(self) -> Mapping[str, Any]:
        """routing.json; once prepared, with the fragments of its findings written out."""
        return mapping(self.files.json.get("routing.json"))

    def unread(self, file: str) -> bool:
        """The file is there, or should be, but says nothing that can be read: nobody else is blamed for that."""
        there = self.files.has(file) or file == "item.json" or file in self.files.misnamed
        said = self.files.json.get(file)
        return there and not isinstance(
            said.get("lookups") if file == "lookups.json" and isinstance(said, Mapping) else said, Mapping
        )

    @cached_property
    def declared(self) -> Declared:
        unknown = [root for file, roots in _ROOTS.items() if self.unread(file) for root in roots]
        return Declared(
            guide=self.guide,
            form=self.form,
            lookups=self.lookups,
            sources=self.around.sources,
            findings={id: mapping(step.get("findings")) for id, _, step in self.finding_steps},
            unknown=unknown,
        )

    @cached_property
    def finding_steps(self) -> tuple[tuple[str, int, Mapping[str, Any]], ...]:
        """(id, group, step) of every step that declares findings, in order; steps of one `together` share a group."""
        found = []
        for group, step in enumerate(map(mapping, listing(self.routing.get("steps")))):
            for one in map(mapping, listing(step.get("together")) or [step]):
                if isinstance(one.get("id"), str) and isinstance(one.get("findings"), Mapping):
                    found.append((str(one["id"]), group, one))
        return tuple(found)

    def place(self, file: str, at: str, pointer: Any, *, star: bool = False) -> Place | None:
        """The place a pointer leads to; None, with its fault, when it is no pointer or nobody declares it."""
        if not isinstance(pointer, str) or not pointer.startswith("/"):
            return None  # the shape check has told it
        if any(c not in "01" for c in (part[:1] for part in pointer.split("~")[1:])):
            self.faults.add(file, at, "bad-pointer/escape", name=pointer)
            return None
        if "*" in parts_of(pointer) and not star:
            self.faults.add(file, at, "star-not-allowed", pointer=pointer)
            return None
        found = self.declared.at(pointer)
        if isinstance(found, Place):
            self._in_time(file, at, pointer)
            return found
        self._lost(file, at, pointer, found)
        return None

    def _in_time(self, file: str, at: str, pointer: str) -> None:
        """A finding is there once its step is done: for what is decided and granted, and for the steps after it.

        Materials are judged when everything is looked up, so no lookup may rest on one.
        """
        root, *rest = parts_of(pointer)
        place = parts_of(at)
        if root == "materials" and file == "lookups.json":
            self.faults.add(file, at, "later-material/lookup", pointer=pointer)
        if root == "confirmations" and (file, place[0]) == ("item.json", "materials"):
            self.faults.add(file, at, "later-material/confirmation", pointer=pointer)
        if (file, place[0]) == ("item.json", "duties"):
            return  # they are set when everything is decided
        knows = (file == "routing.json" and place[0] in _KNOWS_AMOUNT) or (file, place[0]) == ("item.json", "fee")
        if root == "sums" and not (file == "routing.json" and place[0] in _KNOWS_AMOUNT):
            self.faults.add(file, at, "amount-too-early/sum", pointer=pointer)
        if root == "result" and not knows:
            self.faults.add(file, at, "amount-too-early", pointer=pointer)
        elif root == "result" and rest[:1] == ["valid_until"]:
            self.faults.add(file, at, "amount-too-early/end", pointer=pointer)
        if root != "findings":
            return
        if (file, place[0]) == ("item.json", "letters"):
            return  # `letters` looks at when each is written
        if (file, place[0]) in (("item.json", "fee"), ("item.json", "result"), ("routing.json", "decide")):
            return
        group = int(place[1]) if file == "routing.json" and place[0] == "steps" and place[1].isdigit() else -1
        if "again" in place and rest[:1] == [self._step_at(place[: place.index("again")]).get("id")]:
            return
        made = next((g for id, g, _ in self.finding_steps if rest[:1] == [id]), 0)
        if made >= group:
            self.faults.add(file, at, "finding-too-early", pointer=pointer)

    def _step_at(self, place: Sequence[str]) -> Mapping[str, Any]:
        """The step at this place of routing.json."""
        node: Any = self.routing
        for name in place:
            inner = listing(node)
            node = inner[int(name)] if name.isdigit() and int(name) < len(inner) else mapping(node).get(name)
        return mapping(node)

    def row(self, file: str, at: str, pointer: str, each: Place) -> Place | None:
        """As `place`, for a pointer into the row that `/each` stands for."""
        place: Place | None = each
        for n, name in enumerate(parts_of(pointer)[1:], 1):
            inner = place.inner(name) if place else None
            if place is not None and inner is None:
                close = nearest(name, place.names())[:1]
                upto = pointer_of(parts_of(pointer)[:n])
                hint = meant(upto + pointer_of(close)) if close else near(name, place.names())
                self.faults.add(file, at, "undeclared-pointer", pointer=pointer, hint=hint)
                return None
            place = inner
        return place

    def of_row(self, file: str, at: str, pointer: Any, each: Place | None) -> Place | None:
        """As `place`; where there are rows, `/each/…` leads into one."""
        if each is not None and isinstance(pointer, str) and parts_of(pointer)[:1] == ["each"]:
            return self.row(file, at, pointer, each)
        return self.place(file, at, pointer)

    def rows_of(self, pointer: Any) -> Place | None:
        """A row of the list that a pointer leads to; None where it leads to none."""
        found = self.declared.at(pointer) if isinstance(pointer, str) and pointer.startswith("/") else None
        return found.inner("*") if isinstance(found, Place) else None

    def _lost(self, file: str, at: str, pointer: str, lost: Lost) -> None:
        parts = parts_of(pointer)
        if lost.upto == "/lookups":
            self.faults.add(file, at, "unknown-lookup", name=lost.name, hint=near(lost.name, self.declared.lookups))
        elif lost.name in lost.untaken:
            self.faults.add(file, at, "not-taken", pointer=pointer, name=lost.name, lookup=token(parts[1]))
        else:
            self._undeclared(file, at, pointer, lost)

    def _undeclared(self, file: str, at: str, pointer: str, lost: Lost) -> None:
        close = [token(name) for name in nearest(lost.name, lost.known or lost.untaken)[:1]]
        if not lost.upto and lost.name == "each":
            self.faults.add(file, at, "undeclared-pointer/row", pointer=pointer)
        elif not lost.upto:
            rest = map(token, parts_of(pointer)[1:])
            hint = meant("/" + "/".join([*close, *rest])) if close else ""
            roots = ", ".join(self.declared.roots())
            self.faults.add(file, at, "undeclared-pointer/roots", pointer=pointer, roots=roots, hint=hint)
        elif close:
            self.faults.add(file, at, "undeclared-pointer", pointer=pointer, hint=meant(f"{lost.upto}/{close[0]}"))
        else:
            self.faults.add(file, at, "undeclared-pointer", pointer=pointer, hint=near(lost.name, lost.known))
