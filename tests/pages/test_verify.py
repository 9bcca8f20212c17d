"""The signed mark of a receipt: genuine verified, changed refused, by the site and by the published script alone."""

from __future__ import annotations

import html
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from core import signing
from core.web.rendering import STATIC
from core.web.static import verify_receipt
from tests.conftest import Client
from tests.web.test_api import PATH, body_of

BOTH_DATABASES = True

SCRIPT = STATIC / "verify_receipt.py"


@pytest.fixture
def receipt(client: Client) -> tuple[str, str]:
    """(case number, the line in its QR code), read off the printed notice."""
    no = client.http.post(PATH, json=body_of(client), headers=client.token()).json()["no"]
    client.sign_in("citizen")
    line = ""
    for page in (f"/cases/{no}", f"/cases/{no}/notice"):
        text = client.http.get(page).text
        assert "<svg" in text
        found = re.search(r'class="stamp__line">(LB1 [^<]+)<', text)
        assert found, text
        line = html.unescape(found[1])
    return no, line


def run(folder: Path, client: Client, line: str) -> subprocess.CompletedProcess[str]:
    """The published script, in an empty folder, without this project and without a network to ask."""
    script, keys = folder / "verify_receipt.py", folder / "keys.json"
    found = re.search(r'href="(/static/verify_receipt\.py[^"]*)"', client.http.get("/verify").text)
    assert found
    script.write_bytes(client.http.get(found[1]).content)
    keys.write_bytes(client.http.get("/.well-known/lingban-keys.json").content)
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-I", "-S", script, keys, line], capture_output=True, text=True, cwd=folder, env=environment
    )


def test_the_script_alone_confirms_a_genuine_receipt_and_refuses_a_changed_one(
    client: Client, receipt: tuple[str, str], tmp_path: Path
) -> None:
    no, line = receipt
    done = run(tmp_path, client, line)
    assert done.returncode == 0, done.stderr
    assert f"真实。办件 {no}，事项 elder-allowance，状态 已决定，结果 准予" in done.stdout
    fields = line.split(" ")
    for place, other in ((1, "20260101-AAAAAAAA-A"), (2, "sewage-permit"), (4, "reject"), (5, "2020-01-01"),
                         (6, fields[6][::-1]), (7, "00000000"), (8, fields[8][::-1])):  # fmt: skip
        changed = [*fields[:place], other, *fields[place + 1 :]]
        done = run(tmp_path, client, " ".join(changed))
        assert (done.returncode, "不能确认" in done.stdout) == (1, True), changed
    for odd in ("", "LB1", "x y z", line[:-4], "LB1 a b c d"):
        assert run(tmp_path, client, odd).returncode == 1, odd
    assert subprocess.run([sys.executable, SCRIPT], capture_output=True).returncode == 2


def test_the_site_says_the_same(client: Client, receipt: tuple[str, str]) -> None:
    no, line = receipt
    page = client.http.get("/verify").text
    said = client.http.post("/verify", data={**client.hidden(page), "line": line})
    assert said.status_code == 200
    assert "真实：确由本网站签发" in said.text
    assert no in said.text
    said = client.http.post("/verify", data={**client.hidden(page), "line": line.replace("approve", "reject")})
    assert (said.status_code, "不能确认" in said.text) == (422, True)


def test_nothing_personal_is_in_the_mark(client: Client, receipt: tuple[str, str]) -> None:
    citizen = client.account("citizen")
    for word in (citizen["id_number"], "陈", "13900000000"):
        assert word not in receipt[1]
    assert len(receipt[1]) < 300


def test_a_receipt_outlives_the_key_that_signed_it(client: Client, receipt: tuple[str, str], tmp_path: Path) -> None:
    signing.rotate(client.settings)
    kernel = client.http.app.state.kernel  # type: ignore[attr-defined]
    del kernel.__dict__["signer"]  # as after a restart
    assert len(client.http.get("/.well-known/lingban-keys.json").json()["keys"]) == 2
    assert run(tmp_path, client, receipt[1]).returncode == 0


def test_the_audit_finds_the_event_a_receipt_stands_on(client: Client, receipt: tuple[str, str]) -> None:
    def audit(line: str) -> tuple[int, dict[str, object]]:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", "--data", str(client.settings.data), "audit", "receipt", line],
            capture_output=True, text=True, env={**os.environ, "LINGBAN_DATABASE_URL": client.settings.database_url},
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout)

    code, said = audit(receipt[1])
    assert (code, said["in_the_log"], said["because"]) == (0, True, "event 2, decided")
    assert audit(receipt[1] + "x")[0] == 1

    async def lose() -> None:
        from tests.cases.tampering import cut_out

        await cut_out(receipt[0], everywhere=True)

    assert client.http.portal is not None
    client.http.portal.call(lose)
    code, said = audit(receipt[1])
    assert (code, said["genuine"], said["in_the_log"]) == (1, True, False)


@settings(max_examples=25, deadline=None)
@given(message=st.binary(max_size=200), flip=st.integers(0, 64 * 8 - 1))
def test_the_scripts_ed25519_agrees_with_the_library(message: bytes, flip: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_receipt.signed_by(public, message, signature)
    assert not verify_receipt.signed_by(public, message + b"x", signature)
    changed = bytearray(signature)
    changed[flip // 8] ^= 1 << flip % 8
    try:
        key.public_key().verify(bytes(changed), message)
        agreed = True
    except InvalidSignature:
        agreed = False
    assert verify_receipt.signed_by(public, message, bytes(changed)) is agreed is False


def test_the_scripts_ed25519_keeps_to_the_standard() -> None:
    # RFC 8032, 7.1, test 2; then the same signature with the group's order added to S, which must not pass.
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify_receipt.signed_by(public, b"\x72", signature)
    s = int.from_bytes(signature[32:], "little") + verify_receipt.ORDER
    assert not verify_receipt.signed_by(public, b"\x72", signature[:32] + s.to_bytes(32, "little"))
    assert not verify_receipt.signed_by(b"\xff" * 32, b"\x72", signature)


def test_an_empty_form_is_told_so_and_not_called_a_forgery(client: Client) -> None:
    fields = client.hidden(client.http.get("/verify").text)
    answer = client.http.post("/verify", data={**fields, "line": "  "})
    assert answer.status_code == 422
    assert "还没有填" in answer.text
    assert "不能确认" not in answer.text
    assert "<title>有误：核对回执" in answer.text
