"""texts/<lang>.json: translations of texts that exist.

Knows where texts stand; translates nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.inspection.around import Work
from core.catalog.reading import JSON_ROLES, LANGUAGE
from core.faults import meant, nearest
from core.judge.schema import parts_of, pointer, token


def check(work: Work) -> None:
    for file in work.files.within("texts"):
        language = file.removeprefix("texts/").removesuffix(".json")
        if not LANGUAGE.fullmatch(language):
            work.faults.add(file, "", "bad-language", name=language)
        said = work.files.json.get(file)
        for key in said if isinstance(said, Mapping) else ():
            if key != "$schema":
                _key(work, file, key)


def _key(work: Work, file: str, key: str) -> None:
    name, mark, at = key.partition("#")
    if not mark or not at.startswith("/"):
        return  # the shape check has told it
    if name not in JSON_ROLES or work.unread(name):
        return  # the shape check has told it, or nothing can be said
    here = f"/{token(key)}"
    if name not in work.files.json:
        work.faults.add(file, here, "bad-text-key/file", name=name)
        return
    written = {"form.json": work.form, "routing.json": work.routing, "item.json": work.guide}
    roots = [work.files.json[name], *([written[name]] if name in written else [])]
    if any(isinstance(_at(root, at)[0], str) for root in roots):
        return
    value, close = _at(roots[-1], at)
    said = "bad-text-key" if value is None else "bad-text-key/kind"
    work.faults.add(file, here, said, key=key, hint=meant(f"{name}#{close}") if close else "")


def _at(root: Any, at: str) -> tuple[Any, str]:
    """(what stands there, None when nothing does; the nearest pointer that leads on)."""
    done: list[str] = []
    for part in parts_of(at):
        if isinstance(root, Mapping) and part in root:
            root = root[part]
        elif isinstance(root, list) and part.isdigit() and int(part[:9]) < len(root):
            root = root[int(part)]
        else:
            close = nearest(part, list(root)) if isinstance(root, Mapping) else []
            return None, pointer([*done, close[0]]) if close else ""
        done.append(part)
    return root, ""
