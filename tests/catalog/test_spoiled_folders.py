"""Folders spoiled at random, bytes and names and kinds of file: never a traceback or a hang, and one verdict for all.

`test_faulty_plugins` changes what well-formed JSON says; this changes everything else a disk can do to a folder.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.hooks import Hooks
from core.catalog.load import Loader
from core.settings import Settings
from tests.catalog.world import GOOD, OFFICE, good_sources, inspected

BASES = ("dog-licence", "dog-query", "dog-register")
FILES = ("item.json", "form.json", "lookups.json", "routing.json", "source.json", "texts/en.json", "cases/approve.json",
         "templates/result.html", "form.ui.json")  # fmt: skip
NAMES = (*FILES, "Item.json", "item.json.txt", "plugin.py", "cases", "texts", "templates", "新建文本文档.txt",
         "cases/子文件夹", "a" * 200, "lookup.json")  # fmt: skip
BYTES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00",
                     "{“a”：1，}".encode(), "中文".encode("gbk"), b"[" * 90_000,
                     b'{"a":' * 3000, b'"\\ud800"', b"1e999", b"{" + b'"a":1,' * 5000 + b'"a":1}', b" " * 1_000_001,
                     b"{{ lookups.dog", b"{% for x in y %}", b"null", b"[[]]", b'{"$schema": 1}']),
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), BYTES),
        st.tuples(st.just("splice"), st.sampled_from(FILES), st.tuples(st.integers(0, 2000), st.binary(max_size=6))),
        st.tuples(st.just("cut"), st.sampled_from(FILES), st.integers(0, 2000)),
        st.tuples(st.just("remove"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(NAMES)),
        st.tuples(st.just("folder"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("link"), st.sampled_from(NAMES), st.sampled_from([".", "..", "/dev/null", "/dev/zero",
                                                                             "item.json",
                                                                             "nowhere", "/etc/hostname", "cases"])),
        st.tuples(st.just("fifo"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("forbid"), st.sampled_from(NAMES), st.none()),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def spoil(folder: Path, step: tuple[str, str, object]) -> None:
    """One thing done to the folder; what cannot be done to it as it now is, is left."""
    how, name, what = step
    path = folder / name
    if how in ("splice", "cut") and not (path.is_file() and not path.is_symlink()):
        return
    try:
        if how in ("write", "folder", "link", "fifo"):
            _clear(path)
        if how == "write" and isinstance(what, bytes):
            path.write_bytes(what)
        elif how == "splice" and isinstance(what, tuple):
            at, new = what
            held = path.read_bytes()
            path.write_bytes(held[:at] + new + held[at + len(new) :])
        elif how == "cut" and isinstance(what, int):
            path.write_bytes(path.read_bytes()[:what])
        elif how == "remove":
            _clear(path)
        elif how == "rename" and isinstance(what, str):
            path.rename(folder / what)
        elif how == "folder":
            path.mkdir()
        elif how == "link" and isinstance(what, str):
            path.symlink_to(what)
        elif how == "fifo":
            os.mkfifo(path)
        elif how == "forbid" and not path.is_symlink():
            path.chmod(0)
    except OSError:
        pass


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(base=st.sampled_from(BASES), steps=STEPS)
def test_no_spoiled_folder_gives_a_traceback_and_the_checker_and_the_server_agree(
    tmp_path_factory: pytest.TempPathFactory, base: str, steps: list[tuple[str, str, object]]
) -> None:
    shelf = tmp_path_factory.mktemp("spoiled") / "shelf"
    shutil.copytree(GOOD, shelf)
    for step in steps:
        spoil(shelf / base, step)
    started = time.monotonic()
    found = inspected(shelf / base, {} if base == "dog-register" else good_sources())
    served = Loader(Settings(plugins=(shelf,)), Hooks()).load(OFFICE).plugins[base]
    assert time.monotonic() - started < 30
    assert not [fault for fault in (*found.faults, *served.faults) if fault.code == "internal"]
    assert bool(found.item or found.source) == (not found.faults)
    if "plugin.py" not in served.files:
        assert [str(fault) for fault in served.faults] == [str(fault) for fault in found.faults]
    assert all(fault.told("zh").what for fault in found.faults)
