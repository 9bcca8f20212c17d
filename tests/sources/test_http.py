"""Connector `http` against a service on a socket: mapping, signing, TLS, and what it refuses to call or to read."""

from __future__ import annotations

import asyncio
import base64
import datetime
import gzip
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.contract import Evidence, Source
from core.sources.conformance.relay import Relay
from core.sources.connectors.http_guard import is_public
from core.sources.engine import Sources
from tests.sources.conftest import ELDER, PERSON, source
from tests.sources.service import Reply, Request, Service

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
HELD = {"sfzh": ELDER, "xm": "张试", "csrq": "1940-01-01", "gxrq": "2026-10-01", "secret": "not declared"}
MAP = {"id_number": "/sfzh", "name": "/xm", "birth_date": "/csrq"}
LOCAL = ["private", "http"]
NOBODY = {"/code": {"const": "NOT_FOUND"}}
BUSY = {"records": "/list", "ok_when": {"/code": {"const": "0"}}}


def register(url: str, *, timeout_ms: int = 20_000, **settings: Any) -> Source:
    settings = {"url": url, "path": "/persons/{id_number}", "map": MAP, "allow": LOCAL, **settings}
    return source("persons", connector="http", settings=settings, timeout_ms=timeout_ms)


async def ask(town: Town, service: Service, by: Any = ELDER, many: bool = False, **settings: Any) -> Evidence:
    return await town(register(service.url, **settings)).probe("persons", {"id_number": by}, many=many)


def gives(answer: Any) -> Callable[[Request], Any]:
    return lambda request: answer


async def test_an_answer_becomes_a_record_of_declared_fields(town: Town) -> None:
    async with Service(gives({"code": 0, "data": HELD})) as service:
        found = await ask(town, service, records="/data", recorded_at="gxrq")
    assert found.value == {"id_number": ELDER, "name": "张试", "birth_date": "1940-01-01"}
    assert found.recorded_at == "2026-10-01"
    assert service.requests[0].target == f"/persons/{ELDER}"
    assert service.requests[0].headers["accept-encoding"] == "identity"


async def test_without_a_map_the_names_are_the_same_and_the_rest_is_left_behind(town: Town) -> None:
    async with Service(gives({"id_number": ELDER, "name": "张试", "more": 1})) as service:
        found = await ask(town, service, map={})
    assert found.value == {"id_number": ELDER, "name": "张试"}


async def test_query_body_and_headers_are_filled_by_pointer(town: Town) -> None:
    body = {"req": {"no": "/id_number", "app": {"const": "/lingban"}, "list": ["/id_number"], "gone": "/x"}, "v": 1}
    async with Service(gives(HELD)) as service:
        found = await ask(
            town, service, path="/q", query={"no": "/id_number", "fmt": "json"}, headers={"X-App": "lb"}, body=body
        )
    assert found.outcome == "found"
    (request,) = service.requests
    assert (request.method, request.path, request.query) == ("POST", "/q", {"no": ELDER, "fmt": "json"})
    assert request.json == {"req": {"no": ELDER, "app": "/lingban", "list": [ELDER]}, "v": 1}
    assert request.headers["x-app"] == "lb"
    assert request.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("reply", "settings", "outcome", "says"),
    [
        (Reply({}, 404), {}, "empty", ""),
        (Reply({}, 410), {}, "empty", ""),
        (Reply({"code": "NOT_FOUND"}, 404), {"empty_when": NOBODY}, "empty", ""),
        (Reply({"error": "no such page"}, 404), {"empty_when": NOBODY}, "down", "404, but settings.empty_when"),
        (Reply({"code": "no such page"}, 410), {"empty_when": NOBODY}, "down", "(/code): is the path right?"),
        (Reply(b"<h1>404 Not Found</h1>", 404), {}, "down", "answered 404: the answer is not JSON"),
        (Reply(b"", 404), {}, "down", "answered 404: the answer is not JSON"),
        (Reply({"code": "NO_ROUTE"}, 404), {"ok_when": {"/code": {"const": "0"}}}, "down", "settings.ok_when"),
        (Reply({"code": "9999", "list": []}), BUSY, "down", "settings.ok_when does not hold (/code)"),
        (Reply({"list": []}), BUSY, "down", "settings.ok_when does not hold (/code)"),
        (Reply({"code": "0", "list": []}), BUSY, "empty", ""),
        (Reply({"code": "0", "list": [HELD]}), BUSY, "found", ""),
        (Reply({"code": "1", "list": []}), {**BUSY, "empty_when": {"/code": {"const": "1"}}}, "empty", ""),
        (Reply({"code": "2", "list": []}), {**BUSY, "refused_when": {"/code": {"const": "2"}}}, "refused", ""),
        (Reply(b"", 204), {}, "empty", ""),
        (Reply(None), {}, "empty", ""),
        (Reply({"data": []}), {"records": "/data"}, "empty", ""),
        (Reply({"code": 7}), {"empty_when": {"/code": {"const": 7}}}, "empty", ""),
        (Reply({"code": 9}), {"refused_when": {"/code": {"const": 9}}}, "refused", ""),
        (Reply({}, 403), {}, "refused", "403"),
        (Reply({}, 401), {}, "down", "401"),
        (Reply({}, 500), {}, "down", "500"),
        (Reply({}, 429), {}, "down", "429"),
        (Reply({}, 302, {"Location": "/elsewhere"}), {}, "down", "redirects"),
        (Reply({"other": 1}), {"records": "/data"}, "down", "nothing where settings.records points"),
        (Reply(b"<html>"), {}, "down", "not JSON"),
        (Reply(b'{"a": NaN}'), {}, "down", "not JSON"),
        (Reply(b'{"a": 1'), {}, "down", "not JSON"),
        (Reply(b"\xff\xfe"), {}, "down", "not JSON"),
        (Reply(b"[" * 100_000), {}, "down", "not JSON"),
        (Reply("a text"), {}, "down", "str instead of an object"),
        (Reply([HELD, HELD]), {}, "down", "more than one record"),
        (Reply({**HELD, "sfzh": "1"}), {}, "down", "ALARM"),
        (Reply({**HELD, "xm": 5}), {}, "down", "/name (type)"),
        (Reply(b"x" * 5000), {"max_bytes": 4000}, "down", "larger than 4000"),
    ],
)
async def test_every_answer_ends_in_one_of_four_outcomes(
    town: Town, reply: Reply, settings: dict[str, Any], outcome: str, says: str
) -> None:
    async with Service(gives(reply)) as service:
        answer = await ask(town, service, **settings)
    assert (answer.outcome, says in answer.reason) == (outcome, True), answer.reason
    assert ELDER not in answer.reason


async def test_many_records(town: Town) -> None:
    async with Service(gives([HELD, {**HELD, "xm": "又"}])) as service:
        assert [r["name"] for r in (await ask(town, service, many=True)).value] == ["张试", "又"]
        assert (await ask(town, service, many=True, max_records=1)).outcome == "down"


async def test_a_packed_answer_is_unpacked_and_a_bomb_is_not(town: Town) -> None:
    packed = gzip.compress(b'{"sfzh": "%s", "xm": "x"}' % ELDER.encode())
    async with Service(gives(Reply(packed, headers={"Content-Encoding": "gzip"}))) as service:
        assert (await ask(town, service)).outcome == "found"
    for raw, coding, says in (
        (gzip.compress(b" " * 50_000_000), "gzip", "larger than"),
        (b"nonsense", "gzip", "cannot be unpacked"),
        (b"nonsense", "br", "packed as br"),
    ):
        async with Service(gives(Reply(raw, headers={"Content-Encoding": coding}))) as service:
            assert says in (await ask(town, service)).reason


@pytest.mark.parametrize(
    "attack", ["../admin", "..", ".", "a/b", "a?x=1", "a#b", "a%2fb", "a\r\nX: y", "a b", "\\..\\"]
)
async def test_a_value_cannot_leave_its_segment_of_the_path(town: Town, attack: str) -> None:
    async with Service(gives(Reply({}, 404))) as service:
        answer = await ask(town, service, attack, path="/persons/{id_number}/basic")
    if attack in ("..", "."):
        assert (answer.outcome, service.requests) == ("down", [])
        return
    (request,) = service.requests
    assert request.path == f"/persons/{attack}/basic"
    assert request.target.count("/") == 3
    assert "?" not in request.target


CODES = {"at": "/zt", "values": {"1": True, "0": False}}
DAY = {"at": "/csrq", "date": "%Y%m%d"}
TIME = {"at": "/csrq", "date": "%Y-%m-%d %H:%M:%S"}
SUM = {"at": "/je", "number": True}
EMPTY_DAY = {**DAY, "values": {"00000000": None}}


@pytest.mark.parametrize(
    ("field", "said", "held", "value"),
    [
        ("alive", CODES, {"zt": "1"}, True),
        ("alive", CODES, {"zt": 0}, False),
        ("alive", CODES, {"zt": None}, "down /alive (type)"),
        ("alive", CODES, {}, None),
        ("alive", CODES, {"zt": "3"}, "down settings.map.alive: the answer's value is none of 1, 0"),
        ("birth_date", DAY, {"csrq": "20210305"}, "2021-03-05"),
        ("birth_date", DAY, {"csrq": 20210305}, "2021-03-05"),
        ("birth_date", DAY, {"csrq": "2021111"}, "down settings.map.birth_date: the answer's value is no date"),
        ("birth_date", DAY, {"csrq": "20211301"}, "down settings.map.birth_date: the answer's value is no date"),
        ("birth_date", TIME, {"csrq": "2026-11-01 00:00:00"}, "2026-11-01"),
        ("spouse_id", EMPTY_DAY, {"csrq": "00000000"}, None),
        ("spouse_id", EMPTY_DAY, {"csrq": "20210305"}, "2021-03-05"),
        ("share", SUM, {"je": "1,200.50"}, 1200.5),
        ("share", SUM, {"je": "120.00"}, 120),
        ("share", SUM, {"je": 7.5}, 7.5),
        ("share", SUM, {"je": "many"}, "down settings.map.share: the answer's value is no number"),
    ],
)
async def test_a_value_that_the_register_writes_otherwise_is_mapped_or_down(
    town: Town, field: str, said: Any, held: dict[str, Any], value: Any
) -> None:
    record = {**PERSON["record"], "properties": {**PERSON["record"]["properties"], "share": {"type": "number"}}}
    async with Service(gives({"sfzh": ELDER, "xm": "张试", **held})) as service:
        settings = {"url": service.url, "allow": LOCAL, "map": {"id_number": "/sfzh", "name": "/xm", field: said}}
        made = source("persons", connector="http", settings=settings, record=record, timeout_ms=20_000)
        answer = await town(made).probe("persons", {"id_number": ELDER})
    if isinstance(value, str) and value.startswith("down "):
        assert (answer.outcome, value[5:] in answer.reason) == ("down", True), answer.reason
    else:
        assert answer.value.get(field) == value


# --- who may be called ----------------------------------------------------------------------------------


async def test_a_private_address_is_not_called_unless_allowed(town: Town) -> None:
    async with Service(gives(HELD)) as service:
        for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1"):
            url = f"http://{host}:{service.port}"
            answer = await town(register(url, allow=["http"])).probe("persons", {"id_number": ELDER})
            assert answer.outcome == "down", host
        assert service.requests == []
        assert "private network" in (await ask(town, service, allow=["http"])).reason


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
        ("2002:7f00:1::", False),
        ("2001:4860:4860::8888", True),
    ],
)
def test_what_counts_as_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_redirect_is_followed_only_where_allowed_and_never_to_another_host(town: Town) -> None:
    def handler(request: Request) -> Any:
        if request.path.startswith("/persons"):
            return Reply({}, 307, {"Location": "/moved"})
        if request.path == "/away":
            return Reply({}, 307, {"Location": f"http://127.0.0.1:{service.port}/moved"})
        return HELD

    async with Service(handler) as service:
        allowed = [*LOCAL, "redirects"]
        assert (await ask(town, service, allow=allowed)).outcome == "found"
        away = await ask(town, service, allow=allowed, path="/away")
        assert "another host" in away.reason


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
