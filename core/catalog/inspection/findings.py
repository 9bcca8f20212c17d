"""The schema of what somebody finds and writes down, at a step or at a duty after the decision.

Knows what only a form may ask; which step or duty it is of is told.
"""

from __future__ import annotations

from typing import Any

from core.catalog.inspection import form
from core.catalog.inspection.around import Work
from core.catalog.places import mapping
from core.judge import schema as schemas

_ONLY_IN_FORMS = ("x-from", "x-suggest", "x-choices")
"""What fills a question for the applicant; whoever inspects writes what he saw."""


def check(work: Work, file: str, at: str, schema: Any) -> None:
    """`at`: where the schema stands. What is no mapping has been told as a wrong shape."""
    said = mapping(schema)
    if said.get("type") != "object":
        work.faults.add(file, f"{at}/type", "not-an-object/findings")
    work.faults.relay(file, at, schemas.faults(dict(said)))
    for inside, node in form.subschemas(said):
        form.format(work.faults, file, f"{at}{inside}", node)
        for keyword in _ONLY_IN_FORMS:
            if keyword in node:
                work.faults.add(file, f"{at}{inside}/{keyword}", "not-in-findings", name=keyword)
        if form.is_file(node):
            work.faults.add(file, f"{at}{inside}", "not-in-findings/file")
