"""The whole plugin contract, grouped by moment: at start, while a case is made, after commit.

Knows who is called, when, and what None means; `core.catalog.hooks` does the calling, one plugin at a time.
Every hook may be `def` or `async def`. Code of plugins runs off the main event loop under a time limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pluggy

from core.contract import Facts, Fault, Item, Problem, Route

PROJECT = "lingban"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


# --- at start, every plugin; one that fails is set aside with its reason --------------------------------


@hookspec
def plugin_folders() -> Sequence[Path]:  # type: ignore[empty-body]
    """Folders that an installed package brings, each one plugin folder or a folder of them. None: none."""


@hookspec
def connectors() -> Mapping[str, Any]:  # type: ignore[empty-body]
    """`{name: connect}`; `connect(source, settings)` gives an object with `ask(by) -> Found | Empty | Down |
    Refused`, plain or async, and optionally `close()`. `settings` is `source.settings` with every `${NAME}` filled
    in. None: none."""


@hookspec
def widgets() -> Sequence[Any]:  # type: ignore[empty-body]
    """Form widgets: `forms.Widget(name, template, tester)` each. None: none."""


@hookspec
def identity_providers() -> Mapping[str, Any]:  # type: ignore[empty-body]
    """`{name: provider}`; `provider.sign_in(form) -> Actor | None`. None: none."""


@hookspec
def notifiers(environment: Mapping[str, str]) -> Mapping[str, Any]:  # type: ignore[empty-body]
    """`{name: notify}`; `notify(event, environment) -> None` delivers one event (as of `case_changed`) outside, in ten
    seconds at most. Each name is a listener of its own: told at least once, in order per case; an exception is recorded
    and the call retried, and nobody else waits for it. `environment` is the server's. None: none."""


@hookspec
def routes() -> Sequence[Any]:  # type: ignore[empty-body]
    """Starlette routes to add to the site. None: none."""


# --- while a case is made, only the plugin that owns the item --------------------------------------------


@hookspec
def check_answers(item: Item, facts: Facts) -> Sequence[Problem]:  # type: ignore[empty-body]
    """Further problems with the answers, after the schema has had its say. None: no more problems.

    An exception or a time-out refuses politely and stores nothing."""


@hookspec
def choose_route(item: Item, facts: Facts, route: Route) -> Route | None:
    """Another route than the declared one, made with `dataclasses.replace`. None: keep the declared route."""


@hookspec
def inspect_item(item: Item) -> Sequence[Fault]:  # type: ignore[empty-body]
    """Further faults of the folder, found while it is inspected. None: no more faults."""


# --- after commit, every plugin, at least once -----------------------------------------------------------


@hookspec
def case_changed(event: Mapping[str, Any]) -> None:
    """Something happened to a case: `{id, type, at, case, item, version, from, to, unit, area}`; ids and statuses,
    no answers. Called at least once, in order per case; an exception is recorded and the call retried."""
