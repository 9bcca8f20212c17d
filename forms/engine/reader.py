"""The post read back into answers: only names of the plan, only branches that are active, nothing guessed.

Knows plan and post; judges nothing. Text that cannot be read as what is asked stays text, to be shown and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.contract import Problem
from core.errors import TooLarge
from core.judge.active import Chosen
from core.judge.answers import value_at
from core.judge.levels import every_property, every_schema
from core.judge.messages import unfit_name, unnamed
from core.judge.schema import parts_of, token
from forms.engine import claims, marks, rows
from forms.engine.codec import ANY
from forms.engine.leaves import ABSENT, Leaves
from forms.engine.marks import Marks
from forms.engine.page import chosen_of
from forms.engine.plan import MAX_ROWS, Node, Plan, Question
from forms.engine.post import Post, pointer_of, refuse_long_index
from forms.engine.reading import Reading

if TYPE_CHECKING:
    from core.judge.filling import Filling

__all__ = ["Reading", "read"]

_SAID = ("_branch:", "_area:", "_find:")
"""Controls of a page that are no answers, but have to look the same when the page is shown again."""
_ROUNDS = 100
"""Questions of one group that bring one another up, at most."""
_DEEPEST = 40


def read(
    plan: Plan,
    pairs: Iterable[tuple[str, Any]],
    filling: Filling | None,
    known: Mapping[str, Any] | None = None,
    language: str = "zh",
) -> Reading:
    """One post read. Raises RequestError for what cannot have come from the page.

    `known`: answers of questions that were on other pages; they help to decide which questions are active here.
    """
    post = Post(pairs)
    reader = _Reader(plan, post, filling, known or {}, language)
    answers = reader.place(plan.root, "", 0)
    if answers is ABSENT:
        answers = {} if plan.node(plan.root).kind == "group" else None
    action = next((a for a in rows.ACTIONS if post.has(a)), "") if post.marked else ""
    if action:
        target = post.one(action) or ""
        blank = reader.blank(target, answers) if action == "_add" else None
        if blank is not ABSENT:
            answers = rows.act(answers, action, target, blank)
    wrong = frozenset(at for at in post.many("_wrong") if filling is not None and at in filling.values)
    claimed = {at: value for at in wrong if (value := reader.claim(at, answers)) is not ABSENT}
    hidden, unknown, strange = reader.leftover()
    raw = post.said(*_SAID)
    raw.update(reader.editors)
    if action:
        raw = rows.renumbered(raw, action, target)
    seen, problems = frozenset(reader.seen), tuple(reader.problems)
    return Reading(answers, raw, unknown, hidden, seen, wrong, claimed, problems, action, strange)


class _Reader(Leaves):
    """Walks the plan and takes from the post what the plan asks for."""

    def __init__(
        self, plan: Plan, post: Post, filling: Filling | None, known: Mapping[str, Any], language: str
    ) -> None:
        super().__init__(post, language)
        self.plan = plan
        self.known = known
        self.states: Marks = marks.marks_of(filling, None)
        self.filling = filling
        self.editors: dict[str, str] = {}
        """Under which pattern a name stood that does not fit it, so that it is drawn there again."""
        self.branches = post.said("_branch:")
        self.acting = post.marked and any(map(post.has, rows.ACTIONS))
        """Whether a button within the form was pressed, and the page is not sent yet."""

    def chosen(self, at: str) -> Chosen | None:
        return chosen_of(self.branches, at)

    def deciding(self, at: str, value: Any) -> Any:
        """What decides which questions are active at a place: at the root, the answers of the other pages too."""
        if at or not self.known or (value is not ABSENT and not isinstance(value, Mapping)):
            return None if value is ABSENT else value
        return {**self.known, **(value or {})}

    def place(self, question: Question, at: str, deep: int) -> Any:
        """The answer at a place, or ABSENT."""
        state = self.states.state(at) if self.states.states else ""
        if state in (marks.HELD, marks.HIDDEN) or deep > _DEEPEST:
            return ABSENT
        fixed = question.fixed[0] if question.fixed else self.plan.fixed(question)
        if fixed is not None and not state:
            return self._as(fixed, question, at, deep)
        chosen = self.chosen(at) if self.branches else None
        node = self.plan.node(question, None, chosen)
        if state == marks.CHOICES and self.filling is not None:
            node = marks.with_choices(node, marks.choices_at(self.filling, at), self.plan)
            return self.leaf(node, question, at)
        value = self._as(node, question, at, deep)
        if node.dynamic:
            for _ in range(_ROUNDS):
                again = self.plan.node(question, self.deciding(at, value), chosen)
                if again is node or node.kind == again.kind == "group":
                    break  # a group has gone on to its last questions by itself; twice a level is a million at twenty
                node = again
                value = self._as(node, question, at, deep)
        return value

    def _as(self, node: Node, question: Question, at: str, deep: int) -> Any:
        if node.kind == "group":
            return self.group(node, question, at, deep)
        if node.kind == "rows":
            return self.rows(node, question, at, deep)
        return self.leaf(node, question, at)

    # -- groups --

    def group(self, node: Node, question: Question, at: str, deep: int) -> Any:
        if at and not self.post.below(at):
            return (None if node.nullable else {}) if question.required else ABSENT
        value: dict[str, Any] = {}
        before = self.said
        if not node.dynamic:
            self._asked(node.fields, at, value, deep)
            return self._grouped(node, question, at, value, before, deep)
        read: dict[str, int] = {}
        met = {id(node)}
        chosen = self.chosen(at) if self.branches else None
        for _ in range(_ROUNDS):
            fresh = tuple(q for q in node.fields if read.get(q.name) != id(q.schema))
            read.update({q.name: id(q.schema) for q in fresh})
            self._asked(fresh, at, value, deep)
            again = self.plan.node(question, self.deciding(at, value), chosen)
            if id(again) in met:
                break
            met.add(id(again))
            node = again
            names = {q.name for q in node.fields}
            value = {n: v for n, v in value.items() if n in names}
            read = {n: i for n, i in read.items() if n in names}
        order = {q.name: i for i, q in enumerate(node.fields)}
        value = dict(sorted(value.items(), key=lambda kv: order.get(kv[0], 0)))
        return self._grouped(node, question, at, value, before, deep)

    def _asked(self, fields: tuple[Question, ...], at: str, value: dict[str, Any], deep: int) -> None:
        """The answers to some questions of a group, put into its value."""
        simple, names, used, seen = not self.states.states, self.post.names, self.post.used, self.seen
        for inner in fields:
            fixed = inner.fixed[0] if inner.fixed else self.plan.fixed(inner)
            here = at + inner.key
            if simple and fixed is not None and fixed.kind == "text":
                # The commonest question of all, read without another call.
                texts = names.get(here)
                codec = fixed.codec
                if texts is None:
                    got = ABSENT
                elif len(texts) == 1 and (text := texts[0].strip() if codec.strip else texts[0]):
                    used.add(here)
                    seen.add(here)
                    self.said += 1
                    got = codec.read(text.replace("\r\n", "\n") if "\r" in text else text)
                else:
                    got = self.text(fixed, inner, here)
            else:
                got = self.place(inner, here, deep + 1)
            if got is not ABSENT:
                value[inner.name] = got
            elif inner.name in value:
                del value[inner.name]

    def _grouped(self, node: Node, question: Question, at: str, value: dict[str, Any], before: int, deep: int) -> Any:
        """A group once its questions are read: its further properties, and whether it is there at all."""
        if self.post.extended and (node.further is not None or node.carries):
            self._extras(node, question, at, value, deep)
        self.post.used.add(f"_row:{at}")
        if self.said > before:
            return value
        if question.required:
            return None if node.nullable else value
        return value if self.post.one(f"_row:{at}") is not None else ABSENT

    def _extras(self, node: Node, question: Question, at: str, value: dict[str, Any], deep: int) -> None:
        numbers = self.post.rows(f"{at}/{rows.EXTRA}")
        asked = {*every_property(self.plan.active.level(question.schema)), *(node.schema.get("properties") or ())}
        for i in numbers[: rows.MAX_CARRIED]:
            here = f"{at}/{rows.EXTRA}{i}"
            written, old = self.post.one(f"_key:{here}") or "", self.post.one(f"_old:{here}") or ""
            name = (
                old if written == old else written.strip()
            )  # one that was there already stays as it is, blanks and all
            # A name that was written over or removed goes from what was there before, as any question left blank.
            shown = (name, old)
            self.seen.update(f"{at}/{token(one)}" for one in shown if one and one not in asked)
            kind = self.post.one(f"_row:{here}")
            if node.further is None:
                text = self.post.one(here)
                got = ABSENT if text is None else ANY.read(text)
            else:
                got = self.place(node.further.question(name, self.post.one(f"_kind:{here}")), here, deep + 1)
            if got is ABSENT and kind == "blank":
                got = ""
            if got is ABSENT and kind == "null":
                got = None
            blank = got is ABSENT or got is None or got in ({}, [])
            if got is ABSENT and kind == "new" and (self.acting or name != shown[1]):
                got = None  # an entry just begun stays on the page; one that was given a name and no content is told
            if got is not ABSENT and name not in asked and (name or not blank or self.acting):
                value[name] = got
                self.said += 1
                self._named(node, name, here, f"{at}/{token(name)}")

    def _named(self, node: Node, name: str, here: str, at: str) -> None:
        """Tells of a content without a name, and of a name that was written under a pattern and does not fit it, where
        the schema would let it pass. What was met below is known by the name that is written now."""
        for met in [one for one in self.seen if one.startswith(f"{here}/")]:
            self.seen.add(at + met[len(here) :])
        self.problems = [
            replace(p, at=at + p.at[len(here) :]) if p.at == here or p.at.startswith(f"{here}/") else p
            for p in self.problems
        ]
        further = node.further
        if further is not None and not name and not self.acting:
            self.problems.append(Problem(at, "patternProperties", unnamed(self.language)))
            return
        if further is None or further.rest is not None or further.fits(name):
            return
        editor = further.said(self.post.one(f"_kind:{here}"))
        if editor is not None:
            self.editors[f"_kind:{at}"] = str(editor)
            if node.carries:
                self.problems.append(Problem(at, "patternProperties", unfit_name(name, self.language)))

    # -- lists --

    def rows(self, node: Node, question: Question, at: str, deep: int) -> Any:
        seen = self.post.one(f"_seen:{at}")
        if seen is not None:
            self.seen.add(at)
        done: list[Any] = []
        told = 0
        """So many rows are there, whatever is in them."""
        indices = self.post.rows(at)
        if len(indices) > MAX_ROWS:
            raise TooLarge("列表项太多，请减少后再提交", code="too-many-rows", what=at)
        fixed = min(len(node.first), max(indices, default=-1) + 1)  # one that asks nothing posts nothing
        for i in sorted({*range(fixed), *indices}):
            inner = node.first[i] if i < len(node.first) else node.rest
            if inner is None:
                kept = self.post.one(f"{at}/{i}") if node.schema.get("items") is not False else None
                if kept is not None:
                    done.append(ANY.read(kept))
                continue
            kind = self.post.one(f"_row:{at}/{i}")
            got = self.place(inner, f"{at}/{i}", deep + 1)
            if kind == "blank" and got is ABSENT:
                got = ""
            elif kind == "null" and got is ABSENT:
                got = None
            elif kind is None and (got is ABSENT or got in ({}, [])):
                if i >= len(node.first):
                    continue
                got = None
            elif got is ABSENT:
                got = [] if self.plan.node(inner).kind in ("rows", "boxes") else {}
            done.append(got)
            told = len(done) if kind == "null" and got is None else told
        while len(done) > told and done[-1] is None and len(done) <= len(node.first):
            done.pop()
        if not done and seen != "[]":
            return ABSENT
        self.said += 1
        return done

    # -- what else came --

    def claim(self, at: str, answers: Any) -> Any:
        """What is declared instead of a held value; ABSENT where nothing was written."""
        found = self._at(parts_of(at), answers)
        boxed = claims.boxed(*found, self.plan.words) if found is not None else None
        if boxed is None:
            return ABSENT
        before = self.seen
        self.seen = set()  # the box is no question of the form
        value = self.leaf(boxed[1], boxed[0], claims.MARK + at)
        self.seen = before
        return ABSENT if value is None else value

    def blank(self, at: str, answers: Any) -> Any:
        """What is added at a pointer starts as: an object, a list, nothing yet; `part()` for a lone group; ABSENT
        where nothing can be added."""
        names = parts_of(at)
        if names and names[-1].startswith(rows.EXTRA):
            return self._blank_further(names, answers)
        found = self._at(names, answers)
        if found is None:
            return ABSENT
        node = found[1]
        if node.kind == "group":
            return rows.part() if names else ABSENT
        there = value_at(answers, at)
        if node.rest is None or (isinstance(there, list) and len(there) >= node.most):
            return ABSENT
        kind = self.plan.node(node.rest).kind
        return {} if kind == "group" else [] if kind in ("rows", "boxes") else None

    def _blank_further(self, names: list[str], answers: Any) -> Any:
        """A new entry of one editor: the last step of the pointer names it by its number."""
        found = self._at(names[:-1], answers)
        further = found[1].further if found else None
        number = names[-1].removeprefix(rows.EXTRA)
        if further is None or not (number.isascii() and number.isdigit() and len(number) < 4):
            return ABSENT
        holder = value_at(answers, "".join(f"/{token(name)}" for name in names[:-1]))
        name = further.fresh(int(number), holder if isinstance(holder, Mapping) else ())
        kind = self.plan.node(further.question(name)).kind
        return rows.Entry(name, {} if kind == "group" else [] if kind in ("rows", "boxes") else None)

    def _at(self, names: list[str], answers: Any) -> tuple[Question, Node] | None:
        question, value = self.plan.root, answers
        node = self.plan.node(question, self.deciding("", value), self.chosen(""))
        at = ""
        for name in names:
            at = f"{at}/{token(name)}"
            if node.kind == "group":
                inner = next((q for q in node.fields if q.name == name), None)
                value = value.get(name) if isinstance(value, Mapping) else None
            else:
                i = int(name) if name.isdigit() and len(name) < 6 else -1
                inner = node.first[i] if 0 <= i < len(node.first) else node.rest
                value = value[i] if isinstance(value, list) and 0 <= i < len(value) else None
            if inner is None:
                return None
            question = inner
            node = self.plan.node(question, value, self.chosen(at))
        return question, node

    def leftover(self) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
        """Names nobody asked for: those of questions hidden now, those not taken, and of these those of no question."""
        hidden: dict[str, Any] = {}
        unknown: list[str] = []
        strange: list[str] = []
        used = self.post.used
        for name in [n for n in self.post.names if n not in used]:
            if name.startswith("_branch:") or name in rows.ACTIONS or name == "_wrong":
                continue
            at = pointer_of(name)
            if not at:
                if not name.startswith("_"):
                    unknown.append(name)
                continue
            free = self.states.state(at) not in (marks.HELD, marks.HIDDEN)
            question = self._known(at) if free else None
            if question is None:
                unknown.append(name)
                # A further property's editor goes with its branch, and is a question of no schema.
                if free and name.startswith("/") and rows.EXTRA not in name:
                    strange.append(name)
            elif at not in hidden and name.startswith(("/", "_y:", "_seen:")):
                node = self.plan.node(question)
                if node.kind not in ("group", "rows"):
                    value = self.leaf(node, question, at)
                    if value is not ABSENT:
                        hidden[at] = value
        if unknown:
            refuse_long_index(unknown)
        return hidden, tuple(unknown), tuple(strange)

    def _known(self, at: str) -> Question | None:
        """The question of a pointer in any branch, active or not."""
        if at == "#":
            return self.plan.root
        schemas: list[Any] = [self.plan.root.schema]
        for name in parts_of(at):
            found: list[Any] = []
            for schema in schemas[:50]:
                found += every_schema(self.plan.active.level(schema), name)
            if not found:
                return None
            schemas = found
        return Question(parts_of(at)[-1], schemas[0], {})
