"""What the seeds say of a site beyond its name: where it lies, when it is open, what each counter takes.

Knows no database. A sheet that names a site replaces what was known of that site in this respect, whole; of sites that
it does not name it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from core.contract import Closed, Counter, Hours, Office, Site
from core.office.hours import DAYS, KINDS, clashes, is_clock
from core.office.sheet import Faults, Row, unique

T = TypeVar("T")

SITE_SHEETS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("site", "address", "telephone"),
    "hours": ("site", "days", "opens", "closes", "kind"),
    "closed": ("site", "since", "until", "note"),
    "counters": ("site", "id", "name", "themes", "items"),
}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def detailed(sheets: Mapping[str, Sequence[Row]], office: Office, faults: Faults) -> dict[str, Site]:
    """The sites that these sheets name, with what they say."""
    sites: dict[str, Site] = {}

    def now(id: str) -> Site:
        return sites.get(id) or office.sites[id]

    for row in unique(sheets["contacts"], ("site",), faults):
        if _known(row, office, faults):
            sites[row["site"]] = replace(now(row["site"]), address=row["address"], telephone=row["telephone"])
    for id, hours in _by_site(sheets["hours"], office, faults, _hours).items():
        _no_clash(sheets["hours"], id, hours, faults)
        sites[id] = replace(now(id), hours=tuple(hours))
    for id, closed in _by_site(sheets["closed"], office, faults, _closed).items():
        sites[id] = replace(now(id), closed=tuple(closed))
    rows = list(unique(sheets["counters"], ("site", "id"), faults))
    for id, counters in _by_site(rows, office, faults, _counter).items():
        sites[id] = replace(now(id), counters=tuple(counters))
    return sites


def _by_site(
    rows: Iterable[Row], office: Office, faults: Faults, read: Callable[[Row, Office, Faults], T | None]
) -> dict[str, list[T]]:
    """site → what its rows say, in their order."""
    found: dict[str, list[T]] = {}
    for row in rows:
        known = _known(row, office, faults)
        said = read(row, office, faults)
        if known and said is not None:
            found.setdefault(row["site"], []).append(said)
    return found


def _known(row: Row, office: Office, faults: Faults) -> bool:
    if row["site"] in office.sites:
        return True
    if row["site"] in office.former:
        faults.add(f"{row.where}#site", "retired-site", value=row["site"])
    else:
        faults.unknown(row, "site", "a site", office.sites)
    return False


def _hours(row: Row, office: Office, faults: Faults) -> Hours | None:
    fine = True
    kind = row["kind"] or "open"
    for column, value, kinds, what in (("days", row["days"], DAYS, "a day"), ("kind", kind, KINDS, "a kind")):
        if value not in kinds:
            faults.unknown(row, column, what, kinds, value)
            fine = False
    for column in ("opens", "closes"):
        if not is_clock(row[column]):
            faults.add(f"{row.where}#{column}", "bad-time", value=row[column])
            fine = False
    if fine and row["opens"] >= row["closes"]:
        faults.add(f"{row.where}#closes", "bad-hours", closes=row["closes"], opens=row["opens"])
        fine = False
    return Hours(row["days"], row["opens"], row["closes"], kind) if fine else None


def _no_clash(rows: Sequence[Row], site: str, hours: Sequence[Hours], faults: Faults) -> None:
    for earlier, later in clashes(hours):
        row = next(
            one
            for one in reversed(rows)
            if (one["site"], one["days"], one["opens"], one["closes"]) == (site, later.days, later.opens, later.closes)
        )
        faults.add(
            f"{row.where}#opens",
            "overlap",
            since=later.opens,
            until=later.closes,
            opens=earlier.opens,
            closes=earlier.closes,
        )


def day_of(row: Row, column: str, faults: Faults) -> date | None:
    try:
        if len(row[column]) == 10:
            return date.fromisoformat(row[column])
    except ValueError:
        pass
    faults.add(f"{row.where}#{column}", "bad-date", value=row[column])
    return None


def _closed(row: Row, office: Office, faults: Faults) -> Closed | None:
    since = day_of(row, "since", faults)
    until = day_of(row, "until", faults) if row["until"] else since
    if since and until and until < since:
        faults.add(f"{row.where}#until", "bad-date/order", until=until, since=since)
        return None
    return Closed(since, until, row["note"]) if since and until else None


def _counter(row: Row, office: Office, faults: Faults) -> Counter | None:
    fine = True
    if not _ID.fullmatch(row["id"]):
        faults.add(f"{row.where}#id", "bad-id/counter", value=row["id"])
        fine = False
    if not row["name"]:
        faults.add(f"{row.where}#name", "no-name")
        fine = False
    themes, items = row["themes"].split(), row["items"].split()
    for theme in themes:
        if theme not in office.themes:
            faults.unknown(row, "themes", "a theme", office.themes, theme)
            fine = False
    for item in items:
        # Which items there are is the catalog's to say; the counter's page in admin names those it does not know.
        if not _ID.fullmatch(item):
            faults.add(f"{row.where}#items", "bad-id/item", value=item)
            fine = False
    return Counter(row["id"], row["name"], tuple(themes), tuple(items)) if fine else None
