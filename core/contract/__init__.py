"""The nouns: frozen dataclasses that plugins and rooms exchange.

Knows no file, no database, no HTTP; nothing here does more than hold and name.
"""

from core.contract.actors import Actor
from core.contract.items import Again, DecidedAt, DecideRule, EffectRule, Item, Lookup, Material, Routing, Step
from core.contract.office import CORRECTION_DAYS, Area, Calendar, Closed, Counter, Hours, Office, Site, Unit
from core.contract.outcomes import Down, Empty, Evidence, Found, Outcome, Refused
from core.contract.problems import Fault, Problem, Said
from core.contract.sources import Source
from core.contract.verdicts import (
    Decision,
    Duty,
    FurtherResult,
    Handover,
    MaterialState,
    Measured,
    Route,
    RouteStep,
    Verdict,
)
from core.contract.words import CHANNELS, CONTRACT, LEVELS, OUTCOMES, STATUSES, Facts, Json, RawCondition

__all__ = [
    "CHANNELS",
    "CONTRACT",
    "CORRECTION_DAYS",
    "LEVELS",
    "OUTCOMES",
    "STATUSES",
    "Actor",
    "Again",
    "Area",
    "Calendar",
    "Closed",
    "Counter",
    "DecideRule",
    "DecidedAt",
    "Decision",
    "Down",
    "Duty",
    "EffectRule",
    "Empty",
    "Evidence",
    "Facts",
    "Fault",
    "Found",
    "FurtherResult",
    "Handover",
    "Hours",
    "Item",
    "Json",
    "Lookup",
    "Material",
    "MaterialState",
    "Measured",
    "Office",
    "Outcome",
    "Problem",
    "RawCondition",
    "Refused",
    "Route",
    "RouteStep",
    "Routing",
    "Said",
    "Site",
    "Source",
    "Step",
    "Unit",
    "Verdict",
]
