"""What is left of a person: every column of every table, sealed values opened, and every file is looked through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from core import database, sealing
from core.kernel import Kernel


async def every_value() -> AsyncIterator[tuple[str, str]]:
    """(table.column, what it says) of the whole database, sealed values opened."""
    connection = database.connection()
    if connection.capabilities.dialect == "postgres":
        names = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    else:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    for table in await connection.execute_query_dict(names):
        for row in await connection.execute_query_dict(f'SELECT * FROM "{table["name"]}"'):
            for column, value in dict(row).items():
                place = f"{table['name']}.{column}"
                yield place, _opened(place, value)


def _opened(place: str, value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        raw = bytes(value)
        return sealing._open(raw, place).decode() if raw[:1] == sealing.FORMAT else raw.decode("utf-8", "replace")
    return str(value)


async def found(kernel: Kernel, wanted: Mapping[str, str]) -> dict[str, set[str]]:
    """What of `wanted` (what it is → how it reads) is still there → where."""
    places: dict[str, set[str]] = {}
    async for place, text in every_value():
        for what, said in wanted.items():
            if said in text:
                places.setdefault(what, set()).add(place)
    for path in (p for p in kernel.settings.files.rglob("*") if p.is_file()):
        for what, said in wanted.items():
            if said in str(path) or said.encode() in path.read_bytes():
                places.setdefault(what, set()).add(f"file {path.name}")
    return places
