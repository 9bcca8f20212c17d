"""The citizens' pages as a built-in plugin: found by its dotted name, offering routes as a third party would.

Knows which address leads to which page, and nothing of what a page does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.hookspecs import hookimpl
from forms import pages


@hookimpl
def routes() -> Sequence[Any]:
    return pages.routes()
