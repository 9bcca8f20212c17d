"""A post that cannot be taken: a page of ours says which thing was wrong, and the draft is as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import Client
from tests.pages.test_way_files import pdf

ELDER = "/items/elder-allowance/apply"
SAVED = "13900000001"


def begun(client: Client) -> str:
    """The address of a draft that holds a telephone number."""
    client.sign_in()
    draft = str(client.http.post(ELDER, data=client.hidden(client.http.get(ELDER).text)).url.path)
    fields = {"/phone": SAVED, "action": "save"}
    client.http.post(draft, data=hidden(client, draft) | fields)
    return draft


def hidden(client: Client, path: str) -> dict[str, str]:
    return client.hidden(main(client.http.get(path).text))


def main(html: str) -> str:
    found = re.search(r"<main.*</main>", html, re.DOTALL)
    assert found, html[:500]
    return found[0]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", main(html)).split())


def raw(client: Client, path: str, pairs: Sequence[tuple[Any, Any]]) -> Any:
    body = urlencode([*hidden(client, path).items(), *pairs, ("action", "save")]).encode()
    return client.http.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})


def multipart(client: Client, path: str, name: bytes, value: bytes) -> Any:
    fields = [*((n.encode(), v.encode()) for n, v in hidden(client, path).items()), (name, value)]
    body = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % one for one in fields)
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    return client.http.post(path, content=body + b"--b--\r\n", headers=kind)


WRONG: dict[str, tuple[Any, int, str, str, str]] = {
    "a name of no question": ([("/nonsense", "1")], 400, "这张表没有问", "does not ask for", "/nonsense"),
    "NUL": ([("/phone", "139\x000")], 400, "空字符（NUL）", "null character", "/phone"),
    "NUL in a name": ([("/pho\x00ne", "1")], 400, "空字符（NUL）", "null character", "/phone"),
    "broken UTF-8": ([("/phone", b"\xff\xfe\xc3")], 400, "不是 UTF-8", "not encoded as UTF-8", "/phone"),
    "a scalar twice": ([("/phone", "1"), ("/phone", "2")], 400, "提交了两次", "sent twice", "/phone"),
    "a long index": ([("/rows/1234567890/a", "1")], 400, "序号超出了范围", "beyond the limit", "/rows/1234567890/a"),
    "too many fields": ([(f"/f{n}", "1") for n in range(5001)], 413, "超过 5000 项", "More than 5000 fields", ""),
    "a field too long": ([("/phone", "1" * 600_000)], 413, "超过 512 KB", "longer than 512 KB", ""),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_was_wrong_is_said_in_both_languages_with_a_way_back_to_the_draft(client: Client, why: str) -> None:
    pairs, status, chinese, english, what = WRONG[why]
    draft = begun(client)
    for language, sentence in (("zh", chinese), ("en", english)):
        client.http.get(f"/look?language={language}")
        answer = raw(client, draft, pairs)
        assert answer.status_code == status, answer.text[:500]
        told = plain(answer.text)
        assert sentence in told
        assert what in told
        assert f'href="{draft}"' in main(answer.text)
        assert ("草稿没有变" if language == "zh" else "Your draft is unchanged") in told
        assert f'value="{SAVED}"' in client.http.get(draft).text


def test_broken_utf_8_in_a_form_with_files_is_told_instead_of_guessed(client: Client) -> None:
    draft = begun(client)
    for name, value in ((b"/phone", b"\xb2\xe2\xca\xd4"), (b"/\xb2\xe2", b"1")):
        answer = multipart(client, draft, name, value)
        assert answer.status_code == 400
        assert "不是 UTF-8" in plain(answer.text)
    assert f'value="{SAVED}"' in client.http.get(draft).text
    assert multipart(client, draft, b"/phone", b"13900000002").status_code in (200, 422)
    assert 'value="13900000002"' in client.http.get(draft).text


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "文件“大.pdf”没有上传：每个文件不超过 10 MB"), ("en", "up to 10 MB")]
)
@pytest.mark.parametrize("megabytes", [10, 25, 60])
def test_a_file_over_the_limit_is_named_and_all_the_rest_of_the_page_is_kept(
    client: Client, megabytes: int, language: str, sentence: str
) -> None:
    draft = begun(client)
    client.http.get(f"/look?language={language}")
    fields = hidden(client, draft) | {"/phone": "13900000009", "action": "file"}
    small, big = pdf("小.pdf"), pdf("大.pdf", bytes(megabytes * 2**20))
    files = [("_material/account", (one["name"], one["buffer"], one["mimeType"])) for one in (big, small)]
    answer = client.http.post(draft, data=fields, files=files)
    assert answer.status_code == 422
    assert answer.url.path == draft, "nothing was filed without it"
    assert sentence in plain(answer.text)
    assert 'value="13900000009"' in answer.text
    assert "小.pdf" in plain(answer.text), "the other file was taken"


def test_files_too_large_together_are_told_one_by_one(client: Client) -> None:
    draft = begun(client)
    fields = hidden(client, draft) | {"/phone": "13900000009", "action": "save"}
    made = [pdf(f"{n}.pdf", bytes(9 * 2**20) + bytes([n])) for n in range(3)]
    files = [("_material/account", (one["name"], one["buffer"], one["mimeType"])) for one in made]
    answer = client.http.post(draft, data=fields, files=files)
    assert answer.status_code == 422
    assert "文件“2.pdf”没有上传" in plain(answer.text)
    assert "文件“1.pdf”没有上传" not in plain(answer.text)


def test_a_body_beyond_all_reading_has_a_page_with_the_limit_and_the_way_back(client: Client) -> None:
    draft = begun(client)
    answer = client.http.post(
        draft, data=hidden(client, draft), files={"_material/account": ("大.pdf", bytes(101 * 2**20))}
    )
    assert answer.status_code == 413
    assert "合计不超过 20 MB" in plain(answer.text)
    assert f'href="{draft}"' in main(answer.text)


def test_a_file_whose_content_is_not_what_its_name_says_is_told_in_the_readers_language(client: Client) -> None:
    draft = begun(client)
    for language, sentence in (("zh", "不是 PDF、JPG 或 PNG"), ("en", "is no PDF, JPG or PNG")):
        client.http.get(f"/look?language={language}")
        fields = hidden(client, draft) | {"/phone": SAVED, "action": "save"}
        answer = client.http.post(draft, data=fields, files={"_material/account": ("x.png", b"MZ\x90\x00" * 9)})
        assert answer.status_code == 422
        assert sentence in plain(answer.text)
        assert "x.png" in plain(answer.text)


def test_a_tab_that_lost_stores_no_file_and_says_so(client: Client) -> None:
    draft = begun(client)
    fields = hidden(client, draft)
    client.http.post(draft, data=fields | {"/phone": "13900000002", "action": "save"})
    answer = client.http.post(
        draft,
        data=fields | {"/phone": "13900000003", "action": "file"},
        files={"_material/account": ("存折.pdf", pdf("存折.pdf")["buffer"])},
    )
    assert answer.status_code == 409
    assert (answer.history[0].status_code, answer.url.query) == (303, b"aside")
    assert "选好的文件没有上传，请再选一次：存折.pdf" in plain(answer.text).replace(" ", "")
    assert 'value="13900000003"' in answer.text
    after = client.http.get(draft)
    assert 'value="13900000002"' in after.text
    assert "存折.pdf" not in after.text


@pytest.mark.parametrize("path", ["/track", "/verify", "/login"])
def test_a_refused_post_of_any_form_leads_back_to_that_form(client: Client, path: str) -> None:
    answer = raw(client, path, [("no", "2026\x00")])
    assert answer.status_code == 400
    assert f'href="{path}"' in main(answer.text)
