"""Who may act for a person by what a register says: a spouse, a relative of the household, a child who lives apart."""

from __future__ import annotations

import httpx2 as httpx
import pytest

from tests.conftest import Client

HUSBAND, ANOTHER = "320583198805059915", "320583199012129914"
ELDER = "320583194005129913"


def begun(client: Client, *, item: str, by: str, whom: str) -> httpx.Response:
    """What `by` (a login) is answered who begins this item for the person of that number."""
    number = next(n for n, one in enumerate(citizens(client)) if one["login"] == by)
    client.http.cookies.clear()
    client.sign_in("citizen", number)
    hidden = client.hidden(client.http.get(f"/items/{item}/apply").text)
    fields = {**hidden, "whom": "other", "name": "申请人甲", "id_number": whom}
    return client.http.post(f"/items/{item}/apply", data=fields, follow_redirects=False)


def citizens(client: Client) -> list[dict[str, str]]:
    return [one for one in client.told["accounts"] if one["role"] == "citizen"]


@pytest.mark.parametrize("item", ["provident-fund-house", "medical-reimbursement"])
def test_the_wife_begins_for_her_husband_and_no_stranger_does(client: Client, item: str) -> None:
    answer = begun(client, item=item, by="mother", whom=HUSBAND)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/drafts/")
    assert begun(client, item=item, by="single", whom=HUSBAND).status_code == 403
    assert begun(client, item=item, by="mother", whom=ANOTHER).status_code == 403


def test_an_item_that_names_no_spouse_is_not_begun_by_one(client: Client) -> None:
    assert begun(client, item="veteran-allowance", by="mother", whom=HUSBAND).status_code == 403


def test_a_child_of_another_household_begins_where_the_item_names_children(client: Client) -> None:
    answer = begun(client, item="elder-allowance", by="divorced", whom=ELDER)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/drafts/")
    # Whose adoption has ended is a child no more, and a child begins nothing that names none.
    assert begun(client, item="elder-allowance", by="retired", whom=ELDER).status_code == 403
    assert begun(client, item="elder-allowance", by="single", whom=ELDER).status_code == 403
    assert begun(client, item="veteran-allowance", by="divorced", whom=ELDER).status_code == 403
