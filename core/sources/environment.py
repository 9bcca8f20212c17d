"""`${NAME}` in the settings of a source, filled in from the environment.

Knows no source and no connector; what a name means is the administrator's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

OURS = frozenset({"LINGBAN_SECRET_KEY", "LINGBAN_DATABASE_URL"})
"""Never given to a source: a folder may come from anybody who may publish, and could send them anywhere."""


def names(settings: Any) -> Iterator[str]:
    """Every NAME that the settings refer to, in order of appearance."""
    if isinstance(settings, str):
        yield from NAME.findall(settings)
    elif isinstance(settings, Mapping):
        for value in settings.values():
            yield from names(value)
    elif isinstance(settings, list | tuple):
        for value in settings:
            yield from names(value)


def named_by(value: Any, key: str) -> str:
    """How staff find the place where a setting is kept: `settings.path (${DOGS_FILE})`."""
    said = ", ".join(f"${{{name}}}" for name in dict.fromkeys(names(value)))
    return f"settings.{key} ({said})" if said else f"settings.{key}"


def unset(settings: Any, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names without a value, each once. A name set to nothing counts as unset: that is what shells leave behind."""
    return tuple(dict.fromkeys(name for name in names(settings) if name in OURS or not environment.get(name)))


def expand(settings: Any, environment: Mapping[str, str]) -> Any:
    """The same settings with every name replaced. Call `unset` first: a name without a value becomes nothing."""
    if isinstance(settings, str):
        return NAME.sub(lambda match: "" if match[1] in OURS else environment.get(match[1], ""), settings)
    if isinstance(settings, Mapping):
        return {key: expand(value, environment) for key, value in settings.items()}
    if isinstance(settings, list | tuple):
        return [expand(value, environment) for value in settings]
    return settings
