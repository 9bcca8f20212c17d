"""Payment 缴费: what a fee holds up until it is paid, and the last day for it.

Knows the declaration and a sum; no case, no receipt, no money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.contract import Calendar, Decision, Item
from core.judge.clock import add_calendar_days, add_working_days, next_working_day
from core.judge.sentences import join, say

NOTHING = "0.00"
BEFORE_DECISION = ("acceptance", "decision")
"""Moments that stand before a decision; the third, `delivery`, after it."""


def payment_of(item: Item) -> Mapping[str, Any] | None:
    """What item.json says of paying; None where nothing waits for the fee."""
    declared = item.declared.get("payment")
    return declared if isinstance(declared, Mapping) else None


def held_until_paid(item: Item, fee: str | None, *, paid: str = NOTHING) -> str | None:
    """What waits for the fee: acceptance, decision or delivery; None where nothing does. A fee nobody knows yet is
    open, one of 0.00 needs no payment; `paid` is what was paid of it."""
    payment = payment_of(item)
    if payment is None or (fee is not None and Decimal(fee) <= Decimal(paid)):
        return None
    return str(payment["before"])


def unpaid(item: Item, decision: Decision, fee: str | None, *, paid: str = NOTHING, language: str = "zh") -> Decision:
    """No machine approves what is to be paid for before it is decided; a refusal waits for no money."""
    held = decision.outcome == "approve" or (decision.outcome == "review" and decision.held_back)
    if not held or held_until_paid(item, fee, paid=paid) not in BEFORE_DECISION:
        return decision
    held_back = (*decision.held_back, sentence(fee, language))
    return replace(decision, outcome="review", because=join(language, list(held_back)), held_back=held_back)


def sentence(fee: str | None, language: str = "zh") -> str:
    """Why something waits."""
    return say(language, "unpaid", sum=fee) if fee is not None else say(language, "fee_unknown")


def last_day(payment: Mapping[str, Any], start: date, calendar: Calendar) -> date:
    """The last day to pay; calendar days that end on a day of rest move to the next working day."""
    if "calendar_days" in payment:
        return next_working_day(add_calendar_days(start, payment["calendar_days"], calendar), calendar)
    return add_working_days(start, payment["days"], calendar)
