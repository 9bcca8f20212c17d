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
