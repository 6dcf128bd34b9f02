"""Counterfactuals, what matters, the map, and the game taken to data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bargaining_games import made_alliance, made_losses
from pytest import approx

from geoecon import InputError, sample
from geoecon.bargaining import answer_map, central_game, estimate, game_sensitivity, sobol, tornado
from geoecon.bargaining import coded as c
from geoecon.bargaining import estimation as e
from geoecon.hazards import shipped


def test_sobol_indices_of_the_ishigami_function():
    """Ishigami & Homma 1990, a = 7, b = 0.1: first 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437."""

    def ishigami(unit):
        x = np.pi * (2 * unit - 1)
        return {"y": np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])}

    found = sobol(ishigami, ["a", "b", "c"], base=8192)
    assert found["first"].to_numpy() == approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found["total"].to_numpy() == approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_sobol_of_a_constant_is_zero_and_small_bases_are_refused():
    found = sobol(lambda unit: {"y": np.ones(len(unit))}, ["a"], base=16)
    assert (found[["first", "total"]] == 0).all().all()
    with pytest.raises(InputError, match="base 4"):
        sobol(lambda unit: {"y": unit[:, 0]}, ["a"], base=4)


@pytest.fixture(scope="module")
def at(case):
    return central_game(case, sample(case.parameters, 0), made_losses(target=400, sender=60), made_alliance())


def test_what_matters(at):
    names = ["government_clock", "offer_life", "reference_accept", "court_gain"]
    found = game_sensitivity(at, names, base=16)
    assert set(found.indices["answer"]) == {"target_concedes", "sender_concedes", "length"}
    total = found.indices[found.indices["answer"] == "target_concedes"].set_index("parameter")["total"]
    assert total["government_clock"] > total["court_gain"]
    assert found.sentence() and found.chart().to_dict() and len(found.summary()) <= 12
    figure = found.figures()["government_clock"]
    assert figure.low < figure.value < figure.high and figure.sources


def test_the_tornado_has_every_uncertain_parameter(at):
    names = ["audience_cost", "salience", "fade_rate"]
    swing = tornado(at, names)
    mine = swing[swing["answer"] == "target_concedes"].set_index("parameter")
    assert (mine.loc["audience_cost", "at_low"] - mine.loc["audience_cost", "at_high"]) > 0
    with pytest.raises(InputError, match="parameter luck"):
        tornado(at, ["luck"])


def test_the_map_walks_along_what_disputes_allow(at):
    found = answer_map(at, size=4, nodes=1)
    frame = found.to_frame()
    assert len(frame) == 16 and (np.diff(frame["issue_value"]) >= 0).all()
    assert frame["issue_value"].max() > 100 * frame["issue_value"].min()
    assert frame["target_concedes"].max() < 0.45 and frame["target_concedes"].min() > 0.1  # nothing extreme is left
    assert "Along what coded disputes allow" in found.sentence() and found.chart().to_dict()
    assert found.summary().shape == (3, 7) and len(found.figures()) == 1


def test_every_row_of_the_posterior_lies_within_ten_log_units_of_the_mode():
    from geoecon.bargaining.posterior import posterior

    found = posterior()
    assert found.rows == 201 and found.log_posterior[0] == found.log_posterior.max()
    assert (found.log_posterior >= found.log_posterior[0] - 10).all()
    rows = shipped().table
    cells = c.cells_of(c.check_disputes(rows.assign(imposed=rows["imposed"].astype(int))), shipped().vote)
    for row in (0, 57, 143):
        theta = np.log([found.values[name][row] for name in e.NAMES])
        assert e.log_posterior(theta, cells) == approx(found.log_posterior[row], abs=0.05)
    assert found.values["issue_value"].max() > 1000 * found.values["issue_value"].min()  # it cannot be told


def test_draws_take_whole_rows_and_leave_what_is_set(case):
    from geoecon.bargaining.posterior import joint, posterior

    draws, found = sample(case.parameters, 12), posterior()
    taken = joint(draws, imposed=True)
    assert taken["issue_value_target"][0] == found.values["issue_value"][0]
    for k in range(13):
        row = int(np.flatnonzero(found.values["issue_value"] == taken["issue_value_target"][k])[0])
        assert taken["choice_precision"][k] == found.values["choice_precision"][row]
        assert taken["reference_concede_target"][k] == found.values["concede_target_imposed"][row]
    held = case.with_scenario(audience_cost=50)
    assert "audience_cost" not in joint(sample(held.parameters, 3), imposed=True)
    assert joint(draws, imposed=False)["fade_rate"][0] == found.values["fade_threat"][0]


def made_disputes(n=120, seed=0):
    """Disputes drawn from the game itself under known parameters."""
    rng = np.random.default_rng(seed)
    truth = dict(zip(e.NAMES, np.exp(e.first_guess()), strict=True))
    truth |= {"concede_target_imposed": 0.05, "concede_sender_imposed": 0.01}
    predicted = e.predict(truth)
    rows = []
    for k in range(n):
        t, s = rng.integers(4), rng.integers(3)
        grown = predicted[1, t, s]
        within = np.diff(np.concatenate([np.zeros((1, 4)), grown]), axis=0).ravel()
        pick = rng.choice(len(within) + 1, p=np.append(within, 1 - within.sum()))
        if pick == len(within):
            outcome, months = "open", 200.0
        else:
            at_bin, kind = divmod(pick, 4)
            outcome, months = c.OUTCOMES[kind], (c.BINS[at_bin] + c.BINS[at_bin + 1]) / 2
        rows.append((outcome, months, 1, c.TARGET_DEPENDENCE[t], c.SENDER_DEPENDENCE[s], k))
    columns = ["outcome", "months", "imposed", "dep_T_on_S", "dep_S_on_T", "campaign"]
    return pd.DataFrame(rows, columns=columns)


def test_counts_keep_every_dispute():
    disputes = made_disputes()
    cells = c.cells_of(c.check_disputes(disputes))
    assert cells.total == len(disputes)
    votes = c.votes(disputes.assign(campaign=[0, 0, 0, *range(1, len(disputes) - 2)]))
    assert votes[:3] == approx(1 / 3) and votes.sum() == approx(len(disputes) - 2)


@pytest.mark.nightly
def test_the_estimate_finds_who_concedes_more_often():
    """On disputes made by the game with a target that gives in five times as often as the sender."""
    found = estimate(made_disputes(), size=12, rounds=2)
    frame = found.to_frame().set_index("parameter")["central"]
    assert frame["concede_target_imposed"] > 2 * frame["concede_sender_imposed"]
    assert found.weight.sum() == approx(1)
    assert {"game", "base rate", "uniform", "Weibull x shares"} <= set(found.scores)
    assert found.scores["uniform"] == approx(np.log(4))
    assert "base rate" in found.sentence() and "120 disputes" in found.sentence()


def test_disputes_last_seen_open_count_as_such_in_the_rivals_too():
    """A constant hazard has its score in closed form where every dispute is seen for the same month."""
    ended = [(o, 1.0) for o in c.OUTCOMES for _ in range(5)]
    rows = pd.DataFrame([*ended, *[("open", 1.0)] * 30], columns=["outcome", "months"])
    rows = rows.assign(imposed=1, dep_T_on_S=0.1, dep_S_on_T=0.01, campaign=range(len(rows)))
    found = c._duration_baselines(rows.assign(months=np.where(rows["outcome"] == "open", 1.0, 0.5)))
    share = 20 / 50  # of the first month's disputes ended within it
    expected = -(share * np.log(share / 4) + (1 - share) * np.log(1 - share))
    assert found["constant hazard x shares"] == approx(expected, abs=1e-6)


def test_faulty_disputes():
    disputes = made_disputes(10)
    disputes.loc[2, "outcome"] = "victory"
    disputes.loc[3, "dep_T_on_S"] = -1
    disputes.loc[4, "months"] = -5
    with pytest.raises(InputError) as caught:
        estimate(disputes)
    assert len(caught.value.faults) == 3 and "line 4, outcome: 'victory'" in str(caught.value)
    with pytest.raises(InputError, match="campaign: column is missing"):
        estimate(disputes.drop(columns="campaign"))
