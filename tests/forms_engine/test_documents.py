"""docs/forms.md: its examples run, its table of keywords is the engine's own, and each keyword does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forms import Form
from forms.engine.keywords import KEYWORDS, Keyword, table

PAGE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(example: str) -> None:
    exec(compile(example, "docs/forms.md", "exec"), {})


def test_the_table_of_keywords_is_the_engines_own() -> None:
    shown = re.search(r"<!-- keywords -->\n(.*?)\n<!-- /keywords -->", PAGE, re.S)
    assert shown is not None
    assert shown[1] == table(), "put forms.engine.keywords.table() between the marks"


@pytest.mark.parametrize("keyword", KEYWORDS, ids=lambda k: k.name)
def test_a_keyword_does_what_it_says(keyword: Keyword) -> None:
    form = Form({"type": "object", "properties": {"x": keyword.schema}, "$defs": keyword.schema.get("$defs", {}),
                 "definitions": keyword.schema.get("definitions", {})})  # fmt: skip
    form.render()
    form.render({"x": keyword.good})
    assert form.problems({"x": keyword.good}) == []
    if keyword.bad is not None:
        problems = form.problems({"x": keyword.bad})
        assert problems
        form.render({"x": keyword.bad}, problems)
