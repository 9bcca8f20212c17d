"""`/`: what can be applied for, with search (pinyin too), themes, and for whom.

Knows no item's inside beyond what one line of a list shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from core.contract import Item, Office
from core.judge.materials import is_zero_material
from core.judge.rules import rules_of
from core.web.rendering import page, translator
from core.web.session import kernel
from forms.pages import words
from forms.pages.said import title

ROWS = 40
KIOSK_ROWS = 6
"""What a kiosk shows at once, since nobody scrolls there."""
LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class Choice:
    href: str
    title: str
    here: bool
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str
    unit: str
    handling: str
    time: str
    """What is promised, in words; a range where it differs by situation."""
    zero_material: bool
    who: tuple[str, ...]
    village: bool


@dataclass(frozen=True, slots=True)
class CatalogView:
    text: str
    theme: str
    theme_name: str
    unknown_theme: str
    """The theme that the address names and nobody has; "" where it names none, or one that is there."""
    audience: str
    counts: Mapping[str, Any]
    themes: tuple[Choice, ...]
    audiences: tuple[Choice, ...]
    rows: tuple[Row, ...]
    total: int
    more: str | None
    back: str | None
    rest: int


async def catalog(request: Request) -> Response:
    core = kernel(request)
    query = request.query_params
    text = query.get("q", "").strip()[:LONGEST_SEARCH]
    wished = query.get("theme", "").strip()[:LONGEST_SEARCH]
    theme = wished if wished in core.office.themes else ""
    audience = query.get("audience", "") if query.get("audience", "") in words.WHO else ""
    found = core.catalog.search(text, theme=core.office.themes.get(theme), audience=audience or None)
    per = KIOSK_ROWS if request.state.size == "kiosk" else ROWS
    first = _number(query.get("from"), 0)

    def href(**change: str) -> str:
        kept = {"q": text, "theme": theme, "audience": audience} | change
        kept = {key: value for key, value in kept.items() if value}
        return f"/?{urlencode(kept)}" if kept else "/"

    rest = max(0, len(found) - first - per)
    view = CatalogView(
        text=text,
        theme=theme,
        theme_name=core.office.themes.get(theme, ""),
        unknown_theme="" if theme else wished,
        audience=audience,
        counts=core.catalog.counts(),
        themes=tuple(
            Choice(href(theme="" if id == theme else id), name, id == theme, name[:1])
            for id, name in core.office.themes.items()
        ),
        audiences=(
            Choice(href(audience=""), words.N_("全部"), not audience),
            *(Choice(href(audience=id), name, id == audience) for id, name in words.WHO.items()),
        ),
        rows=tuple(row_of(item, core.office, request.state.language) for item in found[first : first + per]),
        total=len(found),
        more=href(**{"from": str(first + per)}) if rest else None,
        back=href(**{"from": str(max(0, first - per) or "")}) if first else None,
        rest=rest,
    )
    return page(request, "forms/catalog.html", {"view": view})


def row_of(item: Item, office: Office, language: str) -> Row:
    unit = office.units.get(item.unit)
    return Row(
        id=item.id,
        title=title(item, language),
        unit=translator(language)(unit.name) if unit else "",
        handling=item.handling,
        time=words.times(rules_of(item).promised, language),
        zero_material=is_zero_material(item),
        who=tuple(words.WHO[one] for one in item.audience if one in words.WHO),
        village="village" in item.routing.sites,
    )


def _number(text: str | None, default: int) -> int:
    return min(int(text), 2000) if text and text.isascii() and text.isdigit() and len(text) < 5 else default
