"""Every write of this room. Pages, API and CLI import from here and nowhere deeper.

Knows no request: who acts comes in as an Actor, checked here.
"""

from core.cases.actions.drafts import ask_again, discard_draft, edit_draft, save_draft, start_draft
from core.cases.actions.filing import file, file_draft
from core.cases.actions.uploads import add_file, remove_file

__all__ = [
    "add_file",
    "ask_again",
    "discard_draft",
    "edit_draft",
    "file",
    "file_draft",
    "remove_file",
    "save_draft",
    "start_draft",
]
