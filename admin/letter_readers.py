"""Who a letter of a case is for, in words: the other party, a unit by the way of a copy, or somebody outside.

Knows names of the office and no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.contract import Office
from forms.pages.words import N_


def reader_said(
    office: Office, to: str, unit: str | None, area: str | None, _: Callable[[str], str], names: Iterable[str] = ()
) -> str:
    """For a letter that is not the applicant's own; `names` are those of people outside, none once erased."""
    if to == "outside":
        return _(N_("写给%(name)s")) % {"name": _("、").join(names) or "—"}
    if to != "unit":
        return _(N_("送达另一方"))
    return _(N_("抄送")) + _("：") + office.name_of(area) + office.unit_name(unit)
