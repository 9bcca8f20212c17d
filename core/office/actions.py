"""Every write to accounts, sessions and tokens, and the sign-in.

Knows no page and no cookie: `core.web` carries the session id to and fro. Seeds are written by `seeding`.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID

from core import database, sealing
from core.contract import CHANNELS, Actor, Office
from core.errors import Conflict, NotFound, SignInNeeded, UsageError
from core.office import access, locks, passwords
from core.office.models import Account, OfficeEvent, RecoveryCode, Session, SignInFailure, Token
from core.office.permissions import CITIZEN_ROLES, MATRIX, POWERS, ROLES, SITE_ROLES, STAFF_ROLES
from core.office.persons import check_powers
from core.office.seed import Person
from core.office.seeding import Seeded, placed, sealed, seed

__all__ = [
    "Seeded", "change_password", "close_account", "create_account", "create_token", "drawn_password", "end_session",
    "end_sessions", "erase_person", "first_password", "new_password", "note_erasure", "open_session", "prune",
    "renew_session", "reopen_account", "seed", "set_password", "sign_in", "touch", "withdraw_token",
]  # fmt: skip

LIFETIME_S = {"kiosk": 15 * 60, "web": 4 * 3600, "mobile": 4 * 3600}
"""A citizen's session, by channel; for staff, who work a day at a desk:"""
STAFF_LIFETIME_S = 10 * 3600
IDLE_S = {**dict.fromkeys(STAFF_ROLES, 60 * 60), **dict.fromkeys((*SITE_ROLES, "operator"), 20 * 60)}
"""Staff who left without signing out, by role: a counter is shared, and the next person sits down at it."""
SEEN_EVERY_S = 60
"""How often a session's last request is written down."""
MIN_PASSWORD = 10
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0, 1: what is read out is typed right."""


# --- signing in ------------------------------------------------------------------------------------------


async def sign_in(login: str, password: str) -> Actor:
    """The account's actor.

    Raises SignInNeeded (`code="wrong-sign-in"`), with one sentence for a wrong password and for a login that does not
    exist and after the same work; TooMany once the login was tried in vain five times, known or not, right or wrong.
    """
    login = login.strip().lower()[:64]
    key = sealing.current().index(login, "login")
    account = await Account.get_or_none(login=login)
    stored = account.password_hash if account and account.active else ""
    fits = await passwords.verify(password, stored)
    had_failures = await locks.check(key)
    if account is None or not fits:
        await locks.note_failure(key, account_id=str(account.id) if account else "", event="sign-in.locked")
        raise SignInNeeded("", code="wrong-sign-in")
    await _note_success(account, key, had_failures=had_failures, password=password)
    return access.actor_of(account)


async def _note_success(account: Account, key: str, *, had_failures: bool, password: str) -> None:
    new_hash = await passwords.hashed(password) if passwords.needs_rehash(account.password_hash) else None

    async def body() -> None:
        await OfficeEvent.create(type="sign-in", actor=str(account.id))
        if had_failures:
            await SignInFailure.filter(login_index=key).delete()
        if new_hash:
            await Account.filter(id=account.id).update(password_hash=new_hash)

    await database.write(body)


async def open_session(actor: Actor, *, channel: str | None = None, replaces: str | None = None) -> str:
    """A new session's id, for the cookie. `replaces`, the id from before the sign-in, ends here: an id that somebody
    planted is worth nothing afterwards."""
    sid = secrets.token_urlsafe(32)
    channel = channel if channel in CHANNELS else actor.channel
    now = int(time.time())
    at_a_desk = actor.role in STAFF_ROLES and channel != "kiosk"
    lifetime = STAFF_LIFETIME_S if at_a_desk else LIFETIME_S.get(channel, LIFETIME_S["web"])

    async def body() -> None:
        if replaces:
            await Session.filter(sid_hash=access.digest(replaces)).delete()
        await Session.create(
            sid_hash=access.digest(sid),
            account_id=UUID(actor.id),
            channel=channel,
            idle_s=IDLE_S[actor.role] if at_a_desk else 0,
            seen_at=now,
            created_at=now,
            expires_at=now + lifetime,
        )

    await database.write(body)
    return sid


async def touch(sid: str) -> None:
    """Somebody is still there."""
    await Session.filter(sid_hash=access.digest(sid)).update(seen_at=int(time.time()))


async def renew_session(sid: str) -> str:
    """The same session under a new id, as long-lived as before: pages made under the old one can send nothing more."""
    fresh = secrets.token_urlsafe(32)

    async def body() -> None:
        old = await Session.get_or_none(sid_hash=access.digest(sid))
        if old is None:
            raise SignInNeeded()
        await Session.create(
            sid_hash=access.digest(fresh),
            account_id=old.account_id,
            channel=old.channel,
            idle_s=old.idle_s,
            seen_at=int(time.time()),
            created_at=old.created_at,
            expires_at=old.expires_at,
        )
        await Session.filter(sid_hash=access.digest(sid)).delete()

    await database.write(body)
    return fresh


async def end_session(sid: str) -> None:
    await Session.filter(sid_hash=access.digest(sid)).delete()


async def end_sessions(account_id: str) -> None:
    """Everywhere at once: after a changed password, a closed account, a lost telephone."""
    await Session.filter(account_id=UUID(account_id)).delete()


async def prune() -> int:
    """Delete what has expired; returns how many sessions. Run now and then by `core.jobs`."""
    now = int(time.time())
    await SignInFailure.filter(locked_until__lt=now, last_at__lt=now - locks.LOCK_S).delete()
    return await Session.filter(expires_at__lte=now).delete()


# --- accounts and tokens ---------------------------------------------------------------------------------


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UsageError(f'"{role}" is not a role. Use one of: {", ".join(ROLES)}.')
    powers = [power for power in POWERS if role in MATRIX[power]]
    if len(powers) > 1:
        raise UsageError(f'The role "{role}" would hold {" and ".join(powers)}. Keep these in separate hands.')


async def create_account(person: Person, *, password: str, office: Office, by: Actor | None = None) -> Actor:
    """A new account. Raises UsageError for a role or password that will not do, Conflict for a login in use and where
    the same human holds a power that must not be together with this one's."""
    _check_role(person.role)
    _check_password(password)
    number = sealing.current().index(person.id_number) if person.id_number else None
    await check_powers(number, person.role, login=person.login)
    hashed = await passwords.hashed(password)
    area, channel = placed(person, office)

    async def body() -> Account:
        if await Account.exists(login=person.login):
            raise Conflict(person.login, code="login-in-use")
        account = await Account.create(
            login=person.login,
            name=person.name,
            role=person.role,
            unit=person.unit,
            site=person.site,
            area=area,
            channel=channel,
            password_hash=hashed,
            **sealed(person.id_number, person.credit_code),
        )
        await OfficeEvent.create(type="account.created", actor=by.id if by else "", target=str(account.id))
        return account

    return access.actor_of(await database.write(body))


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise UsageError(f"The password is shorter than {MIN_PASSWORD} characters. Choose a longer one.")


async def set_password(login: str, password: str, *, by: Actor | None = None) -> None:
    """A new password; every session of the account ends. Raises NotFound, UsageError."""
    _check_password(password)
    hashed = await passwords.hashed(password)

    async def body() -> None:
        account = await Account.get_or_none(login=login)
        if account is None:
            raise NotFound(login)
        await Account.filter(id=account.id).update(password_hash=hashed)
        await Session.filter(account_id=account.id).delete()
        await OfficeEvent.create(type="password.changed", actor=by.id if by else "", target=str(account.id))

    await database.write(body)


async def change_password(actor: Actor, old: str, new: str) -> None:
    """The person's own change: every session of his ends, and the caller opens the one that goes on.

    Raises SignInNeeded (`wrong-sign-in`) where the old one does not fit, TooMany, UsageError for one that will not do.
    """
    _check_password(new)
    account = await Account.get(id=UUID(actor.id))
    await sign_in(account.login, old)
    await set_password(account.login, new, by=actor)


async def new_password(login: str, *, by: Actor | None = None) -> str:
    """A password drawn for the account and shown this once. Raises NotFound."""
    password = drawn_password()
    await set_password(login, password, by=by)
    return password


def drawn_password() -> str:
    """Sixteen characters that can be read out on the telephone, in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(4)) for _ in range(4))


async def first_password() -> tuple[str, str] | None:
    """Login and new password of the first administrator, while no administrator can sign in yet; else None.

    Seeds carry no password, so somebody at the server's own console must be able to begin.
    """
    administrators = await Account.filter(role="administrator", active=True).order_by("login")
    if not administrators or any(one.password_hash for one in administrators):
        return None
    login = administrators[0].login
    return login, await new_password(login)


async def close_account(login: str, *, by: Actor | None = None) -> None:
    """Nobody signs in with it any more, and who is signed in is out; what it did keeps its name. Raises NotFound."""
    await _set_active(login, active=False, by=by)


async def reopen_account(login: str, *, by: Actor | None = None) -> None:
    """Undo `close_account`; the password is still the one before. Raises NotFound, Conflict where the same human holds
    meanwhile, by another account, a power that this one must not be together with."""
    account = await Account.get_or_none(login=login)
    if account is not None:
        await check_powers(account.id_index, account.role, login=login)
    await _set_active(login, active=True, by=by)


async def erase_person(index: str, *, by: Actor, request: str) -> int:
    """What the accounts of this citizen (`Keys.index` of his number) know of him: name, login, number, password. The
    id stays, for events name it. Returns how many there were; an account of staff is not his own to erase."""

    async def body() -> int:
        found = await Account.filter(id_index=index, role__in=CITIZEN_ROLES)
        for one in found:
            await Session.filter(account_id=one.id).delete()
            await RecoveryCode.filter(account_id=one.id).delete()
            await Account.filter(id=one.id).update(
                login=f"erased-{one.id.hex}", name="", person=None, id_index=None, password_hash="", second=None,
                area=None, active=False, revision=one.revision + 1,
            )  # fmt: skip
        await OfficeEvent.create(type="erasure.done", actor=by.id, target=request)
        return len(found)

    return await database.write(body)


async def note_erasure(type: str, *, by: Actor, request: str) -> None:
    """That somebody asked for a person's erasure, or would not confirm it; whose, no event says."""
    await OfficeEvent.create(type=type, actor=by.id, target=request)


async def _set_active(login: str, *, active: bool, by: Actor | None) -> None:
    async def body() -> None:
        account = await Account.get_or_none(login=login)
        if account is None:
            raise NotFound(login)
        await Account.filter(id=account.id).update(active=active)
        await Session.filter(account_id=account.id).delete()
        what = "account.reopened" if active else "account.closed"
        await OfficeEvent.create(type=what, actor=by.id if by else "", target=str(account.id))

    await database.write(body)


async def create_token(
    client: str,
    role: str,
    channel: str,
    *,
    unit: str | None = None,
    site: str | None = None,
    area: str | None = None,
    by: Actor | None = None,
) -> str:
    """A new bearer token, shown this once. Raises UsageError for a role or channel that does not exist."""
    if role != "portal":
        _check_role(role)
    if channel not in CHANNELS:
        raise UsageError(f'"{channel}" is not a channel. Use one of: {", ".join(CHANNELS)}.')
    bearer = f"lb_{secrets.token_urlsafe(32)}"

    async def body() -> None:
        await Token.create(
            token_hash=access.digest(bearer),
            client=client,
            role=role,
            channel=channel,
            unit=unit,
            site=site,
            area=area,
        )
        await OfficeEvent.create(type="token.created", actor=by.id if by else "", target=f"{client}/{role}")

    await database.write(body)
    return bearer


async def withdraw_token(bearer: str) -> None:
    await Token.filter(token_hash=access.digest(bearer)).update(active=False)
