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
    "evidence": "casebook",
    "explain": "views",
    "fetch": "trade",
    "Figure": "figure",
    "friends_and_enemies": "costs",
    "InputError": "errors",
    "IOTable": "production",
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
    "read_flows": "trade",
    "read_regime": "controls",
    "read_table": "production",
    "reliance": "production",
    "retaliatory_export_tax": "costs",
    "RuleConflict": "errors",
    "rank": "disruption",
    "run": "assessment",
    "sample": "draws",
    "scan": "trade",
    "screen": "controls",
    "sensitivity": "ensemble",
    "serve": "views.web",
    "shortage_clock": "disruption",
    "solve_quotas": "costs",
    "systemic_risk": "disruption",
    "triad": "triangle",
    "uncertainty": "ensemble",
    "welfare": "assessment",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'geoecon' has no attribute {name!r}")
    value = getattr(import_module(f"geoecon.{PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*PUBLIC, "__version__"])
