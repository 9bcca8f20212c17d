"""Uploaded files: what is let in, and where they lie, addressed by digest and sealed at rest.

Knows no case; which material a file belongs to is the case's row.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from core.contract import Item, Problem
from core.errors import NotFound, TooLarge, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel

MAX_FILE = 10 * 1024 * 1024
MAX_FILES = 20
"""Per application."""
LONGEST_PLACE = 64
"""Characters of a pointer that a proof may lie under: the width of its column."""
_MAGIC = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
)
_PLACE = "file"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")


def check(item: Item, material: str, name: str, data: bytes, *, held: int = 0, wrong: Collection[str] = ()) -> str:
    """The media type by its first bytes; what the name or the browser says counts for nothing.

    `wrong`: pointers of held values that may be called wrong, each of which takes a proof under its own name.
    Raises Unprocessable, TooLarge.
    """
    proof = is_proof(material)
    at = material if proof else f"/materials/{material}"
    if proof and (material not in wrong or len(material) > LONGEST_PLACE):
        raise Unprocessable([Problem(at, "material", "这一项没有可以证明有误的登记内容。")])
    if not proof and not any(one.id == material for one in item.materials):
        raise Unprocessable([Problem(at, "material", "本事项没有这份材料。")])
    if held >= MAX_FILES:
        raise TooLarge(f"一份申请最多上传 {MAX_FILES} 个文件。")
    return media_type_of(name, data, at)


def is_proof(material: str) -> bool:
    """A file that shows that a held value is wrong lies under the value's pointer; a material's id has no slash."""
    return material.startswith("/")


def media_type_of(name: str, data: bytes, at: str) -> str:
    """By its first bytes, for whatever it is uploaded. Raises Unprocessable at `at`, TooLarge."""
    if len(data) > MAX_FILE:
        raise TooLarge(f"文件“{clean(name)}”超过 {MAX_FILE // 1024 // 1024} MB，请压缩后再上传。")
    if not data:
        raise Unprocessable([Problem(at, "file", f"文件“{clean(name)}”是空的，请重新选择。")])
    for magic, media_type, _ in _MAGIC:
        if data.startswith(magic):
            return media_type
    raise Unprocessable([Problem(at, "file", f"文件“{clean(name)}”不是 PDF、JPG 或 PNG，请换一种格式。")])


def clean(name: str) -> str:
    """A file name that is only a name: no folder, no control or direction characters, at most 100 characters."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "file"
    if len(plain) <= 100:
        return plain
    stem, dot, end = plain.rpartition(".")
    return f"{stem[: 100 - len(end) - 1]}{dot}{end}" if dot and len(end) < 10 else plain[:100]


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def path_of(kernel: Kernel, digest: str) -> Path:
    """The plain digest would tell who has seen the same file elsewhere, so the name is its HMAC."""
    name = kernel.keys.index(digest, "file")
    return kernel.settings.files / name[:2] / name[2:]


async def store(kernel: Kernel, data: bytes) -> str:
    """Put the bytes away, sealed; returns their digest. The same bytes lie there once."""
    digest = digest_of(data)
    await asyncio.to_thread(_write, path_of(kernel, digest), kernel.keys.seal(data, _PLACE))
    return digest


def _write(path: Path, sealed: bytes) -> None:
    """Whole or not at all, and on the disk before a row says so."""
    if path.exists():
        os.utime(path)  # the sweep of orphans spares what was wanted lately
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


async def load(kernel: Kernel, digest: str) -> bytes:
    """The bytes again. Raises NotFound where they were erased, SealBroken where they were altered."""
    try:
        sealed = await asyncio.to_thread(path_of(kernel, digest).read_bytes)
    except FileNotFoundError:
        raise NotFound("文件不在了。") from None
    return kernel.keys.open(sealed, _PLACE)
