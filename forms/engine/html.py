"""Skeletons: the HTML of a place rendered once by Jinja, with holes that one set of answers fills in microseconds.

Knows templates, escaping and holes; which places a page has, and in what state, is `render`'s.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jinja2
from markupsafe import Markup

from forms.engine import uploads
from forms.engine.codec import key_of, plain, split_date
from forms.engine.plan import Node
from forms.engine.widgets import TEMPLATES, Widgets

_NONCE = secrets.token_hex(8)
_HOLE = re.compile(f"\x01{_NONCE}:(\\d+)\x02")
_SPECIAL = re.compile(r"[&<>\"'\x00\r\n]")
_DEFAULTS = {"nothing": " hidden", "tag": "input", "end": ">"}
_ESCAPED = re.compile(r"[&<>\"'\x00]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\x00": "�"}

Fill = Callable[[list[str], Any], None]
"""Writes one answer into its holes; never called for an absent answer."""


def esc(text: str) -> str:
    """Escaped for text and for quoted attributes alike. Most answers need nothing done."""
    return _ESCAPED.sub(lambda m: _ENTITIES[m[0]], text) if _ESCAPED.search(text) else text


_EXAMPLE = re.compile(r"(?:例如|such as) \S.{0,60}$")


def sentence(text: str) -> str:
    """What is wrong, escaped; the example at its end keeps together where the line is narrow."""
    return _EXAMPLE.sub(lambda m: f'<span class="lf-example">{m[0]}</span>', esc(text))


def id_of(at: str) -> str:
    """The HTML id of a pointer: itself, blanks encoded, since ids in aria-describedby are split at blanks."""
    return re.sub(r"\s", lambda m: f"%{ord(m[0]):02X}", at)


@dataclass(slots=True)
class Hole:
    """One thing that is filled per request, wherever it was printed; `default` stands there otherwise."""

    default: str = ""
    indexes: list[int] = field(default_factory=list)

    def put(self, parts: list[str], text: str) -> None:
        for i in self.indexes:
            parts[i] = text


class Holes:
    """Collects the holes of one skeleton while its templates are rendered."""

    def __init__(self) -> None:
        self._all: list[Hole] = []

    def new(self, default: str = "") -> tuple[Hole, Markup]:
        hole = Hole(default)
        self._all.append(hole)
        return hole, Markup(f"\x01{_NONCE}:{len(self._all) - 1}\x02")

    def split(self, text: str) -> list[str]:
        """The parts of the finished text; every hole learns where it stands."""
        parts: list[str] = []
        for i, piece in enumerate(_HOLE.split(text)):
            if i % 2:
                hole = self._all[int(piece)]
                hole.indexes.append(len(parts))
                parts.append(hole.default)
            elif piece:
                parts.append(piece)
        return parts


class Slots:
    """What a widget's template may leave open; each attribute makes its hole on first use.

    `value` (or `year`, `month`, `day`; or `tag`, `line(type)` and `end` of one box that grows with line breaks),
    `on(option, word)`, `order`, `told`, `toldset`, `bad`, `error`; of a file
    `nothing` (the attribute `hidden` where there is none), `picture`, `kept`.
    """

    def __init__(self, holes: Holes, node: Node, hint_id: Markup | None, words: Mapping[str, str]) -> None:
        self._holes = holes
        self._words = words
        self._node = node
        self._hint_id = hint_id
        self._made: dict[str, tuple[Hole, Markup]] = {}
        self._on: dict[int, Hole] = {}
        self._word = " checked"
        self._closing = ""
        self._many = True

    def __getattr__(self, name: str) -> Markup:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._made:
            self._made[name] = self._holes.new(_DEFAULTS.get(name, ""))
        return self._made[name][1]

    @property
    def told(self) -> Markup:
        """aria-describedby with hint and error, and aria-invalid."""
        return self._described() + self.__getattr__("invalid")

    @property
    def toldset(self) -> Markup:
        """The same for a fieldset, which cannot be invalid itself."""
        return self._described()

    def _described(self) -> Markup:
        if self._hint_id is None:
            return self.__getattr__("by")
        return Markup(' aria-describedby="{}{}"').format(self._hint_id, self.__getattr__("also"))

    def on(self, option: int, word: str, off: bool = False) -> Markup:
        """The hole for `checked` or `selected` of one option. One that is `off` cannot be chosen anew; where it is
        the answer it is still sent."""
        hole, mark = self._holes.new(" disabled" if off else "")
        self._on[option] = hole
        self._word = f" {word}"
        return mark

    def awaited(self, text: str) -> Markup:
        """The note of a question that the office answers, as long as nobody did."""
        if not text:
            return Markup("")
        self._made["awaited"] = self._holes.new(f'<p class="lf-note">{esc(text)}</p>')
        return self._made["awaited"][1]

    def line(self, type: str) -> Markup:
        """Type and answer of a box of one line; between `tag` and `end`, which make it one of several where the answer
        has line breaks."""
        self._closing = f'" type="{esc(type)}"'
        self._many = type != "password"
        self._made["line"] = self._holes.new(f' value="{self._closing}')
        return self._made["line"][1]

    def hole(self, name: str) -> Hole | None:
        made = self._made.get(name)
        return made[0] if made else None

    def show_error(self, parts: list[str], at: str, message: str, prefix: str) -> None:
        """Write one error beside its question and tie the two together."""
        error_id = esc(id_of(at)) + "-error"
        for name, text in (
            (
                "error",
                f'<p class="lf-error" id="{error_id}"><span class="lf-sr">{prefix}</span>{sentence(message)}</p>',
            ),
            ("bad", " lf-bad"),
            ("invalid", ' aria-invalid="true"'),
            ("by", f' aria-describedby="{error_id}"'),
            ("also", f" {error_id}"),
        ):
            hole = self.hole(name)
            if hole is not None:
                hole.put(parts, text)

    def fill(self) -> Fill | None:
        """The function that writes an answer into the holes that were made."""
        fill, note = self._fill(), self.hole("awaited")
        if fill is None or note is None:
            return fill

        def fill_given(parts: list[str], answer: Any) -> None:
            note.put(parts, "")
            fill(parts, answer)

        return fill_given

    def _fill(self) -> Fill | None:
        if self._on:
            return self._fill_options()
        if self.hole("shown") is not None:
            return self._fill_locked()
        if self.hole("year") is not None:
            return self._fill_date()
        if self._node.kind in ("file", "signature") and self.hole("nothing") is not None:
            return self._fill_file()
        if self.hole("line") is not None:
            return self._fill_line()
        hole = self.hole("value")
        if hole is None:
            return None
        show = self._node.codec.show
        textual = show is plain
        if len(hole.indexes) != 1:
            return lambda parts, answer: hole.put(parts, esc(show(answer)))
        at = hole.indexes[0]
        search = _ESCAPED.search

        def fill_text(parts: list[str], answer: Any) -> None:
            text = answer if textual and type(answer) is str else show(answer)
            parts[at] = esc(text) if search(text) else text

        return fill_text

    def _fill_line(self) -> Fill:
        """A box of one line would drop the line breaks of an answer that another program gave."""
        tag, line, end = (self._made[name][0].indexes[0] for name in ("tag", "line", "end"))
        show, closing, many = self._node.codec.show, self._closing, self._many
        textual = show is plain
        search = _SPECIAL.search

        def fill_line(parts: list[str], answer: Any) -> None:
            text = answer if textual and type(answer) is str else show(answer)
            if search(text):
                if many and ("\n" in text or "\r" in text):
                    parts[tag] = "textarea"
                    parts[line] = f' rows="{min(text.count(chr(10)) + 2, 12)}"'
                    parts[end] = f">\n{esc(text)}</textarea>"
                    return
                text = esc(text)
            parts[line] = f' value="{text}{closing}'

        return fill_line

    def _fill_locked(self) -> Fill:
        """An option that cannot be changed: its title to read, its text to post."""
        node, value, shown = self._node, self.hole("value"), self.hole("shown")

        def fill_locked(parts: list[str], answer: Any) -> None:
            option = node.by_value.get(key_of(answer))
            if option is not None and value is not None and shown is not None:
                value.put(parts, esc(node.options[option].text))
                shown.put(parts, esc(node.options[option].title))

        return fill_locked

    def _fill_file(self) -> Fill:
        """A file that is kept: its name and, of a picture, the picture. A drawn signature is one too."""
        signed = self._node.kind == "signature"
        holes = {name: self.hole(name) for name in ("value", "drawn", "nothing", "picture", "kept")}

        def fill_file(parts: list[str], answer: Any) -> None:
            shown = uploads.picture(answer)
            drawn = signed and shown
            alt = esc(self._words["signed"]) if signed else ""
            texts = {
                "value": "" if drawn else plain(answer),
                "drawn": plain(answer) if drawn else "",
                "picture": f'<img class="lf-picture" alt="{alt}" src="{esc(shown)}">' if shown else "",
                "kept": uploads.described(answer, self._words),
            }
            for name, text in texts.items():
                if (hole := holes[name]) is not None:
                    hole.put(parts, text if name == "picture" else esc(text))
            if holes["nothing"] is not None and (drawn or not signed):
                holes["nothing"].put(parts, "")

        return fill_file

    def _fill_date(self) -> Fill:
        boxes = [self.hole(n) for n in ("year", "month", "day")]

        def fill_date(parts: list[str], answer: Any) -> None:
            for hole, text in zip(boxes, split_date(answer), strict=True):
                if hole is not None:
                    hole.put(parts, esc(text))

        return fill_date

    def _fill_options(self) -> Fill:
        by_value, on, word, order = self._node.by_value, self._on, self._word, self.hole("order")

        def fill_one(parts: list[str], answer: Any) -> None:
            option = by_value.get(key_of(answer))
            if option in on:
                on[option].put(parts, word)
            if order is not None:
                order.put(parts, "0")

        def fill_many(parts: list[str], answer: Any) -> None:
            ticked = [by_value.get(key_of(v)) for v in answer] if isinstance(answer, list) else []
            for option in ticked:
                if option is not None:
                    on[option].put(parts, word)
            if order is not None:
                order.put(parts, ",".join(str(t) for t in ticked if t is not None) or "[]")

        return fill_many if self._node.kind == "boxes" else fill_one


def _environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, auto_reload=False)


_OURS = _environment(jinja2.FileSystemLoader(TEMPLATES))
"""Our own templates, compiled once however many forms there are."""


_PLAIN = {"options": "radio", "group": "text", "rows": "text"}


class Templates:
    """Jinja over the engine's widget templates and those that plugins brought."""

    def __init__(self, widgets: Widgets) -> None:
        brought = widgets.sources()
        self._names = frozenset(brought)
        self._failed = widgets.failed
        self._plain = {name: _PLAIN.get(kind := widgets.kind(name), kind) for name in brought}
        self._theirs = _environment(jinja2.DictLoader(brought)) if brought else None

    def render(self, name: str, context: Mapping[str, Any]) -> Markup:
        if self._theirs is not None and name in self._names:
            try:
                return Markup(self._theirs.get_template(name).render(context).rstrip("\n"))
            except Exception as error:  # a plugin's: the question is asked all the same, by a plain control of its kind
                self._failed(name, "template", error)
                name, f = self._plain[name], context["f"]
                context = {**context, "f": {**f, "attrs": {"type": "text", **f["attrs"]}}}
        return Markup(_OURS.get_template(f"{name}.html").render(context).rstrip("\n"))
