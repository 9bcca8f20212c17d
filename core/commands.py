"""What the command line does, without a server: check, new, try, test, catalog, probe, verify, migrate, seed.

Knows how to stand the parts up for one command and take them down; options, output and exit codes are in `core.cli`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import database, sealing
from core.catalog import interview, reading, scaffold
from core.catalog.hooks import Hooks
from core.catalog.load import load
from core.catalog.snapshot import Catalog, Plugin, counts_of
from core.contract import Calendar, Item, Office, Source
from core.errors import UsageError
from core.office import access as office_access
from core.office import actions as office_actions
from core.office import persons, seeding
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings
from core.sources import conformance, reasons
from core.sources.engine import Sources


@dataclass(frozen=True)
class Standing:
    """What a command stands on: the office of the database where there is one, else of the seeds, and the catalog."""

    settings: Settings
    office: Office
    calendar: Calendar
    hooks: Hooks
    catalog: Catalog


def _sqlite_file(settings: Settings) -> Path | None:
    url = settings.database_url
    return Path(url.removeprefix("sqlite://").split("?")[0]) if url.startswith("sqlite://") else None


def _has_database(settings: Settings) -> bool:
    file = _sqlite_file(settings)
    return file is None or file.exists()


async def _office(settings: Settings) -> tuple[Office, Calendar]:
    if _has_database(settings):
        sealing.use(sealing.keys_for(settings))
        context = await database.open(settings)
        try:
            if await database.is_migrated(context):
                office = await office_access.office()
                if office.areas:
                    return office, await office_access.calendar()
        finally:
            await database.close(context)
    return read_office(settings.seeds), StateCalendar()


async def stand(settings: Settings, folders: Sequence[Path] = ()) -> Standing:
    """`folders` are laid over the shelves, each one plugin folder (then the plugins beside it are known too) or a
    folder of them."""
    laid = [path for folder in folders for path in (*_beside(settings, folder.resolve()), folder.resolve())]
    settings = dataclasses.replace(settings, plugins=(*settings.plugins, *laid))
    office, calendar = await _office(settings)
    hooks = Hooks()
    return Standing(settings, office, calendar, hooks, load(settings, office, hooks))


def _beside(settings: Settings, folder: Path) -> list[Path]:
    """The other plugins on the shelf that the folder lies on: its sources and its neighbours are no strangers.

    Beside what is no plugin nothing is looked at: a home directory is no shelf.
    """
    shelves = {path.resolve() for path in (settings.bundled_plugins, *settings.plugins)}
    if not reading.is_plugin(folder) or folder.parent in shelves:
        return []
    return [one for one in reading.plugin_folders(folder.parent) if one != folder and reading.is_plugin(one)]


@contextlib.contextmanager
def _registers(settings: Settings) -> Iterator[Settings]:
    """Settings whose sources answer: as configured, or from the made-up town where no real office is set up here.

    A data folder of `serve --demo`, or none at all, means the made-up town; then nothing is written outside a
    temporary folder.
    """
    if settings.demo or (settings.data / "demo.json").exists():
        yield dataclasses.replace(settings, demo=True)
    elif _has_database(settings):
        yield settings
    else:
        with tempfile.TemporaryDirectory(prefix="lingban-") as folder:
            yield dataclasses.replace(settings, demo=True, data=Path(folder))


@contextlib.asynccontextmanager
async def registers_of(standing: Standing) -> AsyncIterator[Sources]:
    with _registers(standing.settings) as settings:
        sources = Sources(settings=settings, hooks=standing.hooks)
        sources.use(standing.catalog.sources)
        try:
            yield sources
        finally:
            await sources.close()


def within(plugin: Plugin, folders: Sequence[Path]) -> bool:
    home = Path(plugin.folder).resolve()
    return not folders or any(home == f.resolve() or home.is_relative_to(f.resolve()) for f in folders)


# --- check, catalog --------------------------------------------------------------------------------------


async def check(settings: Settings, folders: Sequence[Path]) -> list[Plugin]:
    """The plugins in these folders, inspected; without folders, every one."""
    standing = await stand(settings, folders)
    plugins = sorted(standing.catalog.plugins.values(), key=lambda p: p.id)
    return [p for p in plugins if within(p, folders)]


async def new(
    settings: Settings,
    kind: str,
    name: str,
    *,
    into: Path,
    ask: interview.Ask | None,
    tell: interview.Tell,
    table: str = "",
    keys: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
) -> Path:
    """A new folder; with `ask`, after a few questions about it. Raises UsageError as `scaffold.new` does.

    `table` is a CSV or Excel file that a source is read from, by the columns `keys`. `said`: title, unit and audience
    where they are told beforehand.
    """
    scaffold.refuse(kind, name, into)  # before anything is asked
    standing = await stand(settings)
    sources, office = standing.catalog.sources, standing.office
    answers: dict[str, Any] = {}
    if ask is None:
        answers = interview.guessed(tell, table, keys, sources) if table else {}
        answers |= interview.told(tell, {**said} if said else {}, office, kind=kind, table=table)
    elif kind == "item":
        answers = interview.item(ask, tell, name=name, sources=sources, office=office)
    else:
        answers = interview.source(ask, tell, name=name, office=office, sources=sources, path=table, keys=keys)
    return scaffold.new(kind, name, into, answers, sources=sources, office=office)


def row(plugin: Plugin) -> dict[str, Any]:
    """As programs read it: `{"id", "kind", "faults": [{"where", "what", "hint", "code"}]}`, in English everywhere;
    with `"unfinished": [place, …]` where texts are still to be written, and `"advice"`, in the form of faults, where
    something is declared to no effect."""
    told = {"id": plugin.id, "kind": plugin.kind, "faults": [dataclasses.asdict(f) for f in plugin.faults]}
    if plugin.unfinished:
        told["unfinished"] = list(plugin.unfinished)
    if plugin.advice:
        told["advice"] = [dataclasses.asdict(one) for one in plugin.advice]
    return told


async def catalog(settings: Settings) -> dict[str, Any]:
    found = (await stand(settings)).catalog
    return {
        "items": [found.facts(item) for item in found.items.values()],
        "sources": [{"id": source.id, "connector": source.connector} for source in found.sources.values()],
        "counts": counts_of(found.items.values()),
    }


# --- one question to a source ----------------------------------------------------------------------------


async def probe(settings: Settings, said: str, by: Mapping[str, Any]) -> dict[str, Any]:
    """`said` is an id or a folder, as for `check_source`."""
    standing, source = await _source(settings, said)
    async with registers_of(standing) as sources:
        evidence = await sources.probe(source.id, by)
    return {"source": source.id, **{k: getattr(evidence, k) for k in ("outcome", "ms", "value", "reason", "asked_at")}}


def probe_line(settings: Settings, answer: Mapping[str, Any]) -> str:
    """How the source answered, in the reader's language; the outcome by its word in both."""
    reason = reasons.told(answer["reason"], settings.language)
    if settings.language != "zh":
        return f"{answer['outcome']} in {answer['ms']} ms {reason}".rstrip()
    return f"{answer['outcome']} {reasons.OUTCOMES[answer['outcome']]}，{answer['ms']} 毫秒 {reason}".rstrip()


def _known(known: Mapping[str, Any], id: str, kind: str) -> None:
    if id not in known:
        near = difflib.get_close_matches(id, known, 1)
        remedy = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(sorted(known))}."
        raise UsageError(f'There is no {kind} "{id}". {remedy}')


async def _source(settings: Settings, said: str) -> tuple[Standing, Source]:
    """ID or FOLDER, which need not lie on a shelf. Raises UsageError, with the faults where the source is set aside."""
    folder = Path(said)
    standing = await stand(settings, [folder] if (folder / "source.json").is_file() else [])
    id = folder.resolve().name if folder.is_dir() else said
    found = standing.catalog.sources.get(id)
    if found is None:
        _not_set_aside(standing, id)
        _known(standing.catalog.sources, id, "source")
        raise AssertionError(id)  # cannot fail: _known raises for what is not among the sources
    return standing, found


async def check_source(settings: Settings, said: str, echo: Callable[[str], None]) -> int:
    """The conformance suite against one source; how many checks failed."""
    standing, source = await _source(settings, said)
    failed = 0
    async with registers_of(standing) as sources:
        async for check_ in conformance.checks(sources, source):
            failed += not check_.passed
            ended = "--  " if check_.skipped else "ok  " if check_.passed else "FAIL"
            echo(f"{ended} {check_.name} {reasons.told(check_.reason, settings.language)}".rstrip())
    return failed


# --- the database ----------------------------------------------------------------------------------------


async def migrate(settings: Settings) -> list[str]:
    sealing.use(sealing.keys_for(settings))
    context = await database.open(settings)
    try:
        return await database.migrate(context)
    finally:
        await database.close(context)


async def seed(settings: Settings, folder: Path) -> list[str]:
    """Migrates first. Raises DeclarationError with every fault of the files, and then writes nothing."""
    sealing.use(sealing.keys_for(settings))
    context = await database.open(settings)
    try:
        await database.migrate(context)
        seeded = await seeding.seed(folder)
        first = await office_actions.first_password()
        also = await persons.also_staff(await persons.logins())
    finally:
        await database.close(context)
    lines = [f"{name} {count}" for name, count in dataclasses.asdict(seeded).items()]
    told = sorted({" = ".join(sorted((login, *others))) for login, others in also.items()})
    lines += [f"one person, several accounts: {one}" for one in told]
    if first is not None:
        lines.append(f"first administrator: {first[0]}  password: {first[1]}  (shown once)")
        lines.append("sign in at /login and give the others their passwords at /admin/staff")
    return lines


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}.") from error


def find_item(standing: Standing, said: str) -> Item:
    """ITEM or FOLDER. Raises UsageError, with the faults where the item is set aside."""
    id = Path(said).resolve().name if Path(said).is_dir() else said
    found = standing.catalog.items.get(id)
    if found is not None:
        return found
    _not_set_aside(standing, id)
    _known(standing.catalog.items, id, "item")
    raise AssertionError(id)  # cannot fail: _known raises for what is not among the items


def _not_set_aside(standing: Standing, id: str) -> None:
    plugin = standing.catalog.plugins.get(id)
    if plugin is not None and plugin.faults:
        raise UsageError("\n".join([f"{id} cannot be used:", *map(str, plugin.told(standing.settings.language))]))
