"""How a call shows who is asking: a key in a header, an HMAC signature, or OAuth2 client credentials.

Knows no question; it looks at the finished request.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.sources.connectors import CannotConnect

EARLY_S = 30.0
"""A token is renewed this long before it ends."""
LARGEST_TOKEN = 64 * 1024
SIGNED = ("method", "path", "query", "timestamp", "nonce", "body_sha256")
LINES = (*SIGNED, "body")
ALGORITHMS = ("sha256", "sha384", "sha512", "sm3")
"""SM3 is GB/T 32905; OpenSSL has it unless it was built without."""
ENCODINGS = ("hex", "base64")


class NoToken(Exception):
    """The token service gave none; the message says why, and no secret."""


class Auth:
    """No auth at all."""

    renews = False
    """Whether a 401 is worth a second try after `forget`."""
    url = ""
    """A further address that it calls."""

    async def sign(self, request: httpx.Request, client: httpx.AsyncClient) -> None:
        """Add what is needed to the request, just before it is sent."""

    def forget(self) -> None:
        """Drop what was fetched."""


class Header(Auth):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    async def sign(self, request: httpx.Request, client: httpx.AsyncClient) -> None:
        request.headers[self._name] = self._value


class Hmac(Auth):
    """HMAC over lines `sign` in that order, hex or base64, with the key's name, a timestamp and a nonce beside it."""

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self._key_id = str(declared.get("key_id") or "")
        self._secret = str(declared["secret"]).encode()
        self._lines = tuple(declared.get("sign") or SIGNED)
        self._algorithm = str(declared.get("algorithm") or "sha256")
        self._encoding = str(declared.get("encoding") or "hex")
        headers = declared.get("headers") or {}
        self._names = {
            part: str(headers.get(part) or default)
            for part, default in (
                ("signature", "X-Signature"),
                ("key_id", "X-Key-Id"),
                ("timestamp", "X-Timestamp"),
                ("nonce", "X-Nonce"),
            )
        }
        unknown = [line for line in self._lines if line not in LINES]
        if unknown:
            raise CannotConnect(f"settings.auth.sign: {', '.join(unknown)} is none of {', '.join(LINES)}")
        if self._encoding not in ENCODINGS:
            raise CannotConnect(f"settings.auth.encoding: {self._encoding} is none of {', '.join(ENCODINGS)}")
        if self._algorithm not in ALGORITHMS:
            raise CannotConnect(f"settings.auth.algorithm: {self._algorithm} is none of {', '.join(ALGORITHMS)}")
        if self._algorithm not in hashlib.algorithms_available:
            raise CannotConnect(f"settings.auth.algorithm: OpenSSL on this machine has no {self._algorithm}")

    async def sign(self, request: httpx.Request, client: httpx.AsyncClient) -> None:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        parts = {
            "method": request.method,
            "path": path,
            "query": query,
            "timestamp": str(int(time.time())),
            "nonce": secrets.token_hex(16),
            "body_sha256": hashlib.sha256(request.content).hexdigest(),
            "body": request.content.decode(),
        }
        text = "\n".join(parts[line] for line in self._lines)
        digest = hmac.new(self._secret, text.encode(), self._algorithm).digest()
        request.headers[self._names["timestamp"]] = parts["timestamp"]
        request.headers[self._names["nonce"]] = parts["nonce"]
        if self._key_id:
            request.headers[self._names["key_id"]] = self._key_id
        signature = digest.hex() if self._encoding == "hex" else base64.b64encode(digest).decode()
        request.headers[self._names["signature"]] = signature


class ClientCredentials(Auth):
    """OAuth2 (RFC 6749, 4.4): a token fetched once, kept until shortly before its end."""

    renews = True

    def __init__(self, declared: Mapping[str, Any], *, plain: bool) -> None:
        self.url = str(declared["token_url"])
        scheme = urlsplit(self.url).scheme
        if scheme != "https" and not (plain and scheme == "http"):
            raise CannotConnect("settings.auth.token_url must begin with https://")
        self._form = {"grant_type": "client_credentials"}
        if declared.get("scope"):
            self._form["scope"] = str(declared["scope"])
        self._basic = httpx.BasicAuth(str(declared["client_id"]), str(declared["client_secret"]))
        self._token = ""
        self._until = 0.0
        self._fetching = asyncio.Lock()

    async def sign(self, request: httpx.Request, client: httpx.AsyncClient) -> None:
        async with self._fetching:
            if not self._token or time.monotonic() >= self._until:
                await self._fetch(client)
        request.headers["Authorization"] = f"Bearer {self._token}"

    async def _fetch(self, client: httpx.AsyncClient) -> None:
        raw = b""
        async with client.stream("POST", self.url, data=self._form, auth=self._basic) as response:
            if response.status_code != 200:
                raise NoToken(f"the token service answered {response.status_code}")
            async for part in response.aiter_bytes(16384):
                raw += part
                if len(raw) > LARGEST_TOKEN:
                    raise NoToken(f"the token service answered more than {LARGEST_TOKEN} bytes")
        try:
            held = json.loads(raw)
            self._token = str(held["access_token"])
            lasts = float(held.get("expires_in") or 300)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise NoToken("the token service gave no token") from None
        self._until = time.monotonic() + max(1.0, lasts - EARLY_S)

    def forget(self) -> None:
        self._token = ""


def auth_of(declared: Any, *, plain: bool) -> Auth:
    """Raises CannotConnect for a declaration that cannot work."""
    if not declared:
        return Auth()
    kind = declared.get("kind")
    needed = {"header": ("name", "value"), "hmac": ("secret",), "oauth2": ("token_url", "client_id", "client_secret")}
    if kind not in needed:
        raise CannotConnect(f"settings.auth.kind: {kind} is none of {', '.join(needed)}")
    missing = [key for key in needed[kind] if not declared.get(key)]
    if missing:
        raise CannotConnect(f"settings.auth: {', '.join(missing)} is missing")
    if kind == "header":
        return Header(str(declared["name"]), str(declared["value"]))
    return Hmac(declared) if kind == "hmac" else ClientCredentials(declared, plain=plain)
