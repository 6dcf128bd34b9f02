"""From the stages' predictions and the outcomes of a case to its scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import dates, tables
from geoecon.case import OUTCOMES, Case
from geoecon.draws import Draws
from geoecon.errors import Fault, InputError, RuleConflict
from geoecon.past_error import Discrepancy, condition_of, discrepancy, to_scale
from geoecon.result import Predictions, Result
from geoecon.scorecard import scores
from geoecon.scorecard.ahead import forecasts
from geoecon.scorecard.asked import asked_of
from geoecon.scorecard.card import SCORED, Scorecard
from geoecon.scorecard.derived import store_fills
from geoecon.scorecard.metrics import in_words
from geoecon.scorecard.outcomes import read_demands, read_outcomes

if TYPE_CHECKING:
    from geoecon.disruption import DisruptionPath

Array = NDArray[np.float64]
NAN = float("nan")
COLUMNS = [
    "outcome_id",
    "metric",
    "of",
    "label",
    "date",
    "kind",
    "unit",
    "observed",
    "observed_low",
    "observed_high",
    "threshold",
    "sense",
    "central",
    "low",
    "high",
    "inside",
    "crps",
    "error",
    "no_change_error",
    "probability",
    "rank",
    "class",
    "past_low",
    "past_middle",
    "past_high",
    "past_inside",
    "past_rank",
    "past_crps",
    "scaled_crps",
    "scaled_no_change",
    "log_score",
    "interval_score",
    "past_interval_score",
    "state",
    "note",
    "source",
    "status",
]
SCORES = COLUMNS[COLUMNS.index("central") : COLUMNS.index("state")]
PUBLISHED = [
    "forecast_id",
    "author",
    "date",
    "label",
    "unit",
    "low",
    "value",
    "high",
    "observed",
    "error",
    "ours",
    "our_error",
    "measure",
    "assumption",
    "source",
    "status",
]


def for_case(
    case: Case, draws: Draws, results: Mapping[str, Result], disruption: DisruptionPath | None = None
) -> Scorecard:
    """The evidence stage: every outcome of the case against what the stages that ran had predicted.

    Raises MissingData where the case has no outcomes.csv, InputError where it or a published forecast is unusable.
    """
    predictions = gather(results, draws.n)
    if case.texts is not None and OUTCOMES not in case.texts:  # a question: nothing has happened yet
        return Scorecard(case.id, case.cutoff, pd.DataFrame(columns=COLUMNS), pd.DataFrame(columns=PUBLISHED),
                         pd.DataFrame(columns=["claim_id", "claim", "verdict", "correct_fact"]), None,
                         frozenset({"errors of blind forecasts of the shipped cases"}),
                         ahead=forecasts(case, predictions, condition_of(case)))  # fmt: skip
    if disruption is not None:
        predictions |= store_fills(case, disruption)
    outcomes = read_outcomes(case)
    wanted = dict.fromkeys((str(row["metric"]), str(row["of"])) for row in tables.records(outcomes))
    asked = asked_of(case, draws, results, [key for key in wanted if key not in predictions])
    return score(case, asked | predictions, outcomes)


def gather(results: Mapping[str, Result], n: int) -> dict[tuple[str, str], Array]:
    """All predictions of the stages that ran, each (draw,). Raises RuleConflict where two stages predict one thing."""
    found: dict[tuple[str, str], Array] = {}
    owner: dict[tuple[str, str], str] = {}
    for stage, result in results.items():
        for key, values in result.predictions().items():
            if key in found:
                raise RuleConflict(f"{key[0]} of {key[1]} is predicted by {owner[key]} and by {stage}; allowed: one")
            sample = np.asarray(values, dtype=float)
            if sample.shape != (n,):
                raise ValueError(f"{stage} predicts {key} with shape {sample.shape}, not one value per draw ({n},)")
            found[key], owner[key] = sample, stage
    return found


def score(case: Case, predictions: Predictions, outcomes: pd.DataFrame | None = None) -> Scorecard:
    """Scores plain predictions {(metric, of): values (draw,)}, row 0 the central run, against a case's outcomes (read
    here where the caller has not)."""
    outcomes = read_outcomes(case) if outcomes is None else outcomes
    rows = [_scored(case, row, predictions.get((row["metric"], row["of"]))) for row in tables.records(outcomes)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    published = pd.DataFrame(_published(case, tables.records(outcomes), predictions), columns=PUBLISHED)
    claims = case.tables.get("claims", pd.DataFrame(columns=["claim_id", "claim", "verdict", "correct_fact"]))
    used = table[table["state"] == SCORED]
    through = case.settings.get("known_through", {}).get("outcomes")
    return Scorecard(
        case=case.id,
        cutoff=case.cutoff,
        scores=table,
        published=published,
        claims=claims.drop(columns="line", errors="ignore"),
        known_through=str(through) if through else None,
        sources=frozenset(used["source"]) | frozenset(published["source"]),
        verified=bool((used["status"] != "memory").all()),
        demands=read_demands(case),
    )


def _scored(case: Case, row: Mapping[str, Any], sample: Array | None) -> dict[str, Any]:
    """One outcome with its scores."""
    found: dict[str, Any] = {name: row.get(name) for name in COLUMNS} | {
        "label": _label(case, row),
        "observed": _number(row["value"]),
        "observed_low": _number(row["low"]),
        "observed_high": _number(row["high"]),
        "threshold": _number(row["threshold"]),
        "state": SCORED,
    }
    found |= dict.fromkeys(SCORES, NAN)
    if row["kind"] == "unknown":
        return found | {"state": "unknown"} | _open(case, row, sample)
    if dates.last_day(row["date"]) <= case.cutoff and case.cutoff.year < 9999:
        return found | {"state": "known before"}
    if sample is None or row["kind"] == "qualitative":
        return found | {"state": "no forecast"}
    past = discrepancy(row["metric"], row["unit"], leave_out=case.on_record, condition=condition_of(case))
    return found | _scores(row, sample, past)


def _open(case: Case, row: Mapping[str, Any], sample: Array | None) -> dict[str, Any]:
    """Both bands of what is forecast and not known yet."""
    if sample is None or len(sample) == 1:
        return {}
    past = discrepancy(row["metric"], row["unit"], leave_out=case.on_record, condition=condition_of(case))
    low, high = scores.interval(sample[1:])
    widened = past.widened(sample, row["unit"])[1:]
    edges = scores.interval(widened)
    return {"central": scores.middle(sample[1:]), "low": low, "high": high, "class": past.name, "past_low": edges[0],
            "past_middle": scores.middle(widened), "past_high": edges[1]}  # fmt: skip


def _scores(row: Mapping[str, Any], sample: Array, past: Discrepancy) -> dict[str, Any]:
    drawn = sample[1:] if len(sample) > 1 else sample
    low, high = scores.interval(drawn) if len(sample) > 1 else (NAN, NAN)
    found: dict[str, Any] = {"central": scores.middle(drawn), "low": low, "high": high, "class": past.name}
    if row["kind"] == "censored":
        chance = scores.probability_of(drawn, row["sense"], row["threshold"])
        return found | {"probability": chance, "crps": scores.crps_censored(drawn, row["sense"], row["threshold"])}
    value = float(row["value"])
    if row["kind"] == "event":
        chance = float(drawn.mean())
        given = chance if value == 1 else 1 - chance
        return found | {"probability": given, "crps": scores.brier(chance, value), "error": chance - value}
    if len(sample) > 1:
        found |= {"inside": float(scores.covered(low, high, value)), "rank": scores.rank(drawn, value)}
        found |= _with_past(found, past, sample, row["unit"], value, _number(row["no_change"]))
    baseline = _number(row["no_change"])
    return found | {
        "crps": scores.crps(drawn, value),
        "error": found["central"] - value,
        "no_change_error": abs(baseline - value),
    }


def _with_past(
    found: dict[str, Any], past: Discrepancy, sample: Array, unit: str, value: float, baseline: float
) -> dict[str, Any]:
    """The band with past error and its scores; `scaled` ones stand on the scale of the class, so that they add up."""
    widened = past.widened(sample, unit)[1:]
    low, high = scores.interval(widened)
    seen, unchanged = (float(to_scale(past.name, unit, one)) for one in (value, baseline))
    alone, edges = (
        [float(to_scale(past.name, unit, edge)) for edge in pair]
        for pair in ((found["low"], found["high"]), (low, high))
    )
    return {
        "past_low": low,
        "past_middle": scores.middle(widened),
        "past_high": high,
        "past_inside": float(scores.covered(low, high, value)),
        "past_rank": scores.rank(widened, value),
        "past_crps": scores.crps(widened, value),
        "scaled_crps": scores.crps(to_scale(past.name, unit, widened), seen),
        "scaled_no_change": abs(unchanged - seen),
        "log_score": past.log_score(sample, unit, value),
        "interval_score": scores.interval_score(alone[0], alone[1], seen),
        "past_interval_score": scores.interval_score(edges[0], edges[1], seen),
    }


def _published(case: Case, outcomes: list[dict[str, Any]], predictions: Predictions) -> list[dict[str, Any]]:
    """The forecasts of others with a number and an outcome. Raises InputError for one made after its outcome."""
    if not case.has("forecasts"):
        return []
    rows, faults = [], []
    for row in tables.records(case.table("forecasts")):
        value = middle(row)
        for outcome in outcomes if value is not None else ():
            if (outcome["metric"], outcome["of"]) != (row["metric"], row["of"]):
                continue
            if outcome["kind"] not in ("observed", "study"):
                continue
            if dates.first_day(row["date"]) > dates.last_day(outcome["date"]):
                found = f"{row['forecast_id']} of {row['date']} is later than its outcome {outcome['outcome_id']}"
                faults.append(Fault("forecasts.csv", row["line"], "date", found, f"a day up to {outcome['date']}"))
                continue
            rows.append(_beside(case, row, float(value or 0), outcome, predictions))
    if faults:
        raise InputError(faults)
    return rows


def _beside(
    case: Case, row: Mapping[str, Any], value: float, outcome: Mapping[str, Any], predictions: Predictions
) -> dict[str, Any]:
    """One published forecast beside the outcome and ours."""
    sample = predictions.get((row["metric"], row["of"]))
    ours = NAN if sample is None else scores.middle(sample[1:] if len(sample) > 1 else sample)
    seen = float(outcome["value"])
    return {name: row.get(name) for name in PUBLISHED} | {
        "label": _label(case, outcome),
        "low": _number(row["low"]),
        "value": value,
        "high": _number(row["high"]),
        "observed": seen,
        "error": abs(value - seen),
        "ours": ours,
        "our_error": abs(ours - seen),
    }


def _label(case: Case, row: Mapping[str, Any]) -> str:
    reading = row["reading"]
    return in_words(case, row["metric"], row["of"]) + (f" ({reading})" if isinstance(reading, str) else "")


def middle(row: Mapping[str, Any]) -> float | None:
    """The value of a published forecast, or the middle of its range; None where it has neither."""
    if _number(row["value"]) == _number(row["value"]):
        return float(row["value"])
    between = (_number(row["low"]) + _number(row["high"])) / 2
    return None if between != between else between


def _number(value: str | float | None) -> float:
    return NAN if value is None else float(value)
