"""Letters see declared facts and nothing else, and a bad template harms nobody."""

from __future__ import annotations

import pytest

from core.cases.letters import LetterFailed, addressed, render
from core.catalog.bundle import read_item
from core.contract import Item
from tests.cases.town import ALLOWANCE

FACTS = {
    "applicant": {"name": "<b>陈试甲</b>"},
    "answers": {"phone": "139"},
    "lookups": {"person": {"name": "陈试甲"}},
    "secret": "not declared",
}


def with_template(text: str) -> Item:
    return read_item("allowance", {**ALLOWANCE, "templates": {"result.html": text}})


def test_facts_are_escaped() -> None:
    assert render(with_template("{{ applicant.name }}"), "result.html", FACTS) == "&lt;b&gt;陈试甲&lt;/b&gt;"


def test_an_absent_part_can_be_asked_for() -> None:
    text = "{% if agent is defined %}代办{% else %}本人{% endif %}"
    assert render(with_template(text), "result.html", FACTS) == "本人"


@pytest.mark.parametrize(
    "asked",
    [
        "findings", "findings.visit", "findings.visit.result", "findings['visit']['result']", "answers.remark",
        "lookups.person.house.owner", "findings.visit.result == '合格'", "findings.visit.result == lookups.house.state",
        "agent and agent.relation == 'guardian'", "findings.visit.result in ['合格']",
    ],
)  # fmt: skip
def test_what_is_not_there_yet_is_no_in_an_if(asked: str) -> None:
    text = f"{{% if {asked} %}}有{{% else %}}没有{{% endif %}}"
    assert render(with_template(text), "result.html", FACTS) == "没有"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ findings.visit.result }}", "findings"),
        ("{{ answers.remark }}", "remark"),
        ("{% if findings.visit.result != '合格' %}不合格{% endif %}", "findings"),
        ("{% if findings.visit.score >= 60 %}合格{% endif %}", "findings"),
        ("{% for one in findings.visit.rows %}{% endfor %}", "findings"),
        ("{{ findings.visit.score + 1 }}", "findings"),
    ],
)
def test_what_is_not_there_yet_is_told_where_it_is_written_out(text: str, name: str) -> None:
    with pytest.raises(LetterFailed) as failed:
        render(with_template("\n" + text), "result.html", FACTS)
    told = failed.value.told
    for words in ("templates/result.html 第 2 行", f"“{name}”", "先判断：{% if", '|default("…")'):
        assert words in told.zh
    for words in ("templates/result.html, line 2", f"'{name}'", "Ask first: {% if", '|default("…")'):
        assert words in told
    assert "undefined" not in told.zh


def test_what_cannot_be_worked_out_says_where_to_look() -> None:
    with pytest.raises(LetterFailed) as failed:
        render(with_template("{{ answers.phone / 2 }}"), "result.html", FACTS)
    assert "templates/result.html 第 1 行算不出来" in failed.value.told.zh
    assert "templates/result.html, line 1 cannot be worked out" in failed.value.told


@pytest.mark.parametrize(
    "text",
    [
        "{{ secret }}",
        "{{ applicant.nothing }}",
        "{{ nobody }}",
        "{{ applicant.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ applicant.update({'name': 'x'}) }}",
        "{{ applicant.clear() }}",
        "{% set _ = lookups.pop('person') %}",
        "{% include 'other' %}",
        "{% import 'os' as os %}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ 1 / 0 }}",
        "{{ 'x' * 300000 }}",
        "{% for",
        "{{ self._TemplateReference__context }}",
    ],
)
def test_what_a_letter_may_not_do_gives_no_letter(text: str) -> None:
    with pytest.raises(LetterFailed):
        render(with_template(text), "result.html", FACTS)
    assert FACTS["applicant"] == {"name": "<b>陈试甲</b>"}


def test_a_missing_template_is_told_to_staff() -> None:
    with pytest.raises(LetterFailed, match=r"other\.html"):
        render(with_template(""), "other.html", FACTS)


def test_a_letter_always_has_a_name_to_speak_to() -> None:
    item = with_template("{{ applicant.name }}")
    number = {"kind": "person", "id_number": "11010519491231002X"}
    register = {"person": {"name": "陈试甲"}}
    assert addressed({**number, "name": "陈甲"}, item, register)["name"] == "陈试甲", "typed at a counter"
    assert addressed({**number, "name": "陈甲"}, item, {})["name"] == "陈甲"
    assert addressed(number, item, register)["name"] == "陈试甲"
    assert addressed(number, item, {})["name"] == "申请人"


NULLS = {
    **FACTS,
    "case": {"no": "1", "fee": None, "duties": [{"due": None}]},
    "decision": {"granted": None},
    "agent": None,
}


@pytest.mark.parametrize("name", ["case.fee", "case['fee']", "decision.granted.number", "case.duties[0].due", "agent"])
def test_null_is_what_is_not_there(name: str) -> None:
    asked = f"{{% if {name} %}}有{{% else %}}没有{{% endif %}}{{% if {name} is none %}}空{{% endif %}}"
    assert render(with_template(asked), "result.html", NULLS) == "没有空"
    assert render(with_template(f'{{{{ {name}|default("免") }}}}'), "result.html", NULLS) == "免"
    with pytest.raises(LetterFailed, match=r"templates/result\.html:1"):
        render(with_template(f"{{{{ {name} }}}}"), "result.html", NULLS)
