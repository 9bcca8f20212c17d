"""Receipts of payments, so that one paper never pays for two applicants."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class PaidReceipt(Model):
    """One receipt of a payment 票据: for whom it was noted, and in how many of his cases."""

    number = fields.CharField(max_length=64, primary_key=True)
    """HMAC of the number on the paper."""
    payer = fields.CharField(max_length=64)
    """Key of the applicant, empty once he is erased, and then it pays for nobody else."""
    uses = fields.IntField(default=0)
    """Cases in which it stands. None, and it is free again."""

    class Meta:
        table = "cases_receipt"
