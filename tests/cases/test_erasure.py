"""After erasure nothing of a person is left: every column of every table and every file is looked through."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from core.cases import access, proving
from core.cases.actions import upkeep
from core.cases.models import Case
from core.cli import main
from core.errors import Conflict
from core.kernel import Kernel
from core.settings import Settings
from core.web.app import build
from tests.cases.remains import found
from tests.cases.test_law import pass_days
from tests.cases.test_moves import PDF, approve, erase, under_review
from tests.cases.town import ELDER, REVIEWER, Registers
from tests.conftest import Client

pytestmark = pytest.mark.anyio
TEN_YEARS = 3654


def personal(kernel: Kernel) -> dict[str, str]:
    """What must not be found: the person's own words and numbers, and every mark by which he could be told again."""
    return {
        "number": ELDER,
        "name": "陈试甲",
        "telephone": "13900000000",
        "date of birth": "1940-01-01",
        "name of the file": "存折.pdf",
        "digest of the file": hashlib.sha256(PDF).hexdigest(),
        "index of the number": kernel.keys.index(ELDER),
        "reason": "材料属实",
    }


async def test_nothing_of_the_person_is_left_in_any_column_or_file(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    await access.case(kernel, REVIEWER, no)
    before = await found(kernel, personal(kernel))
    assert before.keys() == personal(kernel).keys(), "the search itself must find what is there"
    pass_days(kernel, monkeypatch, TEN_YEARS)
    await erase(kernel, no, basis="保存期满")
    left = await found(kernel, personal(kernel))
    # Who read whose data is kept for a time of its own, and goes with the job that ends it.
    assert left == {"index of the number": {"cases_access_log.subject_key"}} or not left
    assert (await proving.verify_all()) == (1, [])  # before that job, for the proof goes by the wall's clock
    while await upkeep.forget_reads(kernel):
        pass
    assert await found(kernel, personal(kernel)) == {}
    assert (await Case.get(no=no)).outcome == "approve"


async def test_a_case_is_kept_for_its_time_and_a_request_has_to_wait(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    ends = kernel.today().replace(year=kernel.today().year + 10)
    before = await found(kernel, personal(kernel))
    with pytest.raises(Conflict, match=ends.isoformat()) as raised:
        await erase(kernel, no, basis="申请人要求")
    assert raised.value.code == "kept"
    assert await found(kernel, personal(kernel)) == before
    days = (ends - kernel.today()).days - 1
    pass_days(kernel, monkeypatch, days)
    with pytest.raises(Conflict):
        await erase(kernel, no, basis="申请人要求")
    pass_days(kernel, monkeypatch, days + 1)
    await erase(kernel, no, basis="保存期满")
    assert (await access.case(kernel, REVIEWER, no)).erased


def test_the_command_line_says_why_it_erases_nothing(town: Settings) -> None:
    where = ["--data", str(town.data), "--basis", "法院判决书（虚构）"]

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["erase", *words, *where])
        return result.exit_code, result.output

    assert run("20261123-AAAAAAAA-A", "--by", "nobody-here")[0] == 2
    code, said = run("20261123-AAAAAAAA-A", "--by", "administrator")
    assert (code, "没有查到这个办件" in said) == (2, True), said
    code, said = run("20261123-AAAAAAAA-A", "--by", "worker-shipu-001")
    assert (code, "不能办理个人信息删除" in said) == (2, True), said


def test_the_command_line_erases_when_another_account_confirms(town: Settings) -> None:
    told = json.loads((town.data / "demo.json").read_text(encoding="utf-8"))
    elder = next(one for one in told["accounts"] if one["login"] == "elder")
    applicant = {"kind": "person", "name": "陈试甲", "id_number": elder["id_number"], "area": "320583103205"}
    body = {"applicant": applicant, "answers": {"phone": "13900000000"}}
    with TestClient(build(town, background=False)) as http:
        portal = Client(http, told, town).token()
        no = http.post("/api/v1/items/elder-allowance/cases", json=body, headers=portal).json()["no"]

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*words, "--data", str(town.data)])
        return result.exit_code, result.output

    code, said = run("erase", no, "--by", "administrator", "--basis", "申请人要求")
    assert (code, "要依法保存到" in said) == (2, True), said
    code, said = run("erase", no, "--by", "administrator-2", "--confirm")
    assert (code, "没有这条删除申请" in said) == (2, True), said
    ordered = ("erase", no, "--by", "administrator", "--basis", "法院判决书（虚构）", "--ordered")
    code, said = run(*ordered)
    assert (code, "nothing is erased yet" in said) == (0, True), said
    code, said = run("erase", no, "--by", "administrator", "--confirm")
    assert (code, "不能自己确认" in said) == (2, True), said
    code, said = run("erase", no, "--by", "administrator-2", "--confirm")
    assert (code, "the chain is whole" in said) == (0, True), said
    assert run("audit", "verify")[0] == 0
    assert run(*ordered)[0] == 2, "what is erased is not erased again"
    with TestClient(build(town, background=False)) as http:
        left = http.get(f"/api/v1/cases/{no}", headers=Client(http, told, town).token())
        assert elder["id_number"] not in left.text
        assert left.status_code in (200, 404)
