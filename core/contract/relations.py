"""Kinds of relation by which a register says that one person may act for another.

The schemas of item.json and source.json repeat the kinds for editors; a test holds them to these.
"""

from __future__ import annotations

from typing import Final

OF_A_FIRM: Final = ("legal_representative",)
OF_A_PERSON: Final = ("guardian", "spouse", "child", "parent", "relative", "heir")
"""child 子女 and parent 父母 of the applicant wherever they live, relative 近亲属 of his household, heir 继承人."""
RELATIONS: Final = (*OF_A_FIRM, *OF_A_PERSON)
