"""Where the applicant says that a held value is wrong, he may also show why: the upload under its box.

Knows markup of one place; which values are held, and what becomes of the file, is not its matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from markupsafe import escape

from core.cases.files import LONGEST_PLACE
from core.cases.nouns import FileRef
from core.web.rendering import environment

_AT, _TITLE, _FILES = "\ue000a", "\ue000t", "\ue000f"


@lru_cache(maxsize=16)
def _drawn(language: str) -> str:
    """Drawn once a language: a form may hold many values."""
    names = {"at": _AT, "title": _TITLE, "files": _FILES, "language": language}
    return environment(language).get_template("forms/disproof.html").render(names)


def under_held(files: Sequence[FileRef], language: str) -> Callable[[str, str], str]:
    def under(at: str, title: str) -> str:
        if len(at) > LONGEST_PLACE:
            return ""
        mine = [one for one in files if one.material == at]
        listed = (
            environment(language).get_template("forms/uploads.html").render({"id": at, "files": mine}) if mine else ""
        )
        text = _drawn(language).replace(_AT, str(escape(at))).replace(_TITLE, str(escape(title)))
        return text.replace(_FILES, listed)

    return under
