"""What an exhibit is: a title, a schema with its ui, and answers. Knows only JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
Exhibit = tuple[str, tuple[Schema, Mapping[str, Any] | None], Any]
"""(title, (schema, ui), answers)"""


def one(name: str, schema: Schema, ui: Mapping[str, Any] | None = None) -> tuple[Schema, Mapping[str, Any] | None]:
    """A form of one required question."""
    return {"type": "object", "properties": {name: schema}, "required": [name]}, {name: ui} if ui else None
