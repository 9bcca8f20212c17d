"""Pointers: found or not, `*` over rows, and writing one place without touching the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judge.pointers import expand, overlap, placed, pointer, resolve, tokens, walk, without

FACTS: dict[str, Any] = {
    "a": {"b/c": 1, "d~e": 2, "": 3, "null": None},
    "rows": [{"n": 1, "in": [{"m": 1}, {"m": 2}]}, {"in": []}, {"n": 3, "in": [{"m": 3}]}],
    "none": [],
}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("", (True, FACTS)),
        ("/a/b~1c", (True, 1)),
        ("/a/d~0e", (True, 2)),
        ("/a/", (True, 3)),
        ("/a/null", (True, None)),
        ("/a/zz", (False, None)),
        ("/a/null/deeper", (False, None)),
        ("/rows/0/n", (True, 1)),
        ("/rows/3/n", (False, None)),
        ("/rows/00/n", (False, None)),
        ("/rows/-1/n", (False, None)),
        ("/rows/9999999999/n", (False, None)),
        ("/rows/²/n", (False, None)),
        ("/rows/*/n", (True, [1, None, 3])),
        ("/rows/*", (True, FACTS["rows"])),
        ("/rows/*/in/*/m", (True, [1, 2, 3])),
        ("/none/*/n", (True, [])),
        ("/a/*/n", (False, None)),
        ("/zz/*/n", (False, None)),
    ],
)
def test_a_pointer_finds_what_is_there_and_nothing_else(at: str, expected: tuple[bool, Any]) -> None:
    assert resolve(FACTS, at) == expected


@given(st.lists(st.text(max_size=5), max_size=4))
def test_tokens_and_pointer_are_each_others_inverse(parts: list[str]) -> None:
    assert tokens(pointer(parts)) == tuple(parts)


def test_expanding_names_every_row_with_its_indices() -> None:
    assert list(expand(FACTS, ("rows", "*", "in", "*", "m"))) == [
        (("rows", "0", "in", "0", "m"), (0, 0)),
        (("rows", "0", "in", "1", "m"), (0, 1)),
        (("rows", "2", "in", "0", "m"), (2, 0)),
    ]
    assert list(expand(FACTS, ("zz",))) == [(("zz",), ())]
    assert list(expand(FACTS, ("zz", "*"))) == []


def test_placing_copies_the_path_and_leaves_the_original_alone() -> None:
    before = {"a": {"b": 1}, "c": [{"d": 1}]}
    after = placed(before, ("a", "x", "y"), 2)
    assert after == {"a": {"b": 1, "x": {"y": 2}}, "c": [{"d": 1}]}
    assert before == {"a": {"b": 1}, "c": [{"d": 1}]}
    assert after["c"] is before["c"]
    assert placed(before, ("c", "0", "d"), 5)["c"] == [{"d": 5}]
    assert placed(before, ("c", "7", "d"), 5) == before, "a row nobody wrote is not made"
    assert placed("scalar", ("a",), 1) == {"a": 1}


def test_without_leaves_rows_in_place() -> None:
    before = {"a": {"b": 1, "c": 2}, "rows": [{"d": 1, "e": 2}]}
    assert without(before, ("a", "b")) == {"a": {"c": 2}, "rows": [{"d": 1, "e": 2}]}
    assert without(before, ("rows", "0", "d")) == {"a": {"b": 1, "c": 2}, "rows": [{"e": 2}]}
    assert without(before, ("rows", "0")) == before
    assert without(before, ("zz", "y")) == before


@given(
    st.lists(st.sampled_from(["a", "b", "0"]), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers()),
)
def test_what_is_placed_is_found_and_what_is_taken_away_is_not(path: list[str], document: dict[str, Any]) -> None:
    made = placed(document, path, "x")
    assert walk(made, path) == (True, "x")
    assert walk(without(made, path), path) == (False, None)


@pytest.mark.parametrize(
    ("a", "b", "meet"),
    [
        ("/answers/a", "/answers/a", True),
        ("/answers", "/answers/a/b", True),
        ("/answers/rows/*/n", "/answers/rows/3/n", True),
        ("/answers/a", "/answers/b", False),
        ("/answers/ab", "/answers/a", False),
        ("/lookups/a", "/answers/a", False),
    ],
)
def test_pointers_overlap_when_one_lies_in_the_other(a: str, b: str, meet: bool) -> None:
    assert overlap(a, b) is overlap(b, a) is meet
