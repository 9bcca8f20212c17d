"""Signing in, sessions and tokens."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.contract import Actor
from core.database import connection
from core.errors import Conflict, NotAllowed, SignInNeeded, TooMany, UsageError
from core.office import access, actions, locks, passwords
from core.office.models import Account, OfficeEvent, Session, SignInFailure, Token
from core.office.seed import Person

BOTH_DATABASES = True

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse battery"


@pytest.fixture
async def elder(database: TortoiseContext, seeds: Path) -> Actor:
    await actions.seed(seeds)
    person = Person("elder", "陈试甲", "citizen", id_number="320583194005129913", credit_code="91320583MAXX000153")
    return await actions.create_account(person, password=PASSWORD, office=await access.office())


async def test_the_right_password_gives_the_actor(elder: Actor) -> None:
    actor = await actions.sign_in(" Elder ", PASSWORD)
    assert actor == elder
    assert (actor.role, actor.name, actor.id_number) == ("citizen", "陈试甲", "320583194005129913")
    assert await access.credit_code(actor) == "91320583MAXX000153"


async def test_wrong_password_unknown_login_and_closed_account_get_the_same_answer(elder: Actor) -> None:
    await actions.create_account(Person("gone", "去者", "citizen"), password=PASSWORD, office=await access.office())
    await actions.close_account("gone")
    answers = []
    for login, password in (("elder", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("worker", "")):
        with pytest.raises(SignInNeeded) as caught:
            await actions.sign_in(login, password)
        answers.append((caught.value.code, str(caught.value)))
    assert len(set(answers)) == 1


async def test_an_unknown_login_costs_as_much_as_a_wrong_password(elder: Actor) -> None:
    stored = (await Account.get(login="elder")).password_hash
    took = []
    for known in (stored, ""):
        started = time.process_time()
        for _ in range(3):
            assert not await passwords.verify("wrong", known)
        took.append(time.process_time() - started)
    assert 0.5 < took[0] / took[1] < 2


@pytest.mark.parametrize("login", ["elder", "nobody"])
async def test_the_login_locks_after_five_failures_known_or_not(elder: Actor, login: str) -> None:
    for _ in range(4):
        with pytest.raises(SignInNeeded):
            await actions.sign_in(login, "wrong")
    with pytest.raises(TooMany) as caught:
        await actions.sign_in(login, "wrong")
    assert caught.value.retry_after == locks.LOCK_S
    with pytest.raises(TooMany):
        await actions.sign_in(login, PASSWORD)
    row = await SignInFailure.get()
    await SignInFailure.filter(login_index=row.login_index).update(locked_until=int(time.time()) - 1)
    with pytest.raises(SignInNeeded):
        await actions.sign_in(login, "wrong")


async def test_failures_are_forgotten_after_a_success_and_after_a_while(elder: Actor) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInNeeded):
                await actions.sign_in("elder", "wrong")
        await actions.sign_in("elder", PASSWORD)
    for _ in range(4):
        with pytest.raises(SignInNeeded):
            await actions.sign_in("elder", "wrong")
    await SignInFailure.all().update(last_at=int(time.time()) - locks.LOCK_S - 1)
    with pytest.raises(SignInNeeded):
        await actions.sign_in("elder", "wrong")


async def test_the_database_keeps_neither_login_typed_nor_session_id_nor_number(elder: Actor) -> None:
    with pytest.raises(SignInNeeded):
        await actions.sign_in("elder", "wrong")
    sid = await actions.open_session(elder)
    bearer = await actions.create_token("kiosk-7", "portal", "kiosk")
    rows = [
        *await SignInFailure.all().values(),
        *await Session.all().values(),
        *await Token.all().values(),
        *await connection().execute_query_dict("SELECT person, id_index FROM office_account"),
    ]
    kept = repr(rows)
    for secret in ("'elder'", sid, bearer, elder.id_number or "?"):
        assert secret not in kept


async def test_a_session_tells_who_it_is_until_it_ends(elder: Actor) -> None:
    sid = await actions.open_session(elder)
    assert await access.session(sid) == elder
    await actions.end_session(sid)
    assert await access.session(sid) is None
    assert await access.session("made up") is None


async def test_a_session_expires(elder: Actor) -> None:
    sid = await actions.open_session(elder, channel="kiosk")
    session = await Session.get()
    assert session.expires_at - session.created_at == actions.LIFETIME_S["kiosk"]
    await Session.all().update(expires_at=int(time.time()))
    assert await access.session(sid) is None
    assert await actions.prune() == 1


async def test_signing_in_ends_the_session_from_before(elder: Actor) -> None:
    before = await actions.open_session(elder)
    after = await actions.open_session(elder, replaces=before)
    assert before != after
    assert await access.session(before) is None
    assert await access.session(after) == elder


async def test_closing_the_account_or_changing_the_password_ends_its_sessions(elder: Actor) -> None:
    sid = await actions.open_session(elder)
    await actions.set_password("elder", "another long one")
    assert await access.session(sid) is None
    assert (await actions.sign_in("elder", "another long one")).id == elder.id
    sid = await actions.open_session(elder)
    await actions.close_account("elder")
    assert await access.session(sid) is None


async def test_staff_carry_unit_site_and_area(elder: Actor) -> None:
    await actions.set_password("reviewer", PASSWORD)
    actor = await actions.sign_in("reviewer", PASSWORD)
    found = await access.session(await actions.open_session(actor))
    assert found == actor
    assert (actor.unit, actor.site, actor.area) == ("civil-affairs", "hall-shipu", "320583103000")


async def test_a_token_is_bound_to_client_role_and_channel_until_withdrawn(elder: Actor) -> None:
    bearer = await actions.create_token("city-portal", "portal", "mobile")
    actor = await access.token(bearer)
    assert actor is not None
    assert (actor.id, actor.role, actor.channel) == ("client:city-portal", "portal", "mobile")
    await actions.withdraw_token(bearer)
    assert await access.token(bearer) is None


async def test_what_will_not_do_is_refused(elder: Actor) -> None:
    office = await access.office()
    with pytest.raises(UsageError):
        await actions.create_account(Person("x", "甲", "king"), password=PASSWORD, office=office)
    with pytest.raises(UsageError):
        await actions.create_account(Person("x", "甲", "citizen"), password="short", office=office)
    with pytest.raises(Conflict):
        await actions.create_account(Person("elder", "甲", "citizen"), password=PASSWORD, office=office)
    with pytest.raises(UsageError):
        await actions.create_token("x", "king", "web")
    with pytest.raises(NotAllowed):
        await access.staff(elder)


async def test_an_administrator_lists_staff_a_page_at_a_time(elder: Actor) -> None:
    admin = Actor("1", "administrator")
    first = await access.staff(admin, limit=4)
    rest = await access.staff(admin, after=first[-1].login)
    assert len(first) + len(rest) == 9
    assert "elder" not in {row.login for row in (*first, *rest)}


async def test_sign_ins_leave_an_event(elder: Actor) -> None:
    await actions.sign_in("elder", PASSWORD)
    assert await OfficeEvent.filter(type="sign-in", actor=elder.id).count() == 1


async def test_the_first_administrator_gets_a_password_once(elder: Actor) -> None:
    first = await actions.first_password()
    assert first is not None
    login, password = first
    assert login == "admin"
    assert (await actions.sign_in(login, password)).role == "administrator"
    assert await actions.first_password() is None
