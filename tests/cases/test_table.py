"""The whole table: every status × every move × every part; what is not allowed is told and writes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.cases import access, actions, proving
from core.cases.actions.moves import check_move, seen
from core.cases.lifecycle import MOVES
from core.cases.models import Case, CaseStep, Event, Letter, Outbox
from core.contract import STATUSES, Actor
from core.errors import Conflict, NotAllowed, NotFound, RequestError
from core.kernel import Kernel
from tests.cases.town import (
    CITIZEN,
    CITY,
    ELDER,
    OTHER,
    REVIEWER,
    SOON,
    STRANGER,
    TOWN,
    Registers,
    kernel,
    person,
    stepwise,
)

pytestmark = pytest.mark.anyio
CLERK = Actor(id="acc-clerk", role="clerk", name="吴窗", site="hall-town", area=TOWN, channel="hall")
FAR = Actor(id="acc-far", role="reviewer", name="郑审", unit="civil-affairs", area=CITY)
ADMINISTRATOR = Actor(id="acc-admin", role="administrator", name="吴管")
AUDITOR = Actor(id="acc-audit", role="auditor", name="冯审")
HEAD = Actor(id="acc-head", role="supervisor", name="沈长", unit="civil-affairs", area=CITY)
PARTS = {"applicant": CITIZEN, "clerk": CLERK, "office": REVIEWER, "head": HEAD, "step": STRANGER}
"""The applicant, the clerk who filed it for him, the deciding office, its head, the office of the second step."""
NOBODY = {"other citizen": OTHER, "other office": FAR, "administrator": ADMINISTRATOR, "auditor": AUDITOR}

# status → move → who may make it. Everything that is not written here is refused.
ALLOWED: dict[str, dict[str, str]] = {
    # Returned by the applicant: what is missing was told once already. At filing a case is with the office at once.
    "filed": {
        "accept": "clerk office head", "refuse": "office head", "begin": "office head",
        "decide": "office head", "withdraw": "applicant clerk",
    },
    "correction": {
        "accept": "clerk office head", "correct": "applicant clerk", "refuse": "office head",
        "withdraw": "applicant clerk",
    },
    "accepted": {"begin": "office head", "decide": "office head", "withdraw": "applicant clerk"},
    "in_step": {
        "accept": "clerk office head", "refuse": "office head",
        "ask_correction": "clerk office head", "finish_step": "office head", "pause": "office head",
        "extend": "head", "decide": "office head",
        "withdraw": "applicant clerk",
    },
    "paused": {"resume": "office head", "withdraw": "applicant clerk"},
    "decided": {"deliver": "applicant clerk office head", "close": "office head"},
    "delivered": {"close": "office head"},
    "not_accepted": {"close": "office head"},
    "withdrawn": {"close": "office head"},
    "closed": {},
}  # fmt: skip

Make = Callable[[Kernel, str, Actor, int], Awaitable[Any]]


def simple(name: str) -> Make:
    return lambda k, no, who, at: actions.simple_move(k, no, name, actor=who, revision=at, because="说明")


async def lapse(kernel: Kernel, no: str, who: Actor, revision: int) -> Any:
    """No door leads to it, for it is the timer's; whoever asked for it would be held against the table as this does."""
    case, parts = await seen(kernel, no, who)
    return check_move(case, "lapse", hats=parts.hats, revision=revision)


MAKE: dict[str, Make] = {
    "accept": lambda k, no, who, at: actions.accept(k, no, actor=who, revision=at),
    "ask_correction": lambda k, no, who, at: actions.ask_correction(
        k, no, actor=who, wanted={"account": "请补交"}, revision=at
    ),
    "refuse": lambda k, no, who, at: actions.refuse(k, no, actor=who, because="不属本机关", basis="某法", revision=at),
    "decide": lambda k, no, who, at: actions.decide(
        k, no, actor=who, outcome="reject", because="不符", basis="某法", revision=at
    ),
    "finish_step": lambda k, no, who, at: actions.finish_step(k, no, actor=who, step=0, revision=at),
    "pause": lambda k, no, who, at: actions.pause(
        k, no, actor=who, kind="hearing", because="申请人要求", until=SOON, revision=at
    ),
    "extend": lambda k, no, who, at: actions.extend(k, no, actor=who, because="检测排期", number=3, revision=at),
    "deliver": lambda k, no, who, at: actions.deliver(k, no, actor=who, method="electronic", revision=at),
    "lapse": lapse,
    **{name: simple(name) for name in ("correct", "begin", "resume", "withdraw", "close")},
}
WAY: dict[str, tuple[tuple[str, Actor], ...]] = {
    "in_step": (),
    "correction": (("ask_correction", REVIEWER),),
    "filed": (("ask_correction", REVIEWER), ("correct", CITIZEN)),
    "accepted": (("ask_correction", REVIEWER), ("correct", CITIZEN), ("accept", CLERK)),
    "paused": (("pause", REVIEWER),),
    "decided": (("decide", REVIEWER),),
    "delivered": (("decide", REVIEWER), ("deliver", CLERK)),
    "not_accepted": (("ask_correction", REVIEWER), ("refuse", REVIEWER)),
    "withdrawn": (("withdraw", CITIZEN),),
    "closed": (("withdraw", CITIZEN), ("close", REVIEWER)),
}


async def in_status(kernel: Kernel, registers: Registers, status: str) -> str:
    """A case filed at the town's hall by its clerk, one material still open, led to this status by real moves."""
    registers.held["own-business"].pop(ELDER, None)
    item = kernel.item("allowance")
    applicant = person(ELDER, "陈试甲")
    mandate = await actions.grant_mandate(kernel, item, actor=CLERK, applicant=applicant, signed="screen")
    draft = await actions.start_draft(
        kernel, item, actor=CLERK, applicant=applicant, channel="hall", mandate=mandate.id
    )
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    no = (await actions.file_draft(kernel, edited, actor=CLERK)).no
    for move, actor in WAY[status]:
        await MAKE[move](kernel, no, actor, (await Case.get(no=no)).revision)
    assert (await Case.get(no=no)).status == status
    return no


async def everything(no: str) -> Any:
    case = await Case.get(no=no)
    counts = [await model.filter(case_id=case.id).count() for model in (Event, Outbox, Letter)]
    steps = await CaseStep.filter(case_id=case.id).order_by("position").values_list("due", "waiting")
    return [getattr(case, name) for name in case._meta.db_fields], counts, steps


def test_the_table_names_every_status_and_only_known_moves() -> None:
    assert set(ALLOWED) == set(STATUSES) == set(WAY)
    assert set(MAKE) == set(MOVES)


@pytest.mark.parametrize("status", STATUSES)
async def test_every_move_by_everybody(status: str, tmp_path: Any) -> None:
    registers = Registers()
    async with kernel(
        tmp_path, registers, stepwise(extension={"days": 10, "basis": "《中华人民共和国行政许可法》第四十二条"})
    ) as town:
        no = await in_status(town, registers, status)
        for move in MOVES:
            allowed = ALLOWED[status].get(move, "").split()
            for part, actor in (PARTS | NOBODY).items():
                at = f"{part} makes {move} from {status}"
                before = await everything(no)
                revision = (await Case.get(no=no)).revision
                if part in allowed:
                    await MAKE[move](town, no, actor, revision)
                    after = await Case.get(no=no)
                    ends = status if status in MOVES[move].stays else MOVES[move].ends
                    assert (after.status, after.revision) == (ends, revision + 1), at
                    no = await in_status(town, registers, status)
                    continue
                with pytest.raises(RequestError) as raised:
                    await MAKE[move](town, no, actor, revision)
                assert isinstance(raised.value, (Conflict, NotAllowed, NotFound)), f"{at}: {raised.value!r}"
                if part in PARTS:
                    assert isinstance(raised.value, (Conflict, NotAllowed)), at
                    assert any("一" <= letter <= "鿿" for letter in str(raised.value)), at
                assert await everything(no) == before, f"{at} wrote something"
        assert (await proving.verify_all())[1] == []


@pytest.mark.parametrize("status", STATUSES)
async def test_a_page_older_than_the_case_moves_nothing(status: str, tmp_path: Any) -> None:
    registers = Registers()
    async with kernel(
        tmp_path, registers, stepwise(extension={"days": 10, "basis": "《中华人民共和国行政许可法》第四十二条"})
    ) as town:
        no = await in_status(town, registers, status)
        before = await everything(no)
        for move in MOVES:
            with pytest.raises(RequestError) as raised:
                await MAKE[move](town, no, REVIEWER, 99)
            assert isinstance(raised.value, (Conflict, NotAllowed)), move
        assert await everything(no) == before


async def test_moves_shown_are_moves_that_work(tmp_path: Any) -> None:
    registers = Registers()
    async with kernel(
        tmp_path, registers, stepwise(extension={"days": 10, "basis": "《中华人民共和国行政许可法》第四十二条"})
    ) as town:
        for status in STATUSES:
            for part, actor in PARTS.items():
                no = await in_status(town, registers, status)
                for move in (await access.case(town, actor, no)).moves:
                    await MAKE[move](town, no, actor, (await Case.get(no=no)).revision)
                    assert part in ALLOWED[status][move].split()
                    no = await in_status(town, registers, status)
