"""Every route of the house says whom it is for, and only a room itself reads its tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route

import admin.plugin
import forms.plugin
from admin.rights import ACTIONS, SCOPES
from core.office.permissions import MATRIX
from core.web.app import own_routes
from tests.guards.doors import DOORS
from tests.guards.house import foreign_tables

ROOT = Path(__file__).resolve().parents[2]


def house() -> list[str]:
    """Every door that stands in the house today."""
    return doors([*own_routes(), *forms.plugin.routes(), *admin.plugin.routes()])


def doors(routes: Iterable[BaseRoute], prefix: str = "") -> list[str]:
    """`GET /items/{id}` for each route, mounts opened; HEAD goes with GET, static files are nobody's secret."""
    found = []
    for route in routes:
        if isinstance(route, Mount) and route.name != "static":
            found += doors(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            methods = (route.methods or {"GET"}) - {"HEAD"}
            found += [f"{method} {prefix}{route.path}" for method in sorted(methods)]
    return found


def test_every_route_says_whom_it_is_for() -> None:
    missing = sorted(set(house()) - set(DOORS))
    assert not missing, f"Write in tests/guards/doors.py whom these are for: {missing}"


def test_every_action_and_reach_has_its_word_on_the_page_of_permissions() -> None:
    assert set(MATRIX) <= set(ACTIONS)
    assert {scope for row in MATRIX.values() for scope in row.values()} <= set(SCOPES)


def test_a_route_that_nobody_wrote_down_is_seen() -> None:
    async def secret(request: object) -> None: ...

    assert set(doors([Route("/admin/secret", secret)])) - set(DOORS) == {"GET /admin/secret"}


def test_tables_are_read_by_their_own_room_only() -> None:
    breaches = foreign_tables(ROOT)
    assert not breaches, "\n".join(breaches)


def test_a_page_that_reads_a_table_past_access_is_seen(tmp_path: Path) -> None:
    for name in ("core/cases/x.py", "admin/x.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = ("from core.office.models import Account", "from core.office.models.accounts import Account")
        path.write_text("\n".join(('"""X."""', *lines, "")), "utf-8")
    assert len(foreign_tables(tmp_path)) == 4
