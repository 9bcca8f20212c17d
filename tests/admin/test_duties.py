"""What follows an approval, on pages: the office's list, the case, the holder's receipt and his own page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bench.repeatable import repeatable
from tests.admin.conftest import PNG, REVIEWER, Desk
from tests.conftest import Client, on_database

BOTH_DATABASES = True
HOLDER = "elder"
REPORT = {
    "id": "report",
    "title": "账户变更报备",
    "party": True,
    "calendar_days": 10,
    "because": "每年核对一次账户",
}


@pytest.fixture(scope="module")
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The made-up town, where the elders' allowance leaves something to its holder too."""
    from core.web.app import build

    folder = tmp_path_factory.mktemp("duties") / "data"
    with on_database(getattr(request, "param", "sqlite"), request, folder) as settings:
        shelf = repeatable(settings.data)
        file = shelf / "elder-allowance" / "item.json"
        item = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**item, "duties": [*item["duties"], REPORT]}, ensure_ascii=False), "utf-8")
        app = build(replace(settings, plugins=(*settings.plugins, shelf)), background=False)
        with TestClient(app, base_url="http://127.0.0.1:8000") as http:
            yield Desk(Client(http, json.loads((folder / "demo.json").read_text("utf-8")), settings))


def key(page: str, act: str) -> str:
    """The address to which the first form that does this posts."""
    found = re.search(rf'action="(/admin/cases/[^"]+/duties/[^"/]+/{act})"', page)
    assert found, page
    return found[1]


def in_english(desk: Desk, path: str) -> str:
    desk.client.http.cookies.set("lb_lang", "en")
    page = desk.get(path).text
    desk.client.http.cookies.delete("lb_lang")
    return page


def test_the_office_finds_it_in_its_list_and_records_what_it_found(desk: Desk) -> None:
    no = desk.file(HOLDER)
    desk.sign_in(REVIEWER)
    listed = desk.get("/admin/duties").text
    assert "账户变更报备" in listed, "due within thirty days"
    assert "核验领取资格" not in listed
    assert "核验领取资格" in desk.get("/admin/duties?all").text
    assert "三十天内到期 1 件" in desk.get("/admin/").text

    page = desk.case(no)
    assert "自作出决定之日" in page
    assert "怎样核验的" in page
    said = {"_csrf": desk.client.hidden(page)["_csrf"], "revision": desk.revision(page), "because": "上门看望"}
    (at,) = [
        form[0] for form in re.findall(r'action="([^"]+/done)"(.*?)</form>', page, re.DOTALL) if "living-1" in form[1]
    ]
    wrong = desk.client.http.post(at, data={**said, "/living-1/how": "上门看望"}, follow_redirects=False)
    assert wrong.status_code == 422
    assert "上门看望" in wrong.text
    found = {"/living-1/how": "上门看望", "/living-1/alive": "true"}
    done = desk.client.http.post(at, data={**said, **found}, follow_redirects=False)
    assert done.status_code == 303, done.text
    page = desk.get(done.headers["location"].partition("#")[0]).text
    assert "已登记" in page
    assert "（第2次）" in page, "the next time stands"
    stale = desk.client.http.post(at, data={**said, **found}, follow_redirects=False)
    assert stale.status_code == 409

    for path in (f"/admin/cases/{no}", "/admin/duties?all"):
        assert "Yearly check that the allowance is still due" in in_english(desk, path)
    for path in ("/admin/?state=decided", "/admin/duties?all"):
        english = in_english(desk, path)
        assert "Old-age allowance: claim" in english
        assert "老年人尊老金待遇申领" not in english


def test_the_holder_sees_it_reports_it_and_staff_may_end_one(desk: Desk) -> None:
    no = desk.file(HOLDER)
    desk.sign_in(HOLDER)
    assert "要您办" in desk.get("/me").text
    page = desk.get(f"/cases/{no}").text
    assert "由您办理" in page
    at = re.search(rf'action="(/cases/{no}/duties/[^"]+)"', page)
    assert at, page
    said = {"_csrf": desk.client.hidden(page)["_csrf"], "_revision": desk.client.hidden(page)["_revision"]}
    empty = desk.client.http.post(at[1], data={**said, "report": " "}, follow_redirects=False)
    assert empty.status_code == 422
    assert "请写明办理情况" in empty.text
    files = {"file": ("存折.png", PNG, "image/png")}
    done = desk.client.http.post(at[1], data={**said, "report": "账户没有变"}, files=files, follow_redirects=False)
    assert done.status_code == 303, done.text
    page = desk.get(f"/cases/{no}").text
    assert "账户没有变" in page
    assert "我办好了，报告" not in page
    told = desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token("portal")).json()
    assert {one["id"]: one["state"] for one in told["duties"]} == {"living": "open", "report": "done"}

    desk.sign_in(REVIEWER)
    page = desk.case(no)
    assert "账户没有变" in page
    assert "存折.png" in page
    said = {"_csrf": desk.client.hidden(page)["_csrf"], "revision": desk.revision(page)}
    ended = desk.client.http.post(key(page, "end"), data={**said, "because": "已迁出本市"}, follow_redirects=False)
    assert ended.status_code == 303, ended.text
    assert "不再要做" in desk.case(no)
    page = desk.case(no)
    said = {"_csrf": desk.client.hidden(page)["_csrf"], "revision": desk.revision(page)}
    wrong = desk.client.http.post(key(page, "reopen"), data={**said, "because": ""}, follow_redirects=False)
    assert wrong.status_code == 422
    again = desk.client.http.post(key(page, "reopen"), data={**said, "because": "没有迁出"}, follow_redirects=False)
    assert again.status_code == 303, again.text
    assert "重新打开的理由：没有迁出" in desk.case(no)
    assert desk.client.http.post(f"/admin/cases/{no}/duties/x/nothing", data=said).status_code == 404


def test_the_guide_says_what_follows(desk: Desk) -> None:
    page = desk.get("/items/elder-allowance").text
    assert "办成以后" in page
    assert "决定之日起，1年内，以后每1年一次" in page
    english = in_english(desk, "/items/elder-allowance")
    assert "Once it is granted" in english


def test_who_works_in_no_office_has_no_such_list(desk: Desk) -> None:
    desk.sign_in(desk.one_of("clerk"))
    assert "/admin/duties" not in desk.get("/admin/").text
    assert desk.get("/admin/duties").status_code == 403
