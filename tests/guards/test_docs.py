"""What the documentation shows is true: hooks with their signatures, JSON that loads, commands that exist."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from core import hookspecs
from core.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "plugins").glob("*.md")])
HOOKS = {
    name: spec
    for name, spec in vars(hookspecs).items()
    if inspect.isfunction(spec) and hasattr(spec, f"{hookspecs.PROJECT}_spec")
}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_hook_is_documented_with_its_exact_signature(name: str) -> None:
    parameters = ", ".join(inspect.signature(HOOKS[name]).parameters)
    assert f"`{name}({parameters})`" in (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    assert inspect.getdoc(HOOKS[name])


def test_no_hook_is_documented_that_does_not_exist() -> None:
    shown = re.findall(r"^\| `(\w+)\(", (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8"), re.M)
    assert sorted(shown) == sorted(HOOKS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_json_in_the_documentation_loads(page: Path) -> None:
    for block in re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        json.loads(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_in_the_documentation_exists(page: Path) -> None:
    for word in re.findall(r"^\s*(?:\$ )?lingban (\w+)", page.read_text(encoding="utf-8"), re.M):
        assert word in main.commands, f"{page.name}: lingban {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_in_the_documentation_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
