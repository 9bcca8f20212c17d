"""Single questions read back: a box of text, options, ticks, a date, an area, a file, a signature.

Knows one question and the post; groups, lists and branches are `reader`'s.
"""

from __future__ import annotations

from typing import Any

from core.contract import Problem
from core.judge.levels import types_of
from core.judge.messages import sentence
from core.judge.pictures import is_drawn_signature
from forms.engine.areas import MAX_STAGES
from forms.engine.codec import join_date
from forms.engine.plan import MAX_ROWS, Node, Question
from forms.engine.post import Post
from forms.engine.uploads import Unfit, data_url

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT", "__bool__": lambda self: False})()


class Leaves:
    """Takes single answers from the post and remembers what it met."""

    def __init__(self, post: Post, language: str) -> None:
        self.post = post
        self.language = language
        self.seen: set[str] = set()
        self.problems: list[Problem] = []
        self.said = 0
        """Answers the applicant in fact gave so far; constants and blanks are none. An optional group in which
        nothing was said is absent."""

    def text(self, node: Node, question: Question, at: str) -> Any:
        """A single box."""
        post, name = self.post, at or "#"
        text = post.one(name)
        if node.kind == "file":
            text = self._file(node, at, name, text)
        elif node.kind == "signature":
            text = self._signed(node, at, name, text)
        if text is None:
            return ABSENT
        self.seen.add(at)
        codec = node.codec
        if codec.strip:
            text = text.strip()
        if not text:
            return self._blank(node, question)
        self.said += 1
        return codec.read(text.replace("\r\n", "\n") if "\r" in text else text)

    def _file(self, node: Node, at: str, name: str, kept: str | None) -> str | None:
        """A new file, else the one kept from before unless it was dropped."""
        dropped = self.post.one(f"_drop:{name}")
        upload = self.post.uploads.get(f"_file:{name}")
        self.post.used.add(f"_file:{name}")
        if upload is not None:
            try:
                fresh = data_url(upload, node.accept)
            except Unfit as unfit:
                self.problems.append(Problem(at, "file", unfit.told(node.title, self.language)))
                fresh = ""
            if fresh:
                return fresh
        return "" if dropped else kept

    def _signed(self, node: Node, at: str, name: str, typed: str | None) -> str | None:
        """A signature: the name that was typed, else what was drawn by hand."""
        drawn = (self.post.one(f"_sign:{name}") or "").strip()
        if (typed or "").strip():
            return typed
        if drawn and not is_drawn_signature(drawn):
            told = sentence("format", {"format": "signature"}, title=node.title, kind="", language=self.language)
            self.problems.append(Problem(at, "format", told))
            return typed
        return drawn or typed

    def leaf(self, node: Node, question: Question, at: str) -> Any:
        """A question of any kind that has no questions below it."""
        kind, post = node.kind, self.post
        name = at or "#"
        if kind == "none":
            return ABSENT
        if kind == "boxes":
            return self._boxes(node, name)
        if kind == "box" or (kind == "const" and not question.required):
            return self._box(node, question, name)
        if kind == "date":
            parts = [post.one(f"{m}:{name}") for m in ("_y", "_m", "_d")]
            if parts == [None, None, None]:
                return ABSENT
            self.seen.add(at)
            day = join_date(*(p or "" for p in parts))
            self.said += bool(day)
            return day or self._blank(node, question)
        if kind == "area" and self._moved_on(name):
            self.seen.add(at)
            post.used.add(name)
            return self._blank(node, question)
        if kind not in ("options", "const"):
            return self.text(node, question, at)
        text, there = post.one(name), post.one(f"_seen:{name}")
        if text is None:
            if there is None:
                return ABSENT
            self.seen.add(at)
            return self._blank(node, question)
        self.seen.add(at)
        if kind == "const":
            return node.schema.get("const")
        if text not in node.by_text and not text.strip():
            return self._blank(node, question)
        self.said += 1
        return node.by_text.get(text, text)

    def _blank(self, node: Node, question: Question) -> Any:
        return None if node.nullable and question.required else ABSENT

    def _moved_on(self, name: str) -> bool:
        """Whether another level above was chosen than the one the list on the page belonged to."""
        under = self.post.one(f"_under:{name}")
        said = [self.post.one(f"_area:{name}#{i}") for i in range(MAX_STAGES)]
        self.post.one(f"_find:{name}")
        return under is not None and under != ",".join([s for s in said if s is not None])

    def _box(self, node: Node, question: Question, name: str) -> Any:
        before = self.post.one(f"_seen:{name}")
        if before is not None:
            self.seen.add("" if name == "#" else name)
        if self.post.one(name) is not None:
            self.said += 1
            return node.schema.get("const") if node.kind == "const" else True
        free = types_of(node.schema) in (["boolean"], ["boolean", "null"]) and "const" not in node.schema
        if before is not None and free and False in node.by_text.values() and (question.required or before == "0"):
            self.said += before == "0"
            return False
        return ABSENT

    def _boxes(self, node: Node, name: str) -> Any:
        before = self.post.one(f"_seen:{name}")
        if before is not None:
            self.seen.add("" if name == "#" else name)
        ticked = [t for t in dict.fromkeys(self.post.many(name)) if t]
        if not ticked and before != "[]":
            return ABSENT
        self.said += 1
        # Boxes come in the order they are drawn; what was there before keeps its order, and how often it stood there.
        texts = [o.text for o in node.options]
        earlier = [
            texts[int(n)] for n in (before or "").split(",")[:MAX_ROWS] if n.isdigit() and int(n[:6]) < len(texts)
        ]
        still = set(ticked)
        ordered = [t for t in earlier if t in still]
        ordered += [t for t in texts if t in still and t not in earlier]
        ordered += [t for t in ticked if t not in node.by_text]
        return [node.by_text.get(t, t) for t in ordered]
