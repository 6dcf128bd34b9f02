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
    "Case": "case",
    "cases": "case",
    "check_regime": "controls",
    "disrupt": "assessment",
    "Figure": "figure",
    "InputError": "errors",
    "IOTable": "production",
    "licence": "controls",
    "licence_history": "controls",
    "load_case": "case",
    "load_regimes": "controls",
    "MissingData": "errors",
    "NotConverged": "errors",
    "read_regime": "controls",
    "RuleConflict": "errors",
    "read_table": "production",
    "reliance": "production",
    "run": "assessment",
    "sample": "draws",
    "screen": "controls",
    "triad": "triangle",
    "welfare": "assessment",
    "check": "casebook",
    "compare": "casebook",
    "evidence": "casebook",
    "new": "casebook",
    "sensitivity": "ensemble",
    "uncertainty": "ensemble",
}


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'geoecon' has no attribute {name!r}")
    value = getattr(import_module(f"geoecon.{PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*PUBLIC, "__version__"])
