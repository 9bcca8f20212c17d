"""Every broken folder in tests/faulty_plugins: exactly the expected faults, all at once, and never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.faults import CODES
from core.contract import Fault
from tests.catalog.world import FAULTY, GOOD, inspected, inspected_patch

FOLDERS = sorted(p.parent.name for p in FAULTY.glob("*/patch.json"))
TOLD_ELSEWHERE = {
    "set-aside": "test_load.py", "duplicate-code": "test_load.py", "internal": "test_inspect.py",
    "no-effect": "test_advice.py", "part-before-findings": "test_advice.py",
}  # fmt: skip


@pytest.mark.parametrize("name", FOLDERS)
def test_a_broken_folder_is_told_all_its_faults(name: str, tmp_path: Path) -> None:
    found = inspected_patch(name, tmp_path)
    expected = (FAULTY / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [str(fault) for fault in found.faults] == expected
    assert expected
    assert found.item is None
    assert found.source is None


def test_there_are_at_least_sixty_broken_folders() -> None:
    assert len(FOLDERS) >= 60


def test_every_fault_code_is_told_by_some_broken_folder() -> None:
    told = {
        line.rsplit("[", 1)[1].rstrip("]")
        for name in FOLDERS
        for line in (FAULTY / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    }
    assert told | set(TOLD_ELSEWHERE) == set(CODES)
    for code, file in TOLD_ELSEWHERE.items():
        assert f'"{code}"' in (Path(__file__).parent / file).read_text(encoding="utf-8")


def test_every_fault_says_where_what_and_what_to_do() -> None:
    silent = []
    for name in FOLDERS:
        for line in (FAULTY / name / "expected.txt").read_text(encoding="utf-8").splitlines():
            where, _, rest = line.partition(": ")
            assert where.startswith("plugins/"), line
            # After the sentence of what is wrong there is nearly always one of what to do.
            if rest.rsplit(" [", 1)[0].rstrip(".?").count(". ") + rest.count('?"') == 0 and "? [" not in rest:
                silent.append(line)
    assert len(silent) < 30, silent


# --- mutated folders -------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**12), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["/answers/tag", "/lookups/dog/breed", "/lookups/*/x", "~", "/~2", "urn:lingban:common:person:1",
                     "#/$defs/x", "#", "person", "${X", "string", "object", "^(a", "\u0000", "𠮷"]),
)  # fmt: skip
NASTY: list[Any] = [
    [],
    {},
    [[]],
    [{}],
    {"type": ["x", 1]},
    {"$ref": "#"},
    {"when": {}},
    {"later": 1},
    {"confirm": "/answers/tag"},
    ["person", ["dog"]],
    {"const": [1]},
    {"enum": "x"},
    {"/answers/tag": {"x-age": {"minimum": "a"}}},
    {"properties": []},
    {"required": [1, {}]},
    {"allOf": {}},
    {"items": [{}]},
    {"found": [[{"name": 1}]]},
    {"together": [{"unit": "animals"}]},
    {"properties": {"a": {"$ref": "#/properties/a"}}},
    {"x-from": [1]},
    {"errorMessage": {"required": {"a": 1}}},
    {"id_number": ""},
    {"if": {"required": [[], {}]}},
]
VALUES = st.sampled_from(NASTY) | st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.text(max_size=6),
                st.sampled_from(["type", "properties", "if", "then", "$ref", "when", "by", "each", "take", "x-from",
                                 "x-age", "const", "required", "items", "together", "later", "confirm", "allOf",
                                 "errorMessage", "/answers/tag", "/lookups/person", "ui:pages", "found"]),
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)  # fmt: skip


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _places(inner, (*at, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            found += _places(inner, (*at, i))
    return found


def _mutated(value: Any, at: tuple[Any, ...], new: Any, how: str) -> Any:
    if not at:
        return new
    holder = value
    for part in at[:-1]:
        holder = holder[part]
    if how == "remove":
        del holder[at[-1]]
    elif how == "rename" and isinstance(holder, dict):
        holder[str(new)[:20]] = holder.pop(at[-1])
    else:
        holder[at[-1]] = new
    return value


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, list[tuple[str, Any]]]:
    base = draw(st.sampled_from(["dog-licence", "dog-licence", "dog-query", "person-register", "dog-register"]))
    files = sorted(p.relative_to(GOOD / base).as_posix() for p in (GOOD / base).rglob("*.json"))
    made = []
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(files))
        value = json.loads((GOOD / base / file).read_text(encoding="utf-8"))
        at = draw(st.sampled_from(_places(value)))
        how = draw(st.sampled_from(["replace", "replace", "remove", "rename"]))
        made.append((file, _mutated(value, at, draw(VALUES), how)))
    return base, made


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_no_mutated_folder_gives_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, mutation: tuple[str, list[tuple[str, Any]]]
) -> None:
    base, files = mutation
    folder = tmp_path_factory.mktemp("mutated") / base
    shutil.copytree(GOOD / base, folder)
    for file, value in files:
        (folder / file).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    found = inspected(folder)
    assert not [f for f in found.faults if f.code == "internal"]
    assert all(isinstance(f, Fault) and str(f) for f in found.faults)
    assert bool(found.item or found.source) == (not found.faults)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["item.json", "form.json", "lookups.json", "routing.json", "texts/en.json"]), st.binary(max_size=60)
)
def test_no_bytes_give_a_traceback(tmp_path_factory: pytest.TempPathFactory, file: str, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes") / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    (folder / file).write_bytes(content)
    assert not [f for f in inspected(folder).faults if f.code == "internal"]
