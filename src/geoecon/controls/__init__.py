"""Export-control regimes as dated rules, and what they let through."""

from geoecon.controls.answer import NOT_LEGAL_ADVICE, Licence, LicenceStates, band_chart
from geoecon.controls.capacity import for_case
from geoecon.controls.decision import licence, licence_history
from geoecon.controls.flow import FlowCapacity
from geoecon.controls.regime import Regime, load_regimes, read_regime, regime_of

__all__ = [
    "NOT_LEGAL_ADVICE",
    "FlowCapacity",
    "Licence",
    "LicenceStates",
    "Regime",
    "band_chart",
    "for_case",
    "licence",
    "licence_history",
    "load_regimes",
    "read_regime",
    "regime_of",
]
