"""Connector `http` against a service on a socket: what is asked, and what its answers become."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.sources.conftest import ELDER, PERSON, source
from tests.sources.persons_by_http import BUSY, HELD, LOCAL, NOBODY, Town, ask, gives
from tests.sources.service import Reply, Service

pytestmark = pytest.mark.anyio


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


NUMBER = {"id_number": "/sfzh", "name": {"at": "/xm", "number": True}}


@pytest.mark.parametrize(
    ("reply", "settings", "outcome", "says"),
    [
        (
            Reply({}, 404),
            {},
            "down",
            'answered 404: is the path right? Where that is its answer for nobody, say "empty_st',
        ),
        (Reply({}, 410), {}, "down", '"empty_status": [410]'),
        (Reply({}, 404), {"empty_status": [404]}, "empty", ""),
        (Reply({}, 410), {"empty_status": [404]}, "down", "answered 410: is the path right?"),
        (Reply(b"<h1>404 Not Found</h1>", 404), {"empty_status": [404]}, "down", "the answer is not JSON"),
        (Reply({"code": "0"}, 404), {"ok_when": {"/code": {"const": "0"}}}, "empty", ""),
        (Reply({"code": "9"}, 404), {**BUSY, "empty_status": [404]}, "down", "settings.ok_when"),
        (Reply({"code": "x"}, 404), {"empty_when": NOBODY, "empty_status": [404]}, "empty", ""),
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
        (Reply('{"xm": "张试"}'.encode("gb18030")), {}, "down", "not JSON (UnicodeDecodeError"),
        (Reply(b'{"sfzh": "%s", "xm": "\\ud800"}' % ELDER.encode()), {}, "down", "cannot be written as JSON"),
        (Reply(b'{"sfzh": "1", "xm": "x", "sfzh": "%s"}' % ELDER.encode()), {}, "down", "names a field twice"),
        (Reply({**HELD, "xm": "1e9999999999"}), {"map": NUMBER}, "down", "value is no number"),
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
