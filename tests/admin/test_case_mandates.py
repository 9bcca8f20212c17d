"""委托书 of one case at the desk: taken, used, ended with a reason."""

from __future__ import annotations

import re

from tests.admin.conftest import Desk
from tests.admin.test_taking import WORKER, person, take

BOTH_DATABASES = True


def filed(desk: Desk) -> str:
    """A case that this worker filed for the elder; its number."""
    _, draft, _ = take(desk, **person(desk), mandate="yes")
    data = {**desk.client.hidden(desk.get(draft).text), "/phone": "13900000000", "action": "file"}
    answer = desk.client.http.post(draft, data=data, follow_redirects=False)
    return str(answer.headers["location"].split("/cases/")[1].split("?")[0])


def test_the_desk_takes_a_mandate_for_one_case_and_ends_it_with_a_reason(desk: Desk) -> None:
    desk.sign_in(WORKER)
    no = filed(desk)
    address = f"/admin/cases/{no}/mandates"
    assert address in desk.get(f"/admin/cases/{no}").text
    page = desk.get(address).text
    csrf = {"_csrf": desk.client.hidden(page)["_csrf"]}
    father = next(a for a in desk.client.told["accounts"] if a["login"] == "father")
    wrong = desk.client.http.post(address, data={**csrf, "agent_name": "韩虚丙", "agent_number": "1"})
    assert wrong.status_code == 422
    assert "校验位" in wrong.text
    taken = desk.client.http.post(
        address, data={**csrf, "agent_name": "韩虚丙", "agent_number": father["id_number"], "signed": "presence"}
    )
    assert taken.status_code == 200
    assert "委托给韩虚丙" in taken.text
    desk.sign_in("father")
    assert desk.get(f"/cases/{no}").status_code == 200
    desk.sign_in(WORKER)
    page = desk.get(address).text
    end = re.findall(r'action="(/admin/cases/[^"]+/end)"', page)[0]
    csrf = {"_csrf": desk.client.hidden(page)["_csrf"]}
    assert desk.client.http.post(end, data=csrf).status_code == 422
    assert "申请人来电要求" in desk.client.http.post(end, data={**csrf, "because": "申请人来电要求"}).text
    desk.sign_in("father")
    stopped = desk.get(f"/cases/{no}")
    assert stopped.status_code == 403
    assert "委托已经结束" in stopped.text
