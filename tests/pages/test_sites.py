"""服务点: where to go, and whether it is open, seen by a citizen."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from core.contract import Site
from core.kernel import LEGAL_TIME
from core.office import hours
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import SOURCE_ROOT
from core.web.rendering import translator
from forms.pages import sites
from tests.conftest import Client

BOTH_DATABASES = True

CALENDAR = StateCalendar()
HALL = read_office(SOURCE_ROOT / "seeds").sites["hall-city"]
KIOSK = read_office(SOURCE_ROOT / "seeds").sites["kiosk-shipu"]


@pytest.mark.parametrize(
    ("site", "now", "says"),
    [
        (HALL, "2026-11-27 10:00", "现在开放，至 17:30"),
        (HALL, "2026-11-27 12:30", "午间值班，至 17:30"),
        (HALL, "2026-11-27 20:00", "现在不开放，明天 09:00 开门"),
        (HALL, "2026-11-29 10:00", "现在只接待预约，明天 09:00 开门"),
        (HALL, "2026-09-30 20:00", "现在不开放，10-08 周四 09:00 开门"),
        (KIOSK, "2026-10-01 03:00", "二十四小时开放"),
    ],
)
def test_one_sentence_says_whether_it_is_open_and_when_next(site: Site, now: str, says: str) -> None:
    moment = datetime.fromisoformat(now)
    assert sites.says(hours.standing(site, moment, CALENDAR), moment, translator("zh")) == says


def test_every_site_is_listed_under_its_town_and_says_how_it_stands(client: Client) -> None:
    page = client.http.get("/sites").text
    assert len(re.findall(r'href="/sites/([a-z0-9-]+)"', page)) == 41
    town = client.http.get("/sites?area=320583103000").text
    assert "试丰村市民驿站" in town
    assert "样湖镇便民服务中心" not in town
    now = datetime.now(LEGAL_TIME).replace(tzinfo=None)
    assert sites.says(hours.standing(KIOSK, now, CALENDAR), now, translator("zh")) in town


def test_a_site_shows_its_week_its_counters_and_what_it_takes(client: Client) -> None:
    page = client.http.get("/sites/hall-city").text
    for word in ("工作日", "午间值班", "周日", "预约", "社保医保与养老", "虚山市编造路", "老年人尊老金待遇申领"):
        assert word in page
    assert client.http.get("/sites/nowhere").status_code == 404
    assert 'href="/sites/hall-city"' in client.http.get("/items/elder-allowance").text
