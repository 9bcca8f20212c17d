"""Chinese titles matched by what is typed on a Latin keyboard: full pinyin, initials, or a mixture of both.

Knows the readings of single characters; a character with several readings matches by any of them.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

Readings = Mapping[str, tuple[str, ...]]


def readings_of(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """character → its readings without tones, for every Chinese character of the texts.

    The table of single characters is read from pypinyin's data and let go again: importing the library would keep
    its table of phrases, 55 MB, in every worker for the sake of a search box.
    """
    wanted = {c for text in texts for c in text if not c.isascii()}
    table = _table()
    found = {}
    for char in wanted:
        said = table.get(str(ord(char))) or table.get(char) or ""
        readings = tuple(dict.fromkeys(p for r in said.split(",") for p in _plain(r) if p))
        if readings:
            found[char] = readings
    return found


def _table() -> Mapping[str, str]:
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or not spec.origin:
        return {}
    path = Path(spec.origin).parent / "pinyin_dict.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _plain(reading: str) -> tuple[str, ...]:
    """Without tones; ü is typed as v by most and as u by some."""
    letters = unicodedata.normalize("NFD", reading.strip()).lower()
    return tuple(
        "".join(c for c in letters.replace("u\u0308", umlaut) if c.isascii() and c.isalpha()) for umlaut in ("v", "u")
    )


def matches(word: str, text: str, readings: Readings) -> int:
    """0 for no match, 1 for one inside the text, 2 for one that begins with it. `word` is small Latin letters."""
    for start, char in enumerate(text):
        begins = char == word[0] or any(r[0] == word[0] for r in readings.get(char, ()))
        if begins and _from(word, text, start, readings):
            return 2 if start == 0 else 1
    return 0


def _from(word: str, text: str, start: int, readings: Readings) -> bool:
    """Whether some way of spelling the text from `start` on begins with the word."""
    reached = {0}
    for char in text[start:]:
        spelled = readings.get(char) or ((char,) if char.isascii() and char.isalnum() else ())
        if not spelled:
            continue  # a bracket or a dash is not typed
        further = set()
        for at in reached:
            rest = word[at:]
            for reading in spelled:
                if reading.startswith(rest):
                    return True
                if rest.startswith(reading):
                    further.add(at + len(reading))
                if rest[0] == reading[0]:
                    further.add(at + 1)
        if not further:
            return False
        reached = further
    return False
