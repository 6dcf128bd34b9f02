"""Export-control regimes as dated rules, and what they let through. Not legal advice."""

from geoecon.controls.answer import NOT_LEGAL_ADVICE, Licence, LicenceStates
from geoecon.controls.bands import band_chart, regimes_chart, regimes_of_case
from geoecon.controls.capacity import for_case
from geoecon.controls.decision import licence, licence_history
from geoecon.controls.flow import FlowCapacity
from geoecon.controls.golden import RegimeCheck, check_golden, check_regime
from geoecon.controls.reach import Reached, reached
from geoecon.controls.regime import Regime, load_regimes, read_regime, regime_of
from geoecon.controls.shipments import Screening, screen
from geoecon.controls.working_days import calendar_days, due, expires, is_working

__all__ = [
    "NOT_LEGAL_ADVICE",
    "FlowCapacity",
    "Licence",
    "LicenceStates",
    "Reached",
    "Regime",
    "RegimeCheck",
    "Screening",
    "band_chart",
    "calendar_days",
    "check_golden",
    "check_regime",
    "due",
    "expires",
    "for_case",
    "is_working",
    "licence",
    "licence_history",
    "load_regimes",
    "reached",
    "read_regime",
    "regime_of",
    "regimes_chart",
    "regimes_of_case",
    "screen",
]
