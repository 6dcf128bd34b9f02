"""Games that break solvers, from what users reported in public: inputs in traps/."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from bargaining_games import HERE
from pytest import approx

from geoecon import InputError, NotConverged
from geoecon.games import damped, normal_form, quantal_response, read_game, solve_game, stochastic_game

TRAPS = HERE / "traps"


def test_82_a_player_with_one_action():
    solved = solve_game(read_game(TRAPS / "82_single_action"), 2)
    assert solved.strategy("full", "S") == {"hold": 1.0}
    assert solved.strategy("full", "T")["concede"] == approx(0.8807971, abs=1e-7)
    assert solved.values[0] == approx([18.807971, 8.807971], abs=1e-6)
    assert solved.residual < 1e-12


def test_82_nobody_has_a_choice():
    solved = quantal_response([np.array([[[3.0]], [[-1.0]]])], [np.ones((1, 1, 1))], 0.9, 5.0)
    assert solved.values[0] == approx([30, -10])


@pytest.mark.parametrize("actions", [(1, 1, 4), (1, 2, 1), (5, 1, 1), (1, 1, 1)])
def test_82_states_with_few_choices_between_others(actions):
    rng = np.random.default_rng(1)
    shapes = [(2, 2, 3), actions, (2, 1, 2)]
    pay = [rng.random((3, *shape)) for shape in shapes]
    to = [rng.dirichlet(np.ones(3), shape) for shape in shapes]
    solved = quantal_response(pay, to, 0.9, 4.0)
    assert solved.residual < 1e-10
    assert [len(mixed) for mixed in solved.strategies[1]] == list(actions)


@pytest.mark.parametrize("precision", [1.9, 2.0, 3.0])
def test_84_the_symmetric_branch_through_a_bifurcation(precision):
    solved = solve_game(read_game(TRAPS / "84_pitchfork"), precision, search=60)
    assert solved.strategies[0][0] == approx([0.5, 0.5], abs=1e-9)
    assert solved.precision == precision and solved.residual < 1e-10
    assert f"Precision {precision:g} reached" in solved.sentence() and "residual" in solved.sentence()
    if precision == 3:
        found = sorted(other.strategies[0][0][0] for other in solved.others)
        assert found == approx([0.0707202, 0.9292798], abs=1e-7)
        assert solved.branch_points == approx([2.0], abs=1e-3)
        assert "2 more equilibria" in solved.sentence() and "near precision 2" in solved.sentence()
    else:
        assert solved.others == ()


def test_84_nearly_symmetric_games_follow_the_unfolded_branch():
    """With a small bonus on one corner the principal branch runs to it and never turns in circles."""
    game = normal_form([[[1.01, 0], [0, 1]], [[1.01, 0], [0, 1]]])
    solved = solve_game(game, 6.0)
    assert solved.strategies[0][0][0] > 0.98
    assert solved.residual < 1e-10


def test_86_six_moves():
    game = read_game(TRAPS / "86_six_moves.csv")
    solved = solve_game(game, 10)
    expected = [0.006581, 0.010964, 0.324124, 0.014085, 0.307377, 0.336870]
    for mixed in solved.strategies[0]:
        assert mixed == approx(expected, abs=1e-6)
    assert solved.residual < 1e-12
    assert solved.values[0] == approx([0, 0], abs=1e-12)
    assert solve_game(game, 30).regret() == approx(1.6e-5, abs=1e-6)


def test_86_damped_iteration_says_that_it_does_not_converge():
    with pytest.raises(NotConverged, match="damped iteration at precision 20 did not converge"):
        damped(read_game(TRAPS / "86_six_moves.csv"), 20, most=3000)


def test_87_probabilities_of_a_table():
    with pytest.raises(InputError) as caught:
        read_game(TRAPS / "87_transition_table.csv")
    assert len(caught.value.faults) == 2
    first, second = map(str, caught.value.faults)
    assert "state 0, moves (0, 0), lines 2 and 3" in first and "sum of probabilities 0.95" in first
    assert "lines 6 and 7" in second and "1.2 and -0.2 outside [0, 1]" in second


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ([0.5, 0.4], "sum of probabilities 0.9"),
        ([1.5, -0.5], "1.5 and -0.5 outside"),
        ([np.nan, 1.0], "nan outside"),
        ([0.5 + 1e-6, 0.5], "sum of probabilities 1.000001"),
    ],
)
def test_87_probabilities_of_arrays(row, found):
    with pytest.raises(InputError, match=r"state 7, moves \(hold, 3\)") as caught:
        stochastic_game(
            [np.zeros((2, 1, 1))] * 2, [np.array([[row]]), np.array([[[0.0, 1.0]]])], 0.9,
            states=[7, 8], actions=[[["hold"], [3]]] * 2,
        )  # fmt: skip
    assert found in str(caught.value)


def test_88_discount_one_where_every_path_ends():
    game = read_game(TRAPS / "88_discount_one")
    solved = solve_game(game, 1)
    assert solved.values[0] == approx([-10, -20])
    assert "every path ends" in solved.sentence() and "a month" in solved.sentence()


def test_88_discount_below_one():
    solved = solve_game(read_game(TRAPS / "88_discount_one", discount=0.9), 1)
    assert solved.values[0] == approx([-5.263158, -10.526316], abs=1e-6)
    assert "discount a month: 0.9, 0.9" in solved.sentence()


@pytest.mark.parametrize("payoff_at_end", [0, 1])
def test_88_discount_one_where_play_need_not_end(tmp_path, payoff_at_end):
    content = json.loads((TRAPS / "88_discount_one" / "game.json").read_text())
    if payoff_at_end:
        content["payoffs"][1]["payoff"]["T"] = 1
    else:
        content["transitions"][:2] = [{"state": "full", "to": "full", "prob": 1}]
    (tmp_path / "game.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"discount of S, T: 1 a month.*allowed: from 0 to below 1 a month"):
        read_game(tmp_path)


@pytest.mark.parametrize("discount", [1.2, -0.1, float("nan")])
def test_88_other_discounts(discount):
    with pytest.raises(InputError, match="discount"):
        stochastic_game([np.zeros((2, 1, 1))], [np.ones((1, 1, 1))], discount)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"players": []}, "players: missing"),
        ({"discount": None}, "discount: None"),
        ({"transitions": [{"state": "nowhere", "to": "full", "prob": 1}]}, "transitions"),
        ({"payoffs": [{"state": "full", "actions": {"S": "hold"}, "payoff": {"S": 1, "T": 0}}]}, "payoffs"),
    ],
)
def test_faults_of_a_game_file(tmp_path, change, found):
    content = json.loads((TRAPS / "82_single_action" / "game.json").read_text()) | change
    (tmp_path / "game.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=found):
        read_game(tmp_path)


def test_payoffs_that_are_not_numbers():
    with pytest.raises(InputError, match="payoff of T in state 0"):
        stochastic_game([np.array([[[1.0]], [[np.inf]]])], [np.ones((1, 1, 1))], 0.9, players=["S", "T"])


def test_a_game_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="file is missing"):
        read_game(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InputError, match="valid JSON"):
        read_game(tmp_path / "broken.json")
    (tmp_path / "m.csv").write_text("1,x\n2,3\n")
    with pytest.raises(InputError, match="line 1"):
        read_game(tmp_path / "m.csv")


def test_the_unit_of_payoffs_does_not_matter():
    """One game in billions of USD and in USD; mixed play by a bracketing root finder."""
    billions, dollars = (read_game(TRAPS / name) for name in ("game_usd_billion.json", "game_usd.json"))
    solved = solve_game(billions, 1.0)
    assert [mixed[0] for mixed in solved.strategies[0]] == approx([0.770096493, 0.368142690], abs=1e-9)
    for scale in (1e3, 1e6, 1e9, 1e12):
        game = replace(billions, payoffs=tuple(table * scale for table in billions.payoffs))
        other = solve_game(game, 1 / scale)
        for mine, theirs in zip(solved.strategies[0], other.strategies[0], strict=True):
            assert theirs == approx(mine, abs=1e-12)
        assert other.values == approx(solved.values * scale) and other.precision == approx(1 / scale)
    assert "5e+09" in solve_game(dollars, 1e-9).sentence()
    pure = solve_game(dollars, 1.0)  # in the limit each makes the other indifferent
    assert [mixed[0] for mixed in pure.strategies[0]] == approx([0.5, 1 / 6], abs=1e-6)


def test_a_solution_says_whether_others_were_looked_for():
    """Two that talk or wait: p = s(precision (5 p - 4)) has three solutions at 4 and one at 1.5."""
    game = read_game(TRAPS / "two_wait.json")
    alone = solve_game(game, 4.0)
    assert alone.strategies[0][0][0] == approx(1.12535415e-07, rel=1e-8)
    assert "principal branch" in alone.sentence() and "were not looked for" in alone.sentence()
    looked = solve_game(game, 4.0, search=20)
    assert sorted(o.strategies[0][0][0] for o in looked.others) == approx([0.9272875674, 0.9631066702], abs=1e-9)
    assert "2 more equilibria" in looked.sentence()
    one = solve_game(game, 1.5, search=20)
    assert one.strategies[0][0][0] == approx(0.0025196752, abs=1e-9) and not one.others
    assert "no other found at this precision from 20 random starts" in one.sentence()
