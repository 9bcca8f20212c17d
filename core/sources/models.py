"""The one table of this room: how often each source answered what, and how long it took.

Knows no question, no answer and nobody's name.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


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
