"""What goes on now: the heartbeat of each job, and whose turn it is at a counter."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model


class Heartbeat(Model):
    """When each job last ran, one that falls silent is an alarm."""

    job = fields.CharField(max_length=40, primary_key=True)
    at: datetime = fields.DatetimeField()
    every_s = fields.IntField()
    note = fields.CharField(max_length=200, default="")

    class Meta:
        table = "cases_heartbeat"


class Turn(Model):
    """How often an applicant filed what looks at his earlier cases, so that of two at once one sees the other."""

    key = fields.CharField(max_length=64, primary_key=True)
    """HMAC of the applicant's number."""
    n = fields.IntField(default=0)

    class Meta:
        table = "cases_turn"
