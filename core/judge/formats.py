"""Formats asserted besides the standard ones: the numbers and codes of Chinese public services.

Pure string tests; knows no register, so a number that passes is well formed, not necessarily issued.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from stdnum import luhn
from stdnum.cn import uscc

from core.judge.pictures import is_signature

_ID = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_id_number(text: str) -> bool:
    """GB 11643: eighteen characters, a real date of birth, the ISO 7064 MOD 11-2 check character.

    The area part is not judged: published area tables lack codes that people born before 1989 carry.
    """
    if not _ID.fullmatch(text):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return born.year >= 1850 and _CHECKS[sum(int(c) * w for c, w in zip(text, _WEIGHTS, strict=False)) % 11] == text[17]


def masked(number: str | None) -> str:
    """A number as a screen in a hall may show it."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if number and len(number) > 10 else number or ""


def is_credit_code(text: str) -> bool:
    """GB 32100, the unified social credit code: eighteen characters with a MOD 31 check character."""
    return len(text) == 18 and text.isascii() and text == text.upper() and bool(uscc.is_valid(text))


def is_bank_card(text: str) -> bool:
    """12 to 19 digits with a Luhn check digit (GB/T 14504 / ISO 7812)."""
    return text.isascii() and text.isdigit() and 12 <= len(text) <= 19 and bool(luhn.is_valid(text))


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ATEXT = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@(?:{_LABEL}\.)+{_LABEL}", re.ASCII | re.IGNORECASE)


def is_email(text: str) -> bool:
    """An address that mail can be sent to: RFC 5322's dot-atom at a domain with a dot; no quoted names, no comments."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "email": is_email,
    "cn-id-number": is_id_number,
    "cn-credit-code": is_credit_code,
    "cn-mobile": _matches(r"1[3-9][0-9]{9}"),
    "cn-bank-card": is_bank_card,
    "cn-postcode": _matches(r"[0-9]{6}"),
    "cn-area": _matches(r"[0-9]{12}"),
    "signature": is_signature,
    "cn-money": _matches(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?"),
}
"""Name in a schema's `format` → test. `cn-money` is an amount in 元 kept as text, so no cent is ever rounded."""
KNOWN = frozenset(
    (*FORMATS, "date", "time", "date-time", "duration", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
     "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex",
     "color", "data-url", "binary")
)  # fmt: skip
"""Every format that is asserted, and those that choose a widget; any other name would pass in silence."""
