"""Answers as strategies: text, names of properties, numbers, and the numbers of this field with their check digits."""

from __future__ import annotations

import string
from datetime import date, datetime, time

from hypothesis import strategies as st

from tests.forms_engine.generated.part import Values

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn"), exclude_characters="�\xad"),
    min_size=1,
    max_size=12,
).filter(lambda t: t == t.strip())
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)
ODD = (
    "name", "a/b", "a~b", "a~1b", "多少 钱", "0", "12", "x.y", "_seen:x", "_row:/0", "<b>", '"q"', "'", "&amp;", "%41",
    "properties", "items", "type", "$ref", "~+0", "#", "*", "_branch:/a#0", "required", "from", "__proto__",
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(ODD), TEXT)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 6)).filter(lambda f: f != 0 or str(f) == "0.0"),
    st.sampled_from([1e-7, 1.5e21, 0.1 + 0.2, -0.01]),
)
FIRST, LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)
DIGITS = string.digits


def digits(fewest: int, most: int | None = None) -> Values:
    return st.text(DIGITS, min_size=fewest, max_size=most or fewest)


def id_number(head: str, day: date, serial: int) -> str:
    body = f"{head}{day:%Y%m%d}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def card(body: str) -> str:
    total = 0
    for i, d in enumerate(reversed(body)):
        n = int(d) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return body + str(-total % 10)


def credit_code(body: str) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    return body + signs[-sum(signs.index(c) * w for c, w in zip(body, weights, strict=True)) % 31]


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+08:00"


def clock(at: time) -> str:
    return f"{at:%H:%M:%S}+08:00"
