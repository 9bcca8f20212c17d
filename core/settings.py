"""Environment → frozen Settings. The only reader of os.environ; knows where things lie on disk.

Knows nothing of what is in those places.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import UsageError

SOURCE_ROOT = Path(__file__).resolve().parent.parent


def bundled(name: str) -> Path:
    """`plugins`, `schemas` or `seeds`: beside `core/` in a checkout, under the prefix's share/ when installed."""
    for root in (SOURCE_ROOT, SOURCE_ROOT / "share" / "lingban", Path(sys.prefix) / "share" / "lingban"):
        if (root / name).is_dir():
            return root / name
    raise UsageError(f"The bundled folder {name}/ is missing. Reinstall lingban.")


@dataclass(frozen=True)
class Settings:
    data: Path = Path("data")
    """Where everything the server writes lies: database, files, keys."""
    database_url: str = ""
    """Tortoise URL; SQLite inside `data` unless LINGBAN_DATABASE_URL says otherwise."""
    plugins: tuple[Path, ...] = ()
    """Extra shelves, in the order given; a later one lies over an earlier one."""
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    """What `${NAME}` in a source's settings may refer to."""
    secret_key: str = ""
    """LINGBAN_SECRET_KEY; where it is unset, a key file is made in the data folder."""
    signing_key: str = ""
    """LINGBAN_SIGNING_KEY; where it is unset, `signing.key` in the data folder."""
    lookup_budget_s: float = 3.0
    outcome_max_age_s: int = 900
    draft_days: int = 30
    case_keep_years: int = 10
    """LINGBAN_CASE_KEEP_YEARS: how long after its end a case is kept. Ten years is the shorter of the two fixed terms
    (30, 10) of 国家档案局令第8号 of 2006. Which of them, or for ever, the office's own table says (its article 12):
    set here what stands in it."""
    max_body: int = 20 * 1024 * 1024
    secure_cookies: bool = False
    language: str = "en"
    """In which the command line speaks of faults: zh or en."""

    @property
    def bundled_plugins(self) -> Path:
        return bundled("plugins")

    @property
    def schemas(self) -> Path:
        return bundled("schemas")

    @property
    def seeds(self) -> Path:
        return bundled("seeds")

    @property
    def files(self) -> Path:
        """Uploaded files, content-addressed."""
        return self.data / "files"

    @property
    def demo_sources(self) -> Path:
        """Embedded stand-ins of the registers, one SQLite file a source."""
        return self.data / "sources"


def read(
    *,
    data: Path | str | None = None,
    plugins: tuple[Path, ...] = (),
    demo: bool = False,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    language: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from the command line and the environment.

    Raises UsageError for a `--plugins` folder that does not exist or a variable that cannot be read.
    """
    env = dict(os.environ if environ is None else environ)
    folder = Path(data or env.get("LINGBAN_DATA") or "data").expanduser().resolve()
    shelves = []
    for shelf in plugins:
        path = Path(shelf).expanduser().resolve()
        if not path.is_dir():
            raise UsageError(f"--plugins {shelf}: there is no such folder. Create it, or mend the path.")
        shelves.append(path)
    url = env.get("LINGBAN_DATABASE_URL") or f"sqlite://{folder / 'lingban.sqlite3'}"
    return Settings(
        data=folder,
        database_url=url,
        plugins=tuple(shelves),
        demo=demo,
        host=host,
        port=port,
        workers=workers,
        environment=env,
        secret_key=env.get("LINGBAN_SECRET_KEY", ""),
        signing_key=env.get("LINGBAN_SIGNING_KEY", ""),
        case_keep_years=_years(env.get("LINGBAN_CASE_KEEP_YEARS", "")),
        secure_cookies=env.get("LINGBAN_SECURE_COOKIES", "") not in ("", "0", "no"),
        language=_language(language, env),
    )


def _years(said: str) -> int:
    if not said:
        return Settings.case_keep_years
    if not said.isdecimal() or not 0 < int(said) <= 100:
        raise UsageError(f'LINGBAN_CASE_KEEP_YEARS is "{said}". Set it to whole years from 1 to 100.')
    return int(said)


def _language(said: str | None, env: Mapping[str, str]) -> str:
    """zh where the person or the terminal speaks Chinese; English, which programs read, everywhere else."""
    names = ("LINGBAN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    first = said or next((env[name] for name in names if env.get(name)), "")
    return "zh" if first.lower().startswith("zh") else "en"


_EXPORT = "LINGBAN_SERVE"


def export(settings: Settings) -> None:
    """Put what the command line said where the worker processes of this one will find it."""
    os.environ[_EXPORT] = json.dumps(
        {
            "data": str(settings.data),
            "plugins": [str(path) for path in settings.plugins],
            "demo": settings.demo,
            "host": settings.host,
            "port": settings.port,
            "workers": settings.workers,
        }
    )


def exported() -> Settings:
    """What `export` put there; the plain environment where nothing was put."""
    said = json.loads(os.environ.get(_EXPORT) or "{}")
    said["plugins"] = tuple(Path(path) for path in said.get("plugins", ()))
    return read(**said)
