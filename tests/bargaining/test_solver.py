"""The solver of any finite stochastic game: closed forms, papers, peers, and what must not change the answer."""

from __future__ import annotations

import numpy as np
import pygambit
import pytest
from bargaining_games import HERE, random_game
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.optimize import brentq
from scipy.special import softmax

from geoecon import InputError, NotConverged
from geoecon.games import (
    Equilibrium,
    StochasticGame,
    damped,
    normal_form,
    quantal_response,
    resolve,
    solve_game,
    stochastic_game,
)


def all_strategies(solved):
    return np.concatenate([mixed for state in solved.strategies for mixed in state])


def test_precision_zero_is_uniform_and_its_values_are_those_of_uniform_play():
    game = random_game(seed=1)
    solved = solve_game(game, 0)
    for state in solved.strategies:
        for mixed in state:
            assert mixed == approx(np.full(len(mixed), 1 / len(mixed)), abs=1e-15)
    mean = np.stack([pay.mean(axis=(1, 2, 3)) for pay in game.payoffs])
    move = np.stack([to.mean(axis=(0, 1, 2)) for to in game.transitions])
    assert solved.values == approx(np.linalg.solve(np.eye(4) - 0.9 * move, mean), abs=1e-12)


def test_one_player_is_a_soft_markov_decision_process():
    rng = np.random.default_rng(3)
    pay, to = rng.random((6, 1, 4)), rng.dirichlet(np.ones(6), (6, 4))
    solved = quantal_response(list(pay), list(to), 0.95, 7.0)
    V = np.zeros(6)
    for _ in range(3000):  # value iteration; the value is the mean payoff of soft choice, not its log sum
        Q = pay[:, 0] + 0.95 * to @ V
        V = (softmax(7 * Q, axis=1) * Q).sum(axis=1)
    assert solved.values[:, 0] == approx(V, abs=1e-9)


@pytest.mark.parametrize("precision", [0.3, 2.0, 9.0])
def test_unequal_matching_pennies_solve_the_scalar_fixed_point(precision):
    """Row wins 4 or 1 when the coins match, column 1 when they do not (Goeree, Holt & Palfrey 2003)."""
    game = normal_form([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
    solved = solve_game(game, precision)

    def column(p):
        return 1 / (1 + np.exp(-precision * ((1 - p) - p)))

    def gap(p):
        q = column(p)
        return p - 1 / (1 + np.exp(-precision * (4 * q - (1 - q))))

    p = brentq(gap, 0, 1, xtol=1e-15)
    assert solved.strategies[0][0][0] == approx(p, abs=1e-11)
    assert solved.strategies[0][1][0] == approx(column(p), abs=1e-11)


def alternating_offers(d1, d2, pieces):
    """Players propose shares of a unit in turn; acceptance ends the game, rejection passes the turn and discounts.

    States: proposal of 1, answer of 2 to each share, proposal of 2, answer of 1, and the end.
    """
    shares = np.linspace(0, 1, pieces)
    states = 2 * (pieces + 1) + 1
    end = states - 1
    pay, to = [], []
    for proposer in (0, 1):
        base = proposer * (pieces + 1)
        other = (1 - proposer) * (pieces + 1)
        size = [1, 1]
        size[proposer] = pieces
        move = np.zeros((*size, states))
        for k in range(pieces):
            at = (k, 0) if proposer == 0 else (0, k)
            move[(*at, base + 1 + k)] = 1
        pay.append(np.zeros((2, *size)))
        to.append(move)
        for k in range(pieces):  # share k is what the proposer keeps
            size = [1, 1]
            size[1 - proposer] = 2
            u, move = np.zeros((2, *size)), np.zeros((*size, states))
            yes, no = ((0, 0), (0, 1)) if proposer == 0 else ((0, 0), (1, 0))
            u[(proposer, *yes)], u[(1 - proposer, *yes)] = shares[k], 1 - shares[k]
            move[(*yes, end)], move[(*no, other)] = 1, 1
            pay.append(u)
            to.append(move)
    pay.append(np.zeros((2, 1, 1)))
    to.append(np.eye(states)[end].reshape(1, 1, -1))
    # a round is two steps of the game: to propose and to answer
    return stochastic_game(pay, to, [np.sqrt(d1), np.sqrt(d2)]), shares


def test_alternating_offers_approach_rubinstein():
    """Rubinstein 1982: the first proposer keeps (1 - d2) / (1 - d1 d2)."""
    game, shares = alternating_offers(0.8, 0.6, 31)
    solved = solve_game(game, 400.0)
    kept = float(solved.strategies[0][0] @ shares)
    assert kept == approx((1 - 0.6) / (1 - 0.8 * 0.6), abs=1 / 30 + 0.01)  # the grid of offers is a thirtieth wide


def war_of_attrition(cost, prize, step):
    """Two players wait or give in; who gives in loses the prize, waiting costs both."""
    pay, to = np.zeros((2, 2, 2)), np.zeros((2, 2, 2))
    pay[:, 1, 1] = -np.asarray(cost) * step
    pay[0, 1, 0], pay[1, 0, 1] = prize
    to[1, 1, 0] = 1
    to[0, 0, 1] = to[0, 1, 1] = to[1, 0, 1] = 1
    return stochastic_game([pay, np.zeros((2, 1, 1))], [to, np.array([[[0.0, 1.0]]])], 1 - 1e-9)


def test_war_of_attrition_hazards():
    """Hendricks, Weiss & Wilson 1988: i gives in at the rate cost of j / prize of j, as the month goes to zero."""
    cost, prize = (0.02, 0.05), (1.0, 2.0)
    expected = np.array([cost[1] / prize[1], cost[0] / prize[0]])
    gaps = []
    for step in (1.0, 0.1, 0.01):
        game = war_of_attrition(cost, prize, step)
        guess = tuple(np.array([h * step, 1 - h * step]) for h in expected)
        near = Equilibrium(game, 1e6 / step, (guess, (np.ones(1), np.ones(1))), np.zeros((2, 2)), 0.0)
        solved = resolve(game, near)
        hazards = np.array([solved.strategies[0][i][0] for i in (0, 1)]) / step
        gaps.append(np.abs(hazards / expected - 1).max())
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-3


def test_war_of_attrition_of_equals_lies_on_the_principal_branch():
    solved = solve_game(war_of_attrition((0.05, 0.05), (1.0, 1.0), 1.0), 5e4)
    for mixed in solved.strategies[0]:
        assert mixed[0] == approx(0.05 / 1.05, rel=0.01)  # in a month of its own length: p = c / (v + c)


def permuted(game, order):
    """The game with its players in another order."""
    axes = [1 + i for i in order]
    pay = [np.transpose(table[list(order)], [0, *axes]) for table in game.payoffs]
    to = [np.transpose(table, [*order, len(order)]) for table in game.transitions]
    return stochastic_game(pay, to, game.discount[list(order)])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), precision=st.floats(0.1, 4), order=st.permutations(range(3)))
def test_permuting_the_players_permutes_the_answer(seed, precision, order):
    game = random_game(3, seed=seed)
    solved, other = solve_game(game, precision), solve_game(permuted(game, order), precision)
    assert other.values == approx(solved.values[:, list(order)], abs=1e-8)
    for state, mine in zip(other.strategies, solved.strategies, strict=True):
        for place, i in enumerate(order):
            assert state[place] == approx(mine[i], abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), precision=st.floats(0.1, 4), shift=st.floats(-20, 20))
def test_a_constant_more_for_a_player_changes_no_choice(seed, precision, shift):
    game = random_game(3, seed=seed)
    pay = [table + np.array([shift, 0, 0]).reshape(3, 1, 1, 1) for table in game.payoffs]
    solved, other = solve_game(game, precision), solve_game(stochastic_game(pay, game.transitions, 0.9), precision)
    assert all_strategies(other) == approx(all_strategies(solved), abs=1e-7)
    assert other.values[:, 0] == approx(solved.values[:, 0] + shift / 0.1, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.2, 5))
def test_only_precision_times_payoff_matters(seed, factor):
    game = random_game(3, seed=seed)
    scaled = stochastic_game([table * factor for table in game.payoffs], game.transitions, 0.9)
    assert all_strategies(solve_game(scaled, 2 / factor)) == approx(all_strategies(solve_game(game, 2.0)), abs=1e-7)


@pytest.mark.parametrize("precision", [0.5, 3.0, 8.0])
def test_parity_with_sgamesolver(precision):
    """Solutions of sgamesolver 1.0.2 (Eibelshäuser, Klockmann, Poensgen & von Schenk 2023) kept beside the game."""
    kept = np.load(HERE / "data" / "sgamesolver_12_states.npz")
    assert kept[f"t_{precision}"] == approx(precision, abs=1e-8)
    game = stochastic_game(list(kept["U"]), list(kept["T"]), 0.9)
    solved = solve_game(game, precision)
    assert all_strategies(solved) == approx(kept[f"sigma_{precision}"], abs=1e-6)
    assert solved.values == approx(kept[f"V_{precision}"], abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_parity_with_gambit_on_normal_forms(seed):
    """The principal logit branch of gambit, games of two and three players."""
    rng = np.random.default_rng(seed)
    shape = (3, 2, 2) if seed % 2 else (4, 3)
    table = rng.random((len(shape), *shape)).round(3)
    theirs = getattr(pygambit, "StrategicGame", pygambit.Game).from_arrays(*table)
    for point in pygambit.qre.logit_solve_lambda(theirs, [0.7, 4.0, 25.0]):
        profile = [p for player in theirs.players for p in _probabilities(point.profile, player)]
        solved = solve_game(normal_form(table), point.lam)
        assert all_strategies(solved) == approx(np.array(profile), abs=1e-6)


def _probabilities(profile, player):
    """Probabilities of a player in gambit's profile, whose form differs between its versions."""
    pairs = list(profile[player])
    return [float(pair[1] if isinstance(pair, tuple) else profile[player][pair]) for pair in pairs]


@pytest.mark.parametrize("precision", [0.5, 1.5])
def test_damped_iteration_ends_on_the_same_point(precision):
    game = random_game(8, (3, 3, 2), seed=5)
    solved = solve_game(game, precision)
    assert all_strategies(damped(game, precision)) == approx(all_strategies(solved), abs=1e-6)


def test_a_changed_game_is_solved_from_the_old_solution():
    game = random_game(20, seed=2)
    solved = solve_game(game, 3.0)
    rng = np.random.default_rng(0)
    pay = [table * (1 + 0.02 * rng.standard_normal(table.shape)) for table in game.payoffs]
    changed = stochastic_game(pay, game.transitions, 0.9)
    assert all_strategies(resolve(changed, solved)) == approx(all_strategies(solve_game(changed, 3.0)), abs=1e-8)


def test_many_states_use_the_iterative_solver_and_agree_with_factors(monkeypatch):
    from geoecon.games import system

    game = random_game(30, seed=4)
    solved = solve_game(game, 3.0)
    monkeypatch.setattr(system, "DENSE", 10)
    assert all_strategies(solve_game(game, 3.0)) == approx(all_strategies(solved), abs=1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_long_steps_do_not_jump_to_another_branch(seed, monkeypatch):
    """Games with several equilibria: the point reached is that of a path with steps that hardly need correction."""
    from geoecon.games import branch

    rng = np.random.default_rng(seed)
    meeting = np.eye(3) * (1 + 0.3 * rng.random((2, 3, 1))) + 0.1 * rng.random((2, 3, 3))
    games = [(normal_form(meeting), 25.0), (normal_form(rng.random((3, 2, 2, 2))), 40.0)]
    pay, to = list(rng.random((4, 3, 3, 2, 2))), list(rng.dirichlet(np.full(4, 0.5), (4, 3, 2, 2)))
    games.append((stochastic_game(pay, to, 0.9), 12.0))
    quick = [all_strategies(solve_game(game, precision)) for game, precision in games]
    monkeypatch.setattr(branch, "CURVED", 0.005)
    monkeypatch.setattr(branch, "CLOSE", 1e-3)
    for (game, precision), found in zip(games, quick, strict=True):
        assert found == approx(all_strategies(solve_game(game, precision)), abs=1e-8)


def test_reference_weights_are_what_precision_zero_plays():
    game = normal_form([[[1, 0], [0, 1]], [[1, 0], [0, 1]]])
    weighted = StochasticGame(**{**game.__dict__, "reference": ((np.array([1.0, 3.0]), np.array([1.0, 1.0])),)})
    assert solve_game(weighted, 0).strategies[0][0] == approx([0.25, 0.75])


def test_regret_falls_with_precision():
    game = random_game(3, seed=9)
    regrets = [solve_game(game, precision).regret() for precision in (0, 2, 20)]
    assert regrets[0] > regrets[1] > regrets[2] > 0


def test_a_path_cut_short_names_precision_and_residual():
    game = random_game(4, seed=0)
    with pytest.raises(NotConverged, match=r"path stopped at precision [\d.]+.*residual.*precision 50 was asked"):
        solve_game(game, 50.0, most_steps=2)
    with pytest.raises(InputError, match=r"precision -1\.0; allowed"):
        solve_game(game, -1.0)


@pytest.mark.parametrize("best", [0, 1])
def test_an_action_too_rare_for_a_number_keeps_its_payoff(best):
    """Dominance at precision 10,000: the other action's probability is below 1e-308, its payoff is still known."""
    rows = np.array([[5.0, 1.0], [3.0, 0.0]]) if best == 0 else np.array([[0.0, 3.0], [1.0, 5.0]])
    pay = np.array([rows, rows.T])
    solved = quantal_response([pay], [np.ones((2, 2, 1))], 0.0, 1e4)
    found = solved.to_frame()
    assert found["probability"].tolist() == [1.0 - best, float(best)] * 2
    against = rows[:, best]
    assert found["payoff"].tolist() == approx([*against, *against], abs=1e-300)
    assert solved.regret() == 0
