"""Every sentence of every page has its English, with the same values in it."""

from __future__ import annotations

import re

from core.web.rendering import messages
from tests.pages.messages import catalog, is_translated, said

HOLE = re.compile(r"%\(\w+\)s|\{\w+\}")
DATA = ("seeds/", "plugins/")
"""Names out of bundled data are translated where somebody did; the sentences of the house must be."""


def test_every_sentence_of_the_house_is_said_in_english() -> None:
    known = {(one.id if isinstance(one.id, str) else one.id[0]) for one in catalog() if one.id and is_translated(one)}
    missing = {
        f"{where}: {id}"
        for id, where in said()
        if not where.startswith(DATA) and (id if isinstance(id, str) else id[0]) not in known
    }
    assert not missing, "\n".join(sorted(missing)) + "\npython -m tests.pages.messages adds them; write their English."


def test_a_translation_keeps_the_values_of_its_sentence() -> None:
    for one in catalog():
        if not one.id or not is_translated(one):
            continue
        meant = one.id if isinstance(one.id, str) else one.id[0]
        texts = [one.string] if isinstance(one.string, str) else list(one.string or ())
        for text in texts:
            assert set(HOLE.findall(meant)) == set(HOLE.findall(text)), meant


def test_pages_read_the_catalog_at_start_and_chinese_needs_none() -> None:
    assert messages("en")["办事"] == "Services"
    assert not messages("zh")
