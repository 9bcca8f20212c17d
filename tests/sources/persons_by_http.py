"""A register of persons behind HTTP, as the tests of connector `http` ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.contract import Evidence, Source
from core.sources.engine import Sources
from tests.sources.conftest import ELDER, source
from tests.sources.service import Request, Service

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
