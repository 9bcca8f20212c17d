"""texts/<lang>.json and templates/: translations of texts that exist, templates that compile and read declared facts.

Knows the sandbox that letters are rendered in; renders none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.catalog.declared import Lost
from core.catalog.faults import near
from core.catalog.inspection.around import Work
from core.catalog.reading import JSON_ROLES, LANGUAGE
from core.judge.schema import parts_of, pointer, token

LETTER_NAMES = (
    "item",
    "applicant",
    "agent",
    "answers",
    "lookups",
    "site",
    "channel",
    "today",
    "case",
    "decision",
    "office",
)
"""Every name a template may use; `core.cases.letters` fills them."""
_FACTS = ("applicant", "agent", "answers", "lookups", "site", "channel", "today")


def check_texts(work: Work) -> None:
    for file in work.files.within("texts"):
        language = file.removeprefix("texts/").removesuffix(".json")
        if not LANGUAGE.fullmatch(language):
            work.faults.add(
                file, "", f'"{language}" is not a language.', "For example texts/en.json.", code="bad-language"
            )
        said = work.files.json.get(file)
        for key in said if isinstance(said, Mapping) else ():
            if key != "$schema":
                _key(work, file, key)


def _key(work: Work, file: str, key: str) -> None:
    name, mark, at = key.partition("#")
    if not mark or not at.startswith("/"):
        return  # the shape check has told it
    if name not in JSON_ROLES or work.unread(name):
        return  # the shape check has told it, or nothing can be said
    here = f"/{token(key)}"
    if name not in work.files.json:
        work.faults.add(file, here, f"This folder has no {name}.", "Remove the key.", code="bad-text-key")
        return
    roots = [work.files.json[name], *([work.form] if name == "form.json" else [])]
    if any(isinstance(_at(root, at)[0], str) for root in roots):
        return
    value, nearest = _at(roots[-1], at)
    what = "There is nothing there." if value is None else "No text stands there."
    hint = f'Did you mean "{name}#{nearest}"?' if nearest else ""
    work.faults.add(file, here, f'"{key}" leads to no text. {what}', hint, code="bad-text-key")


def _at(root: Any, at: str) -> tuple[Any, str]:
    """(what stands there, None when nothing does; the nearest pointer that leads on)."""
    done: list[str] = []
    for part in parts_of(at):
        if isinstance(root, Mapping) and part in root:
            root = root[part]
        elif isinstance(root, list) and part.isdigit() and int(part[:9]) < len(root):
            root = root[int(part)]
        else:
            close = near(part, list(root), bare=True) if isinstance(root, Mapping) else ""
            return None, pointer([*done, close.split('"')[1]]) if close else ""
        done.append(part)
    return root, ""


# --- templates -------------------------------------------------------------------------------------------


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(autoescape=True)
    made.globals.clear()
    return made


_SANDBOX = _environment()


def check_templates(work: Work) -> None:
    for file in work.files.within("templates"):
        text = work.files.text.get(file)
        if text is None:
            continue
        told = len(work.faults.found)
        try:
            tree = _SANDBOX.parse(text)
            _reads(work, file, tree)
            if len(work.faults.found) == told:
                _SANDBOX.compile(tree)
        except TemplateSyntaxError as error:
            what = f"Line {error.lineno}: {error.message}"
            work.faults.add(file, "", what, "Mend the template there.", code="bad-template")
        except (TemplateError, RecursionError, SyntaxError, ValueError, OverflowError) as error:
            what = f"It does not compile ({type(error).__name__})."
            work.faults.add(file, "", what, "Make it simpler.", code="bad-template")


def _reads(work: Work, file: str, tree: nodes.Template) -> None:
    """Names nobody declares, told once each; names that the template itself sets are its own."""
    own = {n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param")}
    own |= {a.name for m in tree.find_all(nodes.Macro) for a in m.args} | {m.name for m in tree.find_all(nodes.Macro)}
    own |= {"loop", "caller", "varargs", "kwargs"} if own or any(True for _ in tree.find_all(nodes.Macro)) else set()
    for kind in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        for found in tree.find_all(kind):
            work.faults.add(
                file, "", f"Line {found.lineno}: a letter includes no other file.", "Write it out.", code="bad-template"
            )
    for word, used, known in (
        ("test", tree.find_all(nodes.Test), _SANDBOX.tests),
        ("filter", tree.find_all(nodes.Filter), _SANDBOX.filters),
    ):
        for call in used:
            if call.name not in known:
                work.faults.add(
                    file,
                    "",
                    f'Line {call.lineno}: "{call.name}" is not a {word}.',
                    near(call.name, known),
                    code="bad-template",
                )
    called = {id(c.node) for c in tree.find_all(nodes.Call)}
    longer = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    inner = {id(getattr(node, "node", None)) for node in longer}
    reads: list[nodes.Expr] = [*longer, *tree.find_all(nodes.Name)]
    for node in reads:
        if id(node) in inner:
            continue
        root, path = _path(node)
        if root is None or root.name in own or root.ctx != "load":
            continue
        if id(node) in called and path:
            path = path[:-1]
        _read(work, file, root, path)


def _path(node: nodes.Expr) -> tuple[nodes.Name | None, list[str]]:
    path: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            path.append(node.attr)
            node = node.node
        elif isinstance(node, nodes.Getitem):
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, (str, int)):
                path.append(str(node.arg.value))
            else:
                path.clear()
                path.append("*")
            node = node.node
        else:
            return None, []
    return node, path[::-1]


def _read(work: Work, file: str, root: nodes.Name, path: list[str]) -> None:
    if root.name not in LETTER_NAMES:
        work.faults.add(
            file,
            "",
            f'Line {root.lineno}: "{root.name}" is not given to a letter.',
            near(root.name, LETTER_NAMES) or f"Given are {', '.join(LETTER_NAMES)}.",
            code="template-undeclared",
        )
        return
    if root.name not in _FACTS:
        return
    if "*" in path:
        path = path[: path.index("*")]
    found = work.declared.at(pointer([root.name, *path]))
    if isinstance(found, Lost):
        shown = ".".join([root.name, *path])
        hint = (
            f'Add "{found.name}" to take of the lookup.'
            if found.name in found.untaken
            else near(found.name, found.known)
        )
        work.faults.add(
            file, "", f'Line {root.lineno}: "{shown}" is declared by nobody.', hint, code="template-undeclared"
        )
