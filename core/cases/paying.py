"""What a case still has to be paid for 缴费: asked, paid, reversed, as its record keeps it, and the notice of it.

Knows no cashier: no money moves through here, only its receipt is noted. Who may note one is `actions.paying`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.cases.letter_rows import letter_row
from core.cases.letters import render_text
from core.cases.rows import Row
from core.contract import Item
from core.errors import Conflict
from core.judge.payment import BEFORE_DECISION, NOTHING, last_day, payment_of, sentence

if TYPE_CHECKING:
    from core.kernel import Kernel

HELD = {"acceptance": "缴清后受理", "decision": "缴清后作出决定", "delivery": "缴清后领取、送达办理结果"}
OTHERWISE = {"close": "逾期未缴清的，按撤回申请处理，以后可以重新申请。", "remind": "逾期未缴清的，继续等待缴费。"}
NOTICE = """<article class="letter" lang="zh-CN">
<h2>缴费通知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}：您申请的“{{ item.title }}”应缴费用 {{ decision.due }} 元，请在 {{ decision.until }} 前缴清，\
{{ decision.held }}。</p>
<p>缴费方式：{{ decision.how }}</p>
{% if decision.basis %}
<p>依据：{{ decision.basis }}</p>
{% endif %}
<p>{{ decision.otherwise }}等待缴费的时间不计入办理期限。请保留缴费票据；本平台不代收任何款项。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """One receipt 票据 that was noted."""

    receipt: str
    on: date
    sum: str
    by: str
    """Who noted it; "" where a register told."""


@dataclass(frozen=True, slots=True)
class Payment:
    before: str
    fee: str
    due: str
    """What is still to be paid; "0.00" where all is, or where a refusal has made it needless."""
    asked_on: date
    until: date
    how: str
    basis: str
    otherwise: str
    paid: tuple[Paid, ...] = ()

    @property
    def waits(self) -> bool:
        return self.due != NOTHING


def payment_in(record: Mapping[str, Any] | None) -> Payment | None:
    """None where nothing was asked for."""
    kept = (record or {}).get("payment")
    if not kept:
        return None
    return Payment(
        kept["before"], kept["fee"], due_of(kept), date.fromisoformat(kept["asked_on"]),
        date.fromisoformat(kept["until"]), kept["how"], kept["basis"], kept["otherwise"],
        tuple(Paid(one["receipt"], date.fromisoformat(one["on"]), one["sum"], one["by"]) for one in kept["paid"]),
    )  # fmt: skip


def due_of(kept: Mapping[str, Any] | None) -> str:
    """What is still to be paid of a record's `payment`. More than the fee is given back elsewhere, never owed."""
    if not kept or kept.get("dropped"):
        return NOTHING
    due = Decimal(kept["fee"]) - sum((Decimal(one["sum"]) for one in kept["paid"]), Decimal(0))
    return f"{due:.2f}" if due > 0 else NOTHING


def paid_of(record: Mapping[str, Any] | None) -> str:
    """What was paid in all."""
    kept = (record or {}).get("payment") or {"paid": ()}
    return f"{sum((Decimal(one['sum']) for one in kept['paid']), Decimal(0)):.2f}"


def pay_by(record: Mapping[str, Any] | None, status: str) -> date | None:
    """The last day for what a case waits for; None where it waits for no money."""
    payment = payment_in(record)
    if payment is None or not payment.waits or status in ("withdrawn", "closed", "not_accepted"):
        return None
    return payment.until


def hindrance(item: Item, record: Mapping[str, Any] | None, move: str) -> str:
    """Why this move (accept, approve, deliver) waits for the fee, in a sentence; "" where it does not."""
    declared = payment_of(item)
    fee = (record or {}).get("fee")
    if declared is None or record is None or fee == NOTHING:
        return ""
    moments = {
        "accept": ("acceptance",), "approve": BEFORE_DECISION, "deliver": (*BEFORE_DECISION, "delivery")
    }  # fmt: skip
    if declared["before"] not in moments[move]:
        return ""
    payment = payment_in(record)
    if payment is not None:
        return f"{sentence(payment.due)}，{HELD[declared['before']]}。" if payment.waits else ""
    # A case that was filed before its item asked for it, or that was refused, was never told to pay.
    return "" if fee is not None else f"{sentence(None)}，{HELD[declared['before']]}。"


def check_paid(item: Item, record: Mapping[str, Any] | None, move: str) -> None:
    """Raises Conflict where the fee comes first."""
    told = hindrance(item, record, move)
    if told:
        raise Conflict(told, code="unpaid")


@dataclass(frozen=True, slots=True)
class Demand:
    """What asking for the fee, or asking no more, changes: the record, what the event tells, and the notice."""

    record: dict[str, Any]
    told: Mapping[str, Any]
    letters: Sequence[Row] = ()


def demanded(
    kernel: Kernel,
    item: Item,
    record: Mapping[str, Any],
    *,
    outcome: str | None,
    case_id: str,
    no: str,
    applicant: Mapping[str, Any],
    unit: str | None,
) -> Demand:
    """Ask for the fee once its moment has come and the sum is known; again where the sum has changed meanwhile.

    `outcome`: of the case as it will stand. `record` has the fee in it.
    """
    declared, newer = payment_of(item), dict(record)
    if declared is None:
        return Demand(newer, {})
    kept, fee = record.get("payment"), record.get("fee")
    waited = due_of(kept) != NOTHING
    if outcome in ("reject", "decline"):
        if not waited:
            return Demand(newer, {})
        newer["payment"] = {**(kept or {}), "dropped": True}
        return Demand(newer, {"payment": {"due": NOTHING, "turn": "made"}})
    if fee is None or (outcome != "approve" and declared["before"] == "delivery"):
        return Demand(newer, {})
    if (kept is None and fee == NOTHING) or (kept is not None and kept["fee"] == fee):
        return Demand(newer, {})
    today = kernel.today()
    asked: dict[str, Any] = {
        "before": declared["before"],
        "asked_on": today.isoformat(),
        "until": last_day(declared, today, kernel.calendar).isoformat(),
        "how": declared["how"],
        "basis": declared.get("basis", ""),
        "otherwise": declared.get("otherwise", "remind"),
        "paid": [],
        "told": "",
        **({name: kept[name] for name in ("asked_on", "until", "paid", "told")} if kept and waited else {}),
        **({"paid": kept["paid"]} if kept else {}),
        "fee": fee,
    }
    newer["payment"] = asked
    due = due_of(asked)
    told: dict[str, Any] = {"due": due, "until": asked["until"]}
    if waited != (due != NOTHING):
        told["turn"] = "made" if waited else "asked"
    letters = [] if due == NOTHING else [notice(kernel, item, asked, case_id=case_id, no=no, to=applicant, unit=unit)]
    return Demand(newer, {"payment": told}, letters)


def notice(
    kernel: Kernel,
    item: Item,
    kept: Mapping[str, Any],
    *,
    case_id: str,
    no: str,
    to: Mapping[str, Any],
    unit: str | None,
) -> Row:
    """The payment notice 缴费通知书."""
    known = kernel.office.units.get(unit or "")
    text = render_text(
        NOTICE,
        {
            "case": {"no": no},
            "item": {"title": item.title},
            "applicant": to,
            "decision": {
                "due": due_of(kept),
                "until": kept["until"],
                "held": HELD[kept["before"]],
                "how": kept["how"],
                "basis": kept["basis"],
                "otherwise": OTHERWISE[kept["otherwise"]],
            },
            "office": {"unit": known.name if known else unit or "", "telephone": known.telephone if known else ""},
            "today": kernel.today().isoformat(),
        },
    )
    return letter_row(case_id, kind="payment", title="缴费通知书", text=text, at=kernel.now())
