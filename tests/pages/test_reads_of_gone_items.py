"""谁查过: what was looked up is told as long as the record lasts, whatever becomes of the item's folder."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.kernel import LEGAL_TIME, Kernel
from core.settings import Settings
from tests.conftest import Client

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shelf" / "elder-allowance-2"
    shutil.copytree(ROOT / "plugins" / "elder-allowance", made)
    return made


@pytest.fixture
def town(town: Settings, folder: Path) -> Settings:
    return dataclasses.replace(town, plugins=(folder.parent,))


def reload(http: TestClient) -> None:
    assert http.portal is not None
    kernel: Kernel = http.app.state.kernel  # type: ignore[attr-defined]
    http.portal.call(kernel.holder.reload_beside)


@pytest.mark.parametrize("broken", [True, False])
def test_what_was_looked_up_is_told_when_the_folder_is_broken_or_gone(
    client: Client, folder: Path, broken: bool
) -> None:
    client.sign_in()
    hidden = client.hidden(client.http.get("/items/elder-allowance-2/apply").text)
    draft = client.http.post("/items/elder-allowance-2/apply", data={**hidden, "whom": "self"})
    assert draft.url.path.startswith("/drafts/"), draft.text
    before = client.http.get("/me").text
    assert f"{datetime.now(LEGAL_TIME):%Y-%m-%d %H}" in before.partition("没办完的")[2].partition("保留到")[0]
    assert before.count("出生日期") >= 1
    if broken:
        (folder / "item.json").write_text("{", "utf-8")
    else:
        shutil.rmtree(folder)
    reload(client.http)
    assert client.http.get("/items/elder-allowance-2").status_code == (503 if broken else 404)
    after = client.http.get("/me").text
    assert after.count("出生日期") == before.count("出生日期")
