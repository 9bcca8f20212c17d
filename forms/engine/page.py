"""The nouns of drawing: what one request brings, and a place rendered once with its holes.

Knows no template and no widget; `render` builds and fills what is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from core.judge.active import Chosen
from forms.engine import marks
from forms.engine.areas import Areas, Picker
from forms.engine.html import Fill, Hole, Holes, Slots
from forms.engine.marks import Marks
from forms.engine.plan import MAX_BLANKS, MAX_PLACES, Node, Question

if TYPE_CHECKING:
    from core.judge.filling import Filling

Sub = Callable[[Any, str, "Page"], str]
"""Draws one part that depends on the answers: (answer, pointer, page) → HTML."""


@dataclass(slots=True)
class Page:
    """What one request brings besides the answers."""

    errors: Mapping[str, str]
    """Pointer → sentence; one per place."""
    filling: Filling | None = None
    raw: Mapping[str, str] = field(default_factory=dict)
    """Branches chosen explicitly, as posted."""
    wrong: frozenset[str] = frozenset()
    """Held pointers that the applicant says are wrong."""
    under: Callable[[str, str], str] | None = None
    """(pointer, title) → HTML to stand under the box of a held value that is called wrong."""
    marks: Marks = marks.NONE
    areas: Areas | None = None
    number: int | None = None
    """The one page of `ui:pages` to draw; None draws all of them, each under its title."""
    only: tuple[str, ...] | None = None
    blanks: int = 0
    """Groups and lists drawn so far for which there is no answer yet."""
    places: int = 0
    """Questions drawn so far that a group brought along, answered or not."""
    trail: tuple[int, ...] = ()
    """Groups being drawn, outermost first; a schema that contains itself is seen by it."""

    @property
    def full(self) -> bool:
        """Whether further groups without an answer wait to be asked for."""
        return self.blanks > MAX_BLANKS or self.places > MAX_PLACES


@dataclass(slots=True)
class Skeleton:
    """One place, rendered once. Everything in it is relative to the place's own pointer."""

    parts: list[str] = field(default_factory=list)
    own: Fill | None = None
    groups: list[tuple[tuple[str, ...], list[tuple[str, Fill]]]] = field(default_factory=list)
    errors: dict[str, Slots] = field(default_factory=dict)
    subs: list[tuple[Hole, tuple[str, ...], str, Sub]] = field(default_factory=list)
    held: list[tuple[str, Question, Node, Slots]] = field(default_factory=list)
    name_hole: Hole | None = None
    id_hole: Hole | None = None
    number_hole: Hole | None = None
    inlined: tuple[int, ...] = ()
    places: int = 0
    """Questions in it."""


@dataclass(slots=True)
class Draft:
    """A skeleton while it is built."""

    holes: Holes
    made: Skeleton
    name: Markup
    """What every name starts with: the anchor's pointer, or the hole for it."""
    id: Markup
    marks: Marks
    trail: tuple[int, ...]
    constant: bool
    number: Markup | None = None
    fills: dict[tuple[str, ...], list[tuple[str, Slots]]] = field(default_factory=dict)
    leaf: Slots | None = None
    only: tuple[str, ...] | None = None
    full: bool = False
    """True where no group is inlined any more: the page may hold no more blank ones."""
    areas: Picker | None = None
    """Areas to pick from, when the place is an area picker."""


def chosen_of(raw: Mapping[str, str], at: str) -> Chosen | None:
    """The branches chosen explicitly at a place; None where the page says nothing of it."""
    if not raw:
        return None

    def chosen(n: int) -> tuple[int, ...] | None:
        said = raw.get(f"_branch:{at}#{n}")
        if said is None:
            return None
        return tuple(int(one) for one in said.split(",") if one.isascii() and one.isdigit() and len(one) < 4)

    return chosen
