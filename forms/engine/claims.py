"""校核纠错: what the applicant declares instead of a held value, in a box of the field's own widget.

Knows one question; its names are those of the question with a mark before them, so that a held value is never read
from the post, and a declared one never taken for a held one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forms.engine.plan import Node, Question

MARK = "_claim:"
_WHOLE = ("group", "rows", "none", "hidden", "file", "signature")
"""Kinds without a box of their own: there one says that it is wrong, and hands in what proves it."""


def boxed(question: Question, node: Node, words: Mapping[str, str]) -> tuple[Question, Node] | None:
    """The question as it is asked once more, optional and open to writing; None where its widget is no single box."""
    if node.kind in _WHOLE or node.widget.name == "password":
        return None
    fresh = replace(question, required=False, fixed=[])
    return fresh, replace(node, title=words["claim"].format(title=node.title), read_only=False)
