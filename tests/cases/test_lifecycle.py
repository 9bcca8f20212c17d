"""The table of moves, held against DESIGN's list of statuses."""

from __future__ import annotations

import pytest

from core.cases.actions.moves import EVENT_NAMES
from core.cases.lifecycle import DESK, MOVES, OFFICE, OVER, PARTY, SYSTEM, TITLES, UNDER_WAY, move, possible
from core.contract import STATUSES
from core.errors import Conflict, LingbanError


def test_every_status_is_reached_and_titled() -> None:
    assert {one.ends for one in MOVES.values()} == set(STATUSES)  # "filed" again after a correction
    assert set(TITLES) == set(STATUSES)
    assert set(UNDER_WAY) | set(OVER) == set(STATUSES)
    assert set(EVENT_NAMES) == set(MOVES)


def test_what_is_over_never_comes_back() -> None:
    for one in MOVES.values():
        if set(one.starts) & set(OVER):
            assert set(one.starts) <= set(OVER)
            assert one.ends in OVER


def test_the_closed_case_has_no_move_left() -> None:
    assert possible("closed", {PARTY, DESK, OFFICE, SYSTEM}) == ()


def test_the_applicant_may_withdraw_mend_and_say_that_he_has_it_and_nothing_else() -> None:
    assert {name for status in STATUSES for name in possible(status, {PARTY})} == {"withdraw", "correct", "deliver"}


def test_nobody_but_the_office_and_the_rules_decides() -> None:
    assert MOVES["decide"].makers == {OFFICE, SYSTEM}
    assert MOVES["refuse"].makers == {OFFICE, SYSTEM}


@pytest.mark.parametrize("status", [s for s in STATUSES if s not in MOVES["decide"].starts])
def test_a_move_that_the_status_forbids_is_a_conflict(status: str) -> None:
    with pytest.raises(Conflict):
        move("decide", status)


def test_an_unknown_move_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(LingbanError):
        move("fly", "filed")
