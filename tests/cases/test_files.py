"""Uploads: only what is what it says, sealed at rest, readable by who may read the case."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core.cases import access, actions, files
from core.cases.actions import upkeep
from core.cases.draft_view import DraftView
from core.errors import NotFound, TooLarge, Unprocessable
from core.kernel import Kernel
from core.sealing import SealBroken
from tests.cases.town import CITIZEN, ELDER, OTHER, REVIEWER, Registers, person

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7 a made-up page"
JPEG = b"\xff\xd8\xff\xe0 a made-up picture"


async def started(kernel: Kernel) -> DraftView:
    return await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER), channel="web"
    )


def stored(kernel: Kernel) -> list[Path]:
    return [path for path in kernel.settings.files.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("material", "name", "data"),
    [
        ("account", "a.pdf", b""),
        ("account", "a.pdf", b"MZ a programme"),
        ("account", "a.html", b"<script>alert(1)</script>"),
        ("account", "a.svg", b"<svg onload='x'/>"),
        ("nothing", "a.pdf", PDF),
        ("../account", "a.pdf", PDF),
    ],
)
async def test_what_is_not_wanted_is_a_problem_at_the_material(
    kernel: Kernel, material: str, name: str, data: bytes
) -> None:
    draft = await started(kernel)
    with pytest.raises(Unprocessable) as raised:
        await actions.add_file(kernel, draft, material, name, data)
    assert raised.value.problems[0].at == f"/materials/{material}"
    assert stored(kernel) == []


async def test_too_much_is_refused(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE", 100)
    monkeypatch.setattr(files, "MAX_FILES", 2)
    draft = await started(kernel)
    with pytest.raises(TooLarge):
        await actions.add_file(kernel, draft, "account", "a.pdf", PDF + b" " * 100)
    for number in range(2):
        draft = await actions.add_file(kernel, draft, "account", "a.pdf", PDF + b"%d" % number)
    with pytest.raises(TooLarge):
        await actions.add_file(kernel, draft, "account", "a.pdf", JPEG)


async def test_the_same_file_twice_lies_there_once_and_sealed(kernel: Kernel) -> None:
    draft = await started(kernel)
    draft = await actions.add_file(kernel, draft, "account", "a.pdf", PDF)
    again = await actions.add_file(kernel, draft, "account", "b.pdf", PDF)
    assert again == draft
    draft = await actions.add_file(kernel, draft, "identity", "c.pdf", PDF)
    (path,) = stored(kernel)
    assert PDF not in path.read_bytes()
    assert draft.files[0].digest not in str(path)
    assert path.stat().st_mode & 0o077 == 0
    assert await files.load(kernel, draft.files[0].digest) == PDF
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(SealBroken):
        await files.load(kernel, draft.files[0].digest)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\存折.pdf", "存折.pdf"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("\u202egpj.pdf", "_gpj.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert files.clean(given) == kept


async def test_a_file_of_a_case_opens_for_the_party_and_the_office_only(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"].clear()
    draft = await actions.add_file(kernel, await started(kernel), "account", "存折.pdf", PDF)
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    receipt = await actions.file_draft(kernel, edited, actor=CITIZEN)
    assert {m["id"]: m["status"] for m in receipt.materials}["account"] == "given"
    digest = files.digest_of(PDF)
    for actor in (CITIZEN, REVIEWER):
        ref, data = await access.file_bytes(kernel, actor, receipt.no, digest)
        assert (ref.name, ref.media_type, data) == ("存折.pdf", "application/pdf", PDF)
    for number, actor in ((receipt.no, OTHER), ("nonsense", CITIZEN)):
        with pytest.raises(NotFound):
            await access.file_bytes(kernel, actor, number, digest)
    with pytest.raises(NotFound):
        await access.file_bytes(kernel, CITIZEN, receipt.no, "0" * 64)


async def test_the_sweep_takes_what_nobody_names_and_spares_the_young(kernel: Kernel) -> None:
    draft = await actions.add_file(kernel, await started(kernel), "account", "a.pdf", PDF)
    draft = await actions.add_file(kernel, draft, "account", "b.jpg", JPEG)
    draft = await actions.remove_file(kernel, draft, "account", files.digest_of(JPEG))
    assert len(stored(kernel)) == 2
    assert await upkeep.sweep_files(kernel) == 0
    old = time.time() - 3 * 86400
    for path in stored(kernel):
        os.utime(path, (old, old))
    assert await upkeep.sweep_files(kernel) == 1
    assert await files.load(kernel, files.digest_of(PDF)) == PDF
    await actions.discard_draft(kernel, draft)
    assert await upkeep.sweep_files(kernel) == 1
