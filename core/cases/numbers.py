"""Case numbers: eight digits of the legal date, eight random characters, one check character.

Knows no case: whether a number is free is the database's to say.
"""

from __future__ import annotations

import secrets
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a number can be read out on the telephone."""
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
MISREAD = str.maketrans("ILO", "110", " -\u3000‐–—")
LENGTH = 17


def new(day: date) -> str:
    """A fresh number, such as `20261123K7Q2M9XD4`. Forty random bits a day: it cannot be guessed from another."""
    bits = secrets.randbits(40)
    body = day.strftime("%Y%m%d") + "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 40, 5))
    return body + check_character(body)


def check_character(body: str) -> str:
    """ISO 7064 hybrid system with moduli 33 and 32: finds every single wrong character."""
    remainder = 32
    for character in body:
        remainder = (remainder + _VALUE[character]) % 32 or 32
        remainder = remainder * 2 % 33
    return ALPHABET[(33 - remainder) % 32]


def read(text: str) -> str | None:
    """The number as it is stored, from what a person typed (small letters, gaps, O for 0); None if mistyped."""
    number = text.upper().translate(MISREAD)
    if len(number) != LENGTH or any(character not in _VALUE for character in number):
        return None
    return number if check_character(number[:-1]) == number[-1] else None


def spoken(number: str) -> str:
    """In groups, for reading out: `20261123 K7Q2 M9XD 4`."""
    return f"{number[:8]} {number[8:12]} {number[12:16]} {number[16:]}"
