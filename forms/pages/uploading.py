"""The files of a post, each with its material, and why one was not taken, in the reader's words.

Knows no draft and no case; what is let in is said by `core.cases.files`.
"""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from core.cases.files import clean
from core.errors import TooLarge, Unprocessable
from core.web.rendering import translator
from forms.pages.words import N_

FILE_FIELD = "_material/"


def uploads(posted: FormData) -> list[tuple[str, UploadFile]]:
    """The chosen files, each with its material."""
    found = ((key, one) for key, one in posted.multi_items() if key.startswith(FILE_FIELD))
    return [(key[len(FILE_FIELD) :], one) for key, one in found if isinstance(one, UploadFile) and one.filename]


def of_file(error: Unprocessable | TooLarge, upload: UploadFile, language: str) -> str:
    """Why a file was not taken, in the reader's language and with its name."""
    name, _ = clean(upload.filename or ""), translator(language)
    said = FILE_TOO_LARGE if error.code == "file-too-large" else str(error).replace(f"“{name}”", "“%(name)s”")
    return _(said) % {"name": name}


FILE_TOO_LARGE = N_("文件“%(name)s”没有上传：每个文件不超过 10 MB，一次提交合计不超过 20 MB。请压缩或分几次上传。")
SAID = (
    N_("文件“%(name)s”超过 10 MB，请压缩后再上传。"),
    N_("文件“%(name)s”是空的，请重新选择。"),
    N_("文件“%(name)s”不是 PDF、JPG 或 PNG，请换一种格式。"),
    N_("一份申请最多上传 20 个文件。"),
    N_("本事项没有这份材料。"),
)
"""What `core.cases` says of a file, for the catalog of other languages."""
