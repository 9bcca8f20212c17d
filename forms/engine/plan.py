"""The plan: a schema and its ui as an immutable tree of questions, built once per form version, grown on demand.

Knows no answers beyond those that decide which branch is active, and no HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.judge.active import Active, Chosen
from core.judge.levels import Branch, Flat, every_property, types_of
from core.judge.schema import token
from forms.engine import codec
from forms.engine.codec import Codec, Option, key_of, options_of
from forms.engine.further import Further, further_of
from forms.engine.pages import FormPage, pages_of
from forms.engine.widgets import Widget, Widgets

MAX_NESTED = 8
"""Groups drawn inside one another before an empty one waits to be asked for (a schema that contains itself)."""
MAX_BLANKS = 100
"""Groups and lists without an answer that one page offers at once; the rest wait to be asked for."""
MAX_PLACES = 1_000
"""Questions in groups without an answer that one page offers at once; the groups beyond wait to be asked for, too. Of
big groups that contain one another (renovate's of 120 questions) a hundred are a page that nobody can load."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One place in a form: a property or a row. What it asks may depend on the answers; see `Plan.node`."""

    name: str
    schema: Any
    ui: Mapping[str, Any]
    required: bool = False
    key: str = ""
    """The last step of its pointer, slash and escapes included."""
    fixed: list[Node | None] = field(default_factory=list)
    """The node, once known, where it is the same for all answers; None where it is not. See `Plan.fixed`."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """What a place asks, for one set of decisions."""

    flat: Flat
    ui: Mapping[str, Any]
    """Options of the place: `widget`, `title`, … without the `ui:` prefix."""
    widget: Widget
    kind: str
    """How it is read; see `widgets.KINDS`."""
    codec: Codec
    title: str
    hint: str
    nullable: bool
    dynamic: bool
    """True where another set of answers would ask something else here."""
    read_only: bool
    options: tuple[Option, ...] = ()
    by_text: Mapping[str, Any] = None  # type: ignore[assignment]
    by_value: Mapping[Any, int] = None  # type: ignore[assignment]
    fields: tuple[Question, ...] = ()
    first: tuple[Question, ...] = ()
    rest: Question | None = None
    further: Further | None = None
    """The editors of further properties, where the author opened one."""
    carries: bool = False
    """True where answers may hold further properties that nobody asks for: they survive the page unseen."""
    fewest: int = 0
    most: int = 500

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.flat.schema

    @property
    def accept(self) -> str:
        """The media types or endings of a file that is asked for, as the attribute `accept` has them."""
        told = self.ui.get("accept")
        if isinstance(told, list):
            told = ",".join(str(one) for one in told)
        return told if isinstance(told, str) else str(self.flat.schema.get("contentMediaType") or "")

    @property
    def branches(self) -> tuple[tuple[Branch, tuple[int, ...]], ...]:
        return self.flat.branches


MAX_ROWS = 500


def awaits(question: Question, node: Node) -> bool:
    """Whether a required answer is for the office to give, since its schema lets nobody here write it."""
    asked = node.kind not in ("group", "rows", "const", "hidden", "none")
    return asked and question.required and node.schema.get("readOnly") is True


def _locked(question: Question, schema: Mapping[str, Any], ui: Mapping[str, Any]) -> bool:
    """Whether an answer cannot be changed. The ui does not lock what has to be answered and nothing fills: it would be
    a dead end (in a plugin folder also a fault)."""
    if schema.get("readOnly"):
        return True
    filled = "default" in schema or "const" in schema or "properties" in schema
    return bool(ui.get("readonly") or ui.get("disabled")) and (filled or not question.required)


class Plan:
    """All places of one form. Thread-safe: what it learns is the same whoever learns it first."""

    def __init__(
        self, active: Active, ui: Mapping[str, Any] | None, widgets: Widgets, words: Mapping[str, str]
    ) -> None:
        self.active = active
        self.widgets = widgets
        self.words = words
        self._pages: tuple[FormPage, ...] | None = None
        self._nodes: dict[tuple[int, int, bool], Node] = {}
        self.root = Question("", active.root, ui if isinstance(ui, Mapping) else {}, True)

    def node(self, question: Question, value: Any = None, chosen: Chosen | None = None) -> Node:
        """The node of a place for the answers there; the same object again for the same decisions."""
        schema = question.schema
        flat = self.active.flat(schema, value, chosen)
        key = (id(flat), id(question.ui), question.required)
        known = self._nodes.get(key)
        if known is None:
            if len(self._nodes) > 50_000:
                self._nodes.clear()
            known = self._nodes[key] = self._node(question, flat, self.active.level(schema).dynamic)
        return known

    @property
    def pages(self) -> tuple[FormPage, ...]:
        """The declared `ui:pages`; () for a form of one page."""
        if self._pages is None:
            names = tuple(every_property(self.active.level(self.root.schema)))
            self._pages = pages_of(self.root.ui, names)
        return self._pages

    def fixed(self, question: Question) -> Node | None:
        """The node of a place where nothing depends on the answers; None elsewhere."""
        known = question.fixed
        if not known:
            level = self.active.level(question.schema)
            known.append(None if level.dynamic else self.node(question))
        return known[0]

    def _node(self, question: Question, flat: Flat, dynamic: bool) -> Node:
        schema = flat.schema
        ui = ui_of(schema, question.ui)
        items = schema.get("items")
        picked = self.active.flat(items).schema if isinstance(items, Mapping) else {}
        listed = types_of(schema) in (["array"], ["array", "null"]) or (not types_of(schema) and "items" in schema)
        values = _values(picked, ui_of(picked, _below(question.ui, "items"))) if listed else []
        many = bool(values) and "prefixItems" not in schema and types_of(picked) != ["boolean"]
        if not many:
            values = _values(schema, ui)
        widget = self.widgets.choose(schema, ui, many=many)
        options: tuple[Option, ...] = ()
        if widget.kind in ("options", "boxes", "box"):
            options = options_of(values or [(True, None), (False, None)], self.words)
        elif widget.kind == "const":
            options = options_of([(schema["const"], None)], self.words)
        if ui.get("enumDisabled"):
            off = {key_of(v) for v in ui["enumDisabled"]}
            options = tuple(Option(o.value, o.text, o.title, key_of(o.value) in off) for o in options)
        types = types_of(schema)
        return Node(
            flat=flat,
            ui=ui,
            widget=widget,
            kind=widget.kind,
            codec=_codec(widget, schema),
            title=_text(ui.get("title", schema.get("title"))) or question.name,
            hint=_text(ui.get("description", schema.get("description"))),
            nullable="null" in types and len(types) > 1,
            dynamic=dynamic,
            read_only=_locked(question, schema, ui),
            options=options,
            by_text={o.text: o.value for o in options},
            by_value={key_of(o.value): i for i, o in enumerate(options)},
            fields=self._fields(question, schema) if widget.kind == "group" else (),
            first=self._first(question, schema) if widget.kind == "rows" else (),
            rest=self._rest(question, schema) if widget.kind == "rows" else None,
            further=self._further(question, flat, ui) if widget.kind == "group" else None,
            carries=widget.kind == "group"
            and schema.get("additionalProperties") is not False
            and schema.get("unevaluatedProperties") is not False,
            fewest=_count(schema.get("minItems"), 0),
            most=min(_count(schema.get("maxItems"), MAX_ROWS), MAX_ROWS),
        )

    def _further(self, question: Question, flat: Flat, ui: Mapping[str, Any]) -> Further | None:
        schema = flat.schema
        asked = every_property(self.active.level(question.schema))
        bare = bool(types_of(schema)) and not asked and not schema.get("required") and not flat.branches
        uis = _below(question.ui, "patternProperties"), _below(question.ui, "additionalProperties")
        return further_of(schema, Question, uis, bare=bare, opened=ui.get("additionalProperties") is True)

    def _fields(self, question: Question, schema: Mapping[str, Any]) -> tuple[Question, ...]:
        properties = schema.get("properties") or {}
        required = set(schema.get("required") or ())
        ui = question.ui
        order = ui.get("ui:order") or (ui.get("ui:options") or {}).get("order") or schema.get("ui:order")
        names = list(properties)
        if isinstance(order, list):
            order = list(dict.fromkeys(name for name in order if isinstance(name, str)))
            named = [n for n in order if n in properties and n != "*"]
            others = [n for n in names if n not in named]
            at = [n for n in order if n in properties or n == "*"]
            i = at.index("*") if "*" in at else len(at)
            names = [*[n for n in at[:i] if n != "*"], *others, *[n for n in at[i:] if n != "*"]]
        return tuple(
            Question(name, properties[name], _below(ui, name), name in required, f"/{token(name)}")
            for name in names
            if properties[name] is not False
        )

    def _first(self, question: Question, schema: Mapping[str, Any]) -> tuple[Question, ...]:
        uis = question.ui.get("items")
        return tuple(
            Question(str(i), one, uis[i] if isinstance(uis, list) and i < len(uis) else _below(question.ui, "items"))
            for i, one in enumerate(schema.get("prefixItems") or ())
        )

    def _rest(self, question: Question, schema: Mapping[str, Any]) -> Question | None:
        if schema.get("items") is False:
            return None
        tupled = "prefixItems" in schema
        if tupled and "items" not in schema:
            return None
        ui = _below(question.ui, "additionalItems" if tupled and "additionalItems" in question.ui else "items")
        return Question("*", schema.get("items", {}), ui)


_NO_UI: Mapping[str, Any] = {}


def _below(ui: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = ui.get(name)
    return inner if isinstance(inner, Mapping) else _NO_UI


def ui_of(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> dict[str, Any]:
    """`ui:*` keywords of a place without their prefix; those inside the schema count, the ui file wins."""
    done: dict[str, Any] = {}
    for given in (schema, ui):
        for key, value in given.items():
            if key.startswith("ui:") and key != "ui:options":
                done[key[3:]] = value
        options = given.get("ui:options")
        if isinstance(options, Mapping):
            done.update({k.removeprefix("ui:"): v for k, v in options.items()})
    if done.get("hidden") is True:
        done["widget"] = "hidden"
    return done


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _count(value: Any, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return max(0, int(value))


def _values(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> list[tuple[Any, str | None]]:
    """The options of a question with their titles; [] where it is not asked by options."""
    names = ui.get("enumNames") or schema.get("enumNames")
    if "x-options" in schema:
        options = schema["x-options"]
        kept = schema.get("enum")
        if isinstance(kept, list) and not schema.get("x-chooser"):
            options = [o for o in options if key_of(o["value"]) in {key_of(v) for v in kept}] or options
        values = [(o["value"], o.get("title")) for o in options]
    elif isinstance(schema.get("enum"), list):
        values = [(v, None) for v in schema["enum"]]
    elif types_of(schema) in (["boolean"], ["boolean", "null"]):
        values = [(True, None), (False, None)]
    else:
        return []
    if isinstance(names, list):
        values = [(v, _text(names[i]) or t if i < len(names) else t) for i, (v, t) in enumerate(values)]
    elif isinstance(names, Mapping):
        values = [(v, _text(names.get(str(v))) or t) for v, t in values]
    return list({key_of(v): (v, t) for v, t in reversed(values)}.values())[::-1]


def _codec(widget: Widget, schema: Mapping[str, Any]) -> Codec:
    types = frozenset(types_of(schema)) - {"null"}
    if widget.name == "any" and types:
        return codec.mixed(types)
    if widget.kind in ("hidden", "const") or (widget.kind == "text" and widget.name == "textarea" and not types):
        if types <= {"string"} and types:
            return codec.TEXT
        return codec.NUMBER if types and types <= {"number", "integer"} else codec.ANY
    if widget.codec is codec.TEXT and types and types <= {"number", "integer"}:
        return codec.NUMBER  # a plugin's control need not say how a number is read
    return widget.codec
