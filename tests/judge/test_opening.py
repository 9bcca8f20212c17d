"""Windows of application: which days are in, when the next one opens, and what is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.contract import Item
from core.judge.opening import not_open, opening_of
from tests.judge.town import elder

SPRING = [{"from": "03-01", "to": "04-30"}]
WINTER = [{"from": "11-01", "to": "02-29"}]
ONCE = [{"from": "2026-09-01", "to": "2026-09-30"}]


def item(windows: Any) -> Item:
    return elder(item={"open": windows})


@pytest.mark.parametrize(
    ("windows", "day", "opens"),
    [
        (SPRING, "2026-02-28", "2026-03-01"),
        (SPRING, "2026-03-01", None),
        (SPRING, "2026-04-30", None),
        (SPRING, "2026-05-01", "2027-03-01"),
        (WINTER, "2026-10-31", "2026-11-01"),
        (WINTER, "2026-12-31", None),
        (WINTER, "2027-02-28", None),
        (WINTER, "2027-03-01", "2027-11-01"),
        (WINTER, "2028-02-29", None),
        (WINTER, "2028-03-01", "2028-11-01"),
        (ONCE, "2026-08-31", "2026-09-01"),
        (ONCE, "2026-09-30", None),
        ([*SPRING, *ONCE], "2026-05-01", "2026-09-01"),
    ],
)
def test_the_next_window_is_told_on_days_outside_only(windows: Any, day: str, opens: str | None) -> None:
    said = not_open(item(windows), date.fromisoformat(day))
    assert bool(said) == (opens is not None)
    assert opens is None or opens in said[0].message


def test_a_window_that_never_comes_again_says_so() -> None:
    assert [one.message for one in not_open(item(ONCE), date(2026, 10, 1))] == [
        "“老年人尊老金待遇申领”的申请时间是2026-09-01至2026-09-30，已经过了。"
    ]


def test_the_sentence_names_all_windows_in_the_readers_language() -> None:
    both = item([*SPRING, {"from": "09-01", "to": "10-31"}])
    (said,) = not_open(both, date(2026, 5, 1))
    assert "每年3月1日至4月30日、每年9月1日至10月31日" in said.message
    (said,) = not_open(both, date(2026, 5, 1), "en")
    assert "1 March to 30 April every year and 1 September to 31 October every year" in said.message


def test_without_windows_any_day_will_do() -> None:
    assert opening_of(elder(), date(2026, 5, 1)) is None
    assert not_open(elder(), date(2026, 5, 1)) == []
