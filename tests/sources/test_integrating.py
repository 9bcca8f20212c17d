"""docs/integrating.md, followed to the letter on an installed Lingban: every file written, every command run.

The wheel is built from this tree and installed into an environment of its own; the register is a real HTTP service.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "integrating.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"^`(?P<file>[\w./-]+)`[^\n]*:\n\n```\w+\n(?P<text>.*?)```|```console\n(?P<commands>.*?)```", re.S | re.M
)
FOLDER = Path("plugins/fire-safety")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the built wheel, and what it needs from here."""
    folder = tmp_path_factory.mktemp("integrator")
    pip = ["pip", "--disable-pip-version-check", "--quiet"]
    wheel = [sys.executable, "-m", *pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(wheel, check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    (site / "zz-parts.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    (built,) = folder.glob("*.whl")
    subprocess.run([python, "-m", *pip, "install", "--no-deps", "--no-index", built], check=True, capture_output=True)
    return folder / "venv" / "bin"


class Answers(BaseHTTPRequestHandler):
    """Speaks as the captured answers do."""

    def do_GET(self) -> None:
        found = "tyshxydm=91350100M000100Y43" in self.path
        body = written(GUIDE, "captured/found.json" if found else "captured/nothing.json").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Register(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True


@pytest.fixture
def register() -> Iterator[str]:
    with Register(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/query"
        server.shutdown()


def written(guide: str, name: str) -> str:
    return next(step["text"] for step in STEP.finditer(guide) if step["file"] == name)


def test_the_guide_leads_from_captured_answers_to_an_installed_package(
    installed: Path, register: str, tmp_path: Path
) -> None:
    path = f"{installed}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PIP_NO_BUILD_ISOLATION": "false", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTEST_ADDOPTS"] = "-p no:schemathesis -p no:xdist -p no:cacheprovider"
    environment.pop("LINGBAN_DATABASE_URL", None)
    said: list[tuple[str, str]] = []
    for step in STEP.finditer(GUIDE):
        if step["file"]:
            packaged = step["file"].startswith("lingban-")
            file = tmp_path / ("." if packaged else FOLDER) / step["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["text"], encoding="utf-8")
            (tmp_path / FOLDER / "captured" / "one.json").unlink(missing_ok=True)
            continue
        for line in step["commands"].splitlines():
            command = line.removeprefix("$ ")
            if command.startswith("export "):
                environment["FIRE_SAFETY_URL"] = register
                add_settings(tmp_path / FOLDER / "source.json")
                continue
            words = [
                str(installed / word) if word in ("lingban", "python", "pip") else word for word in shlex.split(command)
            ]
            if "install" in words:
                words += ["--no-deps", "--no-index", "--quiet"]
            done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            said.append((command, done.stdout))
    probes = [output for command, output in said if "probe" in command and "credit_code" in command]
    assert len(probes) == 2
    for output in probes:
        assert output.startswith("found in ")
        assert json.loads(output[output.index("{") :])["valid_until"] == "2027-03-31"
    assert all("FAIL" not in output for _, output in said)
    last = said[-2][1]
    assert {"hang", "recovers"} <= set(re.findall(r"\w+", last)), "with an address, the wire is tried too"
    listed = subprocess.run(
        [installed / "lingban", "catalog", "--json"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert {"id": "fire-safety", "connector": "fire-safety"} in json.loads(listed.stdout)["sources"]


def add_settings(path: Path) -> None:
    """As step 5 says: after `timeout_ms`."""
    (settings,) = re.findall(r'`("settings": \{.*?\})`\. The address', GUIDE)
    text = path.read_text(encoding="utf-8")
    assert '"timeout_ms": 1500\n' in text
    path.write_text(text.replace('"timeout_ms": 1500\n', f'"timeout_ms": 1500,\n  {settings}\n'), encoding="utf-8")
