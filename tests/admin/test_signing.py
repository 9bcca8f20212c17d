"""How a mandate is signed at a counter and on the telephone, and what is refused."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import pytest

from tests.admin.conftest import Desk
from tests.admin.test_taking import WORKER, person, take

BOTH_DATABASES = True

ITEM = "elder-allowance"


def picture() -> str:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\xff" * 8 for _ in range(8))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()


def paper(desk: Desk, way: str) -> dict[str, str]:
    """The page with the text, as its hidden fields."""
    status, _, text = take(desk, **person(desk), mandate="yes", signed=way, days="7")
    assert status == 200
    assert "委托权限" in text
    assert "陈试甲" in text
    return desk.client.hidden(text)


def mine(desk: Desk) -> str:
    desk.sign_in("elder")
    page = desk.get("/me").text
    found = re.search(r'href="(/mandates/[^"]+)"', page)
    assert found, page
    return str(desk.get(found[1]).text)


def test_signed_on_the_screen(desk: Desk) -> None:
    desk.sign_in(WORKER)
    fields = paper(desk, "screen")
    status, _, text = take(desk, **fields)
    assert (status, "请申请人在框里签名" in text) == (422, True)
    status, _, text = take(desk, **{**fields, "_sign:signature": "data:image/png;base64,AAAA"})
    assert (status, "再签一次" in text) == (422, True)
    status, draft, text = take(desk, **{**fields, "_sign:signature": picture()})
    assert status == 303, text
    assert desk.get(draft).status_code == 200
    told = mine(desk)
    assert "data:image/png" in told
    assert fields["digest"] in told


def test_signed_on_paper_and_scanned(desk: Desk) -> None:
    desk.sign_in(WORKER)
    fields = paper(desk, "paper")
    assert take(desk, **fields)[0] == 422
    page = desk.get(f"/admin/take/{ITEM}")
    fields["_csrf"] = desk.client.hidden(page.text)["_csrf"]
    for name, data, wanted in (("a.pdf", b"MZ not a pdf", 422), ("a.pdf", b"%PDF-1.4 signed", 303)):
        answer = desk.client.http.post(
            f"/admin/take/{ITEM}",
            data=fields,
            files={"scan": (name, data, "application/pdf")},
            follow_redirects=False,
        )
        assert answer.status_code == wanted, answer.text
    told = mine(desk)
    found = re.search(r'href="(/mandates/[^"]+/files/[0-9a-f]{64})"', told)
    assert found
    assert desk.get(found[1]).content == b"%PDF-1.4 signed"
    desk.sign_in("father")
    assert desk.get(found[1]).status_code == 404


def test_another_text_than_the_one_that_was_read_is_not_signed(desk: Desk) -> None:
    desk.sign_in(WORKER)
    fields = paper(desk, "screen")
    status, _, text = take(desk, **{**fields, "days": "90", "_sign:signature": picture()})
    assert (status, "内容有变化" in text) == (422, True)


def test_an_operator_notes_the_recorded_call(desk: Desk) -> None:
    desk.sign_in(desk.one_of("operator"))
    status, _, text = take(desk, **person(desk), mandate="yes")
    assert status == 422
    assert "录音的编号" in text
    status, draft, text = take(
        desk, **person(desk), mandate="yes", record="REC-20261127-0042", recorded_at="2026-11-27T09:30"
    )
    assert status == 303, text
    assert draft.startswith("/drafts/")
    assert "REC-20261127-0042" in mine(desk)


@pytest.mark.parametrize(("number", "status"), [("320583198805059915", 422), ("", 422)])
def test_who_is_no_guardian_signs_for_nobody(desk: Desk, number: str, status: int) -> None:
    desk.sign_in(WORKER)
    got, _, text = take(
        desk, **person(desk), mandate="yes", signed="relation", signer_name="韩虚丙", signer_number=number
    )
    assert got == status
    assert "监护" in text
