"""The second factor of staff: time-based codes (RFC 6238) from their own telephone, and recovery codes for its loss.

Between the right password and the right code there is a half session: it opens no page, lives ten minutes, and knows
only which account waits. Knows no page and no cookie.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from uuid import UUID

import pyotp

from core import database, sealing
from core.contract import Actor
from core.errors import NotFound, SignInNeeded
from core.office import access, locks
from core.office.models import Account, OfficeEvent, RecoveryCode, Session
from core.office.permissions import STAFF_ROLES

STEP_S = 30
SKEW = 1
"""Steps that a telephone's clock may be off, either way."""
HALF_S = 10 * 60
RECOVERY_CODES = 8
ISSUER = "Lingban"
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose second step is awaited, and which: `code`, or `enrol` with the secret to be shown."""

    account_id: str
    login: str
    stage: str
    secret: str = ""

    @property
    def uri(self) -> str:
        """What the square code says to the authenticator."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=self.login, issuer_name=ISSUER)


async def wanted(actor: Actor, *, demo: bool) -> str:
    """`code` for who has a device, `enrol` for staff who have none yet, "" where the password alone will do.

    Made-up people (`--demo`) have no device to enrol (DESIGN section 7).
    """
    account = await Account.get(id=UUID(actor.id))
    if account.second:
        return "code"
    return "enrol" if actor.role in STAFF_ROLES and not demo else ""


async def begin(actor: Actor, stage: str) -> str:
    """The id of a half session."""
    sid = secrets.token_urlsafe(32)
    now = int(time.time())

    async def body() -> None:
        await Session.filter(account_id=UUID(actor.id), stage__in=("code", "enrol"), expires_at__lte=now).delete()
        await Session.create(
            sid_hash=access.digest(sid),
            account_id=UUID(actor.id),
            channel=actor.channel,
            stage=stage,
            pending={"secret": pyotp.random_base32()} if stage == "enrol" else None,
            created_at=now,
            expires_at=now + HALF_S,
        )

    await database.write(body)
    return sid


async def waiting(sid: str | None) -> Waiting | None:
    """None where the half session is unknown or its ten minutes are over."""
    row = await Session.get_or_none(sid_hash=access.digest(sid or ""), stage__in=("code", "enrol"))
    if row is None or row.expires_at <= time.time():
        return None
    account = await Account.get_or_none(id=row.account_id, active=True)
    if account is None:
        return None
    secret = str(row.pending["secret"]) if row.pending else ""
    return Waiting(str(account.id), account.login, row.stage, secret)


async def confirm(sid: str, code: str) -> Actor:
    """The account behind the half session, which ends here.

    `code` is six digits or a recovery code. Raises SignInNeeded (`half-expired`, `wrong-code`), TooMany.
    """
    half = await waiting(sid)
    if half is None or half.stage != "code":
        raise SignInNeeded("", code="half-expired")
    await prove(half.account_id, code)
    return await _done(sid, half)


async def prove(account_id: str, code: str) -> None:
    """Take one code of the account, which is then spent. Raises SignInNeeded (`wrong-code`), TooMany."""
    key = _key(account_id)
    had_failures = await locks.check(key)
    account = await Account.get(id=UUID(account_id))
    typed = "".join(code.split()).lower()
    digits = typed.isascii() and typed.isdigit()
    if digits:
        fits = await _take_step(account, typed)
    else:
        fits = await _take_recovery(account, typed)
    if not fits:
        await locks.note_failure(key, account_id=account_id, event="second-factor.locked")
        raise SignInNeeded("", code="wrong-code")
    if had_failures:
        await locks.clear(key)


async def enrol(sid: str, code: str) -> tuple[Actor, list[str]]:
    """Bind the device whose first code this is; gives the recovery codes, shown this once.

    Raises SignInNeeded (`half-expired`, `wrong-code`), TooMany.
    """
    half = await waiting(sid)
    if half is None or half.stage != "enrol":
        raise SignInNeeded("", code="half-expired")
    key = _key(half.account_id)
    await locks.check(key)
    step = _step(half.secret, "".join(code.split()))
    if step is None:
        await locks.note_failure(key, account_id=half.account_id, event="second-factor.locked")
        raise SignInNeeded("", code="wrong-code")
    id = UUID(half.account_id)

    async def body() -> list[str]:
        # Of two enrolments at once the first stands: the other telephone would hold a secret that opens nothing.
        if not await Account.filter(id=id, second__isnull=True).exists():
            raise SignInNeeded("", code="half-expired")
        account = await Account.get(id=id)
        account.second, account.second_step = {"secret": half.secret}, step
        await account.save(update_fields=["second", "second_step"])
        await OfficeEvent.create(type="second-factor.enrolled", actor=half.account_id, target=half.account_id)
        return await _new_codes(id)

    codes = await database.write(body)
    return await _done(sid, half), codes


async def new_recovery_codes(account_id: str, code: str) -> list[str]:
    """Codes in place of the earlier ones, for who holds the device. Raises SignInNeeded (`wrong-code`), TooMany."""
    await prove(account_id, code)

    async def body() -> list[str]:
        await OfficeEvent.create(type="second-factor.codes", actor=account_id, target=account_id)
        return await _new_codes(UUID(account_id))

    return await database.write(body)


async def reset(login: str, *, by: Actor | None = None) -> None:
    """Forget the device: the next sign-in enrols another. Every session of the account ends. Raises NotFound."""

    async def body() -> None:
        account = await Account.get_or_none(login=login)
        if account is None:
            raise NotFound(login)
        account.second, account.second_step = None, 0
        await account.save(update_fields=["second", "second_step"])
        await RecoveryCode.filter(account_id=account.id).delete()
        await Session.filter(account_id=account.id).delete()
        await OfficeEvent.create(type="second-factor.reset", actor=by.id if by else "", target=str(account.id))

    await database.write(body)


async def _done(sid: str, half: Waiting) -> Actor:
    # Whoever deletes the row goes on: two posts of one code open one session.
    if not await Session.filter(sid_hash=access.digest(sid)).delete():
        raise SignInNeeded("", code="half-expired")
    return access.actor_of(await Account.get(id=UUID(half.account_id)))


async def _take_step(account: Account, code: str) -> bool:
    step = _step(account.second["secret"], code) if account.second else None
    # One update decides: a code that was taken, here or in another worker a moment ago, is not taken again.
    return step is not None and await Account.filter(id=account.id, second_step__lt=step).update(second_step=step) == 1


async def _take_recovery(account: Account, code: str) -> bool:
    taken = await RecoveryCode.filter(code_hash=_hash(code), account_id=account.id).delete()
    if taken:
        await OfficeEvent.create(type="second-factor.recovered", actor=str(account.id), target=str(account.id))
    return taken == 1


def _step(secret: str, code: str) -> int | None:
    """The time step that this code belongs to; None where none near enough has it."""
    now = int(time.time()) // STEP_S
    totp = pyotp.TOTP(secret)
    found = None
    for step in range(now - SKEW, now + SKEW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


async def _new_codes(id: UUID) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(_PLAIN) for _ in range(5)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]
    await RecoveryCode.filter(account_id=id).delete()
    await RecoveryCode.bulk_create([RecoveryCode(code_hash=_hash(code), account_id=id) for code in codes])
    return codes


def _hash(code: str) -> str:
    """Keyed: 74 random bits need no salt, and the table alone tells nothing."""
    return sealing.current().index(code.replace("-", ""), "recovery")


def _key(account_id: str) -> str:
    return sealing.current().index(account_id, "second")
