"""Settings come from the command line and the environment, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import settings
from core.errors import UsageError


def test_the_database_lies_in_the_data_folder_unless_the_environment_says_otherwise(tmp_path: Path) -> None:
    assert settings.read(data=tmp_path, environ={}).database_url == f"sqlite://{tmp_path / 'lingban.sqlite3'}"
    url = "postgres://db/lingban"
    assert settings.read(data=tmp_path, environ={"LINGBAN_DATABASE_URL": url}).database_url == url


def test_a_shelf_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        settings.read(data=tmp_path, plugins=(tmp_path / "nowhere",), environ={})


def test_worker_processes_read_what_the_command_line_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINGBAN_SERVE", "")
    said = settings.read(data=tmp_path, plugins=(tmp_path,), demo=True, port=9, workers=2)
    settings.export(said)
    read = settings.exported()
    assert (read.data, read.plugins, read.demo, read.port, read.workers) == (tmp_path, (tmp_path,), True, 9, 2)
