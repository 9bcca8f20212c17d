"""The example of a paper: beside the paper where it is asked for, in the version that asks, and read by a phone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.conftest import Client

ID = "lease-filing"
LEASE = {"id": "lease", "title": "租赁合同", "fallback": {"later": 10}, "note": "复印件一份", "sample": "lease.html"}


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    folder = new("item", ID, tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})
    item, form = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("item", "form"))
    item |= {"materials": [LEASE, {"id": "map", "title": "位置图"}], "handling": "promised", "promised_days": 5}
    form |= {"properties": {"phone": {"type": "string", "title": "联系电话"}}, "required": []}
    routing = {"sites": {"city": "decide"}, "steps": [{"unit": "civil-affairs", "days": 2}]}
    for name, said in (("item", item), ("form", form), ("routing", routing)):
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for name in ("form.ui", "lookups"):
        (folder / f"{name}.json").unlink(missing_ok=True)
    for case in (folder / "cases").iterdir():
        case.unlink()
    for file in folder.rglob("*.json"):
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")
    (folder / "templates" / "lease.html").write_text("<p>甲方：李示例（示例）</p>", "utf-8")
    return dataclasses.replace(town, plugins=(folder.parent,))


def test_the_sample_is_beside_the_paper_on_guide_form_and_correction(client: Client) -> None:
    def follows(page: str, at: str) -> None:
        assert f'href="{at}"' in page
        assert "复印件一份" in page
        sample = client.http.get(at)
        assert sample.status_code == 200
        assert "甲方：李示例（示例）" in sample.text
        assert f'href="{at.removesuffix("/samples/lease")}"' in sample.text

    follows(client.http.get(f"/items/{ID}").text, f"/items/{ID}/samples/lease")
    client.sign_in()
    hidden = client.hidden(client.http.get(f"/items/{ID}/apply").text)
    draft = client.http.post(f"/items/{ID}/apply", data={**hidden, "whom": "self"})
    at = draft.url.path
    follows(draft.text, f"{at}/samples/lease")
    filed = client.http.post(at, data={**client.hidden(draft.text), "/phone": "13900000000", "action": "file"})
    assert filed.url.path.startswith("/cases/"), filed.text
    follows(filed.text, f"{filed.url.path}/samples/lease")
    for nothing in (f"/items/{ID}/samples/map", f"/items/{ID}/samples/none", "/items/none/samples/lease"):
        assert client.http.get(nothing).status_code == 404
    client.http.cookies.clear()
    assert client.http.get(f"{filed.url.path}/samples/lease", follow_redirects=False).status_code == 303
