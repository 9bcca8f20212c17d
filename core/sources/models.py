"""The tables of this room: how often each source answered what and how long it took, and what went wrong with it.

Knows no question, no answer and nobody's name; the words of a trouble are sealed, as they may be an integrator's own.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from core.sealing import SealedJSON


class SourceTally(Model):
    """Answers of one source that ended alike within one minute, hour or day, added up over all workers."""

    key = fields.CharField(max_length=160, primary_key=True)
    """source|slot|outcome, a key of one column, so that every database adds to it alike."""
    source = fields.CharField(max_length=64)
    grain = fields.CharField(max_length=6)
    """minute, hour or day."""
    slot = fields.CharField(max_length=16)
    """UTC, ISO 8601, cut to the grain."""
    outcome = fields.CharField(max_length=8)
    n = fields.IntField(default=0)
    ms_sum = fields.BigIntField(default=0)
    ms_max = fields.IntField(default=0)

    class Meta:
        app = "sources"
        table = "sources_tally"
        indexes = (("source", "grain", "slot"),)


class SourceTrouble(Model):
    """One trouble of one source on one day, over all workers: how often, when first and when last."""

    key = fields.CharField(max_length=64, primary_key=True)
    """SHA-256 of source, kind, reason and day, so that every database adds to it alike."""
    source = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=8)
    """down, record, opened, leak."""
    reason = SealedJSON()
    first_at = fields.CharField(max_length=25)
    """UTC, ISO 8601, seconds."""
    last_at = fields.CharField(max_length=25)
    n = fields.IntField(default=0)

    class Meta:
        app = "sources"
        table = "sources_trouble"
        indexes = (("source", "last_at"),)
