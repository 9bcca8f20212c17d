"""A mandate 委托书 as words and as scope: its text, the digest of what was signed, what it covers, how long it runs.

Knows no page and writes nothing; who may grant and end one is `actions.mandates`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.cases.models import Case, Mandate
from core.cases.nouns import FileRef
from core.cases.rows import Statement, moment_value
from core.kernel import LEGAL_TIME

LONGEST = timedelta(days=365)
WAYS = ("presence", "screen", "paper", "voice", "relation", "account")
"""Present at the counter with his identity card, drawn on the counter's screen, a scanned sheet, a recorded call, a
guardian or legal representative at the counter, the principal's own account."""
CONFIRM = "在他人申请此事时代为表示是否同意"
"""What an agent of a firm needs to answer for it where another's application asks it."""
POWERS = f"填写和提交申请、同意为办理此事查询有关信息、提交和补正材料、查询进度、撤回申请、领取结果，{CONFIRM}"
PHRASE = "我委托你代我办理，同意为此查询有关信息"
"""What the caller says on the recording, so that another can find it there."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that the principal signed. Which parts are wanted follows from the way."""

    drawn: str = ""
    """A signature drawn on the screen, `data:image/png;base64,…`."""
    files: tuple[FileRef, ...] = ()
    """The scanned sheet."""
    record: str = ""
    """Number of the recorded call."""
    recorded_at: str = ""
    """When the call was, as it was written down."""
    signer: Mapping[str, str] = field(default_factory=dict)
    """`{"name", "id_number", "relation"}` of who signed for the principal."""

    def as_json(self) -> dict[str, Any]:
        """What is sealed into the mandate; parts that are not there are left out."""
        made: dict[str, Any] = {"drawn": self.drawn, "record": self.record, "recorded_at": self.recorded_at}
        if self.record:
            made["phrase"] = PHRASE
        if self.signer:
            made["signer"] = dict(self.signer)
        return {name: value for name, value in made.items() if value}


def number_of(id: UUID | str, day: date) -> str:
    """What a mandate is called in a history and on paper: `WT20261127-3F9A2C`. Told, never searched by."""
    return f"WT{day:%Y%m%d}-{str(id)[-6:].upper()}"


def text_of(
    *,
    principal: Mapping[str, Any],
    holder: Mapping[str, Any],
    titles: Sequence[str],
    case_no: str | None,
    since: date,
    until: date,
    signer: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """The text that the principal signs, paragraph by paragraph; the same facts give the same words.

    Civil Code 民法典 第一百六十五条: names of both, the matter, the powers and the term. `until` is its last day.
    """
    things = "、".join(f"《{one}》" for one in titles)
    matter = f"办件 {case_no}（{things}）" if case_no else things
    lines = [f"委托人：{_party(principal)}"]
    if signer and signer.get("name"):
        by = {"legal_representative": "法定代表人", "guardian": "监护人"}.get(signer.get("relation", ""), "代表")
        lines.append(f"委托人由其{by} {signer['name']}（公民身份号码 {signer.get('id_number', '')}）代表签署。")
    return (
        *lines,
        f"受托人：{_party(holder)}",
        f"委托事项：{matter}",
        f"委托权限：{POWERS}。受托人不得转委托。",
        f"委托期限：自 {_day(since)} 起，至 {_day(until)} 止。",
        "委托人可以随时在本人账号“我的”页面，或者到任何一个服务点撤回委托，撤回即时生效。撤回以前已经提交的申请仍然有效。",
    )


def _party(who: Mapping[str, Any]) -> str:
    number = who.get("credit_code") or who.get("id_number")
    label = "统一社会信用代码" if who.get("credit_code") else "公民身份号码"
    told = [str(who.get("name") or "")]
    if who.get("post"):
        told.append(f"（{who['post']}）")
    if number:
        told.append(f"，{label} {number}" if told[0] else f"{label} {number}")
    return "".join(told)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def digest_of(text: Sequence[str]) -> str:
    """SHA-256 (hex) of the paragraphs, one a line, UTF-8."""
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def begins(day: date) -> datetime:
    """The first moment of a legal day, in UTC."""
    return datetime.combine(day, time(), LEGAL_TIME).astimezone(UTC)


def ends(day: date) -> datetime:
    """The moment at which a legal day is over, in UTC."""
    return begins(day + timedelta(days=1))


def covers(row: Mandate, *, item: str, case_no: str | None = None) -> bool:
    """Whether it was given for this item; or, with `case_no`, for this very case."""
    if row.case_no is not None:
        return case_no is not None and row.case_no == case_no
    return item in (row.items or [row.item])


def runs(row: Mandate, now: datetime) -> bool:
    return row.revoked_at is None and row.valid_from <= now < row.valid_until


def still_runs(mandate: str, now: datetime) -> Statement:
    """In the transaction that does something under it: whoever ends it at this moment, either comes first or waits."""
    when = moment_value(now)
    return Statement(
        "UPDATE cases_mandate SET used = used + 1 "
        "WHERE id = ? AND revoked_at IS NULL AND valid_from <= ? AND valid_until > ?",
        [mandate, when, when],
        must=True,
    )


async def of_case(case: Case) -> list[Mandate]:
    """Mandates of the case's applicant that cover the case, whoever holds them and in whatever state; newest first."""
    if not case.applicant_key:
        return []
    found = await Mandate.filter(principal_key=case.applicant_key).order_by("-id")
    return [one for one in found if covers(one, item=case.item, case_no=case.no)]
