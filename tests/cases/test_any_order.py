"""Whatever happens in whatever order, nothing is approved while something the law wants is open."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.cases import access, actions
from core.cases.actions import rechecking, timers
from core.cases.models import Case, CaseEvidence, CaseMaterial, Waiting
from core.cases.proving import verify_all
from core.contract import Down, Empty, Outcome, Refused
from core.errors import LingbanError
from core.kernel import Kernel
from tests.cases import fallbacks, town
from tests.cases.fallbacks import on
from tests.cases.town import CITIZEN, ELDER, OTHER, PNG, REVIEWER, Registers, person

T = TypeVar("T")
RECORDS: dict[str, dict[str, Any]] = {
    "natural-person": {"name": "陈试甲", "birth_date": "1940-01-01", "alive": True},
    "own-business": {"bank_account": "6222000000000000"},
}
MATERIALS = st.sampled_from(["identity", "account", "lease", "other"])
SAYS = st.sampled_from(["found", "dead", "empty", "down", "refused"])
SOURCE = st.sampled_from(sorted(RECORDS))


class Life(RuleBasedStateMachine):
    """One case; the world, the applicant, the other party, the officer, the clock and the machine take turns."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="lingban-order-"))
        self.registers = Registers()
        self.opened = town.kernel(self.folder, self.registers)
        self.kernel: Kernel = self.do(self.opened.__aenter__())
        self.no = ""

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def try_to(self, work: Coroutine[Any, Any, Any]) -> None:
        """What the house refuses with a sentence is a fine answer; anything else is a fault."""
        with contextlib.suppress(LingbanError):
            self.do(work)

    def revision(self) -> int:
        async def look() -> int:
            return (await Case.get(no=self.no)).revision

        return self.do(look())

    def says(self, source: str, what: str) -> None:
        answers: dict[str, dict[str, Any] | Outcome | None] = {
            "found": RECORDS[source],
            "dead": {**RECORDS[source], **({"alive": False} if source == "natural-person" else {"bank_account": None})},
            "empty": Empty(),
            "down": Down("away"),
            "refused": Refused("no"),
        }
        self.registers.held[source][ELDER] = answers[what]

    @initialize(person=SAYS, account=SAYS, wanted=st.sets(MATERIALS, min_size=1), promise=st.booleans())
    def file(self, person: str, account: str, wanted: set[str], promise: bool) -> None:
        self.says("natural-person", person)
        self.says("own-business", account)
        ordered = [one for one in ("identity", "account", "lease", "other") if one in wanted]

        async def filing() -> str:
            receipt, _ = await actions.file(
                self.kernel, fallbacks.item(*ordered), actor=CITIZEN, applicant=_person(),
                answers={**fallbacks.ANSWERS, "name": "陈试甲"}, promises=["account"] if promise else [],
            )  # fmt: skip
            return receipt.no

        self.no = self.do(filing())

    @rule(source=SOURCE, what=SAYS)
    def the_world_changes(self, source: str, what: str) -> None:
        self.says(source, what)

    @rule()
    def the_machine_asks_again(self) -> None:
        async def turn() -> None:
            await Waiting.all().update(next_at=self.kernel.now() - timedelta(seconds=1))
            for id in ("natural-person", "own-business"):
                served = self.kernel.sources.find(id)
                if served is not None:
                    served._breaker.worked()  # its rest is over
            await rechecking.recheck_due(self.kernel)

        self.do(turn())

    @rule(source=SOURCE)
    def the_evidence_grows_old(self, source: str) -> None:
        async def age() -> None:
            for one in await CaseEvidence.filter(source=source):
                one.detail = {**one.detail, "asked_at": "2026-01-01T00:00:00+00:00"}
                await one.save()

        self.do(age())

    @rule()
    def the_officer_asks_again(self) -> None:
        self.try_to(actions.ask_sources_again(self.kernel, self.no, actor=REVIEWER, revision=self.revision()))

    @rule(material=MATERIALS)
    def the_officer_saw_it(self, material: str) -> None:
        self.try_to(
            actions.note_seen(
                self.kernel, self.no, actor=REVIEWER, material=material, saw="已核实", revision=self.revision()
            )
        )

    @rule(material=MATERIALS)
    def a_paper_comes_in(self, material: str) -> None:
        self.try_to(
            actions.hand_in(
                self.kernel,
                self.no,
                actor=CITIZEN,
                material=material,
                name="a.png",
                data=PNG,
                revision=self.revision(),
            )
        )

    @rule(material=MATERIALS)
    def the_promise_is_taken_back(self, material: str) -> None:
        self.try_to(
            actions.withdraw_promise(self.kernel, self.no, actor=CITIZEN, material=material, revision=self.revision())
        )

    @rule(material=MATERIALS)
    def the_promise_is_found_untrue(self, material: str) -> None:
        self.try_to(
            actions.find_promise_false(
                self.kernel,
                self.no,
                actor=REVIEWER,
                material=material,
                because="不实",
                basis="示例",
                revision=self.revision(),
            )
        )

    @rule(agrees=st.booleans())
    def the_other_party_answers(self, agrees: bool) -> None:
        self.try_to(actions.confirm(self.kernel, self.no, actor=OTHER, material="other", agrees=agrees))

    @rule(days=st.integers(0, 30))
    def days_pass(self, days: int) -> None:
        later = on(self.kernel, self.kernel.today() + timedelta(days=days))
        self.do(timers.watch_later(later))
        self.do(timers.approve_by_silence(later))

    @rule(move=st.sampled_from(["begin", "finish_step", "pause", "resume", "correct", "withdraw"]))
    def a_move_is_made(self, move: str) -> None:
        actor, revision, because = CITIZEN if move == "withdraw" else REVIEWER, self.revision(), "因故"
        if move == "finish_step":
            made = actions.finish_step(self.kernel, self.no, actor=actor, revision=revision, because=because)
        elif move == "pause":
            made = actions.pause(
                self.kernel,
                self.no,
                actor=actor,
                revision=revision,
                because=because,
                kind="hearing",
                until=self.kernel.today() + timedelta(days=30),
            )
        else:
            made = actions.simple_move(self.kernel, self.no, move, actor=actor, revision=revision, because=because)
        self.try_to(made)

    @rule(outcome=st.sampled_from(["approve", "reject"]))
    def the_officer_decides(self, outcome: str) -> None:
        self.try_to(
            actions.decide(
                self.kernel,
                self.no,
                actor=REVIEWER,
                outcome=outcome,
                because="审核",
                basis="示例",
                checked=["account"],
                revision=self.revision(),
            )
        )

    @invariant()
    def nothing_is_approved_while_something_is_open(self) -> None:
        if not self.no:
            return

        async def look() -> None:
            case = await Case.get(no=self.no)
            missing = await CaseMaterial.filter(case_id=case.id, required=True, open=True).values_list(
                "material", flat=True
            )
            if case.status in ("decided", "delivered") and case.outcome == "approve":
                assert not missing, missing
            if case.status not in ("decided", "delivered", "closed"):
                assert case.outcome != "approve"
            view = await access.case(self.kernel, CITIZEN, self.no)
            assert {one.outcome for one in view.evidence} <= {"found", "empty", "down", "refused"}
            assert (await verify_all())[1] == []

        self.do(look())

    def teardown(self) -> None:
        self.do(self.opened.__aexit__(None, None, None))
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _person() -> dict[str, Any]:
    return person(ELDER, "陈试甲")


Life.TestCase.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLife = Life.TestCase
