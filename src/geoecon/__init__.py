"""geoecon: from the trade table to the negotiating table. The public names, loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from geoecon.case import Case as Case
    from geoecon.case import load_case as load_case

# public name: the room that it comes from
PUBLIC = {
    "alliance": "triangle",
    "answer_map": "bargaining",
    "Assessment": "assessment",
    "bargain": "assessment",
    "buffers": "assessment",
    "Case": "case",
    "cases": "case",
    "Change": "costs",
    "check": "casebook",
    "check_regime": "controls",
    "compare": "casebook",
    "convert": "trade",
    "critical_input": "costs",
    "dependence": "trade",
    "diff": "views",
    "disrupt": "assessment",
    "estimate": "bargaining",
    "evidence": "casebook",
    "explain": "views",
    "fetch": "trade",
    "Figure": "figure",
    "friends_and_enemies": "costs",
    "InputError": "errors",
    "IOTable": "production",
    "issue_map": "bargaining",
    "learn": "bargaining",
    "leverage": "trade",
    "licence": "controls",
    "licence_history": "controls",
    "load_case": "case",
    "load_regimes": "controls",
    "MissingData": "errors",
    "new": "casebook",
    "NotConverged": "errors",
    "optimal_export_tax": "costs",
    "Quota": "costs",
    "rank": "disruption",
    "read_flows": "trade",
    "read_game": "bargaining",
    "read_regime": "controls",
    "read_table": "production",
    "reliance": "production",
    "retaliatory_export_tax": "costs",
    "RuleConflict": "errors",
    "run": "assessment",
    "sample": "draws",
    "scan": "trade",
    "screen": "controls",
    "sensitivity": "ensemble",
    "serve": "views.web",
    "shortage_clock": "disruption",
    "solve_game": "bargaining",
    "solve_quotas": "costs",
    "stochastic_game": "bargaining",
    "systemic_risk": "disruption",
    "triad": "triangle",
    "uncertainty": "ensemble",
    "welfare": "assessment",
    "what_if": "bargaining",
    "what_matters": "bargaining",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'geoecon' has no attribute {name!r}")
    value = getattr(import_module(f"geoecon.{PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*PUBLIC, "__version__"])
