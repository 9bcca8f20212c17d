"""Every exception raised on purpose, with the sentence a person reads.

LingbanError
├── UsageError            the command line or a setting is wrong           exit 2
├── DeclarationError      a folder cannot be used; carries its faults      exit 1
└── RequestError          an answer to one request; carries an HTTP status
    ├── NotFound          404, also for what exists but is not yours
    ├── NotAllowed        403
    ├── SignInNeeded      401; a page goes to /login
    ├── Conflict          409, somebody was faster or the state forbids it
    ├── Unprocessable     422; carries problems
    ├── TooLarge          413
    ├── TooMany           429
    └── Unavailable       503; the item or a part is out of service
"""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import Fault, Problem


class LingbanError(Exception):
    """Base of all below. `str()` is safe to show to the person who asked."""


class UsageError(LingbanError):
    """The command line or a setting is wrong; the message says what to do."""


class DeclarationError(LingbanError):
    """A plugin folder cannot be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class RequestError(LingbanError):
    """Ends one request with `status`; `code` is the stable word in problem+json; `what` names the field or the file
    that was wrong, as the reader wrote it."""

    status = 400
    code = "bad-request"

    def __init__(self, message: str = "", *, code: str | None = None, what: str = "") -> None:
        super().__init__(message)
        self.what = what
        if code:
            self.code = code


class NotFound(RequestError):
    status, code = 404, "not-found"


class NotAllowed(RequestError):
    status, code = 403, "not-allowed"


class SignInNeeded(RequestError):
    status, code = 401, "sign-in-needed"


class Conflict(RequestError):
    status, code = 409, "conflict"


class Unprocessable(RequestError):
    """The answers, or who may apply where, need mending."""

    status, code = 422, "problems"

    warnings: tuple[Problem, ...] = ()
    """What was sent and is not read, which may be why something is missing."""

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(message or "；".join(p.message for p in problems))


class TooLarge(RequestError):
    status, code = 413, "too-large"


class TooMany(RequestError):
    """`retry_after` in seconds."""

    status, code = 429, "too-many"

    def __init__(self, message: str = "", *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(RequestError):
    status, code = 503, "unavailable"
