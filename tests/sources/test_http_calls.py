"""Connector `http` against a service on a socket: whom it calls, signing, TLS, and trouble on the way."""

from __future__ import annotations

import asyncio
import base64
import datetime
import hashlib
import hmac
import socket
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.sources.conformance.relay import Relay
from core.sources.connectors.http_guard import is_public
from tests.sources.conftest import CALENDAR, ELDER, facts, item, lookup
from tests.sources.persons_by_http import HELD, LOCAL, Town, ask, gives, register
from tests.sources.service import Reply, Request, Service

pytestmark = pytest.mark.anyio


async def test_a_private_address_is_not_called_unless_allowed(town: Town) -> None:
    async with Service(gives(HELD)) as service:
        for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1"):
            url = f"http://{host}:{service.port}"
            answer = await town(register(url, allow=["http"])).probe("persons", {"id_number": ELDER})
            assert answer.outcome == "down", host
        assert service.requests == []
        assert "private network" in (await ask(town, service, allow=["http"])).reason


async def test_a_name_with_several_addresses_is_called_at_the_one_that_listens(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On many machines `localhost` is ::1 first, and the service listens on 127.0.0.1 only."""
    real = socket.getaddrinfo

    def both(host: str, port: int, *args: Any, **more: Any) -> Any:
        found = real("127.0.0.1" if host == "localhost" else host, port, *args, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", port)), *found]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    async with Service(gives(HELD)) as service:
        answer = await ask(town, service)
        assert (answer.outcome, answer.reason) == ("found", "")
        assert "private network" in (await ask(town, service, allow=["http"])).reason
    silent = await ask(town, service)
    assert (silent.outcome, "ConnectError" in silent.reason) == ("down", True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("2002:0a00:0001::1", False),
        ("2002:0808:0808::1", True),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::127.0.0.1", False),
        ("64:ff9b::169.254.169.254", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b:1::10.0.0.1", False),
        ("64:ff9b:1:a00:0:100::", False),
        ("2001:0:0a00:0001::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("2001:4860:4860::8888", True),
    ],
)
def test_what_counts_as_public(address: str, public: bool) -> None:
    assert is_public(address) is public


AUTHS: Mapping[str, Mapping[str, Any]] = {
    "header": {"kind": "header", "name": "X-Key", "value": "k-12345"},
    "hmac": {"kind": "hmac", "secret": "s3cret"},
    "oauth2": {"kind": "oauth2", "client_id": "i", "client_secret": "s"},
}


@pytest.mark.parametrize("kind", list(AUTHS))
async def test_a_redirect_is_followed_only_where_allowed_and_never_to_another_origin(town: Town, kind: str) -> None:
    """Another host, another port of this one, another scheme, and the token service, whose address is known."""

    def handler(request: Request) -> Any:
        if request.path == "/token":
            return Reply({"access_token": "t-1"})
        if request.path.startswith("/persons"):
            return Reply({}, 307, {"Location": "/moved"})
        away = {
            "/away/host": f"http://127.0.0.1:{service.port}/moved",
            "/away/port": f"http://localhost:{other.port}/moved",
            "/away/scheme": f"https://localhost:{service.port}/moved",
            "/away/token": f"{other.url}/token/moved",
        }
        return Reply({}, 307, {"Location": away[request.path]}) if request.path in away else HELD

    async with Service(handler) as service, Service(handler) as other:
        auth = dict(AUTHS[kind])
        if kind == "oauth2":
            auth["token_url"] = f"{other.url}/token"
        allowed = [*LOCAL, "redirects"]
        assert (await ask(town, service, allow=allowed, auth=auth)).outcome == "found"
        said = {}
        for path in ("/away/host", "/away/port", "/away/scheme", "/away/token"):
            answer = await ask(town, service, allow=allowed, auth=auth, path=path)
            assert answer.outcome == "down"
            said[path] = answer.reason
    assert said == {
        "/away/host": "the service redirects to another host",
        "/away/port": "the service redirects to another address",
        "/away/scheme": "the service redirects to another address",
        "/away/token": "the service redirects to another address",
    }
    assert {request.path for request in other.requests} <= {"/token"}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"url": "ftp://x"}, "https://"),
        ({"url": "http://x", "allow": []}, 'not encrypted: use https://, or state "allow": ["http"]'),
        ({"url": "http://127.0.0.1:9101", "allow": []}, '"allow": ["http", "private"]'),
        ({"url": "http://localhost", "allow": []}, '"allow": ["http", "private"]'),
        ({"url": "http://10.0.0.1", "allow": ["private"]}, '"allow": ["http", "private"]'),
        ({"url": "https://u:p@x"}, "address only"),
        ({"url": "https://x?a=1"}, "address only"),
        ({"method": "DELETE"}, "neither GET nor POST"),
        ({"allow": ["everything"]}, "everything is none of"),
        ({"auth": {"kind": "magic"}}, "magic is none of"),
        ({"auth": {"kind": "header", "name": "X"}}, "value is missing"),
        ({"auth": {"kind": "hmac", "secret": "s", "sign": ["moon"]}}, "moon is none of"),
        ({"auth": {"kind": "hmac", "secret": "s", "algorithm": "md5"}}, "md5 is none of"),
        (
            {"auth": {"kind": "oauth2", "token_url": "http://x", "client_id": "i", "client_secret": "s"}, "allow": []},
            "h",
        ),
        ({"ca": "nowhere.pem"}, "settings.ca"),
        ({"auth": {"kind": "hmac", "secret": "s", "encoding": "rot13"}}, "rot13 is none of"),
        ({"map": {"name": {"at": "/xm", "valeus": {}}}}, "settings.map.name is a pointer, or an object of at,"),
        ({"map": {"name": 5}}, "settings.map.name is a pointer"),
    ],
)
async def test_settings_that_cannot_work_say_so(town: Town, settings: dict[str, Any], says: str) -> None:
    made = register(**{"url": "https://localhost", **settings})
    answer = await town(made).probe("persons", {"id_number": ELDER})
    assert (answer.outcome, says in answer.reason) == ("down", True), answer.reason


# --- who is asking ---------------------------------------------------------------------------------------


async def test_a_key_travels_in_its_header_and_in_no_reason(town: Town) -> None:
    async with Service(gives(Reply({}, 500))) as service:
        auth = {"kind": "header", "name": "X-Key", "value": "${PERSONS_KEY}"}
        sources = town(register(service.url, auth=auth), environment={"PERSONS_KEY": "k-12345"})
        answer = await sources.probe("persons", {"id_number": ELDER})
    assert service.requests[0].headers["x-key"] == "k-12345"
    assert "12345" not in answer.reason


async def test_an_hmac_signature_can_be_checked_by_the_service(town: Town) -> None:
    auth = {"kind": "hmac", "key_id": "town", "secret": "s3cret", "headers": {"signature": "X-Sign"}}
    async with Service(gives(HELD)) as service:
        for _ in range(2):
            assert (await ask(town, service, auth=auth, query={"v": "1 2"}, body={"a": "/id_number"})).value
    one, two = service.requests
    lines = [
        "POST",
        f"/persons/{ELDER}",
        "v=1+2" if "+" in one.target else "v=1%202",
        one.headers["x-timestamp"],
        one.headers["x-nonce"],
        hashlib.sha256(one.body).hexdigest(),
    ]
    assert one.headers["x-sign"] == hmac.new(b"s3cret", "\n".join(lines).encode(), "sha256").hexdigest()
    assert one.headers["x-key-id"] == "town"
    assert one.headers["x-nonce"] != two.headers["x-nonce"]
    assert abs(int(one.headers["x-timestamp"]) - time.time()) < 5


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
async def test_the_body_itself_can_be_signed_and_the_signature_written_in_base64(town: Town, algorithm: str) -> None:
    auth = {
        "kind": "hmac", "secret": "s3cret", "sign": ["timestamp", "body"], "algorithm": algorithm, "encoding": "base64"
    }  # fmt: skip
    async with Service(gives(HELD)) as service:
        assert (await ask(town, service, auth=auth, path="/q", body={"no": "/id_number", "名": "值"})).value
    (request,) = service.requests
    text = request.headers["x-timestamp"].encode() + b"\n" + request.body
    assert request.headers["x-signature"] == base64.b64encode(hmac.new(b"s3cret", text, algorithm).digest()).decode()
    assert "x-key-id" not in request.headers


class Tokens:
    """A service with client credentials: `/token` gives tokens, all else wants the newest."""

    def __init__(self, lasts: int = 3600) -> None:
        self.given, self.lasts = 0, lasts

    def __call__(self, request: Request) -> Any:
        if request.path == "/token":
            wanted = "Basic " + base64.b64encode(b"town:s3cret").decode()
            if request.headers.get("authorization") != wanted:
                return Reply({}, 401)
            assert request.body == b"grant_type=client_credentials&scope=persons"
            self.given += 1
            return {"access_token": f"t{self.given}", "expires_in": self.lasts}
        return HELD if request.headers.get("authorization") == f"Bearer t{self.given}" else Reply({}, 401)


def oauth(service: Service, secret: str = "s3cret") -> dict[str, Any]:
    token_url = f"{service.url}/token"
    return {"kind": "oauth2", "token_url": token_url, "client_id": "town", "client_secret": secret, "scope": "persons"}


async def test_a_token_is_fetched_once_and_again_when_it_was_withdrawn(town: Town) -> None:
    tokens = Tokens()
    async with Service(tokens) as service:
        sources = town(register(service.url, auth=oauth(service)))
        answers = await asyncio.gather(*(sources.probe("persons", {"id_number": ELDER}, many=m) for m in (True, False)))
        assert {a.outcome for a in answers} == {"found"}
        assert tokens.given == 1
        tokens.given = 5
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
        assert tokens.given == 6


async def test_a_short_token_is_renewed_in_time(town: Town) -> None:
    tokens = Tokens(lasts=1)
    async with Service(tokens) as service:
        sources = town(register(service.url, auth=oauth(service)))
        await sources.probe("persons", {"id_number": ELDER})
        await asyncio.sleep(1.05)
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
    assert tokens.given == 2


async def test_wrong_credentials_are_down_and_stay_secret(town: Town) -> None:
    async with Service(Tokens()) as service:
        answer = await ask(town, service, auth=oauth(service, "wrong-one"))
    assert "token service answered 401" in answer.reason
    assert "wrong-one" not in answer.reason


async def test_a_question_that_the_service_does_not_understand_shuts_it_to_nobody_else(town: Town) -> None:
    now, status = [1000.0], [400]
    async with Service(lambda _: HELD if status[0] == 200 else Reply({}, status[0])) as service:
        sources = town(register(service.url), clock=lambda: now[0])

        async def asked(number: str = ELDER) -> str:
            wanted = item({"a": lookup("persons")})
            return (await sources.ask(wanted, facts(applicant={"id_number": number}), calendar=CALENDAR))["a"].reason

        for status[0] in (400, 422, 400, 422):
            assert f"answered {status[0]}: it does not understand the question" in await asked()
        assert "cannot stand in a path" in await asked("..")
        assert sources.states()[0].failures_in_a_row == 0
        status[0] = 500
        for _ in range(3):
            await asked()
        now[0] += 6
        assert sources.states()[0].state == "half-open"
        assert "cannot stand in a path" in await asked("..")
        assert sources.states()[0].state == "half-open", "nobody was asked: the trial is still due"
        status[0] = 200
        assert await asked() == ""
        assert sources.states()[0].state == "closed"


@pytest.mark.parametrize(
    ("token", "says"),
    [
        (b" " * 5_000_000, "the token service answered more than 65536 bytes"),
        (b"<html>", "the token service gave no token"),
        (b"[" * 50_000, "the token service gave no token"),
        ({"access_token": "t", "expires_in": "soon"}, "the token service gave no token"),
        (Reply(None, 302, {"Location": "http://127.0.0.1/"}), "the token service answered 302"),
    ],
)
async def test_a_token_service_that_gives_no_token_is_down_and_says_so(town: Town, token: Any, says: str) -> None:
    reply = token if isinstance(token, Reply) else Reply(token)
    async with Service(gives(reply)) as service:
        answer = await ask(town, service, auth=oauth(service))
    assert (answer.outcome, answer.reason) == ("down", says)


# --- TLS -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for `localhost` that signs itself, and the service's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


async def test_a_certificate_is_verified_for_the_name_that_was_asked(
    town: Town, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    ca, context = certificate
    async with Service(gives(HELD), context) as service:
        known = await ask(town, service, allow=["private"], ca=str(ca))
        assert (known.outcome, known.reason) == ("found", "")
        unknown = await ask(town, service, allow=["private"])
        assert "CERTIFICATE_VERIFY_FAILED" in unknown.reason
        by_number = register(f"https://127.0.0.1:{service.port}", allow=["private"], ca=str(ca))
        other = await town(by_number).probe("persons", {"id_number": ELDER})
        assert "CERTIFICATE_VERIFY_FAILED" in other.reason


# --- trouble ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["hang", "cut", "half", "garbage", "refuse"])
async def test_trouble_at_the_socket_ends_down_in_time_and_passes(town: Town, trouble: str) -> None:
    async with Service(gives(HELD)) as service, Relay(service.port) as relay:
        sources = town(register(f"http://localhost:{relay.port}", timeout_ms=2000))
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
        await relay.begin(trouble)
        begun = time.monotonic()
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "down", trouble
        assert time.monotonic() - begun < 15
        await relay.begin("pass")
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"


async def test_a_connection_closed_while_idle_is_not_even_noticed(town: Town) -> None:
    async with Service(gives(HELD)) as service, Relay(service.port) as relay:
        sources = town(register(f"http://localhost:{relay.port}"))
        for _ in range(3):
            assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
            await relay.drop()


async def test_a_slow_service_is_given_up_in_time(town: Town) -> None:
    async def slow(request: Request) -> Any:
        await asyncio.sleep(60)

    async with Service(slow) as service:
        begun = time.monotonic()
        answer = await ask(town, service, timeout_ms=200)
        assert (answer.outcome, time.monotonic() - begun < 15) == ("down", True)
