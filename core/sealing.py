"""Sealed values: personal data at rest, encrypted with AES-GCM under a named key, searchable by HMAC only.

Knows nothing of who may read what; that is `access` of each room.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise.fields.base import Field

from core.errors import LingbanError, UsageError
from core.settings import Settings

FORMAT = b"\x01"
_HEAD = 1 + 4 + 12  # format, key id, nonce


class SealBroken(LingbanError):
    """A sealed value was altered, or the key it was sealed with is not in the ring."""


class Keys:
    """What one secret yields: an encryption key with its id, an index key, a key for tokens.

    `secret` is at least 16 bytes. Keys are derived by HMAC-SHA256 with a label each, so none reveals another.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise UsageError("The secret key is shorter than 16 bytes. Set LINGBAN_SECRET_KEY to a longer one.")
        self._secret = secret
        self.id = self._derive("key id")[:4]
        self._cipher = AESGCM(self._derive("seal"))
        self._index = self._derive("index")
        self._codes: dict[str, bytes] = {}

    def _derive(self, label: str) -> bytes:
        return hmac.digest(self._secret, b"lingban " + label.encode(), "sha256")

    def _labelled(self, label: str) -> bytes:
        known = self._codes.get(label)
        if known is None:
            known = self._codes[label] = self._derive(label)
        return known

    def seal(self, plain: bytes, place: str) -> bytes:
        """`place` (table.column) is bound in, so that a value moved to another column does not open."""
        nonce = os.urandom(12)
        return FORMAT + self.id + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises SealBroken when a byte was changed."""
        try:
            return self._cipher.decrypt(sealed[5:_HEAD], sealed[_HEAD:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"A sealed value in {place} does not open: it was altered.") from error

    def index(self, value: str, label: str = "number") -> str:
        """The value's searchable stand-in (hex): equal for equal values, of no use without the key."""
        return hmac.digest(self._index, f"{label}\0{value.strip().upper()}".encode(), "sha256").hex()

    def tag(self, label: str, value: str) -> str:
        """A mark (32 hex digits) that only this server can make of `value`: CSRF tokens."""
        return hmac.digest(self._labelled(label), value.encode(), "sha256")[:16].hex()

    def code(self, label: str, value: str, length: int = 10) -> str:
        """A short code only this server can derive again from `value` (tracking codes).

        Base 32 without look-alikes, `length` characters.
        """
        raw = hmac.digest(self._labelled(label), value.encode(), "sha256")
        enough = raw[: -(-length // 8) * 5]  # five bytes are eight characters, and each costs
        return base64.b32encode(enough).decode().translate(_PLAIN)[:length]


# Crockford's alphabet: no I, L, O, U, so a code can be read out on the telephone.
_PLAIN = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")

_ring: dict[bytes, Keys] = {}
_current: Keys | None = None


def use(keys: Keys) -> None:
    """Seal with these keys from now on; values sealed under earlier keys of this process still open."""
    global _current
    _ring[keys.id] = keys
    _current = keys


def current() -> Keys:
    if _current is None:
        raise LingbanError("No keys are in use: call core.sealing.use(keys) before touching sealed values.")
    return _current


def keys_for(settings: Settings) -> Keys:
    """The keys of LINGBAN_SECRET_KEY, or of `secret.key` in the data folder, made at first use (mode 0600)."""
    if settings.secret_key:
        return Keys(settings.secret_key.encode())
    path = settings.data / "secret.key"
    settings.data.mkdir(parents=True, exist_ok=True)
    write_once(path, base64.b64encode(secrets.token_bytes(32)))
    try:
        return Keys(base64.b64decode(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as a key: {error}. Restore it from your backup.") from error


def write_once(path: Path, content: bytes) -> None:
    """Several workers may start at once: the first one's key stands, and it is there whole or not at all."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _open(sealed: bytes, place: str) -> bytes:
    keys = _ring.get(bytes(sealed[1:5]))
    if sealed[:1] != FORMAT or keys is None:
        raise SealBroken(f"A sealed value in {place} was sealed under a key that is not here. Restore that key.")
    return keys.open(bytes(sealed), place)


_spell = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SealedJSON(Field[Any]):
    """A JSON value, sealed in the database. Cannot be filtered on: keep `Keys.index` beside it for that."""

    indexable = False
    SQL_TYPE = "BLOB"

    class _db_postgres:  # noqa: N801 - the name is Tortoise's
        SQL_TYPE = "BYTEA"

    class _db_mysql:  # noqa: N801
        SQL_TYPE = "LONGBLOB"

    def _place(self) -> str:
        table = self.model._meta.db_table if getattr(self, "model", None) is not None else ""
        return f"{table}.{self.model_field_name}"

    def to_db_value(self, value: Any, instance: Any) -> bytes | None:
        if value is None:
            return None
        return current().seal(_spell(value).encode(), self._place())

    def to_python_value(self, value: Any) -> Any:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return json.loads(_open(bytes(value), self._place()))
        return value
