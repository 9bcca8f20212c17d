"""Files inside answers: one posted with the form becomes a data URL, its type told by its first bytes; and back.

Knows an upload by `filename` and `file.read()`; files of an application are materials and none of this module's.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from core.judge.messages import TABLES

MAX_FILE = 5_000_000
"""Bytes: the content travels inside the answers."""
_KINDS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"GIF8", "image/gif", ("gif",)),
    (b"RIFF", "image/webp", ("webp",)),
    (b"PK\x03\x04", "application/zip", ("zip", "docx", "xlsx")),
)
_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
MAX_SHOWN = 400_000
"""Characters of a picture that is shown beside its name."""


class Unfit(Exception):
    """A file that cannot be taken; `key` names the sentence."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__(key)
        self.key = key
        self.name = name

    def told(self, title: str, language: str) -> str:
        table = TABLES.get(language[:2], TABLES["zh"])
        text = table[self.key].replace("{limit}", str(MAX_FILE // 1_000_000))
        return text.replace("{title}", f"{title}（{self.name}）" if table is TABLES["zh"] else f"{title} ({self.name})")


def data_url(upload: Any, accept: str = "") -> str:
    """The upload as `data:…;name=…;base64,…`; "" when none was chosen. Raises Unfit."""
    name = str(getattr(upload, "filename", "") or "").replace("\\", "/").rpartition("/")[2][-100:]
    if not name:
        return ""
    data = upload.file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise Unfit("file.size", name)
    ending = name.rpartition(".")[2].lower()
    media = next((m for magic, m, _ in _KINDS if data.startswith(magic)), "application/octet-stream")
    named = next((m for _, m, endings in _KINDS if ending in endings), media)
    if not data or named != media or not _accepted(media, ending, accept):
        raise Unfit("file", name)
    return f"data:{media};name={quote(name)};base64,{base64.b64encode(data).decode()}"


def _accepted(media: str, ending: str, accept: str) -> bool:
    """As the browser understands `accept`; a kind we cannot tell by its bytes is taken at its name."""
    wanted = [one.strip().lower() for one in accept.split(",") if one.strip()]
    known = {m for _, m, _ in _KINDS}
    for one in wanted:
        if one == "*/*" or one in (media, f".{ending}") or (one.endswith("/*") and media.startswith(one[:-1])):
            return True
        if media not in known and "/" in one and one not in known and not one.startswith("image/"):
            return True
    return not wanted


def name_of(value: Any) -> str:
    """What a file is called, for a person: its name, else its type."""
    head = value.partition(",")[0] if isinstance(value, str) and value.startswith("data:") else ""
    media, *more = head.removeprefix("data:").split(";")
    name = next((unquote(one[5:]) for one in more if one.startswith("name=")), "")
    return name or media


def described(value: Any, words: Mapping[str, str]) -> str:
    """`户口簿.jpg（120 KB）`."""
    if not isinstance(value, str):
        return ""
    size = max(1, len(value.partition(",")[2]) * 3 // 4 // 1000)
    return words["file_kept"].format(name=name_of(value) or words["file_none"], size=size)


def picture(value: Any) -> str:
    """The data URL of a picture that a browser shows and that is not too large for it; "" for anything else."""
    if not isinstance(value, str) or len(value) > MAX_SHOWN or not value.startswith("data:"):
        return ""
    head, _, data = value.partition(",")
    media, *more = head.removeprefix("data:").split(";")
    if media not in _SHOWN or "base64" not in more or not set(data) <= _BASE64:
        return ""
    return f"data:{media};base64,{data}"


_BASE64 = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
