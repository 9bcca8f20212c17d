"""Connector `sql`: one SELECT with named parameters against SQLite, PostgreSQL, MySQL or MariaDB.

Knows how a statement is read and checked; the drivers are next door, one module each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.contract import Source
from core.sources.connectors import CannotConnect, Connection

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mariadb",
    "mariadb": "mariadb",
}
# What may hold a colon that is no parameter: strings, quoted names, comments, dollar quotes, casts.
TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | --[^\n]* | /\*.*?\*/
      | \$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$ | ::\s*\w+ | :(?P<name>[A-Za-z_][A-Za-z0-9_]*) | ;""",
    re.VERBOSE | re.DOTALL,
)
FIRST_WORD = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(\w+)", re.DOTALL)


def parameters(statement: str) -> tuple[str, ...]:
    """The `:name` parameters of a statement, each once, in order of appearance."""
    found = (match["name"] for match in TOKEN.finditer(statement))
    return tuple(dict.fromkeys(name for name in found if name))


def faults(statement: str, known: Mapping[str, Any]) -> list[str]:
    """What is wrong with a statement, as sentences; `known` are the properties of the source's query schema."""
    wrong = []
    first = FIRST_WORD.match(statement)
    if first is None or first[1].lower() not in ("select", "with"):
        wrong.append("the statement must begin with SELECT or WITH: a source is only ever read")
    rest = statement.rstrip().rstrip(";")
    if any(match[0] == ";" for match in TOKEN.finditer(rest)):
        wrong.append("one statement only: remove what follows the semicolon")
    wrong += [f'":{name}" is not a property of the query schema' for name in parameters(statement) if name not in known]
    return wrong


def compiled(statement: str, style: Callable[[int], str], *, repeat: bool = False) -> tuple[str, tuple[str, ...]]:
    """The statement in a driver's own parameter style, and the names in the order of their values.

    `style(number)` spells one parameter, from 1. A name that occurs twice keeps its number, unless `repeat`: then
    every occurrence is a parameter of its own.
    """
    order: list[str] = []

    def spell(match: re.Match[str]) -> str:
        name = match["name"]
        if not name:
            return match[0]
        if repeat or name not in order:
            order.append(name)
        return style(len(order) if repeat else order.index(name) + 1)

    return TOKEN.sub(spell, statement.rstrip().rstrip(";")), tuple(order)


def connect(source: Source, settings: Mapping[str, Any], *, near: Path | None = None) -> Connection:
    """Nothing is opened yet: the first question opens. Raises CannotConnect for settings that cannot work."""
    url = str(settings.get("url") or "")
    statement = str(settings.get("select") or "")
    scheme = url.partition(":")[0].partition("+")[0].lower()
    if scheme not in DRIVERS:
        raise CannotConnect("settings.url must begin with sqlite:, postgresql:, mysql: or mariadb:")
    if DRIVERS[scheme] != "sqlite":
        check_address(url)
    wrong = faults(statement, source.query.get("properties") or {})
    if wrong:
        raise CannotConnect("settings.select: " + "; ".join(wrong))
    if settings.get("ca"):
        settings = {**settings, "ca": str(Path(source.folder) / str(settings["ca"]))}
    made: Connection = driver_of(url).connect(source, settings, url=url, statement=statement, near=near)
    return made


def driver_of(url: str) -> Any:
    """The module next door for an address that `connect` takes, with its driver; a KeyError for any other."""
    return import_module(f"core.sources.connectors.{DRIVERS[url.partition(':')[0].partition('+')[0].lower()]}")


def check_address(url: str) -> None:
    """Raises CannotConnect for what a password with bare special characters makes of an address."""
    try:
        parts = urlsplit(url)
        wrong = "@" in parts.path + parts.query + parts.fragment
        if "," not in parts.netloc:  # several hosts, each with a port, as PostgreSQL has them
            wrong = wrong or (parts.port or 1) < 1
    except ValueError:
        wrong = True
    if wrong:
        raise CannotConnect(
            "settings.url cannot be read: in the user's name and the password write @ as %40, : as %3A, / as %2F, "
            "# as %23, ? as %3F, % as %25"
        )
