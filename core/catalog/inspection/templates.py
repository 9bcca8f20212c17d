"""templates/: letters that compile in the sandbox and read nothing but declared facts.

Knows the sandbox that letters are rendered in; renders none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.catalog.inspection.around import Work
from core.catalog.inspection.template_words import said
from core.catalog.places import Lost, listing, mapping
from core.faults import near
from core.judge.schema import pointer

LETTER_NAMES = ("item", "applicant", "agent", "answers", "lookups", "findings", "site", "channel", "today", "case",
                "decision", "office", "result", "each", "letter", "event")  # fmt: skip
"""Every name a template may use; `core.cases.letters` fills them."""
_GIVEN = {
    "case": ("no", "filed_on", "valid_until", "fee", "amount", "handover", "duties", "results", "joint"),
    "decision": ("outcome", "because", "basis", "conditions", "part", "granted", "day"),
    "office": ("unit", "area", "telephone"),
    "result": ("id", "title", "no", "valid_until"),
    "letter": ("id", "title", "no", "unit", "to", "address", "phone", "email"),
    "event": ("day", "because", "basis", "until", "title", "opinion", "wanted"),
}
_ELSEWHERE = {"case": ("deadline",)}
"""Given to the item's `letters`, where the result's own template has the other names."""
_FACTS = ("applicant", "agent", "answers", "lookups", "findings", "site", "channel", "today")
_OTHER_FILES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(autoescape=True)
    made.globals.clear()
    return made


_SANDBOX = _environment()


def check(work: Work) -> None:
    for file in work.files.within("templates"):
        text = work.files.text.get(file)
        if text is None:
            continue
        told = len(work.faults.found)
        try:
            tree = _SANDBOX.parse(text)
            letter = _Letter(work, file, tree)
            letter.check()
            if len(work.faults.found) == told and not letter.is_plain:
                _SANDBOX.compile(tree)
        except TemplateSyntaxError as error:
            work.faults.add(file, "", "bad-template", line=error.lineno, reason=said(error.message or ""))
        except (TemplateError, RecursionError, SyntaxError, ValueError, OverflowError) as error:
            work.faults.add(file, "", "bad-template/compile", reason=type(error).__name__)


_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Slice,
    nodes.Const, nodes.Neg, nodes.If, nodes.For, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat,
)  # fmt: skip


def _every(tree: nodes.Node) -> tuple[list[nodes.Node], int]:
    """(all nodes in the order of the text, how deep they go); one walk, since templates cost most of a catalog."""
    found = []
    deepest = 0
    stack = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        found.append(node)
        deepest = max(deepest, depth)
        stack.extend((inner, depth + 1) for inner in reversed(list(node.iter_child_nodes())))
    return found, deepest


class _Letter:
    def __init__(self, work: Work, file: str, tree: nodes.Template) -> None:
        self.work, self.file = work, file
        self.nodes, self.depth = _every(tree)
        self.rows = self._rows()
        """Loop variable → path of the list whose rows it walks."""
        self.own = self._own()
        self.is_sample = file.removeprefix("templates/") in {
            mapping(one).get("sample") for one in listing(work.guide.get("materials"))
        }

    @property
    def _sent(self) -> bool:
        """Nothing but the item's `letters` is written by this template."""
        name = self.file.removeprefix("templates/")
        result = mapping(self.work.guide.get("result"))
        others = [result, *map(mapping, listing(result.get("also")))]
        own = map(mapping, listing(self.work.guide.get("letters")))
        return not any(one.get("template") == name for one in others) and any(
            one.get("template") == name for one in own
        )

    @property
    def is_plain(self) -> bool:
        """Nothing but texts, values, ifs and loops of no great depth: what parses of these always compiles."""
        plain = self.depth < 20 and all(type(node) in _PLAIN for node in self.nodes)
        return plain and not any(
            isinstance(n, nodes.Name) and n.ctx == "store" and n.name == "loop" for n in self.nodes
        )

    def fault(self, line: int, key: str, *, hint: str = "", **blanks: object) -> None:
        self.work.faults.add(self.file, "", key, line=line, hint=hint, **blanks)

    def check(self) -> None:
        whole = {id(node.node) for node in self.nodes if isinstance(node, (nodes.Getattr, nodes.Getitem))}
        called = {id(node.node) for node in self.nodes if isinstance(node, nodes.Call)}
        for node in self.nodes:
            if isinstance(node, _OTHER_FILES):
                self.fault(node.lineno, "bad-template/includes")
            elif isinstance(node, nodes.Filter):
                self._known(node.lineno, node.name, _SANDBOX.filters, "filter")
            elif isinstance(node, nodes.Test):
                self._known(node.lineno, node.name, _SANDBOX.tests, "test")
            elif isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)) and id(node) not in whole:
                root, path = _path(node)
                if root is not None and root.ctx == "load":
                    self._read(root, path[:-1] if id(node) in called and path else path)

    def _known(self, line: int, name: str, known: Mapping[str, object], what: str) -> None:
        if name not in known:
            self.fault(line, f"bad-template/{what}", name=name, hint=near(name, list(known)))

    def _rows(self) -> dict[str, list[str]]:
        """Only for names that are set once: then it is sure what a row is."""
        stored = Counter(n.name for n in self.nodes if isinstance(n, nodes.Name) and n.ctx == "store")
        found = {}
        for loop in self.nodes:
            if isinstance(loop, nodes.For) and isinstance(loop.target, nodes.Name):
                root, path = _path(loop.iter)
                if root is not None and root.name in ("answers", "lookups") and stored[loop.target.name] == 1:
                    found[loop.target.name] = [root.name, *path, "*"]
        return found

    def _own(self) -> set[str]:
        own = {n.name for n in self.nodes if isinstance(n, nodes.Name) and n.ctx in ("store", "param")}
        macros = [n for n in self.nodes if isinstance(n, nodes.Macro)]
        own |= {m.name for m in macros}
        if macros:
            own |= {"caller", "varargs", "kwargs"}
        if any(isinstance(n, nodes.For) for n in self.nodes):
            own.add("loop")
        return own

    def _read(self, root: nodes.Name, path: list[str]) -> None:
        if root.name in self.rows and not self.is_sample:
            self._declared(root.lineno, ".".join([root.name, *path]), [*self.rows[root.name], *path])
        elif root.name in self.own:
            return
        elif self.is_sample:
            self.fault(root.lineno, "template-undeclared/sample", name=root.name)
        elif root.name not in LETTER_NAMES:
            self.fault(
                root.lineno,
                "template-undeclared/root",
                name=root.name,
                names=", ".join(LETTER_NAMES),
                hint=near(root.name, LETTER_NAMES),
            )
        elif root.name in _FACTS:
            self._declared(root.lineno, ".".join([root.name, *path]), [root.name, *path])
        elif root.name == "each":
            self._row(root.lineno, path)
        elif root.name in ("letter", "event") and not self._sent:
            self.fault(root.lineno, "template-undeclared/letter", name=root.name)
        elif self._sent and path and path[0] in _ELSEWHERE.get(root.name, ()):
            return
        elif path and path[0] not in _GIVEN.get(root.name, path):
            self.fault(
                root.lineno, "template-undeclared", name=f"{root.name}.{path[0]}", hint=near(path[0], _GIVEN[root.name])
            )

    def _row(self, line: int, path: list[str]) -> None:
        """`each` is there where every result that is written by this template is for a row."""
        name = self.file.removeprefix("templates/")
        result = mapping(self.work.guide.get("result"))
        users = [one for one in map(mapping, listing(result.get("also"))) if one.get("template") == name]
        letters = map(mapping, listing(self.work.guide.get("letters")))
        users += [mapping(one.get("to")) for one in letters if one.get("template") == name]
        if not users or result.get("template") == name or not all("each" in one for one in users):
            self.fault(line, "template-undeclared/each")
        for one in users:
            place = self.work.rows_of(one.get("each"))
            for i, part in enumerate(path):
                inner = place.inner(part) if place is not None else None
                if place is not None and inner is None:
                    shown = ".".join(["each", *path[: i + 1]])
                    self.fault(line, "template-undeclared/declared", name=shown, hint=near(part, place.names()))
                place = inner

    def _declared(self, line: int, shown: str, path: list[str]) -> None:
        found = self.work.declared.at(pointer(path))
        if isinstance(found, Lost):
            if found.name in found.untaken:
                self.fault(line, "template-undeclared/taken", name=shown, field=found.name)
            else:
                self.fault(line, "template-undeclared/declared", name=shown, hint=near(found.name, found.known))


def _path(node: nodes.Node) -> tuple[nodes.Name | None, list[str]]:
    """`lookups.houses[0].owner` → (lookups, [houses]); what stands behind a number is not followed; None: no path."""
    path: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            path.append(node.attr)
            node = node.node
        elif isinstance(node, nodes.Getitem):
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                path.append(node.arg.value)
            else:
                path.clear()  # a row, or a part of a text such as the last four digits of an account
            node = node.node
        else:
            return None, []
    return node, path[::-1]
