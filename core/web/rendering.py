"""Templates to pages: one Jinja environment a language, hashed static addresses, headers that keep a page private.

Knows where templates and the translation catalog lie, and none of what they say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.web import session

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
LANGUAGES = ("zh", "en")

_prefixes: dict[str, BaseLoader] = {}


def add_templates(prefix: str, folder: Path) -> None:
    """Make the templates in `folder` available as `prefix/name.html`."""
    if prefix not in _prefixes:
        _prefixes[prefix] = FileSystemLoader(folder)
        environment.cache_clear()


@lru_cache
def messages(language: str) -> Mapping[str, str | tuple[str, ...]]:
    """msgid → translation, read from the .po itself so that no compiled file need be kept. Empty for Chinese."""
    path = HERE / "locale" / language / "LC_MESSAGES" / "lingban.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if message.id and not message.fuzzy:
            id = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            text = tuple(message.string) if isinstance(message.string, (list, tuple)) else message.string
            if text and all(text):
                found[id] = text
    return found


def translator(language: str) -> Callable[[str], str]:
    """`_` of a language; a sentence without a translation stays Chinese."""
    table = messages(language)

    def gettext(text: str) -> str:
        found = table.get(text, text)
        return found if isinstance(found, str) else found[0]

    return gettext


def _plural(language: str) -> Callable[[str, str, int], str]:
    table = messages(language)

    def ngettext(one: str, many: str, n: int) -> str:
        found = table.get(one)
        if isinstance(found, tuple):
            return found[0] if n == 1 or len(found) == 1 else found[1]
        return found or (one if n == 1 else many)

    return ngettext


class _Translated(NodeTransformer):
    """Puts the translation of `_("…")` into the template itself, since an environment has one language.

    A page holds some thirty such sentences, and to look each up for each request costs more than all the rest.
    """

    def __init__(self, gettext: Callable[[str], str]) -> None:
        self.gettext = gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        self.generic_visit(node)
        if (
            isinstance(node.node, nodes.Name)
            and node.node.name in ("_", "gettext")
            and len(node.args) == 1
            and isinstance(node.args[0], nodes.Const)
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        ):
            # `%` is doubled in what the i18n extension makes of {% trans %}; old and new style both undo it.
            text = self.gettext(node.args[0].value).replace("%%", "%")
            return nodes.MarkSafe(nodes.Const(text, lineno=node.lineno), lineno=node.lineno)
        return node


class _OneLanguage(Environment):
    """Jinja's environment whose templates are translated once, when they are compiled."""

    gettext: Callable[[str], str]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Translated(self.gettext).visit(tree)
        return tree


@lru_cache
def environment(language: str) -> Environment:
    env = _OneLanguage(
        loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), PrefixLoader(_prefixes)]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_callables(translator(language), _plural(language), newstyle=True)  # type: ignore[attr-defined]
    env.gettext = translator(language)
    env.globals["static"] = static
    return env


@lru_cache
def static(name: str) -> str:
    """The address of a static file with its content's hash, so that it can be kept for a year."""
    path = STATIC / name
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
    return f"/static/{name}?v={mark}"


_REMEMBERED = re.compile(r' autocomplete="(?!off"|new-password"|one-time-code")[^"]*"')
_FORM = re.compile(r"<form(?![^>]*\bautocomplete=)")


def unremembered(html: str) -> str:
    """The page for a screen that the next person uses too: no field offers what was typed into it before.

    At the end of all rendering, so that it holds for every widget and every plugin. Text of people cannot look like an
    attribute: its quotes are escaped.
    """
    return _FORM.sub('<form autocomplete="off"', _REMEMBERED.sub(' autocomplete="off"', html))


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    private: bool = False,
) -> HTMLResponse:
    """A page in the reader's language. `private` (and every page of somebody signed in) is stored nowhere."""
    state = request.scope["state"]
    language = state["language"]

    def csrf_field() -> Markup:
        # Both parts are of our own alphabet: nothing to escape.
        return Markup(f'<input type="hidden" name="{session.CSRF_FIELD}" value="{session.csrf_token(request)}">')

    values = {
        "request": request,
        "actor": state["actor"],
        "language": language,
        "size": state["size"],
        "path": request.scope["path"],
        "csrf_field": csrf_field,
        "demo": session.kernel(request).settings.demo,
        "turn": session.turn(request),
        **(context or {}),
    }
    html = environment(language).get_template(template).render(values)
    if session.shared(state):
        html = unremembered(html)
    response = HTMLResponse(html, status_code=status)
    response.headers["Content-Language"] = "zh-CN" if language == "zh" else language
    private = private or state["actor"] is not None or "new_visitor" in state
    response.headers["Cache-Control"] = "no-store" if private else "no-cache"
    response.headers["Vary"] = "Cookie"
    session.keep_visitor(request, response)
    return response
