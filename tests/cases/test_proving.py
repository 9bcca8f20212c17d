"""`audit verify` against an insider: whatever was changed, removed, added or reordered is found and named."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import auditing, database, signing
from core.cases import access, proving
from core.cases.actions import upkeep
from core.cases.audit import merkle_root
from core.cases.logbook import note
from core.cases.models import AccessBook, AccessLog, Case, DailyRoot, Event
from core.cases.reads import Read, digest_read, link_read
from core.cases.rows import Missed, new_id, select_all, update
from core.errors import LingbanError, UsageError
from core.kernel import Kernel
from core.settings import Settings
from tests.cases.tampering import cut_out, rewrite_chain, run
from tests.cases.test_outbox import file_one
from tests.cases.town import REVIEWER

pytestmark = pytest.mark.anyio


async def faults(kernel: Kernel) -> list[str]:
    return [str(one) for one in (await proving.verify()).faults]


UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


CHANGED = {
    "type": "'noted'", "at": "'2020-01-01T00:00:00.000+00:00'", "actor": "'somebody'", "actor_role": "'clerk'",
    "from_status": "'paused'", "to_status": "'closed'", "payload_digest": f"'{'0' * 64}'", "digest": f"'{'0' * 64}'",
    "previous": f"'{'0' * 63}1'", "seq": "7",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGED)
@pytest.mark.parametrize("seq", [1, 2])
async def test_a_change_in_any_digested_column_names_the_case_and_the_event(
    kernel: Kernel, column: str, seq: int
) -> None:
    no, other = await file_one(kernel), await file_one(kernel)
    case = await Case.get(no=no)
    assert await faults(kernel) == []
    await run(f"UPDATE cases_event SET {column} = {CHANGED[column]} WHERE case_id = '{case.id}' AND seq = {seq}")
    found = [one for one in (await proving.verify()).faults if one.kind == "chain"]
    assert [one.where for one in found] == [no]
    assert str(seq) in found[0].what
    assert other not in str(found)


async def test_one_changed_byte_of_the_sealed_contents_is_named(kernel: Kernel) -> None:
    no = await file_one(kernel)
    event = (await select_all("SELECT id, payload FROM cases_event WHERE seq = 2"))[0]
    sealed = bytearray(event["payload"])
    sealed[-1] ^= 1
    literal = f"'\\x{sealed.hex()}'" if kernel.settings.database_url.startswith("postgres") else f"X'{sealed.hex()}'"
    await run(f"UPDATE cases_event SET payload = {literal} WHERE id = '{event['id']}'")
    assert await faults(kernel) == [f"{no}: the contents of event 2 do not open: changed, or sealed under another key"]
    await run(f"UPDATE cases_event SET payload = NULL WHERE id = '{event['id']}'")
    assert await faults(kernel) == [f"{no}: the contents of event 2 were taken away, and no erasure says why"]


async def test_removed_inserted_and_reordered_events_are_named(kernel: Kernel) -> None:
    removed, inserted, turned = [await file_one(kernel) for _ in range(3)]
    one = (await Case.get(no=removed)).id
    await run(f"DELETE FROM cases_event WHERE case_id = '{one}' AND seq = 1")
    two = await Case.get(no=inserted)
    extra = await Event.get(case_id=two.id, seq=2)
    extra.id, extra.seq = two.id, 3
    extra._saved_in_db = False
    await extra.save(force_create=True)
    three = (await Case.get(no=turned)).id
    for old, new in ((1, 90), (2, 1), (90, 2)):
        await run(f"UPDATE cases_event SET seq = {new} WHERE case_id = '{three}' AND seq = {old}")
    found = {one.where: one for one in (await proving.verify()).faults}
    assert found[removed].what.startswith("event 1 is missing")
    assert (found[inserted].seq, found[turned].seq) == (3, 1)


async def test_a_cut_tail_is_found_even_where_the_case_was_made_to_fit(kernel: Kernel) -> None:
    no = await file_one(kernel)
    case = await Case.get(no=no)
    await run(f"DELETE FROM cases_event WHERE case_id = '{case.id}' AND seq = 2")
    assert "the tail was cut" in (await faults(kernel))[0]
    first = await Event.get(case_id=case.id, seq=1)
    await Case.filter(id=case.id).update(head=first.digest, events_count=1, status=first.to_status)
    assert await faults(kernel) == [
        f"{no}: event 2 was sent to the listeners and is not in the chain: the tail was cut"
    ]


async def test_another_outcome_than_the_chain_tells_is_found(kernel: Kernel) -> None:
    no = await file_one(kernel)
    await Case.filter(no=no).update(outcome="reject")
    assert await faults(kernel) == [f"{no}: the case says reject, its events approve"]


async def test_a_case_cut_out_whole_is_found(kernel: Kernel) -> None:
    no, other = await file_one(kernel), await file_one(kernel)
    await access.case(kernel, REVIEWER, no)
    await access.case(kernel, REVIEWER, other)
    await cut_out(no, everywhere=False)
    assert await faults(kernel) == [f"{no}: outbox are there, the case is not"]
    await run("DELETE FROM cases_outbox")
    assert await faults(kernel) == [f"{no}: it was read by staff, and the case is not there"]


async def close_day(kernel: Kernel, *, days_ago: int = 0) -> DailyRoot:
    """The root over all until now, as if the day ended at this moment."""
    made = await upkeep.root_day(kernel, kernel.today() - timedelta(days=days_ago), kernel.now())
    assert made is not None
    return made


async def test_a_case_cut_out_of_every_table_is_told_by_the_root_of_its_day_and_the_access_book(kernel: Kernel) -> None:
    first = await file_one(kernel)
    await close_day(kernel, days_ago=2)
    await file_one(kernel)
    await close_day(kernel, days_ago=1)
    day = (kernel.today() - timedelta(days=2)).isoformat()
    assert await faults(kernel) == []
    await cut_out(first, everywhere=True)
    assert [UUID_TEXT.sub("ID", one) for one in await faults(kernel)] == [
        f"daily root of {day}: the access log of that day no longer adds up to it: a record was changed, added or "
        "removed",
        "access book 1: record 1 is missing (record 3, ID, stands in its place)",
    ]


async def test_a_past_that_was_rewritten_whole_does_not_fit_its_root_nor_what_was_kept_outside(kernel: Kernel) -> None:
    no = await file_one(kernel)
    row = await close_day(kernel, days_ago=2)
    await file_one(kernel)
    await close_day(kernel, days_ago=1)
    day = str(row.day)[:10]
    kept = {day: row.root}
    await rewrite_chain(no, actor="somebody-else")
    assert await faults(kernel) == [f"daily root of {day}: the events of that day no longer add up to it"]
    # The insider computes that day's root anew, and then the next one, so that all adds up again.
    rows = await DailyRoot.all().order_by("until")
    before = None
    for one in rows:
        await DailyRoot.filter(day=one.day).update(**await proving.made_root(before, one.until))
        before = await DailyRoot.get(day=one.day)
        if one is rows[0]:
            assert len(await faults(kernel)) == 1, "each root stands on the one before it"
    assert await faults(kernel) == []
    found = [str(one) for one in (await proving.verify(kept=kept)).faults]
    assert found == [f"daily root of {day}: it is not the root that was kept outside: the past was rewritten"]


async def test_a_removed_root_is_missed(kernel: Kernel) -> None:
    for days_ago in (3, 2, 1):
        await file_one(kernel)
        row = await close_day(kernel, days_ago=days_ago)
    days = [str(one.day)[:10] for one in await DailyRoot.all().order_by("day")]
    await DailyRoot.filter(day=days[1]).delete()
    assert await faults(kernel) == [
        f"daily root of {days[2]}: it does not follow the root before it: one was removed or changed"
    ]
    await DailyRoot.filter(day=days[2]).delete()
    assert await faults(kernel) == []
    report = await proving.verify(kept={days[2]: row.root})
    assert "is not here any more" in str(report.faults[0])


async def test_days_without_a_run_are_covered_by_the_next_root(kernel: Kernel) -> None:
    no = await file_one(kernel)
    await close_day(kernel)
    assert (await DailyRoot.get()).cases == 1
    await cut_out(no, everywhere=True)
    assert [one.split(":")[0] for one in await faults(kernel)] == [f"daily root of {kernel.today()}", "access book 1"]


@pytest.mark.parametrize(
    "change", ["actor = 'nobody'", "purpose = 'x'", "reference = ''", "subject_key = 'x'", "kind = 'file'"]
)
async def test_a_changed_access_record_is_named(kernel: Kernel, change: str) -> None:
    no = await file_one(kernel)
    await access.case(kernel, REVIEWER, no)
    row = await AccessLog.get(kind="case")
    await run(f"UPDATE cases_access_log SET {change} WHERE id = '{row.id}'")
    assert any(str(row.id) in one for one in await faults(kernel))


async def test_an_access_record_whose_subject_was_taken_away_too_early_is_named(kernel: Kernel) -> None:
    await file_one(kernel)
    await run("UPDATE cases_access_log SET subject_key = '', salt = ''")
    assert all("before the time of keeping was over" in one for one in await faults(kernel))
    assert len(await faults(kernel)) == 2


async def test_an_access_record_removed_or_added_after_its_day_breaks_the_root(kernel: Kernel) -> None:
    no = await file_one(kernel)
    await access.case(kernel, REVIEWER, no)
    await close_day(kernel)
    row = await AccessLog.get(kind="case")
    await row.delete()
    assert "the access log of that day" in (await faults(kernel))[0]


BOOK = "access book 1: "


async def read_three_times(kernel: Kernel) -> list[AccessLog]:
    no = await file_one(kernel)
    for _ in range(3):
        await access.case(kernel, REVIEWER, no)
    records = await AccessLog.all().order_by("book", "seq")
    assert [(one.book, one.seq) for one in records] == [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]
    assert await faults(kernel) == []
    return records


async def test_a_record_of_today_that_was_removed_is_missed_at_once(kernel: Kernel) -> None:
    records = await read_three_times(kernel)
    await records[3].delete()
    assert await faults(kernel) == [f"{BOOK}record 4 is missing (record 5, {records[4].id}, stands in its place)"]


async def test_records_that_changed_places_are_named(kernel: Kernel) -> None:
    records = await read_three_times(kernel)
    for old, new in ((4, 90), (5, 4), (90, 5)):
        await run(f"UPDATE cases_access_log SET seq = {new} WHERE seq = {old}")
    found = await faults(kernel)
    said = f"{BOOK}record 4 ({records[4].id}) does not follow the one before it: one was changed, removed or reordered"
    assert found == [said]


async def test_a_cut_tail_of_the_access_log_is_found_even_where_its_book_was_made_to_fit(kernel: Kernel) -> None:
    records = await read_three_times(kernel)
    await records[4].delete()
    assert await faults(kernel) == [f"{BOOK}the tail was cut: 4 records are there, 5 were written"]
    await AccessBook.filter(no=1).update(count=4, head=records[3].link)
    assert await faults(kernel) == [f"{BOOK}its head and count are not those that this server wrote"]
    # The process that keeps the book goes on where it stood.
    await access.case(kernel, REVIEWER, records[4].reference)
    assert (await faults(kernel))[0].startswith(f"{BOOK}record 5 is missing (record 6, ")


async def test_an_added_record_is_found(kernel: Kernel) -> None:
    records = await read_three_times(kernel)
    values = {name: getattr(records[4], name) for name in records[4]._meta.fields_map}
    made = {**values, "id": new_id(), "actor": "somebody", "seq": 6}
    made["digest"] = digest_read(made)
    await AccessLog.create(**{**made, "link": link_read(records[4].link, 1, 6, made["digest"])})
    assert await faults(kernel) == [f"{BOOK}record 6 was added: 5 were written"]


async def test_a_book_that_was_taken_away_is_missed(kernel: Kernel) -> None:
    no = await file_one(kernel)
    await asyncio.gather(*(access.case(kernel, REVIEWER, no) for _ in range(8)))
    books = await AccessBook.all().order_by("no")
    assert len(books) > 1, "writes side by side take a book each"
    assert sum(one.count for one in books) == await AccessLog.all().count() == 10
    assert await faults(kernel) == []
    await AccessLog.filter(book=1).delete()
    await AccessBook.filter(no=1).delete()
    assert await faults(kernel) == [f"{BOOK}the book is missing"]


async def test_a_write_that_fails_leaves_its_book_as_it_was(kernel: Kernel) -> None:
    records = await read_three_times(kernel)
    again = update(Case, {"no": "x"}, {"no": "there is none"}, must=True)
    with pytest.raises(Missed):
        await note([Read({name: getattr(records[0], name) for name in records[0]._meta.fields_map})], again)
    assert (await AccessBook.get()).count == 5
    await access.case(kernel, REVIEWER, records[4].reference)
    assert (await AccessBook.get()).count == 6
    assert await faults(kernel) == []


async def test_reads_are_not_noted_within_another_transaction(kernel: Kernel) -> None:
    no = await file_one(kernel)
    with pytest.raises(LingbanError, match="transaction of their own"):
        async with database.transaction():
            await access.case(kernel, REVIEWER, no)
    assert await faults(kernel) == []


async def test_the_proof_holds_while_cases_are_filed_and_read(kernel: Kernel) -> None:
    async def at_work() -> None:
        for _ in range(15):
            await access.case(kernel, REVIEWER, await file_one(kernel))

    busy = asyncio.gather(*(at_work() for _ in range(4)))
    while not busy.done():
        assert await faults(kernel) == []
    await busy
    assert await faults(kernel) == []


async def test_whose_data_was_read_is_forgotten_in_time_and_the_log_still_proves_itself(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await file_one(kernel)
    # As the first release wrote it.
    await AccessLog.create(
        at=kernel.now(), kind="case", actor=REVIEWER.id, actor_role="reviewer", subject_key="x", item="", reference=no
    )
    await close_day(kernel)
    assert await upkeep.forget_reads(kernel) == 0
    # As if the half year were over, and then the three years.
    far = kernel.now() + timedelta(days=185)
    monkeypatch.setattr(kernel, "now", lambda: far, raising=False)
    assert await upkeep.forget_reads(kernel) == 1
    assert {one.kind for one in await AccessLog.filter(subject_key="")} == {"case"}
    far += timedelta(days=3 * 366)
    assert await upkeep.forget_reads(kernel) == 2
    assert await AccessLog.exclude(subject_key="").count() == 0
    assert await upkeep.forget_reads(kernel) == 0
    assert all("before the time of keeping was over" in one for one in await faults(kernel))
    assert (await proving.verify(now=far)).faults == []


async def test_the_first_releases_roots_still_hold(kernel: Kernel) -> None:
    await file_one(kernel)
    end = kernel.now()
    heads = await proving.heads_between(None, end)
    await DailyRoot.create(day=kernel.today() - timedelta(days=1), root=merkle_root(heads), cases=len(heads),
                           until=end, at=end)  # fmt: skip
    await file_one(kernel)
    await close_day(kernel)
    assert await faults(kernel) == []


async def test_two_workers_that_root_the_same_day_make_one_root(kernel: Kernel) -> None:
    await file_one(kernel)
    end = kernel.now()
    rows = [DailyRoot(day=kernel.today(), until=end, at=end, **await proving.made_root(None, end)) for _ in range(2)]
    for row in rows:
        await DailyRoot.bulk_create([row], ignore_conflicts=True)
    assert await DailyRoot.all().count() == 1


# --- the command line ------------------------------------------------------------------------------------


def lingban(*words: object, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core.cli", "--data", str(data), *map(str, words)], capture_output=True, text=True
    )


@pytest.fixture
def kept_town(seeded: Path, tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    shutil.copytree(seeded, folder)
    return Settings(data=folder, database_url=f"sqlite://{folder / 'lingban.sqlite3'}")


async def test_the_command_counts_what_it_saw_and_ends_with_its_verdict(kept_town: Settings) -> None:
    done = lingban("audit", "verify", "--json", data=kept_town.data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["whole"] is True
    assert (told["cases"], told["faults"]) == (0, [])
    async with auditing.opened(kept_town):
        await DailyRoot.create(day="2026-11-25", root="0" * 64, cases=3, until="2026-11-26T00:00:00+08:00",
                               at="2026-11-26T00:10:00+08:00", scheme=2, previous="0" * 64)  # fmt: skip
    done = lingban("audit", "verify", data=kept_town.data)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith("daily root of 2026-11-25: ")
    assert "1 daily root: 1 fault" in done.stdout


async def test_roots_are_given_out_signed_and_compared_with_what_was_kept(kept_town: Settings, tmp_path: Path) -> None:
    async with auditing.opened(kept_town):
        until = datetime.fromisoformat("2026-11-26T00:00:00+08:00")
        await DailyRoot.create(day="2026-11-25", until=until, at=until, **await proving.made_root(None, until))
    kept = tmp_path / "kept.txt"
    kept.write_text(lingban("audit", "roots", data=kept_town.data).stdout, "utf-8")
    assert kept.read_text("utf-8").startswith("LBR1 2026-11-25 ")
    assert lingban("audit", "verify", "--kept", kept, data=kept_town.data).returncode == 0
    async with auditing.opened(kept_town):
        await DailyRoot.all().delete()
    done = lingban("audit", "verify", "--kept", kept, data=kept_town.data)
    assert (done.returncode, "is not here any more" in done.stdout) == (1, True)
    kept.write_text(kept.read_text("utf-8").replace("2026-11-25", "2026-11-24"), "utf-8")
    done = lingban("audit", "verify", "--kept", kept, data=kept_town.data)
    assert done.returncode == 2
    assert "the signature does not fit" in done.stderr


def test_a_key_that_was_turned_still_proves_what_it_signed(tmp_path: Path) -> None:
    config = Settings(data=tmp_path)
    first = signing.signer_for(config)
    line = first.line("LB1", "no", "item")
    second = signing.rotate(config)
    assert second.id != first.id
    assert second.check(line) == ["LB1", "no", "item"]
    assert [one["kid"] for one in second.published()["keys"]] == [second.id, first.id]
    for changed in (line.replace("item", "itam"), line[:-1] + ("A" if line[-1] != "A" else "B"), "x", ""):
        with pytest.raises(ValueError):
            second.check(changed)
    with pytest.raises(UsageError):
        signing.signer_for(Settings(data=tmp_path, signing_key="short"))
    assert (tmp_path / signing.FILE).stat().st_mode & 0o077 == 0
