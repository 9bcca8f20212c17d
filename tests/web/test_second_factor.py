"""The second factor of staff, through the front door of a server that is no demonstration."""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections.abc import Iterator

import httpx2 as httpx
import pyotp
import pytest
from starlette.testclient import TestClient

from core.office import second_factor
from core.settings import Settings
from core.web.app import build
from tests.conftest import Client

BOTH_DATABASES = True

CLERK = "clerk"
STEP = second_factor.STEP_S


@pytest.fixture
def real(town: Settings) -> Iterator[Client]:
    """The made-up town as a real office would run it: the same people, and every one with his own telephone."""
    settings = dataclasses.replace(town, demo=False)
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        told = json.loads((town.data / "demo.json").read_text(encoding="utf-8"))
        yield Client(http, told, settings)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of server and telephone, which a test may move: [seconds ahead]."""
    ahead = [0.0]
    real_time = time.time
    monkeypatch.setattr(time, "time", lambda: real_time() + ahead[0])
    return ahead


def password_step(client: Client, role: str = CLERK) -> httpx.Response:
    account = client.account(role)
    client.http.cookies.clear()
    fields = client.hidden(client.http.get("/login").text)
    fields |= {"login": account["login"], "password": account["password"]}
    return client.http.post("/login", data=fields, follow_redirects=False)


def code_step(client: Client, code: str) -> httpx.Response:
    fields = client.hidden(client.http.get("/login/second").text) | {"code": code}
    return client.http.post("/login/second", data=fields, follow_redirects=False)


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + steps * STEP)


def enrol(client: Client, role: str = CLERK) -> tuple[str, list[str]]:
    """The secret on the telephone, and the recovery codes on paper."""
    password_step(client, role)
    page = client.http.get("/login/second").text
    found = re.search(r'enrol__secret">([A-Z2-7 ]+)<', page)
    assert found, page
    secret = found[1].replace(" ", "")
    answer = code_step(client, code(secret))
    assert answer.status_code == 200, answer.text
    return secret, re.findall(r'<li class="code">([a-z0-9-]+)</li>', answer.text)


def is_in(client: Client) -> bool:
    return client.http.get("/admin/", follow_redirects=False).status_code == 200


def test_staff_enrol_a_device_before_their_first_page(real: Client) -> None:
    answer = password_step(real)
    assert answer.headers["location"].startswith("/login/second")
    assert not is_in(real), "the password alone opens nothing"
    page = real.http.get("/login/second").text
    assert "<svg" in page
    assert code_step(real, "000000").status_code == 401
    assert not is_in(real)
    _, codes = enrol(real)
    assert is_in(real)
    assert len(set(codes)) == second_factor.RECOVERY_CODES


def test_the_square_code_holds_the_secret_that_is_written_beside_it(real: Client) -> None:
    password_step(real)
    half = real.http.cookies["lb_half"]
    page = real.http.get("/login/second").text
    assert real.http.cookies.get("lb_sid") is None
    assert half not in page
    again = real.http.get("/login/second").text
    secret = re.compile(r'enrol__secret">([A-Z2-7 ]+)<')
    assert secret.findall(page) == secret.findall(again), "a reload shows the same secret, else the scan is lost"


def test_later_sign_ins_take_a_code_once(real: Client, clock: list[float]) -> None:
    secret, _ = enrol(real)
    password_step(real)
    assert code_step(real, code(secret)).status_code == 401, "the code of the enrolment is spent"
    clock[0] = 2 * STEP
    fresh = code(secret)
    assert code_step(real, fresh).status_code == 303
    assert is_in(real)
    password_step(real)
    assert code_step(real, fresh).status_code == 401
    assert not is_in(real)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_s_clock_may_be_off_by_one_step(real: Client, clock: list[float], steps: int, fits: bool) -> None:
    secret, _ = enrol(real)
    clock[0] = 10 * STEP - time.time() % STEP + 5
    password_step(real)
    status = code_step(real, code(secret, steps)).status_code
    assert (status == 303) is fits


def test_a_recovery_code_works_once(real: Client) -> None:
    _, codes = enrol(real)
    password_step(real)
    assert code_step(real, f" {codes[0].upper()} ").status_code == 303
    assert is_in(real)
    password_step(real)
    assert code_step(real, codes[0]).status_code == 401
    assert code_step(real, codes[1]).status_code == 303


def test_five_wrong_codes_lock_and_the_password_does_not_unlock(real: Client) -> None:
    _, codes = enrol(real)
    password_step(real)
    assert [code_step(real, "123456").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    assert code_step(real, codes[0]).status_code == 429
    password_step(real)
    assert code_step(real, codes[0]).status_code == 429, "the right password counts nothing back"
    assert not is_in(real)


def test_a_half_session_ends_after_ten_minutes(real: Client, clock: list[float]) -> None:
    _, codes = enrol(real)
    password_step(real)
    clock[0] = second_factor.HALF_S + 1
    answer = code_step(real, codes[0])
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert not is_in(real)


def test_the_second_step_wants_a_token_of_our_own_page(real: Client) -> None:
    _, codes = enrol(real)
    password_step(real)
    assert real.http.post("/login/second", data={"code": codes[0]}, follow_redirects=False).status_code == 403
    assert code_step(real, codes[0]).status_code == 303, "and the refused post spent nothing"


def test_a_half_session_s_cookie_is_no_session(real: Client) -> None:
    password_step(real)
    half = real.http.cookies["lb_half"]
    real.http.cookies.clear()
    real.http.cookies.set("lb_sid", half)
    assert not is_in(real)


def test_two_posts_of_one_code_open_one_session(real: Client) -> None:
    _, codes = enrol(real)
    password_step(real)
    fields = real.hidden(real.http.get("/login/second").text) | {"code": codes[0]}
    cookies = dict(real.http.cookies)
    first = real.http.post("/login/second", data=fields, follow_redirects=False)
    real.http.cookies.clear()
    real.http.cookies.update(cookies)
    second = real.http.post("/login/second", data=fields, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/admin/")
    assert second.headers.get("location") == "/login"


def test_the_administrator_resets_a_lost_device(real: Client) -> None:
    enrol(real)
    login = real.account(CLERK)["login"]
    enrol(real, "administrator")
    fields = real.hidden(real.http.get("/admin/staff").text)
    page = real.http.post(f"/admin/staff/{login}/second", data=fields).text
    assert "二次验证已重置" in page
    answer = password_step(real)
    assert answer.status_code == 303
    assert "enrol__secret" in real.http.get("/login/second").text


def test_new_recovery_codes_replace_the_old_ones(real: Client, clock: list[float]) -> None:
    secret, old = enrol(real)
    clock[0] = 2 * STEP
    fields = real.hidden(real.http.get("/account").text)
    assert real.http.post("/account/recovery", data=fields | {"code": "000000"}).status_code == 401
    page = real.http.post("/account/recovery", data=fields | {"code": code(secret)}).text
    new = re.findall(r'<li class="code">([a-z0-9-]+)</li>', page)
    assert len(new) == second_factor.RECOVERY_CODES
    assert not set(new) & set(old)
    password_step(real)
    assert code_step(real, old[0]).status_code == 401
    assert code_step(real, new[0]).status_code == 303


def test_neither_secret_nor_recovery_code_is_in_the_database_as_it_is(real: Client) -> None:
    secret, codes = enrol(real)
    stored = real.stored()
    assert real.account(CLERK)["login"] in stored
    for text in (secret, codes[0], codes[0].replace("-", "")):
        assert text not in stored


def test_citizens_have_none(real: Client) -> None:
    assert password_step(real, "citizen").headers["location"] == "/me"


def test_the_people_of_the_demonstration_have_none(client: Client) -> None:
    assert password_step(client).headers["location"] == "/admin/"


def test_in_a_browser_a_wrong_code_and_the_recovery_codes_have_pages_that_reload(
    real: Client, clock: list[float]
) -> None:
    real.http.headers["Origin"] = "http://127.0.0.1:8000"
    password_step(real)
    secret = re.findall(r'enrol__secret">([A-Z2-7 ]+)<', real.http.get("/login/second").text)[0].replace(" ", "")
    told = code_step(real, "123456")
    assert (told.status_code, told.headers["location"]) == (303, "/login/second?wrong")
    for _ in range(2):
        assert "验证码不对" in real.http.get(told.headers["location"]).text
    assert "验证码不对" not in real.http.get("/login/second").text
    done = code_step(real, code(secret))
    assert (done.status_code, done.headers["location"]) == (303, "/account/recovery?codes")
    first, again = (real.http.get(done.headers["location"]).text for _ in range(2))
    codes = re.findall(r'<li class="code">([a-z0-9-]+)</li>', first)
    assert len(codes) == second_factor.RECOVERY_CODES
    assert codes == re.findall(r'<li class="code">([a-z0-9-]+)</li>', again)
    assert 'href="/admin/"' in first
    kept = {one.name: str(one.value) for one in real.http.cookies.jar if one.name.startswith("lb_wrong")}
    assert not any(one in value for one in codes for value in kept.values())
    # Another session in the same browser does not see them.
    clock[0] = 2 * STEP
    password_step(real)
    code_step(real, code(secret))
    for name, value in kept.items():
        real.http.cookies.set(name, value, domain="127.0.0.1")
    assert real.http.get("/account/recovery?codes", follow_redirects=False).status_code == 303
