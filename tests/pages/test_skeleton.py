"""The quick page of a draft is the page its template would give, to the letter."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from core.cases import actions
from core.kernel import Kernel
from core.office import access as office_access
from core.office.models import Account
from core.settings import Settings
from core.web.app import build
from core.web.rendering import page
from forms.pages.sheet import sheet
from forms.pages.skeleton import TEMPLATE, draft_page, is_plain

pytestmark = pytest.mark.anyio

AWKWARD = "陈<试>\"甲&乙'"


@pytest.fixture
async def app(town: Settings) -> AsyncIterator[Starlette]:
    made = build(town, background=False)
    async with made.router.lifespan_context(made):
        yield made


@pytest.mark.parametrize(("language", "size"), [("zh", "normal"), ("en", "kiosk")])
async def test_the_quick_page_is_the_same_page(app: Starlette, language: str, size: str) -> None:
    kernel: Kernel = app.state.kernel
    account = await Account.get(login="elder")
    actor = office_access.actor_of(account)
    item = kernel.item("elder-allowance")
    applicant: dict[str, Any] = {"kind": "person", "name": AWKWARD, "id_number": actor.id_number, "groups": []}
    draft = await actions.start_draft(kernel, item, actor=actor, applicant=applicant, channel="web")
    view = sheet(kernel, draft, language=language)
    assert is_plain(view)
    request = Request(
        {
            "type": "http",
            "app": app,
            "method": "GET",
            "path": f"/drafts/{draft.id}",
            "query_string": b"",
            "headers": [],
            "state": {"actor": actor, "language": language, "size": size, "sid": "a session", "visitor": None},
        }
    )
    for saved in (False, True):
        context = {
            "view": view,
            "problems": (),
            "saved": saved,
            "removed": False,
            "more": False,
            "papers": False,
            "ready": False,
            "changed": (),
            "stale": False,
            "correction": None,
        }
        slow = page(request, TEMPLATE, context, private=True)
        quick = draft_page(request, view, saved=saved)
        again = draft_page(request, view, saved=saved)
        assert bytes(quick.body).decode() == bytes(slow.body).decode() == bytes(again.body).decode()
        assert quick.headers == slow.headers
        assert "陈&lt;试&gt;" in bytes(quick.body).decode()
        assert not re.search(r"lb[0-9a-f]{16}x", bytes(quick.body).decode())
