"""geoecon: from the trade table to the negotiating table. The public names, loaded when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.loaded import lazily

__version__ = "0.1.0"

if TYPE_CHECKING:
    from geoecon.case import Case as Case
    from geoecon.case import load_case as load_case

# public name: the room that it comes from
PUBLIC = {
    "alliance": "triangle",
    "answer_map": "bargaining",
    "ask": "questions",
    "Assessment": "line",
    "bargain": "questions",
    "buffers": "questions",
    "Case": "case",
    "cases": "case",
    "Change": "costs",
    "check": "questions",
    "check_regime": "law",
    "compare": "questions",
    "compare_coders": "hazards",
    "convert": "flows",
    "critical_input": "costs",
    "data": "questions",
    "dependence": "indicators",
    "diff": "views",
    "disrupt": "questions",
    "estimate": "bargaining",
    "evidence": "questions",
    "exposure": "questions",
    "explain": "views",
    "fetch": "flows",
    "forecast_book": "questions",
    "record": "questions",
    "rolling_evidence": "questions",
    "cut_offs": "episodes",
    "Figure": "figure",
    "fit": "hazards",
    "friends_and_enemies": "costs",
    "hedge": "questions",
    "InputError": "errors",
    "IOTable": "production",
    "issue_map": "questions",
    "learn": "bargaining",
    "pack": "questions",
    "to_xlsx": "questions",
    "from_xlsx": "questions",
    "leverage": "indicators",
    "levers": "questions",
    "law_diff": "law",
    "law_watch": "law",
    "plain_questions": "law",
    "licence": "law",
    "licence_card": "law",
    "licence_history": "law",
    "load_case": "case",
    "load_regimes": "law",
    "own_regimes": "law",
    "read_parties": "law",
    "update_parties": "law",
    "compare_parties": "law",
    "MissingData": "errors",
    "new": "questions",
    "NotConverged": "errors",
    "optimal_export_tax": "costs",
    "precedents": "episodes",
    "Quota": "costs",
    "rank": "disruption",
    "read_flows": "flows",
    "read_game": "games",
    "read_regime": "law",
    "read_table": "production",
    "reliance": "production",
    "retaliatory_export_tax": "costs",
    "RuleConflict": "errors",
    "run": "line",
    "sample": "draws",
    "scan": "indicators",
    "score_disputes": "hazards",
    "score_tracks": "hazards",
    "screen": "law",
    "sensitivity": "questions",
    "serve": "web",
    "shortage_clock": "disruption",
    "solve_game": "games",
    "solve_quotas": "costs",
    "stochastic_game": "games",
    "systemic_risk": "disruption",
    "towards": "questions",
    "triad": "triangle",
    "uncertainty": "questions",
    "watch": "questions",
    "welfare": "questions",
    "what_if": "questions",
    "what_matters": "questions",
}


__getattr__ = lazily(__name__, PUBLIC)


def __dir__() -> list[str]:
    return sorted([*PUBLIC, "__version__"])
