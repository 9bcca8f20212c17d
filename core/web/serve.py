"""`lingban serve`: prepare the data folder, bind the port, say where everything is, run uvicorn.

Knows processes and sockets; the application itself is `core.web.app`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import multiprocessing
import os
import socket
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

import click
import uvicorn

from core import database, sealing, settings
from core.cases.demo import make_mandates
from core.errors import LingbanError, UsageError
from core.office import demo
from core.settings import Settings
from core.web import app

SHUTDOWN_S = 5


def serve(config: Settings) -> None:
    """Runs until interrupted. Raises UsageError for a taken port or a database that cannot serve several workers."""
    if config.workers > 1 and config.database_url.startswith("sqlite"):
        raise UsageError(
            "SQLite serves one worker. Set LINGBAN_DATABASE_URL to a PostgreSQL database, or leave out --workers."
        )
    os.umask(0o077)  # what is written here holds people's numbers: for the server's own account alone
    listening = _bind(config)
    config = dataclasses.replace(config, port=listening.getsockname()[1])
    prepare(config)
    _announce(config)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = uvicorn.Config(
        "core.web.app:create" if config.workers > 1 else app.build(config, migrate=False),
        factory=config.workers > 1,
        workers=config.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    if config.workers > 1:
        settings.export(config)
        from uvicorn.supervisors import Multiprocess

        Multiprocess(options, sockets=[listening]).run()
    else:
        uvicorn.Server(options).run(sockets=[listening])


def url(config: Settings) -> str:
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"http://{host}:{config.port}"


def _bind(config: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((config.host, config.port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(
            f"{config.host}:{config.port} cannot be opened ({error}). Is another server running? Try --port 8001."
        ) from error
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


def prepare(config: Settings) -> None:
    """Make the data folder ready, in a child process: migrating and seeding once would otherwise leave some 50 MB
    in every serving process for good. Raises UsageError with the child's sentence."""
    if "fork" not in multiprocessing.get_all_start_methods():
        asyncio.run(_prepare(config))
        return
    context = multiprocessing.get_context("fork")  # nothing runs beside us yet, and what was imported need not be again
    hears, says = context.Pipe(duplex=False)
    child = context.Process(target=_prepare_apart, args=(config, says))
    child.start()
    says.close()
    try:
        wrong = hears.recv()
    except EOFError:
        wrong = "The data folder could not be prepared."
    child.join()
    if wrong is not None:
        raise UsageError(wrong)


def _prepare_apart(config: Settings, says: Connection) -> None:
    try:
        asyncio.run(_prepare(config))
    except LingbanError as error:
        says.send(str(error))
    else:
        says.send(None)


async def _prepare(config: Settings) -> None:
    """Tables, keys and, once, the made-up town; done before any worker starts."""
    sealing.use(sealing.keys_for(config))
    context = await database.open(config)
    try:
        await database.migrate(context)
        if config.demo:
            await demo.make_demo(config, url(config))
            await make_mandates(config)
    finally:
        await database.close(context)


def _announce(config: Settings) -> None:
    click.echo(f"Lingban 零办  {url(config)}   staff: {url(config)}/admin/   API: {url(config)}/openapi.json")
    if not config.demo:
        return
    said = json.loads((config.data / "demo.json").read_text(encoding="utf-8"))
    click.echo("\nA made-up town; every person, firm and record in it is invented. Demo accounts:")
    for account in _one_of_each(said["accounts"]):
        where = account.get("site") or account.get("id_number") or ""
        click.echo(f"  {account['login']:22} {account['password']:14} {account['role']:16} {where}".rstrip())
    click.echo(f"All {len(said['accounts'])} accounts, and API tokens: {config.data / 'demo.json'}\n")


def _one_of_each(accounts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Three citizens and one account of every other role: enough to try everything, few enough to read."""
    citizens = [account for account in accounts if account["role"] == "citizen"][:3]
    others = {account["role"]: account for account in reversed(accounts) if account["role"] != "citizen"}
    return [*citizens, *reversed(others.values())]
