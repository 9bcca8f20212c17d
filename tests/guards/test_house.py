"""The house's rules hold, and each guard has been seen failing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards import house

ROOT = Path(__file__).resolve().parents[2]


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


GUARDS = [
    (house.wrong_way_imports, {"core/office/x.py": '"""X."""\nfrom core.cases import actions\n'}),
    (house.wrong_way_imports, {"core/web/x.py": '"""X."""\nimport forms.pages\n'}),
    (house.wrong_way_imports, {"forms/x.py": '"""X."""\nfrom admin import pages\n'}),
    (house.wrong_way_imports, {"core/judge/x.py": '"""X."""\nfrom core.settings import Settings\n'}),
    (house.impure_judge, {"core/judge/x.py": '"""X."""\nimport httpx\n'}),
    (house.impure_judge, {"core/judge/x.py": '"""X."""\nfrom datetime import date\nprint(date.today())\n'}),
    (house.environment_readers, {"core/web/x.py": '"""X."""\nimport os\nprint(os.environ["A"])\n'}),
    (house.undecided_names, {"core/utils.py": '"""X."""\n'}),
    (house.silent_modules, {"core/x.py": "a = 1\n"}),
    (house.long_files, {"core/x.py": '"""X."""\n' + "a = 1\n" * 500}),
    (house.asserts_for_users, {"core/x.py": '"""X."""\nassert 1\n'}),
]


@pytest.mark.parametrize("guard", list(dict.fromkeys(guard for guard, _ in GUARDS)))
def test_the_house_keeps_its_rule(guard: object) -> None:
    assert callable(guard)
    breaches = guard(ROOT)
    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize(("guard", "files"), GUARDS)
def test_a_guard_sees_what_breaks_its_rule(guard: object, files: dict[str, str], tmp_path: Path) -> None:
    assert callable(guard)
    assert guard(tree(tmp_path, files))


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout: nothing says which files belong to it")
    return listing.stdout.splitlines()


def test_no_registry_host_and_no_machine_path_is_committed(tmp_path: Path) -> None:
    breaches = house.workplace_names(ROOT, tracked())
    assert not breaches, "\n".join(breaches)
    tree(tmp_path, {"a.txt": "see /" + "root/secret\n"})
    assert house.workplace_names(tmp_path, ["a.txt"])


def test_top_level_folders_are_the_fixed_ones() -> None:
    folders = {name.split("/")[0] for name in tracked() if "/" in name}
    assert folders <= {"core", "plugins", "schemas", "forms", "admin", "tests", "seeds", "docs", ".ci", "bench"}


def test_every_module_imports_alone_without_a_warning() -> None:
    names = [name for name, _, _ in house.modules(ROOT, "core", "forms", "admin") if name != "core.web.app"]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *names], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_a_plugin_author_may_import_is_what_is_listed() -> None:
    import lingban

    assert sorted(lingban.__all__) == sorted(
        ["hookimpl", "CONTRACT", "Problem", "Fault", "Found", "Empty", "Down", "Refused", "post"]
    )
    assert all(hasattr(lingban, name) for name in lingban.__all__)
