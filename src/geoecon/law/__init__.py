"""Export-control regimes as dated rules: what needs which licence on which day. Not legal advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence, LicenceStates
from geoecon.law.bands import band_picture, band_rows
from geoecon.law.classify import live
from geoecon.law.decision import history, licence, licence_history
from geoecon.law.desk import Card, suggestions
from geoecon.law.desk import desk as licence_card
from geoecon.law.feeds import Correlation, Feed, Intervention, read_correlation, read_gta
from geoecon.law.golden import RegimeCheck, check_golden, check_regime
from geoecon.law.law_diff import LawChanges, law_diff
from geoecon.law.listings import Listing, matches, read_consolidated, read_entities, read_ftm, with_listings
from geoecon.law.own_regimes import beside as regimes_beside
from geoecon.law.own_regimes import serve as serve_regimes
from geoecon.law.own_regimes import served as served_regimes
from geoecon.law.own_regimes import single as single_regimes
from geoecon.law.own_regimes import with_own as own_regimes
from geoecon.law.party_files import PartyFile, read_parties
from geoecon.law.party_store import Comparison
from geoecon.law.party_store import compare as compare_parties
from geoecon.law.plain_questions import PlainQuestions, plain_questions
from geoecon.law.plain_rules import RuleState, read_rules, rule_state
from geoecon.law.plain_rules import is_plain as is_plain_rules
from geoecon.law.reach import Reached, reached
from geoecon.law.read_regimes import load_regimes, read_regime, regime_of, update_parties
from geoecon.law.regime import Regime
from geoecon.law.schema import TABLES as REGIME_TABLES
from geoecon.law.schema import UNKNOWN, strictness
from geoecon.law.validity import expires, read_licences
from geoecon.law.verdicts import Verdict, verdict
from geoecon.law.watch import law_watch
from geoecon.law.working_days import calendar_days, due, is_working
from geoecon.loaded import lazily

if TYPE_CHECKING:
    from geoecon.law.screening import Screening
    from geoecon.law.shipments import screen

__all__ = [
    "NOT_LEGAL_ADVICE",
    "REGIME_TABLES",
    "UNKNOWN",
    "Card",
    "Comparison",
    "Correlation",
    "Feed",
    "Intervention",
    "LawChanges",
    "Licence",
    "LicenceStates",
    "Listing",
    "PartyFile",
    "PlainQuestions",
    "Reached",
    "Regime",
    "RegimeCheck",
    "RuleState",
    "Screening",
    "Verdict",
    "band_picture",
    "band_rows",
    "calendar_days",
    "check_golden",
    "check_regime",
    "compare_parties",
    "due",
    "expires",
    "history",
    "is_plain_rules",
    "is_working",
    "law_diff",
    "law_watch",
    "licence",
    "licence_card",
    "licence_history",
    "live",
    "load_regimes",
    "matches",
    "own_regimes",
    "plain_questions",
    "reached",
    "read_consolidated",
    "read_correlation",
    "read_entities",
    "read_ftm",
    "read_gta",
    "read_licences",
    "read_parties",
    "read_regime",
    "read_rules",
    "regime_of",
    "regimes_beside",
    "rule_state",
    "screen",
    "serve_regimes",
    "served_regimes",
    "single_regimes",
    "strictness",
    "suggestions",
    "update_parties",
    "verdict",
    "with_listings",
]


# tables of shipments need pandas: loaded when first asked for, so that one question is answered at once
__getattr__ = lazily(__name__, {"Screening": "screening", "screen": "shipments"})
