"""Widgets: which control asks a question. Ranked testers choose; `ui:widget` overrides; a plugin may add one.

Knows how a control is named and read, not how it looks (`widgets/*.html`) nor which answers it will hold.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.judge.levels import types_of
from core.judge.periods import period_of
from forms.engine import codec
from forms.engine.codec import Codec

log = logging.getLogger("lingban.forms")
Tester = Callable[[Mapping[str, Any], Mapping[str, Any]], int]
"""(flat schema, ui options) → rank; 0 means it does not fit. The highest rank asks the question."""

Told = Callable[[str, str, str], object]
"""(widget, its part that failed, why), of a widget that was added."""

TEMPLATES = Path(__file__).parent / "widgets"

KINDS = (
    "text",
    "options",
    "boxes",
    "box",
    "date",
    "area",
    "file",
    "signature",
    "hidden",
    "const",
    "none",
    "group",
    "rows",
)
"""How a widget is read: one box of text, one of several, several of several, one tick, three boxes, a file, …"""


@dataclass(frozen=True, slots=True)
class Widget:
    """A control. `template` is Jinja (see docs/forms.md for what it is given) or the name of one of ours."""

    name: str
    template: str
    tester: Tester
    kind: str = "text"
    codec: Codec = codec.TEXT
    attrs: Mapping[str, str] = field(default_factory=dict)
    """Attributes of the input: type, inputmode, autocomplete, …"""
    suffix: str = ""
    """Word key shown after the box, such as `yuan`."""
    hint: str = ""
    """Word key of the hint where the schema gives none."""
    fieldset: bool = False
    """True for several inputs under one question: a fieldset with a legend instead of a label."""


def _format(*names: str, rank: int = 5) -> Tester:
    def test(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
        return rank if schema.get("format") in names and _is(schema, "string", "") else 0

    return test


def _is(schema: Mapping[str, Any], *types: str) -> bool:
    declared = [t for t in types_of(schema) if t != "null"]
    return (declared[0] if len(declared) == 1 else "") in types and len(declared) < 2


def _type(name: str, rank: int = 2) -> Tester:
    return lambda schema, ui: rank if name in types_of(schema) and _is(schema, name) else 0


def _never(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    return 0


def _options(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if schema.get("x-chooser"):
        return 20
    return 6 if "enum" in schema or "x-options" in schema or _is(schema, "boolean") else 0


def _many_options(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if schema.get("x-chooser"):
        return 0
    count = len(schema.get("x-options") or schema.get("enum") or ())
    return 7 if count > 6 else 0


def _box(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    options = schema.get("x-options")
    values = [o["value"] for o in options] if isinstance(options, list) else schema.get("enum")
    alone = isinstance(values, list) and len(values) == 1 and values[0] is True  # 1 == True in Python, not in JSON
    return 9 if schema.get("const") is True or alone else 0


def _const(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    return 8 if "const" in schema else 0


def _file(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    media = "contentMediaType" in schema or "contentEncoding" in schema
    return 5 if schema.get("format") == "data-url" or media else 0


def _group(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if _is(schema, "object"):
        return 2
    return 2 if not types_of(schema) and ("properties" in schema or "patternProperties" in schema) else 0


def _period(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    """Two dates, of which the one ends what the other begins, drawn side by side."""
    return 3 if _group(schema, ui) and period_of(schema.get("properties")) else 0


def _rows(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if _is(schema, "array"):
        return 2
    return 2 if not types_of(schema) and ("items" in schema or "prefixItems" in schema) else 0


def _null(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    return 3 if types_of(schema) == ["null"] or schema.get("not") == {} else 0


def _long(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    limit = schema.get("maxLength", 0)
    return 3 if _is(schema, "string") and "format" not in schema and isinstance(limit, int) and limit > 200 else 0


def _money(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    return 5 if schema.get("x-unit") in ("元", "CNY") and _is(schema, "number", "integer") else 0


def _text(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if types_of(schema):
        return 1 if _is(schema, "string") else 0
    return 1 if schema.keys() & {"minLength", "maxLength", "pattern", "format"} else 0


def _number(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
    if types_of(schema):
        return 0
    return 1 if schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"} else 0


def _text_box(name: str, tester: Tester, read: Codec = codec.TEXT, **attrs: str) -> Widget:
    hint, suffix = attrs.pop("hint", ""), attrs.pop("suffix", "")
    given = {"type": "text", **attrs}
    return Widget(name, "text", tester, codec=read, attrs=given, hint=hint, suffix=suffix)


BUILT_IN: tuple[Widget, ...] = (
    _text_box("text", _text),
    Widget("textarea", "textarea", _long, codec=codec.LINES),
    _text_box("number", _type("number"), codec.NUMBER, inputmode="decimal"),
    _text_box("integer", _type("integer"), codec.NUMBER, inputmode="numeric"),
    _text_box("number-like", _number, codec.NUMBER, inputmode="decimal"),
    _text_box("email", _format("email", "idn-email"), type="email", autocomplete="email", inputmode="email"),
    _text_box("url", _format("uri", "url", "uri-reference", "iri"), type="url", inputmode="url"),
    _text_box("tel", _format("phone", "tel"), codec.PHONE, type="tel", autocomplete="tel", inputmode="tel"),
    _text_box("color", _format("color", "colour"), codec.TEXT),
    _text_box("password", _format("password"), Codec(codec.plain, str, strip=False), type="password",
              autocomplete="new-password"),
    _text_box("time", _format("time"), codec.TIME, hint="time_hint"),
    _text_box("date-time", _format("date-time"), codec.STAMP, hint="stamp_hint"),
    _text_box("id-number", _format("cn-id-number"), codec.CODE, autocomplete="off", maxlength="30"),
    _text_box("credit-code", _format("cn-credit-code"), codec.CODE, autocomplete="off", maxlength="30"),
    _text_box("mobile", _format("cn-mobile"), codec.MOBILE, type="tel", autocomplete="tel-national", inputmode="tel"),
    _text_box("bank-card", _format("cn-bank-card"), codec.DIGITS, inputmode="numeric", autocomplete="off"),
    _text_box("postcode", _format("cn-postcode"), codec.DIGITS, inputmode="numeric", autocomplete="postal-code"),
    _text_box("money", _format("cn-money"), codec.MONEY, inputmode="decimal", suffix="yuan"),
    _text_box("money-number", _money, codec.MONEY_NUMBER, inputmode="decimal", suffix="yuan"),
    Widget("area", "area", _format("cn-area"), kind="area", codec=codec.DIGITS, hint="area_hint"),
    Widget("date", "date", _format("date"), kind="date", hint="date_hint", fieldset=True),
    Widget("signature", "signature", _format("signature"), kind="signature"),
    Widget("file", "file", _file, kind="file"),
    Widget("radio", "radio", _options, kind="options", fieldset=True),
    Widget("select", "select", _many_options, kind="options"),
    Widget("box", "box", _box, kind="box"),
    Widget("const", "const", _const, kind="const"),
    Widget("none", "none", _null, kind="none"),
    Widget("any", "textarea", lambda schema, ui: 0, codec=codec.ANY),
    Widget("hidden", "hidden", _never, kind="hidden"),
    Widget("boxes", "boxes", _never, kind="boxes", fieldset=True),
    Widget("group", "group", _group, kind="group", fieldset=True),
    Widget("period", "group", _period, kind="group", fieldset=True),
    Widget("rows", "rows", _rows, kind="rows", fieldset=True),
)  # fmt: skip

_BUILT_IN = frozenset(map(id, BUILT_IN))
_ALIASES: Mapping[str, str] = {
    "updown": "", "range": "", "checkbox": "box", "checkboxes": "boxes", "CheckboxesWidget": "boxes",
    "RadioWidget": "radio", "SelectWidget": "select", "TextareaWidget": "textarea", "HiddenWidget": "hidden",
    "PasswordWidget": "password", "EmailWidget": "email", "URLWidget": "url", "uri": "url", "alt-date": "date",
    "alt-datetime": "date-time", "datetime": "date-time", "CheckboxWidget": "box", "DateWidget": "date",
    "colour": "color",
}  # fmt: skip


class Widgets:
    """An ordered set of widgets; later ones win a tie, so a plugin's goes before ours of the same rank."""

    def __init__(self, added: tuple[Widget, ...] = (), tell: Told | None = None) -> None:
        self._all = (*BUILT_IN, *added)
        self._tell = tell
        self._named = {w.name: w for w in self._all}

    def sources(self) -> dict[str, str]:
        """Template texts that plugins brought, by widget name."""
        return {w.name: w.template for w in self._all if "<" in w.template or "{" in w.template}

    def kind(self, name: str) -> str:
        return self._named[name].kind

    def _tested(self, widget: Widget, schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
        if id(widget) in _BUILT_IN:
            return widget.tester(schema, ui)
        try:
            return int(widget.tester(schema, ui) or 0)
        except Exception as error:  # a plugin's: the question is asked by another widget
            self.failed(widget.name, "tester", error)
            return 0

    def failed(self, name: str, part: str, error: Exception) -> None:
        """Called while the error is handled."""
        log.warning("The %s of widget %r failed; a plain control stands in.", part, name, exc_info=True)
        if self._tell is not None:
            self._tell(name, part, f"{type(error).__name__}: {error}"[:300])

    def choose(self, schema: Mapping[str, Any], ui: Mapping[str, Any], *, many: bool) -> Widget:
        """The widget for a flat schema. `many`: an array whose items are picked from options."""
        wanted = str(ui.get("widget") or "")
        wanted = _ALIASES.get(wanted, wanted)
        if wanted == "hidden" and not many:
            return self._named["hidden"]
        if many:
            return self._named["rows" if wanted == "rows" else "boxes"]
        best, rank = self._named["any"], 0
        for widget in self._all:
            tested = self._tested(widget, schema, ui)
            if tested and tested >= rank:
                best, rank = widget, tested
        if len([t for t in types_of(schema) if t != "null"]) > 1 and best.kind == "text":
            best = self._named["any"]
        asked = self._named.get(wanted)
        if asked is not None and _may_replace(asked, best, schema):
            return asked
        return best


def _may_replace(asked: Widget, best: Widget, schema: Mapping[str, Any]) -> bool:
    """`ui:widget` changes the control, never what kind of answer it can give."""
    if asked.kind == best.kind:
        numeric = best.name in ("number", "integer", "number-like", "any")
        return not (numeric and asked.codec.read("1") == "1" and not asked.name.startswith("money"))
    if asked.kind == "box":
        return types_of(schema) == ["boolean"] and best.kind == "options"
    if asked.kind in ("date", "area", "signature"):
        return best.kind in ("text", "file") and "string" in types_of(schema)
    return asked.name == "textarea" and best.name == "file"
