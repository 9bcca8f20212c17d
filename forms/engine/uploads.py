"""A file posted with the form as a data URL: its type told by its first bytes, never by its name.

Knows an upload by `filename` and `file.read()`; files of an application are materials and none of this module's.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from core.contract import Problem
from core.errors import TooLarge, Unprocessable

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


def data_url(at: str, upload: Any) -> str:
    """The upload as `data:…;name=…;base64,…`; "" when none was chosen. Raises TooLarge (413), Unprocessable (422)."""
    name = str(getattr(upload, "filename", "") or "")
    if not name:
        return ""
    data = upload.file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise TooLarge(f"文件“{name[:80]}”超过 {MAX_FILE // 1_000_000} MB，请压缩后再上传")
    ending = name.rpartition(".")[2].lower()
    media = next((m for magic, m, _ in _KINDS if data.startswith(magic)), "application/octet-stream")
    named = next((m for _, m, endings in _KINDS if ending in endings), media)
    if not data or named != media:
        raise Unprocessable([Problem(at, "file", f"文件“{name[:80]}”的内容与名称不符或是空的，请换一个文件")])
    return f"data:{media};name={quote(name[-100:])};base64,{base64.b64encode(data).decode()}"
