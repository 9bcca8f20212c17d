"""The plugin folders that this package brings: one item, 养犬登记.

Knows nothing but where they lie.
"""

from __future__ import annotations

from pathlib import Path

from lingban import hookimpl


@hookimpl
def plugin_folders() -> list[Path]:
    return [Path(__file__).parent / "plugins"]
