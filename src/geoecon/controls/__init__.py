"""Export-control regimes as dated rules, and what they let through. Not legal advice."""

from geoecon.controls.answer import NOT_LEGAL_ADVICE, Licence, LicenceStates
from geoecon.controls.bands import band_chart, regimes_chart, regimes_of_case
from geoecon.controls.capacity import for_case
from geoecon.controls.decision import licence, licence_history
from geoecon.controls.feeds import Correlation, Feed, Intervention, read_correlation, read_gta
from geoecon.controls.flow import FlowCapacity
from geoecon.controls.golden import RegimeCheck, check_golden, check_regime
from geoecon.controls.listings import (
    Listing,
    matches,
    read_consolidated,
    read_entities,
    read_ftm,
    with_listings,
)
from geoecon.controls.plain_rules import RuleState, read_licences, read_rules, rule_state
from geoecon.controls.reach import Reached, reached
from geoecon.controls.regime import Regime, load_regimes, read_regime, regime_of
from geoecon.controls.review import (
    Office,
    expiry_coverage,
    first_licence_days,
    fit_review,
    missing_deliveries,
    mmc_wait,
    shortage_days,
    simulate_office,
)
from geoecon.controls.shipments import Screening, screen
from geoecon.controls.working_days import calendar_days, due, expires, is_working

__all__ = [
    "NOT_LEGAL_ADVICE",
    "Correlation",
    "Feed",
    "FlowCapacity",
    "Intervention",
    "Licence",
    "LicenceStates",
    "Listing",
    "Office",
    "Reached",
    "Regime",
    "RegimeCheck",
    "RuleState",
    "Screening",
    "band_chart",
    "calendar_days",
    "check_golden",
    "check_regime",
    "due",
    "expires",
    "expiry_coverage",
    "first_licence_days",
    "fit_review",
    "for_case",
    "is_working",
    "licence",
    "licence_history",
    "load_regimes",
    "matches",
    "missing_deliveries",
    "mmc_wait",
    "reached",
    "read_consolidated",
    "read_correlation",
    "read_entities",
    "read_ftm",
    "read_gta",
    "read_licences",
    "read_regime",
    "read_rules",
    "regime_of",
    "regimes_chart",
    "regimes_of_case",
    "rule_state",
    "screen",
    "shortage_days",
    "simulate_office",
    "with_listings",
]
