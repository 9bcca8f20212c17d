"""Generated requests, sound and unsound, against the published document: no crash, no undocumented status."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.conftest import Client

OPERATIONS = (
    ("GET", "/api/v1/items"),
    ("GET", "/api/v1/items/{id}"),
    ("GET", "/api/v1/cases"),
    ("GET", "/api/v1/cases/{no}"),
    ("GET", "/api/v1/roots"),
    ("POST", "/api/v1/items/elder-allowance/cases"),
    ("POST", "/api/v1/items/sewage-permit/cases"),
)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: str(value))
def test_generated_requests_are_answered_as_published(client: Client, method: str, path: str) -> None:
    document = client.http.get("/openapi.json").json()
    operation = schemathesis.openapi.from_dict(document)[path][method]

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=str(client.http.base_url))
        headers = {**dict(sent.pop("headers", None) or {}), **client.token()}
        known = {name: value for name, value in sent.items() if name in ("params", "json", "data")}
        answer = client.http.request(sent["method"], sent["url"], headers=headers, **known)
        responses = document["paths"][path][method.lower()]["responses"]
        assert str(answer.status_code) in {*responses, "404", "400"}, f"{answer.status_code} {answer.text[:300]}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert answer.json()["title"]

    ask()
