"""Letters: an item's templates rendered in an immutable sandbox that sees declared facts only.

Knows no table and no page; a template that fails gives no letter and a reason for staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.cases.absent import Absent, told
from core.contract import Item, Said
from core.faults import say

NAMES = (
    "item",
    "applicant",
    "agent",
    "answers",
    "lookups",
    "findings",
    "site",
    "channel",
    "today",
    "case",
    "decision",
    "office",
    "result",
    "each",
    "letter",
    "event",
)
"""Every name a template may use. `case` has no, filed_on, valid_until, fee, amount, handover, duties, results, joint;
`decision` has outcome, because, basis, conditions, part, granted (None, or number and unit), day; `office` has unit,
area, telephone; `result`, of the document that is written, has id, title, no, valid_until; `each` is the row of a
document that is for one. Only the item's `letters` are given `letter` (id, title, no, unit; of somebody outside to,
address, phone, email), `event` (day, because, basis, until, title, opinion, wanted) and `case.deadline`, none while the
clock stands still. What the facts do not hold is no in an `if` (`{% if agent %}`), and an error where it is written
out."""

DECISIONS = frozenset({"result", "reject", "decline"})
"""Kinds of letters that tell a decision; others tell of a promise, a pause, an extension."""
DOCUMENT = "document"
"""Kind of the document of a further result; they stand in the order of the record's `results`."""
_MAX_TEXT = 200_000
SOMEBODY = "申请人"
"""Whom a letter speaks to when nobody told a name."""


class LetterFailed(Exception):
    """The template could not be rendered; the text is for staff, `told` for the author."""

    def __init__(self, text: str, told: Said | None = None) -> None:
        super().__init__(text)
        self.told = told or Said(text)


def addressed(applicant: Mapping[str, Any], item: Item, lookups: Mapping[str, Any]) -> dict[str, Any]:
    """The applicant as a letter speaks to him: always with a `name`.

    What a register answered for his own number, since a name is typed at counters and by clients (or not told at
    all); else the one he was filed under; else a neutral word. Rules never see this: they read what was told.
    """
    return {**applicant, "name": registered_name(item, lookups) or applicant.get("name") or SOMEBODY}


def registered_name(item: Item, lookups: Mapping[str, Any]) -> str:
    """What a register answered for the applicant's own number; "" where none was asked, or none told a name."""
    own = ({"id_number": "/applicant/id_number"}, {"credit_code": "/applicant/credit_code"})
    records = (lookups.get(name) for name, lookup in item.lookups.items() if dict(lookup.by) in own)
    names = (one.get("name") for one in records if isinstance(one, Mapping))
    return next((str(name) for name in names if name), "")


class _Sandbox(ImmutableSandboxedEnvironment):
    """A value that is null, a fee that nobody knows, is as absent as one that has no name: no letter says “None”."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        found = super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if found is None else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        found = super().getitem(obj, argument)
        return self.undefined(obj=obj, name=argument) if found is None else found


def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(undefined=Absent, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.tests["none"] = lambda value: value is None or isinstance(value, Absent)
    # `range` and the like are how a template would eat the machine; a letter states facts and needs none of them.
    environment.globals.clear()
    return environment


_sandbox = _environment()


@lru_cache(maxsize=512)
def _compile(text: str) -> Template:
    return _sandbox.from_string(text)


def render(item: Item, name: str, facts: Mapping[str, Any]) -> str:
    """The letter as HTML. Raises LetterFailed where the template is missing, broken, or asks for what is not there."""
    text = (item.bundle.get("templates") or {}).get(name)
    if text is None:
        raise LetterFailed(
            f"templates/{name} is not in this version of {item.id}.",
            say(
                "templates/{name} is not in {item}. Write it, or mend result.template.",
                "{item} 里没有 templates/{name}。写上这份模板，或者改 result.template。", name=name, item=item.id,
            ),
        )  # fmt: skip
    return render_text(text, facts, where=f"templates/{name}")


def render_text(text: str, facts: Mapping[str, Any], *, where: str = "letter") -> str:
    """As `render`, from the template's text."""
    try:
        letter = _compile(text).render({key: facts[key] for key in NAMES if facts.get(key) is not None})
    except (
        TemplateError,
        ArithmeticError,
        TypeError,
        ValueError,
        LookupError,
        AttributeError,
        RecursionError,
        MemoryError,
    ) as error:
        line = _line(error)
        raise LetterFailed(f"{where}{f':{line}' if line else ''}: {error}", told(where, line, error)) from error
    if len(letter) > _MAX_TEXT:
        raise LetterFailed(
            f"{where} gives more than {_MAX_TEXT} characters.",
            say(
                "{where} gives more than {most} characters. Write less.",
                "{where} 写出来超过 {most} 个字符。写短一些。",
                where=where,
                most=_MAX_TEXT,
            ),
        )
    return letter


def _line(error: BaseException) -> int:
    """The template's line that failed, 0 where none is told: the engine draws its frames over the compiled ones."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else 0
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
