"""Who a letter of a case is for, in words: the other party, or a unit by the way of a copy.

Knows names of the office and no case.
"""

from __future__ import annotations

from collections.abc import Callable

from core.contract import Office
from forms.pages.words import N_


def reader_said(office: Office, to: str, unit: str | None, area: str | None, _: Callable[[str], str]) -> str:
    """For a letter that is not the applicant's own."""
    if to != "unit":
        return _(N_("送达另一方"))
    return _(N_("抄送")) + _("：") + office.name_of(area) + office.unit_name(unit)
