"""Generated forms: a schema and its ui over every construct of issue-sized forms, with a strategy of valid answers.

What a page cannot tell apart is never generated: blank text, an optional null, an optional group in which nothing was
said; they are absent by design (docs/forms.md).
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.branches import chosen, conditional, dependent, kinds, several_at_once, told_apart
from tests.forms_engine.generated.groups import blanks, by_pattern, carried, further, groups, maybe_groups, periods
from tests.forms_engine.generated.lists import rows, tuples
from tests.forms_engine.generated.part import Draw, Part
from tests.forms_engine.generated.questions import leaves
from tests.forms_engine.generated.references import by_reference, chains, trees


def parts(deep: int) -> st.SearchStrategy[Part]:
    """A place of any kind with at most so many levels below it."""
    if deep <= 0:
        return leaves()
    below = parts(deep - 1)
    return st.one_of(
        leaves(), groups(below), rows(below), tuples(below), further(below), by_pattern(below), told_apart(below),
        chosen(below), several_at_once(below), conditional(below), dependent(below), by_reference(below), trees(below),
        chains(below), kinds(below), carried(), periods(), maybe_groups(below),
        blanks(below),
    )  # fmt: skip


@st.composite
def forms(draw: Draw) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """(schema, ui, valid answers) of a whole form."""
    part: Part = draw(st.one_of(groups(parts(2)), groups(parts(2)), groups(parts(1), 2), parts(2)))
    schema = {**part.schema, "$defs": part.defs} if part.defs else part.schema
    return schema, part.ui, draw(part.needed if part.nullable else part.values)


def canonical(value: Any) -> Any:
    """Answers as JSON means them: 3.0 is 3, and true is not 1."""
    if isinstance(value, dict):
        return ("{}", {k: canonical(value[k]) for k in sorted(value)})
    if isinstance(value, list):
        return [canonical(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return ("n", int(value))
    return ("n", value) if isinstance(value, (int, float)) and not isinstance(value, bool) else (type(value), value)
