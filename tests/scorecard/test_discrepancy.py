"""What forecasts have been wrong by: closed forms, the case left out, bands that hold, the middle inside."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from geoecon.scorecard import class_of, discrepancy, errors_of
from geoecon.scorecard.past_error import PRIOR_CASES, RULES, Discrepancy
from geoecon.scorecard.scale import from_scale, to_scale

CLASSES = [("flow", "percent"), ("price", "percent"), ("share", "share"), ("share", "percent"), ("length", "months"),
           ("macro", "percent"), ("other", "tonnes")]  # fmt: skip


def past(rows):
    """(case, class, error, spread) as a table of errors."""
    base = {"cutoff": "2020-01-01", "condition": "known", "metric": "m", "of": "x", "unit": "percent"}
    found = [base | {"case": c, "class": k, "error": e, "spread": s} for c, k, e, s in rows]
    return pd.DataFrame(found, columns=list(RULES))


@pytest.mark.parametrize(
    ("metric", "unit", "name"),
    [
        ("imports_change_12m", "percent", "flow"), ("dependence_share", "share", "share"),
        ("storage_fill", "percent of capacity", "share"), ("length_months", "months", "length"),
        ("gdp_change_1y", "percent", "macro"), ("worst_output_month", "share of base", "other"),
        ("price_change", "percent", "price"), ("exports_tonnes_of_sender", "tonnes", "other"),
    ],
)  # fmt: skip
def test_every_metric_has_a_class(metric, unit, name):
    assert class_of(metric, unit) == name


@settings(max_examples=60)
@given(st.sampled_from(CLASSES), st.floats(0.02, 0.98))
def test_scales_go_there_and_back_in_order(kind, at):
    name, unit = kind
    whole = {"share": 1 if unit == "share" else 100, "length": 100}.get(name, 400)
    value = at * whole - (90 if name in ("flow", "price") else 0)
    assert from_scale(name, unit, to_scale(name, unit, value)) == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert to_scale(name, unit, value + 0.01 * whole) > to_scale(name, unit, value)


def test_the_scale_is_the_pooled_square_by_hand():
    """Two other cases: errors 1 and 3 in the class, 2 in another; draws said 0.6 of the first."""
    rows = past([("a", "flow", 1.0, 0.6), ("b", "flow", 3.0, 0.0), ("b", "share", 2.0, 0.0), ("me", "flow", 99, 0)])
    found = discrepancy("imports", "percent", leave_out="me", rows=rows)
    own, over_all = (0.64 + 9) / 2, (0.64 + 9 + 4) / 3
    assert found.scale**2 == pytest.approx((PRIOR_CASES * over_all + 2 * own) / (PRIOR_CASES + 2))
    assert (found.freedom, found.cases) == (PRIOR_CASES + 2, 2)


def test_a_case_does_not_judge_itself_and_has_one_vote():
    rows = past([("a", "flow", 1.0, 0)] + [("b", "flow", 5.0, 0)] * 40)
    assert discrepancy("imports", "percent", leave_out="b", rows=rows).scale == pytest.approx(1)
    assert discrepancy("imports", "percent", rows=rows).scale ** 2 == pytest.approx(13)  # (1 + 25) / 2, not 24.4
    assert discrepancy("imports", "percent", leave_out="a", rows=rows).cases == 1
    assert discrepancy("imports", "percent", rows=past([])).scale == 0


def test_a_point_forecast_gets_the_t_band_and_its_density():
    error = Discrepancy("flow", 0.5, 5, 3)
    sample = np.full(201, -50.0)
    low, high = np.quantile(error.widened(sample, "percent")[1:], [0.1, 0.9])
    z = np.log(0.5) + 0.5 * t.ppf([0.1, 0.9], 5)
    assert np.log1p(np.array([low, high]) / 100) == pytest.approx(z, abs=0.05)
    density = t.pdf((np.log(0.8) - np.log(0.5)) / 0.5, 5) / 0.5
    assert error.log_score(sample, "percent", -20) == pytest.approx(-np.log(density))


@settings(max_examples=30)
@given(st.sampled_from(CLASSES), st.integers(0, 10**6), st.floats(0.05, 2))
def test_the_middle_lies_inside_and_ranks_stay(kind, seed, scale):
    name, unit = kind
    rng = np.random.default_rng(seed)
    at = {"share": rng.random(61) * (1 if unit == "share" else 100), "length": 1 + 60 * rng.random(61)}
    sample = at.get(name, rng.normal(-20, 15, 61))
    wide = Discrepancy(name, scale, 4, 2).widened(sample, unit)
    low, high = np.quantile(wide[1:], [0.1, 0.9])
    assert low <= wide[0] <= high
    assert (np.argsort(wide[1:], kind="stable") == np.argsort(sample[1:], kind="stable")).all()
    assert wide.shape == sample.shape and np.isfinite(wide).all()


def test_bands_with_past_error_hold_what_they_say():
    """Draws three times too narrow, ten cases: with the error learned on the others, 75 to 87 % are inside."""
    rng = np.random.default_rng(5)
    rows, truth = [], {}
    for case in range(10):
        middle, seen = rng.normal(-0.5, 0.3, 12), []
        for m in middle:
            z = m + rng.normal(0, 0.6)
            seen.append((m, z))
            rows.append((f"c{case}", "flow", z - m, 0.2))
        truth[f"c{case}"] = seen
    table, inside = past(rows), []
    for case, seen in truth.items():
        error = discrepancy("imports", "percent", leave_out=case, rows=table)
        for m, z in seen:
            sample = 100 * np.expm1(np.r_[m, rng.normal(m, 0.2, 100)])
            low, high = np.quantile(error.widened(sample, "percent")[1:], [0.1, 0.9])
            inside.append(low <= 100 * np.expm1(z) <= high)
    assert 0.75 <= np.mean(inside) <= 0.9


def test_infinite_draws_stay_infinite():
    wide = Discrepancy("length", 0.5, 4, 2).widened(np.r_[10.0, np.full(10, 10.0), np.full(10, np.inf)], "months")
    assert np.isinf(wide[11:]).all() and np.isfinite(wide[1:11]).all()


def test_errors_of_scores_leave_studies_and_bounds_out():
    row = {"case": "a", "cutoff": "2020-01-01", "condition": "known", "metric": "imports_change_12m", "of": "x",
           "unit": "percent", "state": "scored", "kind": "observed", "low": -60.0, "central": -50.0, "high": -40.0,
           "observed": -80.0}  # fmt: skip
    table = pd.DataFrame([row, row | {"kind": "study"}, row | {"kind": "censored"}, row | {"state": "no forecast"}])
    found = errors_of([table])
    assert len(found) == 1
    assert found["error"].item() == pytest.approx(np.log(0.2 / 0.5), abs=1e-4)
