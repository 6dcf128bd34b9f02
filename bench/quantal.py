"""Quantal response of stochastic games against sgamesolver 1.0.2 in one run; or, without the peer, ours alone.

    python bench/quantal.py                 both; the peer must be installed (see below)
    python bench/quantal.py --alone         ours alone, for machines without the peer

Peer: pip install numpy==2.4.6 setuptools wheel cython==3.3.1 && pip install --no-build-isolation sgamesolver==1.0.2.
Ours includes reading the game, the peer sets up untimed; both run in turn on the same game. Goals: 100x at 40 states,
precision 3; 300 states, precision 5: 0.5 s cold, 60 ms warm; the worked case cold under 1 s, warm under 0.1 s, to
precision 20 in 2 s.
"""

from __future__ import annotations

import sys
import time
from statistics import median

import numpy as np

from geoecon.games import resolve, solve_game, stochastic_game


def random_game(states, actions=(4, 4, 3), reach=8, pool=24, seed=1):
    """Every state has `pool` possible successors, every joint move reaches `reach` of them."""
    rng = np.random.default_rng(seed)
    payoffs, transitions = [], []
    for _ in range(states):
        near = rng.choice(states, min(pool, states), replace=False)
        to = np.zeros((*actions, states))
        for joint in np.ndindex(*actions):
            weight = rng.exponential(size=min(reach, len(near)))
            to[joint][rng.choice(near, len(weight), replace=False)] = weight / weight.sum()
        payoffs.append(rng.random((len(actions), *actions)))
        transitions.append(to)
    return stochastic_game(payoffs, transitions, 0.95)


def timed(action, repeats=5):
    """Median seconds and the last answer."""
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = action()
        spent.append(time.perf_counter() - start)
    return median(spent), answer


def ours(states, precision, repeats=5):
    """Ours alone, cold and after a change of payoffs by 2 %: game, solution."""
    game = random_game(states)
    cold, solved = timed(lambda: solve_game(game, precision), repeats)
    rng = np.random.default_rng(0)
    moved = [pay * (1 + 0.02 * rng.standard_normal(pay.shape)) for pay in game.payoffs]
    changed = stochastic_game(moved, game.transitions, 0.95)
    warm, _ = timed(lambda: resolve(changed, solved), repeats)
    print(f"{states} states, precision {precision:g}: cold {cold:.4f} s, warm {1e3 * warm:.1f} ms; {solved.sentence()}")
    return game, solved


def peer(game, precision):
    """The answer of sgamesolver; it needs two names that NumPy 2 dropped. Setting up is not timed, solving is."""
    np.NaN, np.infty = np.nan, np.inf
    import sgamesolver

    theirs = sgamesolver.SGame(list(game.payoffs), list(game.transitions), 0.95)
    homotopy = sgamesolver.homotopy.QRE(theirs)
    homotopy.solver_setup(target_lambda=precision)
    homotopy.solver.verbose = 0
    start = time.perf_counter()
    homotopy.solve()
    spent = time.perf_counter() - start
    return spent, np.exp(homotopy.solver.y[: theirs.num_actions_total])


def compare(states=40, precision=3.0, rounds=5):
    """Ratio of medians to the peer on the same game, run in turn; and the largest difference of a probability."""
    game = random_game(states)
    mine, theirs = [], []
    for _ in range(rounds):
        spent, solved = timed(lambda: solve_game(game, precision), 3)
        mine.append(spent)
        spent, sigma = peer(game, precision)
        theirs.append(spent)
    strategies = np.concatenate([mixed for state in solved.strategies for mixed in state])
    gap = np.abs(strategies - sigma).max()
    print(
        f"{states} states, precision {precision:g}: ours {median(mine):.4f} s, sgamesolver {median(theirs):.2f} s: "
        f"{median(theirs) / median(mine):.0f}x; largest difference {gap:.1e}"
    )
    return median(theirs) / median(mine)


def worked_case():
    """The dispute of the worked case: far future by the branch, and the dated game, central values."""
    from dataclasses import replace

    from geoecon import capacity, catchup, costs, load_case, sample, triangle
    from geoecon.bargaining import dispute_of, far_future, for_case

    case = load_case("japan-korea-2019").at(load_case("japan-korea-2019").cutoffs[0])
    draws = sample(case.parameters, 0)
    local = catchup.for_case(case, draws)
    inputs = (costs.losses_for_case(case, draws, capacity.for_case(case, draws)), triangle.for_case(case, draws), local)
    dispute = dispute_of(case, draws, *inputs)
    print(f"for_case, one draw: {timed(lambda: for_case(case, draws, *inputs))[0]:.3f} s")
    print(f"the dated game again: {timed(dispute.play)[0]:.3f} s")
    for factor in (1, 5, 20):
        goal = factor if factor > 1 else float(dispute.stakes.precision[0])
        numbers = replace(dispute.stakes, precision=np.full_like(dispute.stakes.precision, goal))
        try:
            spent, found = timed(lambda numbers=numbers: far_future(dispute.board, numbers, dispute.calendar, 0), 1)
            print(f"far future to precision {goal:g}: {spent:.3f} s; {found.sentence()}")
        except ArithmeticError as stopped:
            print(f"far future to precision {goal:g}: {stopped}")
    many = sample(case.parameters, 500)
    local = catchup.for_case(case, many)
    inputs = (costs.losses_for_case(case, many, catchup=local), triangle.for_case(case, many), local)
    print(f"for_case, 501 draws: {timed(lambda: for_case(case, many, *inputs), 1)[0]:.2f} s")


def main(arguments):
    solve_game(random_game(6), 1.0)  # compile
    if "--alone" not in arguments:
        compare()
    ours(40, 3.0)
    ours(300, 5.0)
    worked_case()


if __name__ == "__main__":
    main(sys.argv[1:])
