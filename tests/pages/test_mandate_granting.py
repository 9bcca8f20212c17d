"""委托: granted at `/me` to a named agent, who sees it, files under it, and stops where it ends."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from core.kernel import LEGAL_TIME
from tests.conftest import Client
from tests.pages.test_resume import Come, Person, come

BOTH_DATABASES = True

__all__ = ["come"]
ITEM = "elder-allowance"


def today() -> date:
    """The legal date, as the site has it."""
    return datetime.now(LEGAL_TIME).date()


def wanted(who: Person, **more: str) -> dict[str, str]:
    return {
        "whom": "self", "name": "韩虚丙", "id_number": who.account["id_number"], "item": ITEM,
        "since": today().isoformat(), "until": (today() + timedelta(days=7)).isoformat(), **more,
    }  # fmt: skip


def grant(principal: Person, fields: dict[str, str]) -> str:
    """Through both steps; the address of the mandate."""
    text = principal.post("/me/mandates/new", **fields)
    assert "委托事项" in text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', text)
    assert digest
    principal.post("/me/mandates/new", **fields, step="sign", digest=digest[1], agree="yes")
    assert principal.at.startswith("/mandates/")
    return principal.at.partition("?")[0]


def test_an_elder_lets_a_neighbour_act_and_ends_it(come: Come) -> None:
    elder, father = come("elder"), come("father")
    father.post(f"/items/{ITEM}/apply", name="陈试甲", id_number=elder.account["id_number"], status=403)
    paper = grant(elder, wanted(father))
    assert "不得转委托" in elder.get(paper)
    assert "不得转委托" in father.get(paper)
    come("mother").get(paper, status=404)
    mine = father.get("/me")
    assert "代陈试甲办理" in mine
    way = re.search(rf'href="(/items/{ITEM}/apply\?mandate=[^"]+)"', mine)
    assert way
    prefilled = father.get(way[1])
    assert elder.account["id_number"] in prefilled
    father.post(f"/items/{ITEM}/apply", way[1], name="陈试甲", id_number=elder.account["id_number"])
    draft = father.at
    page = father.post(draft, **{"/phone": "13900000000"}, action="file")
    case = father.at.partition("?")[0]
    assert "代 陈试甲 办理，凭委托书 WT" in page
    assert "代 陈试甲 办理，凭委托书 WT" in elder.get(case)
    father.post(f"/items/{ITEM}/apply", way[1], name="陈试甲", id_number=elder.account["id_number"])
    second = father.at
    elder.post(f"/me/{paper.removeprefix('/')}/end", "/me")
    assert "委托已经结束" in father.get(second, status=403)
    assert "委托已经结束" in father.get(case, status=403)
    assert case in elder.get("/me")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id_number": "320583198805059916"}, "校验位"),
        ({"name": ""}, "请填写受托人的姓名"),
        ({"item": ""}, "请至少选一个事项"),
        ({"until": "2020-01-01"}, "委托期限应在一年以内"),
        ({"until": "9999-12-31"}, "委托期限应在一年以内"),
        ({"since": "2020-01-01"}, "不能从过去的日期开始"),
        ({"until": "soon"}, "请填写日期"),
    ],
)
def test_a_wish_that_will_not_do_is_told_where(change: dict[str, str], words: str, come: Come) -> None:
    elder, father = come("elder"), come("father")
    page = elder.post("/me/mandates/new", **wanted(father, **change), status=422)
    assert words in page
    assert "委托给" not in elder.get("/me"), "nothing is written"


def test_a_name_with_a_nul_is_refused(come: Come) -> None:
    elder, father = come("elder"), come("father")
    elder.post("/me/mandates/new", **wanted(father, name="甲\0乙"), status=400)
    assert "委托给" not in elder.get("/me")


def test_nobody_grants_to_himself_or_for_a_firm_that_is_not_his(come: Come) -> None:
    elder, father = come("elder"), come("father")
    assert "不能是委托人自己" in elder.post("/me/mandates/new", **wanted(elder), status=422)
    told = father.post(
        "/me/mandates/new",
        **wanted(elder, whom="firm", credit_code="91320583MAXX000153", item="food-permit"),
        status=403,
    )
    assert "登记的法定代表人" in told


def test_the_agent_of_the_made_up_firm_acts_under_its_mandate(client: Client, come: Come) -> None:
    agent = come("agent-food")
    assert agent.at == "/me"
    mine = agent.get("/me")
    assert "代虚山市示例餐饮有限公司办理" in mine
    way = re.search(r'href="(/items/shop-sign/apply\?mandate=[^"]+)"', mine)
    assert way
    assert "91320583MAXX000153" in agent.get(way[1])
    agent.post("/items/shop-sign/apply", way[1], whom="firm", credit_code="91320583MAXX000153")
    assert agent.at.startswith("/drafts/")
    agent.post("/items/shop-sign/apply", way[1], whom="firm", credit_code="91320583MAXX00023X", status=403)
    boss = come("firm-food")
    assert "范试寅" in boss.get("/me")


def test_a_page_reached_by_a_mandate_is_the_principals_and_says_so(come: Come) -> None:
    elder, father = come("elder"), come("father")
    paper = grant(elder, wanted(father))
    way = f"/items/{ITEM}/apply?mandate={paper.removeprefix('/mandates/')}"
    page = father.get(way)
    assert "代陈试甲办理" in page
    assert "为本人办" not in page
    assert "凭委托书" in page
    father.post(f"/items/{ITEM}/apply", way)
    assert "陈试甲" in father.get(father.at), "nothing had to be written again"
    assert f'href="{way}"' in father.get(f"/items/{ITEM}/apply"), "the item's own page offers it"
    assert "apply?mandate=" not in come("mother").get(f"/items/{ITEM}/apply")


def test_an_item_that_the_mandate_does_not_cover_is_refused_and_no_application_for_oneself(come: Come) -> None:
    elder, father = come("elder"), come("father")
    paper = grant(elder, wanted(father))
    mandate = paper.removeprefix("/mandates/")
    page = father.get(f"/items/minimum-living/apply?mandate={mandate}", status=403)
    assert "不能凭它代陈试甲办这件事" in page
    assert f'href="/items/{ITEM}/apply?mandate={mandate}"' in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert "不是给您的" in elder.get(f"/items/{ITEM}/apply?mandate={mandate}", status=403)
    elder.post(f"/me/mandates/{mandate}/end", "/me")
    assert "已经结束或过期" in father.get(f"/items/{ITEM}/apply?mandate={mandate}", status=403)
    come("mother").get(f"/items/{ITEM}/apply?mandate={mandate}", status=404)


def test_only_what_fits_the_principal_is_listed_by_theme(come: Come) -> None:
    elder = come("elder")
    mine, firms = elder.get("/me/mandates/new?whom=self"), elder.get("/me/mandates/new?whom=firm")
    box = 'name="item" value="{}"'
    assert box.format(ITEM) in mine
    assert box.format("food-permit") not in mine
    assert box.format("food-permit") in firms
    assert box.format(ITEM) not in firms
    assert 'name="credit_code"' not in mine
    chosen = elder.get(f"/me/mandates/new?item={ITEM}")
    assert re.search(rf'<details class="pick" open>(?:(?!</details>).)*value="{ITEM}" checked', chosen, re.DOTALL)
    assert '<details class="pick">' in chosen, "the other themes are closed"
