"""Scenarios that say `like`: what the named scenario of the same folder says, save what they say themselves.

Knows names and keys; whether what comes of it is sound is looked at afterwards, as in any scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

LIKE = "like"
_OWN = ("title", "expect", "$schema")
"""Never taken over: a scenario says itself what it is, and what is expected of it."""
_BY_NAME = ("answers", "lookups", "findings", "confirmations")
"""Taken over name by name; anything else as a whole."""

Told = Callable[[str, str], object]
"""(the scenario that says `like`, what it names): nothing of that name, or it leads back to itself."""


def whole(scenarios: Mapping[str, Any], told: Told = lambda _file, _name: None) -> dict[str, Any]:
    """Every scenario by its name, written out; one whose `like` leads nowhere is left without it."""
    return {name: _written_out(name, scenarios, told) for name in scenarios}


def _written_out(name: str, scenarios: Mapping[str, Any], told: Told) -> Any:
    said, at = scenarios[name], name
    chain: list[Mapping[str, Any]] = []
    passed = {name}
    while isinstance(said, Mapping):
        chain.append(said)
        if LIKE not in said:
            break
        other = said[LIKE]
        if not isinstance(other, str) or other not in scenarios or other in passed:
            told(at, str(other))
            break
        passed.add(other)
        said, at = scenarios[other], other
    if len(chain) < 2 and not (chain and LIKE in chain[0]):
        return scenarios[name]
    made: dict[str, Any] = {}
    for one in reversed(chain):
        made = {key: value for key, value in made.items() if key not in _OWN}
        for key, value in one.items():
            both = key in _BY_NAME and isinstance(value, Mapping) and isinstance(made.get(key), Mapping)
            made[key] = {**made[key], **value} if both else value
    made.pop(LIKE, None)
    return made
