"""How one answer is written into a box and read back out of it, exactly.

Knows single values only; names, rows and branches belong to `reader`. What cannot be read stays as typed text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Show = Callable[[Any], str]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """`show(value) -> text` for the box; `read(text) -> value`, given text that is not blank."""

    show: Show
    read: Read
    strip: bool = True


_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x3002: 0x2E}
_GAPS = re.compile(r"[\s\-‐-―]+")


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their plain ones; an ideographic full stop as a point."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def plain(value: Any) -> str:
    """Text as it stands; anything else as JSON, so that an unexpected value is at least seen."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, (Mapping, list)):
        return json.dumps(value, ensure_ascii=False)
    return show_number(value)


_LONGEST = 40
"""Characters of a number written out; a longer one keeps its exponent."""


def show_number(value: Any) -> str:
    """A number without exponent or needless zeros; text that never was a number as it stands."""
    if isinstance(value, float) and math.isfinite(value):
        text = format(Decimal(repr(value)), "f")
        if len(text) > _LONGEST:
            return repr(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, (bool, Mapping, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_EXPONENT = re.compile(r"[\d.][eE][+-]?\d", re.ASCII)


def read_number(text: str) -> Any:
    """An int where the text is whole, else a float; the text itself where it is no number.

    A person types digits: `1e2` is a slip, not a hundred. Only what `show_number` writes with an exponent comes back.
    """
    if len(text) < 16 and text.isascii() and text.isdigit():
        return int(text)
    clean = narrow(text).replace(",", "").replace(" ", "").replace("−", "-")
    if len(clean) > 60 or not _NUMBER.fullmatch(clean):
        return text
    try:
        exact = Decimal(clean)
    except InvalidOperation:
        return text
    if _EXPONENT.search(clean):
        done = float(exact)
        return done if math.isfinite(done) and show_number(done) == text else text
    if exact == exact.to_integral_value() and abs(exact) < Decimal(10) ** 30:
        return int(exact)
    done = float(exact)
    return done if math.isfinite(done) else text


def read_any(text: str) -> Any:
    """JSON where it is JSON, else the text: the codec of a question without a type."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_written_out)
    except (ValueError, RecursionError):
        return text


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _written_out(text: str) -> float:
    """A fraction; one with an exponent only as `json.dumps` writes it, so that a code such as `1e2` stays one."""
    done = float(text)
    if _EXPONENT.search(text) and json.dumps(done) != text:
        raise ValueError(text)
    return done


def show_any(value: Any) -> str:
    """The other way round: a text that would be read as something else is put in quotes."""
    if isinstance(value, str):
        return value if value and read_any(value) == value and value == value.strip() else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)


def mixed(types: frozenset[str]) -> Codec:
    """A scalar that may be of several types."""
    fits: dict[str, tuple[type, ...]] = {
        "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float), "null": (type(None),),
        "array": (list,), "object": (dict,),
    }  # fmt: skip
    allowed = tuple(t for name in types for t in fits.get(name, ()))

    def read(text: str) -> Any:
        value = read_any(text)
        if isinstance(value, bool) and bool not in allowed:
            return text
        return value if isinstance(value, allowed) else text

    def show(value: Any) -> str:
        if isinstance(value, str):
            return value if "string" in types and value and read(value) == value else json.dumps(value)
        return json.dumps(value, ensure_ascii=False)

    return Codec(show, read)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _compact(text: str) -> str:
    return _GAPS.sub("", narrow(text))


def _upper(text: str) -> str:
    return _compact(text).upper()


def _mobile(text: str) -> str:
    bare = _compact(text)
    return bare.removeprefix("+86") if bare.startswith("+86") else bare


def _money(text: str) -> str:
    return narrow(text).replace(",", "").replace("¥", "").replace("￥", "").replace("元", "").replace(" ", "")


def _money_number(text: str) -> Any:
    read = read_number(_money(text))
    return text if isinstance(read, str) else read


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(:\d{2}(\.\d+)?)?", re.ASCII)
_STAMP = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]+(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)", re.ASCII)
ZONE = "+08:00"
"""A time without a zone is meant as the office's own; all of China keeps one."""


def _read_time(text: str) -> str:
    clock = narrow(text).replace("：", ":").strip()
    match = _CLOCK.fullmatch(clock)
    return f"{int(match[1]):02}:{match[2]}{match[3] or ':00'}{ZONE}" if match else text


def _show_time(value: Any) -> str:
    text = plain(value)
    bare = text.removesuffix(ZONE)
    return bare.removesuffix(":00") if bare != text and bare.count(":") == 2 else text


def _read_stamp(text: str) -> str:
    match = _STAMP.fullmatch(narrow(text).replace("：", ":").strip())
    if not match:
        return text
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}T{_read_time(match[4])}"


def _show_stamp(value: Any) -> str:
    text = plain(value)
    day, t, clock = text.partition("T")
    return f"{day} {_show_time(clock)}" if t and clock.endswith(ZONE) else text


TEXT = Codec(plain, str)
LINES = Codec(plain, _lines)
CODE = Codec(plain, _upper)
DIGITS = Codec(plain, _compact)
MOBILE = Codec(plain, _mobile)
PHONE = Codec(plain, narrow)
NUMBER = Codec(show_number, read_number)
MONEY = Codec(plain, _money)
MONEY_NUMBER = Codec(show_number, _money_number)
TIME = Codec(_show_time, _read_time)
STAMP = Codec(_show_stamp, _read_stamp)
ANY = Codec(show_any, read_any)


# --- dates as 年 月 日 -------------------------------------------------------------------------------------


def split_date(value: Any) -> tuple[str, str, str]:
    """`2026-11-05` as ("2026", "11", "5"); what is no date goes into the boxes as far as it can."""
    if not isinstance(value, str):
        return ("", "", "") if value is None else (plain(value), "", "")
    parts = value.split("-", 2)
    parts += [""] * (3 - len(parts))
    year, month, day = parts
    return year, _bare(month), _bare(day)


def _bare(two: str) -> str:
    return two[1:] if len(two) == 2 and two[0] == "0" and two[1].isdigit() and two != "00" else two


def join_date(year: str, month: str, day: str) -> str:
    """The three boxes as ISO 8601; "" when all are blank. A half date stays half, and is told so."""
    if not (month.strip() or day.strip()) and not any(c.isdigit() for c in year):
        return year.strip()  # no date at all: shown again as it was typed
    year, month, day = (_GAPS.sub("", narrow(t)).rstrip("年月日") for t in (year, month, day))
    if not (year or month or day):
        return ""
    pad = [t.zfill(2) if t.isascii() and t.isdigit() and len(t) < 2 else t for t in (month, day)]
    return "-".join([year, *pad]).rstrip("-") if not (pad[1] and not pad[0]) else f"{year}--{pad[1]}"


# --- options ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    value: Any
    text: str
    """What is posted."""
    title: str
    disabled: bool = False


def key_of(value: Any) -> Any:
    """A hashable stand-in that keeps true, 1 and "1" apart and 1 and 1.0 together, as JSON does."""
    if isinstance(value, bool) or value is None or isinstance(value, (Mapping, list)):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str):
        return ("s", value)
    return value


def options_of(values: list[tuple[Any, str | None]], words: Mapping[str, str]) -> tuple[Option, ...]:
    """Options with the text each posts: strings as they are, the rest (and blank or clashing ones) as JSON."""
    strings = {v for v, _ in values if isinstance(v, str)}
    done: list[Option] = []
    for value, title in values:
        if isinstance(value, str):
            text = value if value.strip() and value == value.strip() else json.dumps(value, ensure_ascii=False)
        else:
            text = json.dumps(value, ensure_ascii=False)
            if text in strings:
                text = f" {text}"
        if title is None or title == "":
            title = words["yes" if value else "no"] if isinstance(value, bool) else plain(value)
            if value is None or title == "":
                title = words["none"]
        done.append(Option(value, text, str(title)))
    return tuple(done)
