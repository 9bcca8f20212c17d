"""A step that hangs on what a register says joins the way when the register, silent at filing, answers later."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access
from core.cases.models import Case, Event
from core.cases.proving import verify_all
from core.contract import RouteStep
from core.judge.joining import with_joined
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_recheck import ACCOUNT, filed, turn
from tests.cases.test_steps import finish, turns
from tests.cases.test_steps_in_queues import IN_DOUBT, LOOK, SIGN
from tests.cases.town import ELDER, REVIEWER, STRANGER, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
FIRST = {"unit": "civil-affairs", "title": "初审", "days": 1}
CHECK = {
    "unit": "credit-office", "title": "账户核对", "days": 10,
    "when": {"/lookups/account/bank_account": {"pattern": "^6222"}}, "because": "账户在外地", "basis": "某办法第四条",
}  # fmt: skip
LAST = {"unit": "civil-affairs", "title": "复核", "days": 1}


async def way(kernel: Kernel, no: str) -> list[str]:
    view = await access.case(kernel, REVIEWER, no)
    assert view.dates is not None
    return [one.step.title for one in view.dates.steps]


async def test_the_step_joins_where_the_item_has_it_and_the_day_that_was_told_stands(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(FIRST, CHECK, LAST))
    no = (await filed(kernel, registers, "own-business")).no
    before = await Case.get(no=no)
    assert await way(kernel, no) == ["初审", "复核"]
    registers.held["own-business"][ELDER] = ACCOUNT
    assert await turn(kernel) == "1 asked again, 0 decided"
    assert await way(kernel, no) == ["初审", "账户核对", "复核"]
    after = await Case.get(no=no)
    assert after.deadline == before.deadline
    record: Any = after.record
    assert [one["unit"] for one in record["route"]["steps"]] == ["civil-affairs", "credit-office", "civil-affairs"]
    told: Any = (await Event.filter(type="rechecked").get()).payload
    assert told["data"]["steps"] == ["初审", "账户核对", "复核"]
    await finish(kernel, no, REVIEWER)
    (line,) = (await access.queue(kernel, STRANGER)).lines
    assert line.no == no
    await finish(kernel, no, STRANGER)
    assert await turns(kernel, no) == ["复核"]
    assert (await verify_all())[1] == []


async def test_what_is_done_stays_where_it_is_and_the_step_follows(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(FIRST, CHECK, LAST))
    no = (await filed(kernel, registers, "own-business")).no
    await finish(kernel, no, REVIEWER)
    await finish(kernel, no, REVIEWER)
    registers.held["own-business"][ELDER] = ACCOUNT
    await turn(kernel)
    assert await way(kernel, no) == ["初审", "复核", "账户核对"]
    assert await turns(kernel, no) == ["账户核对"]


async def test_what_is_found_on_the_way_still_lays_it_anew(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(LOOK, CHECK, IN_DOUBT, SIGN))
    no = (await filed(kernel, registers, "own-business")).no
    registers.held["own-business"][ELDER] = ACCOUNT
    await turn(kernel)
    assert await way(kernel, no) == ["走访", "账户核对", "会签"]
    await finish(kernel, no, REVIEWER, findings={"result": "存疑"})
    assert await way(kernel, no) == ["走访", "账户核对", "信用核查", "会签"]


def step(unit: str, group: int) -> RouteStep:
    return RouteStep(
        unit=unit, area="", days=1, calendar_days=None, title="", because="", basis="", counts=True, review=True,
        group=group,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "wanted", "done", "becomes"),
    [
        ("a0 c2", "a0 b1 c2", (), "a0 b1 c2"),
        ("a0 c2", "a0 b1 c2", (0, 1), "a0 c2 b1"),
        ("a0 c2", "c2", (), "a0 c2"),
        ("b1 c1 d2", "a0 b1 c1 d2", (0,), "b1 c1 a0 d2"),
        ("b1 d2", "b1 c1 d2", (0,), "b1 c1 d2"),
        ("", "a0 b1", (), "a0 b1"),
    ],
)
def test_a_step_comes_before_none_that_is_done_and_between_none_that_run_together(
    told: str, wanted: str, done: tuple[int, ...], becomes: str
) -> None:
    def steps(words: str) -> list[RouteStep]:
        return [step(word[0], int(word[1])) for word in words.split()]

    made = with_joined(steps(told), steps(wanted), done)
    assert " ".join(f"{one.unit}{one.group}" for one in made) == becomes
    assert [one.unit for one in made if one.joined] == [w[0] for w in wanted.split() if w not in told.split()]
