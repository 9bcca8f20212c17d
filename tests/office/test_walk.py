"""Every page as every role, and every case of one office as every other's staff.

What each answer must be is worked out from the matrix and from `tests/guards/doors.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import settings as settings_module
from core.contract import Actor, Office
from core.office.permissions import CITIZEN_ROLES, MATRIX, STAFF_ROLES, may
from core.office.seed import read
from core.office.seeding import placed
from core.settings import SOURCE_ROOT
from tests.conftest import Client
from tests.guards.doors import CASE, DOORS, OPEN, SIGNED, STAFF, TOKEN
from tests.guards.test_doors import house

BOTH_DATABASES = True

PARAMETERS = {
    "{id}": "nothing",
    "{no}": "2026010100000000",
    "{name:path}": "phone",
    "{login}": "nobody-at-all",
    "{act}": "close",
    "{kind}": "units",
    "{digest}": "0" * 64,
    "{move}": "accept",
    "{material}": "account",
    "{number:int}": "1",
}
"""Nothing of these exists, so that whoever is let in finds nothing and changes nothing."""
STALE = {"revision": "0", "outcome": "approve", "because": "试", "basis": "试"}
"""A whole form, of a page that is too old: who may make the move is told so, and nothing moves."""
ENDS_THE_SESSION = ("POST /logout", "POST /account/sessions", "POST /admin/next")
FILED = {
    "elder-blacklisted": ("320583103001", None),
    "elder-no-account": ("320583103001", "station-shipu-001"),
}
ROLES = ("", *CITIZEN_ROLES, *STAFF_ROLES)


@dataclass
class Town:
    client: Client
    office: Office
    jars: dict[str, list[Any]] = field(default_factory=dict)

    def become(self, login: str) -> None:
        """Sign in once, and come back to that session later; "" is nobody."""
        jar = self.client.http.cookies.jar
        jar.clear()
        if login in self.jars:
            for cookie in self.jars[login]:
                jar.set_cookie(cookie)
            return
        page = self.client.http.get("/login")
        if login:
            password = next(a["password"] for a in self.client.told["accounts"] if a["login"] == login)
            fields = self.client.hidden(page.text) | {"login": login, "password": password}
            assert self.client.http.post("/login", data=fields, follow_redirects=False).status_code == 303
        self.jars[login] = list(jar)

    def token(self) -> str:
        """The CSRF token of whoever this is now."""
        path = "/account" if any(cookie.name == "lb_sid" for cookie in self.client.http.cookies.jar) else "/login"
        return self.client.hidden(self.client.http.get(path).text)["_csrf"]

    def knock(self, method: str, path: str, token: str, **fields: str) -> int:
        data = {"_csrf": token, **fields} if method == "POST" else None
        return int(self.client.http.request(method, path, data=data, follow_redirects=False).status_code)


@pytest.fixture(scope="module")
def town(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    from core.web.app import build

    folder = tmp_path_factory.mktemp("walk") / "data"
    shutil.copytree(seeded, folder)
    settings = settings_module.read(data=folder, demo=True, environ={})
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        told = json.loads((folder / "demo.json").read_text("utf-8"))
        seeds = read(SOURCE_ROOT / "seeds")
        yield Town(Client(http, told, settings), seeds.office)


def holder(town: Town, role: str) -> str | None:
    return next((a["login"] for a in town.client.told["accounts"] if a["role"] == role), None)


def expected(door: str | tuple[str, ...], role: str) -> str:
    """in, sign-in, forbidden or not-found."""
    if door == OPEN:
        return "in"
    if not role:
        return "sign-in"
    if door == SIGNED:
        return "in"
    if isinstance(door, tuple) and door[0] == "any":
        return "in" if any(may(Actor("x", role), action) for action in door[1:]) else "forbidden"
    if role not in STAFF_ROLES:
        return "forbidden"
    if door == STAFF:
        return "in"
    if door == CASE:
        return "not-found"
    return "in" if any(role in MATRIX[action] for action in door) else "forbidden"


def fits(status: int, wanted: str) -> bool:
    if wanted == "sign-in":
        return status == 303
    if wanted == "forbidden":
        return status == 403
    if wanted == "not-found":
        return status == 404
    return status not in (401, 403) or status == 401


@pytest.mark.parametrize("role", ROLES)
def test_every_page_lets_in_whom_the_matrix_names_and_nobody_else(town: Town, role: str) -> None:
    login = holder(town, role) if role else ""
    if login is None:
        pytest.skip(f"the made-up town has no account of the role {role}")
    wrong = []
    town.become(login)
    token = town.token()
    for line in house():
        door = DOORS[line]
        method, path = line.split(" ", 1)
        if door == TOKEN or line in ENDS_THE_SESSION:
            continue
        for name, value in PARAMETERS.items():
            path = path.replace(name, value)
        if path.startswith("/items/"):
            path = path.replace("nothing", "elder-allowance")
        status = town.knock(method, path, token)
        wanted = expected(door, role)
        if not fits(status, wanted):
            wrong.append(f"{line} as {role or 'nobody'}: {status}, expected {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", [line for line in house() if DOORS[line] == TOKEN])
def test_a_program_needs_a_token(town: Town, line: str) -> None:
    method, path = line.split(" ", 1)
    path = path.replace("{id}", "elder-allowance").replace("{no}", PARAMETERS["{no}"])
    town.client.http.cookies.jar.clear()
    for headers in ({}, {"Authorization": "Bearer lb_made-up"}):
        assert town.client.http.request(method, path, json={}, headers=headers).status_code == 401


@pytest.mark.parametrize("line", [line for line in house() if line.startswith("POST ") and "/api/" not in line])
def test_no_post_is_taken_without_a_token_of_our_own_page(town: Town, line: str) -> None:
    path = line.split(" ", 1)[1]
    for name, value in PARAMETERS.items():
        path = path.replace(name, value)
    town.become(str(holder(town, "administrator")))
    assert town.client.http.post(path, data={}, follow_redirects=False).status_code == 403


def actor_of(town: Town, login: str) -> Actor:
    """The account as the seeds place it, not as the server tells."""
    person = next(one for one in read(SOURCE_ROOT / "seeds").staff if one.login == login)
    area, channel = placed(person, town.office)
    return Actor(login, person.role, unit=person.unit, site=person.site, area=area, channel=channel)


def test_no_case_is_seen_or_moved_by_the_staff_of_another_office(town: Town) -> None:
    """Two cases of civil affairs of 试浦镇, knocked at by all the staff of the town: 178 people."""
    cases = []
    for login, (area, site) in FILED.items():
        elder = next(a for a in town.client.told["accounts"] if a["login"] == login)
        body: dict[str, Any] = {
            "applicant": {"kind": "person", "name": login, "id_number": elder["id_number"], "area": area},
            "answers": {"phone": "13900000000"},
            **({"site": site} if site else {}),
        }
        answer = town.client.http.post(
            "/api/v1/items/elder-allowance/cases", json=body, headers=town.client.token("portal")
        )
        assert answer.status_code == 201, answer.text
        told = answer.json()
        way = [(told["route"]["deciding"]["unit"], told["route"]["deciding"]["area"])]
        steps = [(step["unit"], step["area"]) for step in told["route"]["steps"]]
        cases.append((told["no"], way[0], steps, site))
    wrong = []
    seen = 0
    staff = [a["login"] for a in town.client.told["accounts"] if a["role"] in STAFF_ROLES]
    for login in staff:
        actor = actor_of(town, login)
        town.become(login)
        token = town.token()
        for no, (unit, area), steps, site in cases:
            reads = may(actor, "case.read", unit=unit, area=area, site=site, office=town.office) or any(
                unit_ == actor.unit and may(actor, "case.step", unit=unit_, area=area_, office=town.office)
                for unit_, area_ in steps
            )
            seen += reads
            status = town.knock("GET", f"/admin/cases/{no}", token)
            if status != (200 if reads else 404):
                wrong.append(f"{login} reads {no}: {status}, expected {200 if reads else 404}")
            for move, action in (("decide", "case.decide"), ("accept", "case.accept"), ("pause", "case.pause")):
                allowed = may(actor, action, unit=unit, area=area, site=site, office=town.office)
                status = town.knock("POST", f"/admin/cases/{no}/moves/{move}", token, **STALE)
                if not reads and status != 404:
                    wrong.append(f"{login} tries {move} on {no}: {status}, expected 404")
                if reads and not allowed and status not in (403, 409):
                    wrong.append(f"{login} tries {move} on {no}: {status}, expected 403 or 409")
    assert not wrong, "\n".join(wrong)
    assert 0 < seen < len(staff) * len(cases) / 4, "most of the town has nothing to do with these cases"
    for no, *_ in cases:
        told = town.client.http.get(f"/api/v1/cases/{no}", headers=town.client.token("portal")).json()
        assert told["status"] in ("filed", "accepted", "in_step"), "nobody has moved it"
