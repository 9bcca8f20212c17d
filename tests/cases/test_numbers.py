"""Case numbers: hard to guess, hard to mistype."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import numbers

DAY = date(2026, 11, 23)
bodies = st.text(alphabet=numbers.ALPHABET, min_size=16, max_size=16)


def test_a_number_is_the_date_eight_characters_and_a_check() -> None:
    no = numbers.new(DAY)
    assert no.startswith("20261123")
    assert len(no) == 17
    assert numbers.read(no) == no


def test_numbers_of_one_day_do_not_repeat() -> None:
    assert len({numbers.new(DAY) for _ in range(2000)}) == 2000


@given(bodies, st.integers(0, 16), st.sampled_from(numbers.ALPHABET))
def test_one_wrong_character_is_found(body: str, place: int, other: str) -> None:
    no = body + numbers.check_character(body)
    wrong = no[:place] + other + no[place + 1 :]
    assert numbers.read(no) == no
    assert (numbers.read(wrong) is None) == (wrong != no)


def test_two_characters_changed_about_are_nearly_always_found() -> None:
    missed = tried = 0
    for _ in range(500):
        no = numbers.new(DAY)
        for place in range(16):
            turned = no[:place] + no[place + 1] + no[place] + no[place + 2 :]
            if turned != no:
                tried += 1
                missed += numbers.read(turned) is not None
    assert missed / tried < 0.01


@pytest.mark.parametrize("typed", ["{} ", " {}", "{lower}", "{spoken}", "{o}"])
def test_what_people_type_is_read(typed: str) -> None:
    no = numbers.new(DAY)
    text = typed.format(no, lower=no.lower(), spoken=numbers.spoken(no), o=no.replace("0", "O").replace("1", "l"))
    assert numbers.read(text) == no


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    numbers.read(text)
