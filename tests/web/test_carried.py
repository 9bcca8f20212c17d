"""What a stale post may be offered again as: only to the page that sent it, escaped, and never a secret."""

from __future__ import annotations

import pytest

from tests.conftest import Client

BOTH_DATABASES = True


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}, {"Origin": "https://elsewhere.example"}])
def test_a_post_that_no_page_of_ours_sent_is_not_offered_again(client: Client, origin: dict[str, str]) -> None:
    answer = client.http.post("/drafts/x", data={"/phone": "13900000000"}, headers=origin)
    assert answer.status_code == 403
    assert "13900000000" not in answer.text


def test_what_is_offered_again_is_escaped_and_holds_no_password(client: Client) -> None:
    fields = {"/phone": '"><script>alert(1)</script>', "password": "geheim", "_csrf": "old"}
    answer = client.http.post("/drafts/x", data=fields, headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 401
    assert "alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert "geheim" not in answer.text
