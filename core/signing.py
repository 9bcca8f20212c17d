"""The town's signature: lines that anybody can check alone, offline, with the published public key.

Knows no case. A line is fields with single spaces between them; the last two are the key's id and the Ed25519 signature
(RFC 8032) over all that stands before the last space. `docs/verify_receipt.py` checks such a line with nothing but
Python's standard library.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import UsageError
from core.sealing import write_once
from core.settings import Settings

RECEIPT, ROOT = "LB1", "LBR1"
"""First field of a receipt's and of a daily root's line."""
FILE = "signing.key"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:8]


@dataclass(frozen=True)
class Signer:
    """The key in use, and the public halves of those used before: what they signed stays provable."""

    key: Ed25519PrivateKey
    retired: tuple[bytes, ...] = ()

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def line(self, *fields: str) -> str:
        """A signed line. Raises ValueError for a field that is empty or holds a space: it would not be read back."""
        if not all(field and not any(c.isspace() for c in field) for field in fields):
            raise ValueError(f"not a field: {fields!r}")
        text = " ".join((*fields, self.id))
        return f"{text} {b64(self.key.sign(text.encode()))}"

    def check(self, line: str) -> list[str]:
        """The fields of a line that one of these keys signed, without key id and signature. Raises ValueError."""
        said, _, signature = " ".join(line.split()).rpartition(" ")  # a copied line may come wrapped
        kid = said.rpartition(" ")[2]
        public = next((one for one in (self.public, *self.retired) if key_id(one) == kid), None)
        if public is None:
            raise ValueError(f"the key {kid[:20]} is not one of ours")
        try:
            raw = unb64(signature)
            if b64(raw) != signature:  # the last character has bits to spare: one signature, one spelling
                raise ValueError
            Ed25519PublicKey.from_public_bytes(public).verify(raw, said.encode())
        except (InvalidSignature, ValueError):
            raise ValueError("the signature does not fit: it was changed, or somebody else signed it") from None
        return said.split(" ")[:-1]

    def published(self) -> dict[str, list[dict[str, str]]]:
        """A JSON Web Key Set (RFC 7517, RFC 8037); the key in use stands first."""
        return {
            "keys": [
                {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key_id(one), "x": b64(one)}
                for one in (self.public, *self.retired)
            ]
        }


def signer_for(settings: Settings) -> Signer:
    """The key of LINGBAN_SIGNING_KEY, or of `signing.key` in the data folder, made at first use (mode 0600).

    One line a key, the first in use as base 64 of its 32 secret bytes; those before it as `public` and base 64.
    Raises UsageError.
    """
    if settings.signing_key:
        return _read(settings.signing_key.replace(",", "\n"), "LINGBAN_SIGNING_KEY")
    path = settings.data / FILE
    settings.data.mkdir(parents=True, exist_ok=True)
    write_once(path, b64(secrets.token_bytes(32)).encode() + b"\n")
    return _read(path.read_text("utf-8"), str(path))


def rotate(settings: Settings) -> Signer:
    """A fresh key from now on; of the one before it only the public half is kept. Raises UsageError."""
    if settings.signing_key:
        raise UsageError(
            "LINGBAN_SIGNING_KEY is set: put a new key before the old one there, and write the old one as `public …`."
        )
    old = signer_for(settings)
    seed = secrets.token_bytes(32)
    lines = [b64(seed), *(f"public {b64(one)}" for one in (old.public, *old.retired))]
    path = settings.data / FILE
    draft = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(draft, path)
    return signer_for(settings)


def _read(text: str, where: str) -> Signer:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        key = Ed25519PrivateKey.from_private_bytes(unb64(lines[0]))
        retired = tuple(unb64(line.removeprefix("public ").strip()) for line in lines[1:])
        if any(len(one) != 32 or not line.startswith("public ") for one, line in zip(retired, lines[1:], strict=True)):
            raise ValueError("a retired key is written as `public` and 32 bytes in base 64")
    except (IndexError, ValueError) as error:
        raise UsageError(f"{where} cannot be read as a signing key: {error}. Restore it from your backup.") from error
    return Signer(key, retired)
