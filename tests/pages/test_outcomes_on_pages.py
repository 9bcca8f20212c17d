"""One item, one lookup for each way a question can end, driven through every page of it in both languages."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.admin.conftest import REVIEWER
from tests.conftest import Client
from tests.pages.test_languages import chinese
from tests.pages.test_resume import Come, Person, come

__all__ = ["come"]
ELDER = "320583194005129913"
ENDS = ("found", "wrong", "empty", "down", "refused", "keyless", "cached")
HELD = ("found", "wrong", "cached")
"""What the register of this town answers; `wrong` is found, and the applicant says that it is not right."""


def source(folder: Path, end: str, *, rows: str) -> None:
    """A register of its own for each way to end, read from a table; the one that is down has no file."""
    home = folder / f"reg-{end}"
    home.mkdir(parents=True)
    table = home.parent.parent / f"{end}.csv"
    if end != "down":
        table.write_text(f"id_number,value\n{rows}", "utf-8")
    said: dict[str, Any] = {
        "contract": 1,
        "title": f"Register {end}",
        "unit": "civil-affairs",
        "connector": "table",
        "public": ["id_number"],
        "query": {
            "type": "object",
            "properties": {"id_number": {"type": "string"}},
            "required": ["id_number"],
            "additionalProperties": False,
        },
        "record": {
            "type": "object",
            "properties": {"id_number": {"type": "string"}, "value": {"type": "string", "title": f"Value {end}"}},
            "required": ["id_number", "value"],
        },
        "cache_s": 3600 if end == "cached" else 0,
        "settings": {"path": str(table)},
    }
    (home / "source.json").write_text(json.dumps(said), "utf-8")


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    shelf = tmp_path / "shelf"
    folder = new("item", "every-end", shelf, {"title": "Every end", "unit": "civil-affairs"})
    for end in ENDS:
        source(shelf, end, rows=f"{ELDER},kept {end}\n" if end in HELD else "")
    item = json.loads((folder / "item.json").read_text("utf-8"))
    item |= {
        "summary": "Every end",
        "basis": ["Law 1"],
        "conditions": ["None"],
        "statutory_days": 20,
        "promised_days": 5,
        "handling": "promised",
        "result": {"title": "Notice"},
    }
    item["materials"] = [{"id": end, "title": f"Paper {end}", "proved_by": end} for end in ENDS]
    fields = {end: {"type": "string", "title": f"Field {end}", "x-from": f"/lookups/{end}/value"} for end in ENDS}
    form = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": "Form",
        "properties": {**fields, "other": {"type": "string", "title": "Number of somebody"}},
        "required": [],
    }
    lookups = {
        end: {
            "source": f"reg-{end}",
            "by": {"id_number": "/applicant/id_number"},
            "take": ["value"],
            "purpose": f"Purpose {end}",
            "basis": f"Law {end}",
            **({"consent": True} if end == "refused" else {}),
        }
        for end in ENDS
    }
    lookups["keyless"]["by"] = {"id_number": "/answers/other"}
    routing = {
        "sites": {"city": "decide", "town": "decide", "village": "collect"},
        "area": "same-city",
        "steps": [{"unit": "civil-affairs", "days": 2}],
    }
    for name, said in (("item", item), ("form", form), ("lookups", {"lookups": lookups}), ("routing", routing)):
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    # Its words are English as they stand; an item that has none in a language is shown in Chinese as a whole.
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / "en.json").write_text(json.dumps({"item.json#/title": "Every end"}), "utf-8")
    for unwanted in (*(folder / "cases").iterdir(), *(folder / "templates").iterdir()):
        unwanted.unlink()
    return dataclasses.replace(town, plugins=(shelf,))


def plain(page: str) -> str:
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found[0]).split()))


def begun(person: Person) -> str:
    person.post("/items/every-end/apply")
    assert person.at.startswith("/drafts/"), person.at
    return person.at.partition("?")[0]


FORM = {
    "zh": {
        "found": ("Field found kept found 来自Register found", "✓ Paper found 已由Register found核验"),
        "empty": (
            "Field empty （选填） 数据源里没有这一项，请如实填写",
            "Paper empty Register empty：没有查到记录，需要提交",
        ),
        "down": (
            "Field down （选填） 数据源暂时没有回应，请如实填写，或者稍后再查一次",
            "Paper down Register down：数据源暂时没有答复，需要提交",
            "Register down · Purpose down：暂时没有回应。可以再查一次，也可以先提交",
        ),
        "refused": (
            "Field refused （选填） 没有得到同意或许可，没有查，请如实填写",
            "Paper refused Register refused：未获准查询，需要提交",
            "Register refused · Purpose refused：您没有同意查，所以没有查",
        ),
        "keyless": ("Paper keyless 填好上面的内容后，由Register keyless核验",),
        "cached": ("来自Register cached（{age} 秒前查到）", "Paper cached 已由Register cached（{age} 秒前查到）核验"),
    },
    "en": {
        "found": ("Field found kept found From Register found", "✓ Paper found Proved by Register found"),
        "empty": (
            "Field empty (optional) The register holds nothing here; please enter it",
            "Paper empty Register empty: no record was found; has to be handed in",
        ),
        "down": (
            "Field down (optional) The register does not answer at the moment; enter it",
            "Paper down Register down: the source does not answer at the moment; has to be handed in",
            "Register down · Purpose down: No answer right now. Ask again, or submit",
        ),
        "refused": (
            "Field refused (optional) Not looked up, as it was not agreed to",
            "Paper refused Register refused: the lookup was not permitted; has to be handed in",
            "Register refused · Purpose refused: You did not agree, so it was not looked up",
        ),
        "keyless": ("Paper keyless Proved by Register keyless once you have filled in the form above",),
        "cached": (
            "From Register cached (looked up {age} s ago)",
            "Paper cached Proved by Register cached (looked up {age} s ago)",
        ),
    },
}
"""What the form says of each field and each material."""
CHECK = {
    "zh": (
        "Field found kept found 查到的",
        "Field wrong kept wrong 您说这项有误，工作人员会核实",
        "Field empty own words 更改",
        "Field cached kept cached 查到的",
        "Field keyless",
    ),
    "en": (
        "Field found kept found looked up",
        "Field wrong kept wrong You call this wrong, staff will check it",
        "Field empty own words Change",
        "Field cached kept cached looked up",
        "Field keyless",
    ),
}
RECEIPT = {
    "zh": (
        "✓ Paper found 已由Register found核验",
        "Paper empty 没有查到记录，需要提交",
        "Paper refused 未获准查询，需要提交",
        "Paper keyless 没有调取，需要提交",
        "已由Register cached（{age} 秒前查到）核验",
        "Field wrong：kept wrong 已请数据提供部门核实",
        "Register down暂时没有回应，恢复后会自动再查，您不用再来。 "
        "还缺这些材料，补齐之前不能批准： Paper empty Paper refused Paper keyless",
        "… Paper down Register down暂时没有回应，恢复后会自动再查，您不用再来。",
        "（选填） 可以现在就上传，不用等。",
    ),
    "en": (
        "✓ Paper found Proved by Register found",
        "Paper empty no record was found; has to be handed in",
        "Paper refused the lookup was not permitted; has to be handed in",
        "Paper keyless nothing was looked up; has to be handed in",
        "Proved by Register cached (looked up {age} s ago)",
        "Field wrong: kept wrong The providing department is asked to check",
        "Register down: no answer for now. It is asked again by itself once it is back; you need not come again. "
        "These documents are still missing; nothing can be approved before they are in: Paper empty Paper refused",
        "… Paper down Register down: no answer for now. It is asked again by itself once it is back",
        "(optional) You may upload it now instead of waiting.",
    ),
}
DESK = {
    "zh": (
        "○ 查无记录 Register empty",
        "Paper wrong ✓ 已核验 ■ 申请人认为所依据的登记有误",
        "Paper found ✓ 已核验 已由",
        "■ 数据源未回应 Register down",
        "■ 未获准查询 Register refused",
        "申请人没有同意查询。",
        "Paper keyless ○ 待上传 没有调取，需要提交",
        "缓存 {age} 秒",
        "Field wrong kept wrong ■ 申请人认为有误 Register wrong",
        "Field empty own words ■ 申请人申报，数据源没有 ",
        "Field down own down ■ 申请人申报，数据源没有回应",
        "Field refused own refused ■ 申请人申报，没有获准查询",
        "数据源没有回应：Purpose down。恢复后会自动再查",
    ),
    "en": (
        "○ No record Register empty",
        "■ The applicant calls the record it rests on wrong",
        "■ No answer Register down",
        "■ Not permitted Register refused",
        "The applicant did not agree to the lookup.",
        "Paper keyless ○ To be uploaded nothing was looked up; has to be handed in",
        "cached {age} s",
        "Field wrong kept wrong ■ Disputed by the applicant Register wrong",
        "Field empty own words ■ Declared by the applicant; the source has none",
        "Field down own down ■ Declared by the applicant; the source did not answer",
        "Field refused own refused ■ Declared by the applicant; the lookup was not permitted",
        "no record was found; has to be handed in",
    ),
}
ME = {
    "zh": {
        "found": "查到了",
        "wrong": "查到了",
        "empty": "没有查到登记",
        "down": "数据源没有回应，没有读到内容",
        "cached": "查到了",
    },
    "en": {
        "found": "Found",
        "wrong": "Found",
        "empty": "Nothing registered",
        "down": "The source did not answer, nothing was read",
        "cached": "Found",
    },
}
NAMES = ("陈试甲", "孔工丁", "试浦镇便民服务中心", "试浦镇", "试丰村", "民政局")
"""People and places, which are data in either language."""
OWN = {"/empty": "own words", "/down": "own down", "/refused": "own refused"}


def check(page: str, language: str, sentences: Iterable[str]) -> None:
    told = plain(page)
    for one in sentences:
        before, _, after = one.partition("{age}")
        wanted = re.escape(before) + r"[1-9]\d*" + re.escape(after) if "{age}" in one else re.escape(one)
        assert re.search(wanted, told), (one, told)
    assert "None" not in told
    if language == "en":
        assert chinese(page, NAMES) == []


def test_every_end_has_its_sentence_and_next_step_on_every_page_in_both_languages(client: Client, come: Come) -> None:
    person, desk = come("elder"), come(REVIEWER)
    begun(person)
    time.sleep(1.1)  # so that what is answered from the cache has an age
    draft = begun(person)
    for language in ("zh", "en"):
        person.get(f"/look?language={language}")
        form = FORM[language]
        check(person.get(draft), language, [one for end in form for one in form[end]])
    person.post(draft, action="save", _wrong="/wrong", **OWN)
    for language in ("zh", "en"):
        person.get(f"/look?language={language}")
        papers = [form[-1] for end, form in FORM[language].items() if end not in ("down", "refused")]
        check(
            person.get(f"{draft}/check"),
            language,
            [*CHECK[language][:-1], *papers, *(FORM[language][e][2] for e in ("down", "refused"))],
        )
        assert CHECK[language][-1] not in plain(person.get(f"{draft}/check")), "what it would fill is no question"
    person.post(f"{draft}/check", action="file")
    no = person.at.rpartition("/")[2].partition("?")[0]
    for language in ("zh", "en"):
        person.get(f"/look?language={language}")
        check(person.get(f"/cases/{no}"), language, RECEIPT[language])
        mine = plain(person.get(f"/me?case={no}"))
        for end, words in ME[language].items():
            assert re.search(rf"Register {end} 2[\d: -]+ .{{0,80}}Value {end} .{{0,40}}{re.escape(words)} ", mine), (
                end,
                mine,
            )
        assert "Register keyless" not in mine, "nobody was asked"
        assert "Register refused" not in mine, "he did not agree, and nobody was asked"
        desk.get(f"/look?language={language}")
        check(desk.get(f"/admin/cases/{no}"), language, DESK[language])


def held_against(page: str) -> str:
    """The line of the paper whose proof the applicant calls wrong."""
    found = re.search(r"<li[^>]*>(?:(?!</li>).)*Paper wrong.*?</li>", page, re.DOTALL)
    assert found
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found[0]).split()))


@pytest.mark.parametrize("claim", ["", "my own word"], ids=["only called wrong", "declared anew"])
def test_a_paper_whose_proof_is_called_wrong_is_not_shown_as_proved(client: Client, come: Come, claim: str) -> None:
    person = come("elder")
    draft = begun(person)
    assert held_against(person.get(draft)).startswith("✓ Paper wrong 已由Register wrong核验")
    person.post(draft, action="save", _wrong="/wrong", **({"_claim:/wrong": claim} if claim else {}))
    for path in (draft, f"{draft}/check"):
        check_doubt(person, path, claim)
    person.post(f"{draft}/check", action="file")
    check_doubt(person, person.at.partition("?")[0], claim)


def check_doubt(person: Person, path: str, claim: str) -> None:
    told = {
        "zh": "您说Register wrong查到的有误，工作人员会" + ("和您申报的对照核实" if claim else "核实"),
        "en": "You call what Register wrong holds wrong; staff will check it"
        + (" against what you declared" if claim else ""),
    }
    for language, words in told.items():
        person.get(f"/look?language={language}")
        page = person.get(path)
        assert held_against(page).startswith(f"… Paper wrong {words} ·"), (path, held_against(page))
        assert "✓ Paper found" in plain(page)
    person.get("/look?language=zh")


def test_a_source_whose_fields_have_no_title_is_asked_by_their_names(client: Client, come: Come) -> None:
    desk = come("administrator")
    page = desk.get("/admin/sources/reg-found")
    assert '<label for="by-id_number">id_number</label>' in page
    answer = desk.post("/admin/sources/reg-found", **{"by/id_number": ELDER, "purpose": "Test"})
    assert "Value found" in answer
    assert "kept found" in answer


def test_who_compares_a_late_answer_with_what_was_declared_sees_both(
    client: Client, come: Come, tmp_path: Path
) -> None:
    person, desk = come("elder"), come(REVIEWER)
    draft = begun(person)
    person.post(draft, action="save", **OWN)
    person.post(f"{draft}/check", action="file")
    no = person.at.rpartition("/")[2].partition("?")[0]
    (tmp_path / "down.csv").write_text(f"id_number,value\n{ELDER},kept down\n", "utf-8")
    for language, both, why in (
        (
            "zh",
            "Field down kept down ■ 申请人原来申报的是：own down",
            "申报的内容与后来查到的登记不一致，由工作人员核对",
        ),
        ("en", "Field down kept down ■ The applicant had declared: own down", "what was declared differs from what"),
    ):
        desk.get(f"/look?language={language}")
        if language == "zh":
            desk.post(f"/admin/cases/{no}/look-up", page=f"/admin/cases/{no}")
        check(desk.get(f"/admin/cases/{no}"), language, (both, why))
