"""The exhibits of the gallery: every widget and construct with a schema, a ui and answers, and their English words.

Knows only JSON; `gallery` draws them.
"""

from __future__ import annotations

from forms.engine.exhibits import constructs, widgets
from forms.engine.exhibits.english import texts
from forms.engine.exhibits.exhibit import Exhibit, Schema

__all__ = ["Exhibit", "Schema", "declared", "texts"]


def declared() -> list[Exhibit]:
    """All of them, single questions first."""
    return [*widgets.shown(), *constructs.shown()]
