"""The matrix of permissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import Actor, Office
from core.office import seed
from core.office.permissions import ALL, MATRIX, OWN, POWERS, ROLES, SITE_ROLES, STAFF_ROLES, UNIT_ROLES, may, reach

CITY, TOWN, VILLAGE, OTHER = "320583000000", "320583103000", "320583103205", "320583104000"


@pytest.fixture
def office(seeds: Path) -> Office:
    return seed.read_office(seeds)


def staff(role: str, *, unit: str | None = "civil-affairs", area: str | None = TOWN, site: str | None = None) -> Actor:
    return Actor("1", role, unit=unit, area=area, site=site)


def test_no_role_holds_two_of_administration_publishing_and_audit() -> None:
    for role in ROLES:
        assert sum(role in MATRIX[power] for power in POWERS) <= 1, role


def test_auditors_and_administrators_cannot_touch_or_read_a_case() -> None:
    for action in MATRIX:
        if action.startswith("case.") or action == "queue.read":
            assert "auditor" not in MATRIX[action]
            assert "administrator" not in MATRIX[action]


def test_nobody_reaches_every_case() -> None:
    assert not [a for a in MATRIX if a.startswith("case.") and ALL in MATRIX[a].values()]


def test_the_matrix_names_only_roles_that_exist() -> None:
    assert {role for row in MATRIX.values() for role in row} <= {*ROLES, "portal"}
    assert set(STAFF_ROLES) >= SITE_ROLES | UNIT_ROLES


def test_a_citizen_reads_only_his_own_case() -> None:
    citizen = Actor("1", "citizen")
    assert may(citizen, "case.read", own=True, unit="civil-affairs", area=TOWN)
    assert not may(citizen, "case.read", unit="civil-affairs", area=TOWN)
    assert not may(citizen, "case.decide", own=True, unit="civil-affairs", area=TOWN)
    assert not may(None, "case.read", own=True)


def test_a_reviewer_decides_in_his_office_and_nowhere_else(office: Office) -> None:
    reviewer = staff("reviewer")
    assert may(reviewer, "case.decide", unit="civil-affairs", area=TOWN, office=office)
    assert not may(reviewer, "case.decide", unit="approval-bureau", area=TOWN, office=office)
    for area in (CITY, VILLAGE, OTHER):
        assert not may(reviewer, "case.decide", unit="civil-affairs", area=area, office=office)
    assert not may(reviewer, "case.decide", own=True, unit="approval-bureau", area=TOWN)


def test_a_supervisor_reaches_down_but_not_across_units(office: Office) -> None:
    supervisor = staff("supervisor", area=TOWN)
    assert may(supervisor, "case.read", unit="civil-affairs", area=VILLAGE, office=office)
    assert not may(supervisor, "case.read", unit="civil-affairs", area=CITY, office=office)
    assert not may(supervisor, "case.read", unit="civil-affairs", area=OTHER, office=office)
    assert not may(supervisor, "case.read", unit="approval-bureau", area=VILLAGE, office=office)
    assert not may(supervisor, "case.read", unit="civil-affairs", area=VILLAGE), "below one's area needs the office"


def test_a_counter_reaches_its_own_site(office: Office) -> None:
    clerk = staff("clerk", site="hall-shipu")
    assert may(clerk, "case.accept", site="hall-shipu")
    assert not may(clerk, "case.accept", site="hall-city")
    assert not may(clerk, "case.decide", site="hall-shipu")
    assert not may(staff("clerk", site=None), "case.accept", site="hall-shipu")


def test_somebody_without_a_place_reaches_nothing_in_particular() -> None:
    lost = staff("reviewer", unit=None, area=None)
    assert not may(lost, "case.decide", unit="civil-affairs", area=TOWN)
    assert not may(lost, "case.decide", unit="civil-affairs")


def test_without_a_place_the_question_is_whether_the_role_holds_it_at_all() -> None:
    assert may(staff("administrator"), "plugin.read")
    assert not may(staff("reviewer"), "plugin.read")
    held = reach(Actor("1", "citizen"), "case.read")
    assert held is not None
    assert held.scope == OWN


def test_an_action_nobody_declared_is_an_error_and_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(staff("reviewer"), "case.frobnicate")
