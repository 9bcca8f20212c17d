"""A post's fields, read within limits: every way in which that can fail has a word of its own.

Knows no page and no session. A file beyond the limit is read on and let go, so that what was written beside it stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import aclosing

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message, Receive

from core.errors import RequestError, TooLarge

_REVISION = re.compile("[0-9]{1,9}")

MAX_BODY = 20 * 1024 * 1024
"""Bytes of one request that are kept, files included."""
MAX_READ = 100 * 1024 * 1024
"""Bytes of one post with files that are read at all: a browser shows no answer before it has sent everything."""
MAX_FILE = 10 * 1024 * 1024
LET_GO = "文件太大，没有上传：每个文件不超过 10 MB，一次提交合计不超过 20 MB。请压缩或分几次上传。"
MAX_FIELDS = 5000
MAX_FILES = 40
MAX_FIELD_BYTES = 512 * 1024


def within(receive: Receive, most: int) -> Receive:
    """Stops reading a body beyond `most`, whatever length it announced. Raises TooLarge where it is read."""
    got = 0

    async def receive_within() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise TooLarge(f"More than {most // 2**20} MB.")
        return message

    return receive_within


def has_files(headers: Headers) -> bool:
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


class Upload(UploadFile):
    """A file of a post. One too large to keep is told by whoever reads it, where it belongs. Raises TooLarge."""

    got = 0
    let_go = False

    async def read(self, size: int = -1) -> bytes:
        if self.let_go:
            raise TooLarge(
                "文件太大，没有上传：每个文件不超过 10 MB，一次提交合计不超过 20 MB。请压缩或分几次上传。",
                code="file-too-large",
                what=self.filename or "",
            )
        return await super().read(size)


class _Parts(MultiPartParser):
    """Starlette's, but text that is no UTF-8 is told instead of guessed, and a file too large ends nothing."""

    kept = 0

    def on_headers_finished(self) -> None:
        part = self._current_part
        _utf8(part.content_disposition or b"")
        super().on_headers_finished()
        if (file := part.file) is not None:
            part.file = Upload(file.file, size=0, filename=file.filename, headers=file.headers)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        file, length = self._current_part.file, end - start
        if isinstance(file, Upload):
            file.got += length
            if file.let_go or file.got > MAX_FILE or self.kept + length > MAX_BODY:
                file.let_go = True
                return
        self.kept += length
        if self.kept > MAX_BODY:
            raise TooLarge(f"More than {MAX_BODY // 2**20} MB.")
        super().on_part_data(data, start, end)

    def on_part_end(self) -> None:
        if self._current_part.file is None:
            _utf8(self._current_part.data, self._current_part.field_name)
        super().on_part_end()


def _utf8(data: bytes | bytearray, name: str = "") -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError("A field is not UTF-8.", code="broken-text", what=name) from None


async def read(request: Request) -> FormData:
    """The fields of a post. Raises RequestError (400, 413), whose code is the word for what was wrong."""
    limits = {"max_files": MAX_FILES, "max_fields": MAX_FIELDS, "max_part_size": MAX_FIELD_BYTES}
    try:
        if has_files(request.headers):
            async with aclosing(request.stream()) as stream:
                form = await _Parts(request.headers, stream, **limits).parse()
        else:
            form = await request.form(**limits)
    except (HTTPException, MultiPartException) as error:
        said = str(error.detail if isinstance(error, HTTPException) else error.message)
        code = next((code for words, code in _STARLETTE if words in said), "")
        raise TooLarge(said, code=code) if code else RequestError(said) from error
    except (ValueError, KeyError) as error:
        raise RequestError("unreadable form") from error
    return form


_STARLETTE = (
    ("Too many fields", "too-many-fields"), ("Too many files", "too-many-files"), ("exceeded", "field-too-long"),
)  # fmt: skip
"""What Starlette's sentences of the limits begin with."""


def refuse_unreadable(form: FormData) -> None:
    """Text that no keyboard types: NUL, which PostgreSQL takes in no text and which hides what follows it from many a
    program, and what is left of bytes that were no UTF-8. Raises RequestError."""
    for name, value in form.multi_items():
        for text in (name, value) if isinstance(value, str) else (name,):
            if "\0" in text:
                raise RequestError("A field holds the character NUL.", code="nul", what=name.replace("\0", ""))
            if _BROKEN.search(text):
                raise RequestError("A field is not UTF-8.", code="broken-text", what=_BROKEN.sub("", name))


_BROKEN = re.compile("[\ud800-\udfff\ufffd]")


def over_the_limit(form: FormData) -> str:
    """The name of a file that was let go; "" where all were kept."""
    files = (one for _, one in form.multi_items() if isinstance(one, Upload) and one.let_go)
    return next((one.filename or "file" for one in files), "")


def revision_in(said: Mapping[str, object]) -> int:
    """The revision of the case that the page was made from; -1, which no case has, where it names none."""
    text = str(said.get("revision", ""))
    return int(text) if _REVISION.fullmatch(text) else -1
