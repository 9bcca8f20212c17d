"""Connector `http`: one REST/JSON call, its question and its answer mapped by JSON Pointer.

Knows how a call is built and read; who may be called is next door in `http_guard`, how it is signed in `http_auth`.
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from core.contract import Down, Empty, Found, Outcome, Refused, Source
from core.judge.conditions import Condition
from core.judge.pointers import tokens, walk
from core.sources.connectors import CannotConnect, Connection, Unfit
from core.sources.connectors.http_auth import Auth, NoToken, auth_of
from core.sources.connectors.http_guard import FOR, Guarded, NotAllowedTarget, is_inside, origin, tls_context
from core.sources.connectors.http_map import Field, Unmapped
from core.sources.connectors.names import Names
from core.sources.questions import NO_CALENDAR
from core.sources.records import Records, as_text

LARGEST = 1024 * 1024
PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
METHODS = ("GET", "POST")
ALLOWED = ("private", "redirects", "http")
GONE = (404, 410)
"""What a service answers for a person it does not hold, and for a page that it does not have: an address with a
mistake in it must not read as "nobody of that number"."""
REFUSES_THE_QUESTION = (400, 422)
MISSING = object()
for _name in ("httpx", "httpcore"):
    # At INFO they write every address asked, and in the address stands whose record it was.
    logging.getLogger(_name).setLevel(logging.WARNING)


class NotJson(Exception):
    """The answer is no JSON document; the message says how."""


class Twice(Exception):
    """An object of the answer has two fields of one name."""


def connect(source: Source, settings: Mapping[str, Any], *, near: Path | None = None) -> Connection:
    """Nothing is opened yet. Raises CannotConnect for settings that cannot work."""
    return Http(source, settings)


class Http(Connection):
    def __init__(self, source: Source, settings: Mapping[str, Any]) -> None:
        allowed = settings.get("allow") or []
        unknown = [word for word in allowed if word not in ALLOWED]
        if unknown:
            raise CannotConnect(f"settings.allow: {', '.join(map(str, unknown))} is none of {', '.join(ALLOWED)}")
        self._url = base_url(settings.get("url"), allowed)
        self._method = str(settings.get("method") or ("POST" if settings.get("body") is not None else "GET")).upper()
        if self._method not in METHODS:
            raise CannotConnect(f"settings.method: {self._method} is neither GET nor POST")
        self._path = str(settings.get("path") or "")
        self._query: Mapping[str, Any] = settings.get("query") or {}
        self._headers = {str(name): str(value) for name, value in (settings.get("headers") or {}).items()}
        self._body = settings.get("body")
        self._records_at = tokens(settings.get("records") or "")
        self._map = {name: Field(name, said) for name, said in (settings.get("map") or {}).items()}
        self._empty_when = Condition(settings["empty_when"]) if settings.get("empty_when") else None
        self._refused_when = Condition(settings["refused_when"]) if settings.get("refused_when") else None
        self._ok_when = Condition(settings["ok_when"]) if settings.get("ok_when") else None
        self._empty_status = frozenset(settings.get("empty_status") or ())
        self._dated = tokens(dated_at(settings.get("recorded_at")))
        self._largest = int(settings.get("max_bytes") or LARGEST)
        self._limit = int(settings.get("max_records") or 1000)
        self._records = Records(source.record)
        self._redirects = "redirects" in allowed
        self._auth: Auth = auth_of(settings.get("auth"), plain="http" in allowed)
        seconds = source.timeout_ms / 1000
        called = [urlsplit(url) for url in (self._url, self._auth.url) if url]
        # Reading the authorities of a whole operating system takes 20 ms: only for who is called with TLS.
        encrypted = any(parts.scheme == "https" for parts in called) or bool(settings.get("ca"))
        self._transport = Guarded(
            tls_context(settings.get("ca"), source.folder) if encrypted else None,
            names=Names(source.id),
            urls=[url for url in (self._url, self._auth.url) if url],
            private="private" in allowed,
            plain="http" in allowed,
        )
        self._client = httpx.AsyncClient(
            transport=self._transport,
            timeout=httpx.Timeout(seconds),
            follow_redirects=False,
            trust_env=False,
            max_redirects=3,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "lingban"},
        )

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        try:
            request = self._request(by)
        except ValueError as error:
            raise Unfit(str(error)) from None
        try:
            status, raw = await self._call(request)
            if status == 401 and self._auth.renews:
                # The token was withdrawn before its time: once more, with a new one.
                self._auth.forget()
                status, raw = await self._call(self._request(by))
            return self._outcome(status, raw, many)
        except (NotAllowedTarget, NotJson, NoToken, Unmapped) as error:
            return Down(str(error))
        except httpx.TimeoutException:
            return Down("no answer in time")
        except httpx.HTTPError as error:
            return Down(f"{type(error).__name__}: {error}")

    async def _call(self, request: httpx.Request) -> tuple[int, bytes]:
        try:
            return await self._send(request)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # The service may have closed the connection while it was idle; a read question may be asked twice.
            return await self._send(request)

    def close(self) -> None:
        self._auth.forget()
        self._transport.end()

    # --- the question ----------------------------------------------------------------------------------

    def _request(self, by: Mapping[str, Any]) -> httpx.Request:
        """Raises ValueError where a value cannot stand in a path."""
        path = PLACE.sub(lambda match: segment(match[1], by), self._path)
        query = {name: text_of(value) for name, at in self._query.items() if (value := filled(at, by)) is not MISSING}
        body = None if self._body is None else filled(self._body, by)
        return self._client.build_request(
            self._method,
            self._url + path,
            params=query or None,
            headers=self._headers,
            content=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
            extensions={FOR: origin(self._url)},
        )

    async def _send(self, request: httpx.Request) -> tuple[int, bytes]:
        if self._body is not None:
            request.headers["Content-Type"] = "application/json; charset=utf-8"
        await self._auth.sign(request, self._client)
        response = await self._client.send(request, stream=True, follow_redirects=self._redirects)
        try:
            return response.status_code, await self._body_of(response)
        finally:
            await response.aclose()

    async def _body_of(self, response: httpx.Response) -> bytes:
        """The whole answer. Raises NotJson where it is too large, unpacked or not: we asked for no packing."""
        coding = response.headers.get("content-encoding", "identity").lower()
        if coding not in ("identity", "gzip", "deflate"):
            raise NotJson(f"the answer is packed as {coding[:20]}")
        unpack = None if coding == "identity" else zlib.decompressobj(wbits=47)  # gzip or zlib, as it comes
        parts, size = [], 0
        async for part in response.aiter_raw(16384):
            if unpack is not None:
                try:
                    part = unpack.decompress(part, self._largest + 1 - size)
                except zlib.error:
                    raise NotJson("the answer cannot be unpacked") from None
            size += len(part)
            if size > self._largest:
                raise NotJson(f"the answer is larger than {self._largest} bytes")
            parts.append(part)
        return b"".join(parts)

    # --- the answer ------------------------------------------------------------------------------------

    def _outcome(self, status: int, raw: bytes, many: bool) -> Outcome:
        if status == 204:
            return Empty()
        if status == 403:
            return Refused("the service does not permit the question (403)")
        if 300 <= status < 400:
            return Down(f'the service redirects ({status}); allow it with "allow": ["redirects"], or mend the address')
        if status in REFUSES_THE_QUESTION:
            raise Unfit(f"the service answered {status}: it does not understand the question", asked=True)
        if status not in (200, *GONE):
            return Down(f"the service answered {status}")
        try:
            answer = document(raw)
        except NotJson as error:
            # A gateway, a proxy, another server: none of them knows what the register holds.
            return Down(f"the service answered {status}: {error}" if status in GONE else str(error))
        facts = as_facts(answer)
        if self._refused_when is not None and self._refused_when.holds(facts, NO_CALENDAR):
            return Refused("the service does not permit the question")
        if self._empty_when is not None and self._empty_when.holds(facts, NO_CALENDAR):
            return Empty()
        if self._ok_when is not None and not self._ok_when.holds(facts, NO_CALENDAR):
            return Down(f"settings.ok_when does not hold ({read_by(self._ok_when)})")
        if status in GONE:
            if status in self._empty_status or self._ok_when is not None:
                return Empty()
            if self._empty_when is None:
                return Down(
                    f"the service answered {status}: is the path right? Where that is its answer for nobody, say "
                    f'"empty_status": [{status}], or in empty_when how its answer tells'
                )
            return Down(
                f"the service answered {status}, but settings.empty_when does not hold ({read_by(self._empty_when)}): "
                "is the path right?"
            )
        found, records = walk(answer, self._records_at)
        if not found:
            return Down("the answer has nothing where settings.records points")
        if records is None or records == []:
            return Empty()
        listed = records if isinstance(records, list) else [records]
        if many and len(listed) > self._limit:
            return Down(f"more than {self._limit} records")
        dated = None
        if self._dated and len(listed) == 1:
            dated = as_text(walk(listed[0], self._dated)[1], day=True)
        return Found([self._record(each) for each in listed], dated if isinstance(dated, str) else None)

    def _record(self, held: Any) -> Any:
        if not isinstance(held, dict):
            return held
        if not self._map:
            return self._records.declared_only(held)
        record = {}
        for name, field in self._map.items():
            found, value = field.read(held)
            if found:
                record[name] = value
        return self._records.declared_only(record)


def base_url(url: Any, allowed: Collection[str]) -> str:
    """Raises CannotConnect. What else would be refused once this is mended is told at once."""
    parts = urlsplit(str(url or ""))
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise CannotConnect("settings.url must begin with https:// and name a host")
    if parts.scheme == "http" and "http" not in allowed:
        words = (
            '"allow": ["http", "private"]' if "private" in allowed or is_inside(parts.hostname) else '"allow": ["http"]'
        )
        raise CannotConnect(f"settings.url is not encrypted: use https://, or state {words}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise CannotConnect("settings.url is an address only: put a key into auth, a query into query")
    return str(url).rstrip("/")


def dated_at(recorded_at: Any) -> str:
    """A field of the record as it came, or a pointer into it."""
    text = str(recorded_at or "")
    return text if not text or text.startswith("/") else f"/{text}"


def filled(template: Any, by: Mapping[str, Any]) -> Any:
    """A template with every pointer replaced by the question's value; MISSING for a pointer that finds nothing."""
    if isinstance(template, str):
        found, value = walk(by, tokens(template)) if template.startswith("/") else (True, template)
        return value if found else MISSING
    if isinstance(template, Mapping):
        if set(template) == {"const"}:
            return template["const"]
        parts = {name: filled(value, by) for name, value in template.items()}
        return {name: value for name, value in parts.items() if value is not MISSING}
    if isinstance(template, list):
        return [value for part in template if (value := filled(part, by)) is not MISSING]
    return template


def segment(name: str, by: Mapping[str, Any]) -> str:
    """One value as one segment of a path: nothing in it can leave the segment. Raises ValueError."""
    text = text_of(by.get(name))
    if text in ("", ".", ".."):
        raise ValueError(f"the question's {name} cannot stand in a path")
    return quote(text, safe="")


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def document(raw: bytes) -> Any:
    """Raises NotJson."""

    def refuse(word: str) -> Any:
        raise ValueError(word)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) < len(pairs):
            # Which of the two counts differs from reader to reader: a record that says two names says none.
            raise Twice
        return held

    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=refuse, object_pairs_hook=once)
    except Twice:
        raise NotJson("the answer names a field twice in one object") from None
    except (ValueError, RecursionError) as error:
        raise NotJson(f"the answer is not JSON ({type(error).__name__}, {len(raw)} bytes)") from None


def read_by(condition: Condition) -> str:
    return ", ".join(sorted(condition.pointers))


def as_facts(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {"": answer}
