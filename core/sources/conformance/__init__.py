"""The conformance suite: what every source must do, ours or an integrator's, tried on the source itself.

Knows no particular source. `lingban source check ID` runs it; so does pytest, see `pytest_plugin`.
"""

from core.sources.conformance.samples import Samples, samples_of
from core.sources.conformance.suite import Check, checks

__all__ = ["Check", "Samples", "checks", "samples_of"]
