"""The command line: `lingban serve | check | new | try | test | catalog | source | audit | keys | migrate | seed`.

Knows options and exit codes; what each command does lives in its room. Exit: 0 done; 1 a fault, a failed scenario,
a broken chain; 2 usage or an unreadable file.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from core import __version__, settings
from core.errors import DeclarationError, LingbanError, UsageError
from core.settings import Settings

T = TypeVar("T")
Command = Callable[..., Any]

FAULT, USAGE = 1, 2


class Group(click.Group):
    """Ends on our own errors with their sentence and exit code, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DeclarationError as error:
            language = _settings().language
            for fault in error.faults:
                click.echo(str(fault.told(language)), err=True)
            ctx.exit(FAULT)
        except LingbanError as error:
            click.echo(f"lingban: {error}", err=True)
            ctx.exit(USAGE)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has seen enough
        except OSError as error:
            click.echo(f"lingban: {error.filename or ''}: {error.strerror or error}", err=True)
            ctx.exit(USAGE)


def _global(command: Command) -> Command:
    """`--plugins` and `--data`, understood before the command's name and after it."""

    @click.option("--plugins", "plugin_dirs", multiple=True, metavar="DIR", help="A further shelf of plugin folders.")
    @click.option("--data", "data_dir", metavar="DIR", help="Where everything is kept. Default ./data.")
    @click.option("--language", type=click.Choice(["zh", "en"]), help="Of faults. Default: LINGBAN_LANGUAGE, LANG.")
    @functools.wraps(command)
    def with_options(
        *args: Any,
        plugin_dirs: tuple[str, ...] = (),
        data_dir: str | None = None,
        language: str | None = None,
        **kwargs: Any,
    ) -> Any:
        ctx = click.get_current_context()
        said = ctx.ensure_object(dict)
        ctx.obj = {
            "plugins": (*said.get("plugins", ()), *plugin_dirs),
            "data": data_dir or said.get("data"),
            "language": language or said.get("language"),
        }
        return command(*args, **kwargs)

    return with_options


def _settings(**more: Any) -> Settings:
    said = click.get_current_context().obj
    return settings.read(
        data=said["data"], plugins=tuple(Path(p) for p in said["plugins"]), language=said["language"], **more
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _say(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lingban")
@_global
def main() -> None:
    """Lingban 零办: a folder goes in, a public service comes out."""


@main.command()
@click.option("--demo", is_flag=True, help="Seed an empty data folder with a made-up town, once.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@_global
def serve(demo: bool, host: str, port: int, workers: int) -> None:
    """Migrate, then serve citizens, staff and the API."""
    from core.web import serve as serving

    serving.serve(_settings(demo=demo, host=host, port=port, workers=workers))


@main.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@_global
def check(folders: tuple[Path, ...], as_json: bool) -> None:
    """Inspect plugin folders; every fault at once. Exit 1 on a fault."""
    from core import commands

    chosen = _settings()
    plugins = _run(commands.check(chosen, folders))
    if as_json:
        _say({"plugins": [commands.row(plugin) for plugin in plugins]})
    else:
        zh = chosen.language == "zh"
        for plugin in plugins:
            for fault in plugin.told(chosen.language):
                click.echo(str(fault))
            for one in plugin.told(chosen.language, plugin.advice):
                click.echo(f"{'提醒' if zh else 'note'}: {one}")
            for place in plugin.unfinished:
                left = "还没有填写；写完以前不列给群众。" if zh else "still to be written; until then it is not listed."
                click.echo(f"{plugin.home}/{place}: {left}")
        faults = sum(len(plugin.faults) for plugin in plugins)
        click.echo(
            f"{len(plugins)} 个插件，{faults} 处错误" if zh else f"{_n(len(plugins), 'plugin')}, {_n(faults, 'fault')}"
        )
    sys.exit(FAULT if any(plugin.faults for plugin in plugins) else 0)


@main.command()
@click.argument("kind", type=click.Choice(["item", "source"]))
@click.argument("name")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Default: plugins/ here.")
@click.option("--from", "table", default="", metavar="FILE", help="A source that is this CSV or Excel file.")
@click.option("--by", "keys", multiple=True, metavar="COLUMN", help="By which columns it is asked.")
@click.option(
    "--title", default="", help="What it is called, in Chinese. Nothing is asked where one of these is given."
)
@click.option("--unit", default="", help="The unit that decides, or keeps the register: its id, or its name.")
@click.option("--audience", default="", help="person, enterprise or both with a comma: whose number is looked up.")
@_global
def new(
    kind: str, name: str, into: Path | None, table: str, keys: tuple[str, ...], title: str, unit: str, audience: str
) -> None:
    """Make a folder for a new item or source that passes its own check and scenarios."""
    from core import commands

    if kind == "item" and (table or keys):
        raise UsageError("--from and --by make a source: lingban new source NAME --from FILE.")
    said = {key: word for key, word in (("title", title), ("unit", unit), ("audience", audience)) if word}
    ask = _prompt if sys.stdin.isatty() and not said else None
    folder = _run(
        commands.new(
            _settings(), kind, name, into=into or Path("plugins"), ask=ask, tell=click.echo, table=table, keys=keys,
            said=said,
        )
    )  # fmt: skip
    last = "test" if kind == "item" else "source check"
    click.echo(f"{folder}\n  lingban check {folder}\n  lingban {last} {folder}")
    if kind == "item":
        zh = "标着“请填写”的地方还要写，check 会列出来。"
        click.echo(zh if ask else f"{zh} What is marked 请填写 is still to be written; check lists it.")


def _prompt(question: str, default: str) -> str:
    said: str = click.prompt(question, default=default)
    return said


@main.command(name="try")
@click.argument("item")
@click.option("--scenario", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option("--letters", is_flag=True, help="Also show what each of the item's `letters` says.")
@_global
def try_(item: str, scenario: Path, as_json: bool, letters: bool) -> None:
    """Judge one scenario without any side effect. ITEM is an id or a folder.

    Exit 1 where its code or letter reads what `take` does not name, or the letter cannot be written.
    """
    from core import dryrun, explained

    chosen = _settings()
    language = "zh" if as_json else chosen.language
    result = _run(dryrun.try_item(chosen, item, scenario, language=language))
    if as_json:
        _say(result)
    else:
        click.echo(explained.explain(result, language, texts=letters))
    sys.exit(FAULT if result["reaches"] or result["letter_fault"] else 0)


@main.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_global
def test(folders: tuple[Path, ...]) -> None:
    """Run the scenarios in cases/ of every item; exit 1 when one fails."""
    from core import dryrun

    chosen = _settings()
    passed, failed = _run(dryrun.test(chosen, folders, click.echo))
    zh = chosen.language == "zh"
    click.echo(f"通过 {passed} 个，失败 {failed} 个" if zh else f"{passed} passed, {failed} failed")
    sys.exit(FAULT if failed else 0)


@main.command()
@click.option("--json", "as_json", is_flag=True)
@_global
def catalog(as_json: bool) -> None:
    """What is on offer, with the counts that the catalog yields."""
    from core import commands

    result = _run(commands.catalog(_settings()))
    if as_json:
        _say(result)
        return
    for row in result["items"]:
        levels = " ".join(f"{level}:{may}" for level, may in row["sites"].items())
        mark = "零材料" if row["zero_material"] else "　　　"
        click.echo(f"{row['id']:32} {mark}  {row['handling']:9} {levels:44} {row['title']}")
    click.echo("  ".join(f"{name} {count}" for name, count in result["counts"].items()))


@main.group(name="source")
@_global
def source_() -> None:
    """Ask or examine one data source."""


@source_.command()
@click.argument("id", metavar="ID|FOLDER")
@click.option("--by", "pairs", multiple=True, required=True, metavar="KEY=VALUE")
@click.option("--json", "as_json", is_flag=True)
@_global
def probe(id: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Ask a source one question and show how it answers."""
    from core import commands

    by = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--by {pair}: write it as key=value.")
        by[key] = value
    chosen = _settings(demo=True)
    answer = _run(commands.probe(chosen, id, by))
    if as_json:
        _say(answer)
    else:
        click.echo(commands.probe_line(chosen, answer))
        if answer["value"] is not None:
            _say(answer["value"])


@source_.command(name="check")
@click.argument("id", metavar="ID|FOLDER")
@_global
def source_check(id: str) -> None:
    """Run the conformance suite against a source."""
    from core import commands

    failed = _run(commands.check_source(_settings(demo=True), id, click.echo))
    sys.exit(FAULT if failed else 0)


@main.group()
@_global
def audit() -> None:
    """The log that proves what happened."""


@audit.command()
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--kept", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Roots that were kept outside."
)
@_global
def verify(as_json: bool, kept: Path | None) -> None:
    """Recompute every chain, read and daily root; name each first broken link and exit 1."""
    from core import auditing

    report = _run(auditing.verify(_settings(), progress=_progress(), kept=kept))
    if as_json:
        _say(report.as_json())
    else:
        for fault in report.faults:
            click.echo(str(fault))
        click.echo(f"{_n(report.cases, 'case')}, {_n(report.events, 'event')}, {_n(report.reads, 'read')}, "
                   f"{_n(report.roots, 'daily root')}: {_n(len(report.faults), 'fault')}")  # fmt: skip
    sys.exit(FAULT if report.faults else 0)


def _progress() -> Callable[[str, int, int], None]:
    """A line on standard error every two seconds, so that long work is seen to move and output stays clean."""
    last = [time.monotonic()]

    def tell(what: str, done: int, total: int) -> None:
        if time.monotonic() - last[0] >= 2:
            last[0] = time.monotonic()
            click.echo(f"{what}: {done:,} of {total:,}", err=True)

    return tell


@audit.command()
@_global
def roots() -> None:
    """Every daily root as a signed line: keep them outside, then nobody inside can rewrite yesterday."""
    from core import auditing

    for line in _run(auditing.roots(_settings())):
        click.echo(line)


@audit.command()
@click.argument("line")
@_global
def receipt(line: str) -> None:
    """Whether a receipt is genuine and its event still in the log. LINE is what its QR code says."""
    from core import auditing

    found = _run(auditing.receipt(_settings(), line))
    _say(found)
    sys.exit(0 if found["genuine"] and found.get("in_the_log") else FAULT)


@main.command()
@click.argument("no")
@click.option("--by", required=True, help="Login of who asks, or confirms; never the same for both.")
@click.option("--basis", default="", help="On what ground: the law, or the order.")
@click.option("--reason", default="", help="Who wants it and why; goes with the data. The basis, unless given.")
@click.option("--ordered", is_flag=True, help="A court or authority ordered it before the time of keeping is over.")
@click.option("--confirm", is_flag=True, help="Confirm what another account asked for: now it is erased.")
@_global
def erase(no: str, by: str, basis: str, reason: str, ordered: bool, confirm: bool) -> None:
    """Take a person's data out of the case NO, once asked for and confirmed; its chain of events stays whole."""
    from core import erasing

    if not confirm:
        _run(erasing.ask(_settings(), no, by=by, reason=reason or basis, basis=basis, ordered=ordered))
        click.echo(f"{no}: asked for, nothing is erased yet. Another account confirms it: --by LOGIN --confirm.")
        return
    proof = _run(erasing.confirm(_settings(), no, by=by))
    click.echo(f"{no}: personal data erased. Backups keep it until they are replaced.")
    click.echo(f"{proof.events} events, {proof.wrong or 'the chain is whole'}, head {proof.head}")


@main.command()
@click.option("--rotate", is_flag=True, help="Sign with a fresh key from now on; restart the server afterwards.")
@_global
def keys(rotate: bool) -> None:
    """The public keys that receipts are checked with, as published at /.well-known/lingban-keys.json."""
    from core import signing

    said = _settings()
    _say((signing.rotate(said) if rotate else signing.signer_for(said)).published())


@main.command()
@_global
def migrate() -> None:
    """Bring the database's tables to this release."""
    from core import commands

    applied = _run(commands.migrate(_settings()))
    click.echo("\n".join(applied) or "nothing to do")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_global
def seed(folder: Path) -> None:
    """Load areas, units, offices, sites, staff and themes from CSV files; repeatable."""
    from core import commands

    for line in _run(commands.seed(_settings(), folder)):
        click.echo(line)


if __name__ == "__main__":
    main()
