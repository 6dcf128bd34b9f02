"""The dispute game: independent solutions of it, what must not matter, what must, and faulty input."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from bargaining_games import made_alliance, made_losses
from pytest import approx
from scipy.linalg import expm

from geoecon import InputError, MissingData, load_case, sample
from geoecon.bargaining import dispute_of, far_future, game_for_case
from geoecon.bargaining.course import Calendar, course
from geoecon.bargaining.game import ENDINGS, EXITS, PATRON, PLAYERS, SENDER, TARGET, State, board
from geoecon.bargaining.payoffs import Ties, lump_key, reference_key, stakes
from geoecon.case import default_parameters
from geoecon.games import solve_game, stochastic_game

MADE = {  # a made-up dispute whose payoffs are of the order of one
    "issue_value_sender": 2, "issue_value_target": 2, "audience_cost": 1, "impatience_sender": 0.15,
    "impatience_target": 0.15, "impatience_patron": 0.15, "fade_rate": 0.0013, "reference_concede_sender": 0.008,
    "reference_concede_target": 0.01, "reference_offer": 0.04, "guarantee_worth": 0.5, "guarantee_cost": 0.2,
    "alliance_weight": 0.1, "patron_stake": 0.05, "mediation_cost": 0.02,
}  # fmt: skip
HALVED = 2e-3  # by how much a probability may change when every step is halved


def small(patron=False, draws=1, losses=(5.0, 30.0), elections=(), months=48, **values):
    """A small dispute: board, stakes, calendar. losses of sender and target in hundredths of a % of GDP a month."""
    table = board(patron=patron, court=False)
    prior = default_parameters()
    table_of_losses = np.zeros((draws, 3, 3, 5, 3))
    table_of_losses[:, 1:, :, :, SENDER] = losses[0] / 100
    table_of_losses[:, 1:, :, :, TARGET] = losses[1] / 100

    def get(name):
        value = values.get(name, MADE.get(name, prior[name].central))
        return np.broadcast_to(np.asarray(value, dtype=float), (draws,))

    ties = Ties(np.full((draws, 2), 0.3), np.full((draws, 2), 0.4), np.full(draws, 0.7))
    return table, stakes(table, get, ties, table_of_losses), Calendar(months, np.ones((draws, months + 1)), elections)


def as_stochastic_game(table, numbers):
    """The stationary dispute under one pair of leaders as a game of decision states, one event after the other."""
    total = float(numbers.clock[0].sum() + numbers.lapse[0] + numbers.fade[0])
    rate = float(numbers.discount[0, 0])
    lump_of, weight_of = table.classes(lump_key)[1], table.classes(reference_key)[1]
    inner = table.per_pair
    names = [(x, kind) for x in range(inner) for kind in ("sender", "target", "lapse", "none")] + [(-1, "end")]
    number = {name: k for k, name in enumerate(names)}

    def wait(x):
        """(payoffs, distribution) of waiting in x for the next event."""
        to = np.zeros(len(names))
        to[number[x, "sender"]] += numbers.clock[0, SENDER] / total
        to[number[x, "target"]] += numbers.clock[0, TARGET] / total
        to[number[x, "none"]] += numbers.clock[0, PATRON] / total
        to[number[x, "lapse"]] += numbers.lapse[0] / total
        to[number[-1, "end"]] += numbers.fade[0] / total
        state = table.states[x]
        flow = numbers.flow[0, x] - numbers.losses[0, 1 if state.control == "listed" else 2, 0, 0]
        return flow / (total + rate), to

    pay, move, weights = [], [], []
    for x, kind in names:
        if kind == "end":
            options = [(np.zeros(3), np.eye(len(names))[-1], 0.0)]
        elif kind in ("lapse", "none"):
            gain, to = wait(table.lapse[x] if kind == "lapse" else x)
            options = [(gain, to, 0.0)]
        else:
            options = []
            j = PLAYERS.index(kind)
            for m in range(table.group[3 * x + j], table.group[3 * x + j + 1]):
                y = table.after[m]
                gain, to = (np.zeros(3), np.eye(len(names))[-1]) if y >= len(table.states) else wait(y)
                options.append((gain + numbers.lump[0, lump_of[m]], to, numbers.reference[0, weight_of[m]]))
        j = PLAYERS.index(kind) if kind in PLAYERS else 0
        shape = [1, 1]
        shape[j] = len(options)
        pay.append(np.stack([np.array([o[0][i] for o in options]).reshape(shape) for i in (0, 1)]))
        move.append(np.stack([o[1] for o in options]).reshape(*shape, -1))
        ones = [np.ones(1), np.ones(1)]
        ones[j] = np.exp([o[2] for o in options])
        weights.append(ones)
    return stochastic_game(pay, move, total / (total + rate), reference=weights), number, wait, total / (total + rate)


def test_the_far_future_equals_the_general_solver():
    """The clock game and the same game event by event, solved by two programs, agree."""
    table, numbers, calendar = small(choice_precision=2.0, impatience_patron=0.15)
    numbers = replace(numbers, turnover=np.zeros((1, 2)), discount=np.full((1, 3), 0.15 / 12))
    mine = far_future(table, numbers, calendar, starts=0)
    game, number, wait, factor = as_stochastic_game(table, numbers)
    theirs = solve_game(game, 2.0)
    for x in range(table.per_pair):
        gain, to = wait(x)
        assert mine.values[x, :2] == approx(gain[:2] + factor * to @ theirs.values, abs=1e-6)
    assert number[-1, "end"] == len(game.states) - 1


def test_precision_zero_is_the_reference_chain():
    """Without payoffs in choice the endings are those of a Markov chain: the matrix exponential."""
    table, numbers, calendar = small(choice_precision=0.0)
    weight_of = table.classes(reference_key)[1]
    size = len(table.states) + len(EXITS)
    generator = np.zeros((size, size))
    for x in range(len(table.states)):
        for j in range(3):
            first, last = table.group[3 * x + j], table.group[3 * x + j + 1]
            weight = np.exp(numbers.reference[0, weight_of[first:last]])
            for m, share in zip(range(first, last), weight / weight.sum(), strict=True):
                generator[x, table.after[m]] += numbers.clock[0, j] * share
                generator[x, x] -= numbers.clock[0, j] * share
        generator[x, table.lapse[x]] += numbers.lapse[0]
        generator[x, x] -= numbers.lapse[0]
        generator[x, size - 1] += numbers.fade[0]
        generator[x, x] -= numbers.fade[0]
    played = course(table, numbers, calendar, State()).probability[0]
    for month in (1, 12, 48):
        exact = expm(generator * month)[table.index(State()), len(table.states) :]
        assert played[month] == approx(exact, abs=1e-4)


@pytest.mark.parametrize("precision", [0.03, 1.0, 3.0])
def test_the_length_of_the_step_does_not_matter(precision):
    table, numbers, calendar = small(patron=True, choice_precision=precision)
    coarse = course(table, numbers, calendar, State())
    fine = course(table, numbers, calendar, State(), steps=4)
    assert fine.probability == approx(coarse.probability, abs=HALVED)
    assert fine.values == approx(coarse.values, abs=5e-3)


def test_probabilities_are_probabilities():
    table, numbers, calendar = small(patron=True, draws=5, choice_precision=np.array([0, 0.1, 1, 5, 20]))
    played = course(table, numbers, calendar, State()).probability
    assert (np.diff(played, axis=1) >= -1e-9).all() and (played >= 0).all() and (played.sum(-1) <= 1 + 1e-9).all()


def test_more_audience_cost_never_hastens_the_target_while_the_sender_stands_still():
    """In equilibrium it may; with the other side's play held fixed it may not."""
    costs = np.array([0.0, 0.5, 1.0, 2.0, 4.0])
    table, numbers, calendar = small(draws=5, audience_cost=costs, choice_precision=1.0)
    still = numbers.clock.copy()
    still[:, SENDER] = 0
    conceded = course(table, replace(numbers, clock=still), calendar, State()).probability[:, :, 0]
    assert (np.diff(conceded[:, 1:], axis=0) < 0).all()


def test_more_loss_hastens_the_target_while_the_sender_stands_still():
    found = []
    for loss in (0, 10, 40):
        table, numbers, calendar = small(losses=(0, loss), choice_precision=1.0)
        still = numbers.clock.copy()
        still[:, SENDER] = 0
        found.append(course(table, replace(numbers, clock=still), calendar, State()).probability[0, 24, 0])
    assert found[0] < found[1] < found[2]


def test_an_issue_drawn_for_each_dispute_makes_the_hazard_fall():
    """The hazard of the mixture falls although that of no single dispute need to."""
    salience = np.geomspace(0.1, 10, 15)
    table, numbers, calendar = small(draws=15, salience=salience, choice_precision=2.0, months=60)
    still = 1 - course(table, numbers, calendar, State()).probability.sum(-1).mean(0)
    hazard = -np.diff(np.log(still))
    assert hazard[6:18].mean() > 1.2 * hazard[42:54].mean()


def test_a_patron_without_stake_follows_its_reference_rates():
    """Small stakes do not make it a coin-tosser: probability of acting stays near the reference, not one half."""
    table, numbers, calendar = small(patron=True, patron_stake=0.0, mediation_cost=0.0, guarantee_cost=0.0)
    low = course(table, numbers, calendar, State()).values[0, PATRON]
    assert low == approx(0, abs=1e-12)
    weight = np.exp(numbers.reference[0])
    classes = [key[0] for key in table.classes(reference_key)[0]]
    acting = weight[classes.index("mediate")] / (1 + weight[classes.index("mediate")])
    assert 0.05 < acting < 0.4


def test_the_patron_matters_through_audience_costs_with_both_signs():
    found = []
    for effect in (-0.5, 0.0, 0.5):
        table, numbers, calendar = small(
            patron=True, choice_precision=1.0, mediation_effect=effect, audience_cost=3.0, reference_withdraw=1e-9
        )
        start = State(patron="mediating")
        found.append(course(table, numbers, calendar, start).probability[0, 24, :4].sum())
    assert found[0] < found[1] < found[2]


def test_what_the_patron_moves_grows_with_precision(case, central):
    """At the precision learnt from disputes a patron in from the second month moves no ending by a point; at twenty
    times that precision it moves settlements by more than two. The smallness is the data's, not the mechanism's."""
    from geoecon.bargaining import central_game

    shifts = []
    for factor in (1.0, 20.0):
        ends = []
        for known, weight in ((case, 1e-9), (case.with_scenario(patron_engaged_from="2019-08"), 0.3)):
            at = central_game(known, central, made_losses(target=400, sender=60), made_alliance())
            goal = factor * at.parameters["choice_precision"].central
            played = at.play({"choice_precision": np.array([goal]), "reference_mediate": np.array([weight])}, nodes=7)
            ends.append(played.probability[0].sel(month=44).to_series())
        shifts.append(ends[1] - ends[0])
    assert shifts[0].abs().max() < 0.01
    assert shifts[1]["settlement"] > 0.02


def test_an_election_before_and_after():
    """Leaders of one type make an election a date like any other; a conciliatory successor hastens concession."""
    from geoecon.bargaining.course import Election

    alike = dict(leader_shift=0.0, conciliatory_audience=1.0, choice_precision=1.0)
    table, numbers, calendar = small(**alike)
    dated = replace(calendar, elections=(Election(20.0, TARGET, np.array([0.5])),))
    assert course(table, numbers, dated, State()).probability == approx(
        course(table, numbers, calendar, State()).probability, abs=1e-9
    )
    differ = dict(leader_shift=0.6, conciliatory_audience=0.3, choice_precision=2.0, issue_value_target=4.0)
    table, numbers, calendar = small(**differ)
    paths = [
        course(table, numbers, replace(calendar, elections=(Election(20.0, TARGET, np.array([p])),)), State())
        for p in (0.0, 1.0)
    ]
    hard, mild = (path.probability[0, :, 0] for path in paths)
    assert mild[40] - mild[20] > 1.5 * (hard[40] - hard[20])


def test_the_far_future_shows_its_search(case, central):
    dispute = dispute_of(case, central, made_losses(), made_alliance())
    found = far_future(dispute.board, dispute.stakes, dispute.calendar, starts=4)
    assert found.residual < 1e-9 and found.precision == dispute.stakes.precision[0]
    assert "principal branch" in found.sentence() and "from 4 random starts" in found.sentence()
    assert found.damped_gap < 1e-4


def test_a_forecast_of_the_case(case, central):
    forecast = game_for_case(case, central, made_losses(), made_alliance())
    assert forecast.probability.dims == ("draw", "month", "ending")
    assert tuple(forecast.probability.ending.values) == ENDINGS
    assert forecast.probability.sum("ending").values == approx(np.ones((1, case.horizon_months + 1)))
    frame = forecast.to_frame()
    assert set(frame.columns) == {"month", "date", "ending", "central", "low", "high"}
    assert frame["low"].isna().all()
    assert (
        forecast.sentence().startswith("In the game, by July 2024")
        and "Korea" in forecast.sentence()
        and len(forecast.summary()) <= 12
    )
    assert forecast.chart().to_dict()
    predicted = forecast.predictions()
    assert predicted["length_months", "dispute"].shape == (1,)
    assert predicted["ending_probability", "target_concedes@2023-03"][0] == forecast.by("target_concedes", 44)[0]
    assert all(figure.sources for figure in forecast.figures().values())
    shares = forecast.first_mover.sum("side").values
    assert shares == approx(forecast.probability.sel(ending="settlement").values, abs=1e-9)


def test_draws_have_bands_and_row_zero_is_the_central_run(case):
    draws = sample(case.parameters, 24, seed=1)
    forecast = game_for_case(case, draws, made_losses(), made_alliance())
    alone = game_for_case(case, sample(case.parameters, 0), made_losses(), made_alliance())
    assert forecast.probability.sizes["draw"] == 25
    assert forecast.probability[0].values == approx(alone.probability[0].values, abs=1e-12)
    assert (forecast.to_frame()["low"] <= forecast.to_frame()["high"]).all()
    again = game_for_case(case, draws, made_losses(), made_alliance())
    assert np.array_equal(again.probability.values, forecast.probability.values)


def test_what_was_not_known_does_not_enter(case, central):
    blind = dispute_of(case, central, made_losses(), made_alliance())
    later = case.at(date(2022, 7, 1))
    seeing = dispute_of(later, sample(later.parameters, 0), made_losses(), made_alliance())
    chances = {(round(e.month), e.side): e.chance[0] for e in blind.calendar.elections}
    assert chances == {(27, SENDER): 0.3, (34, TARGET): 0.5}
    seen = {(round(e.month), e.side): e.chance[0] for e in seeing.calendar.elections}
    assert seen[34, TARGET] == 1.0  # the result of the Korean election of 2022
    assert any(month == 14 for month, _ in seen)  # an early change of leader that nobody could know in 2019


def test_without_alliance_results_and_without_patron(case, central):
    none = case.with_scenario(architecture="none")
    assert game_for_case(none, central, made_losses()).probability.sum("ending").values == approx(1.0)
    assert game_for_case(case, central, made_losses(), None).probability.sizes["draw"] == 1
    with pytest.raises(MissingData, match="losses"):
        game_for_case(case, central, None)


def changed(case, tmp_path, file, edit):
    folder = tmp_path / "case"
    shutil.copytree(case.folder, folder, dirs_exist_ok=True)
    path = folder / file
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return load_case(folder).at(case.cutoff)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("2017-05-10,2022-05-09,firm", "2017-05-10,2022-05-09,stubborn", r"alliance.csv line \d+, value: 'stubborn'; "
         "allowed: firm, conciliatory"),
        ("KOR,election,2022-05-10", "KOR,election,2019-05-10", r"alliance.csv line \d+, date: election on 2019-05-10; "
         "allowed: a date after the start"),
        ("KOR,election,2022-05-10,,0.5", "KOR,election,2022-05-10,,1.5", "chance of a conciliatory successor"),
    ],
)  # fmt: skip
def test_faulty_leaders_and_elections(case, tmp_path, old, new, found):
    with pytest.raises(InputError, match=found):
        broken = changed(case, tmp_path, "alliance.csv", lambda text: text.replace(old, new))
        game_for_case(broken, sample(broken.parameters, 0), made_losses(), made_alliance())


def test_faulty_positions_and_dates(case, tmp_path, central):
    broken = changed(case, tmp_path, "case.toml", lambda text: text.replace('control = "listed"', 'control = "hard"'))
    with pytest.raises(InputError, match=r"dispute.control: 'hard'; allowed: none, listed, full"):
        game_for_case(broken, central, made_losses(), made_alliance())
    for value in ("August", "2018-01", "2031-01"):
        with pytest.raises(InputError, match="patron_engaged_from"):
            game_for_case(case.with_scenario(patron_engaged_from=value), central, made_losses(), made_alliance())


def test_draws_of_another_length_are_refused(case, central):
    with pytest.raises(InputError, match="3 draws came in; allowed: 1 or 1"):
        game_for_case(case, central, made_losses(draws=3), made_alliance())


def test_pressing_in_the_game(case):
    """Korea pressed from May 2022: nothing moves at effect 0, nothing before May, then it rises at every step."""
    losses, found = made_losses(4, target=400, sender=60), []
    plain = game_for_case(case, sample(case.parameters, 3), losses, made_alliance()).probability.values
    for effect in (0.0, 0.5, 1.0, 2.2):
        pressed = case.with_scenario(press="KOR:2022-05", press_effect=effect)
        drawn = game_for_case(pressed, sample(pressed.parameters, 3), losses, made_alliance()).probability.values
        assert np.abs(drawn[:, :35] - plain[:, :35]).max() < 1e-9
        found.append(drawn[:, 44, 0])
    assert np.abs(found[0] - plain[:, 44, 0]).max() < 1e-9
    assert (np.diff(found, axis=0) > 0.001).all()


def test_pressing_one_side_never_slows_it_while_the_other_stands_still():
    from geoecon.hazards import Pressing

    table, numbers, calendar = small(draws=3, choice_precision=1.0, press_effect=np.array([0.0, 1.0, 2.0]))
    still = numbers.clock.copy()
    still[:, SENDER] = 0
    dated = replace(calendar, pressing=(Pressing("target", 12.0, 30.0),))
    ended = course(table, replace(numbers, clock=still), dated, State()).probability
    gives = ended[:, :, 0]
    rate = np.diff(gives, axis=1) / (1 - ended[:, :-1].sum(axis=2))
    assert (np.diff(rate[:, 12:30], axis=0) > 0).all()
    assert np.allclose(gives[1:, :13], gives[:1, :13], atol=1e-12)


def test_both_pressed_meet_offers_sooner():
    from geoecon.hazards import Pressing

    table, numbers, calendar = small(choice_precision=1.0, press_both=1.0)
    both = replace(calendar, pressing=(Pressing("target", 0.0), Pressing("sender", 0.0)))
    alone, together = (course(table, numbers, c, State()).probability[0, 48] for c in (calendar, both))
    assert together[2:4].sum() > 1.2 * alone[2:4].sum()


@pytest.mark.parametrize("moves", ["as dated", "free"])
def test_the_steps_of_a_case_are_short_enough(case, moves):
    """What `course.STEPS` says: against sixteenths of the step."""
    known = case.with_scenario(patron_moves=moves)
    losses = made_losses(5, target=400, sender=60)
    dispute = dispute_of(known, sample(known.parameters, 4, seed=3), losses, made_alliance())
    parts = (dispute.board, dispute.stakes, dispute.calendar, dispute.start)
    fine = course(*parts, steps=16).probability
    assert np.abs(course(*parts).probability - fine).max() < 1e-3


def test_values_of_reference_play_by_two_solvers(case):
    """Gradients for the linear system against damped steps mixed: the same values."""
    from geoecon.bargaining.numbers import board_arrays, game_numbers, no_values, turnover_numbers
    from geoecon.bargaining.stationary import reference_values, settle

    dispute = dispute_of(case, sample(case.parameters, 1), made_losses(2, target=400, sender=60), made_alliance())
    loss = np.ones((9, 3))
    parts = (loss, board_arrays(dispute.board), game_numbers(dispute.board, dispute.stakes, 0, 0.0))
    found = []
    for solver in (reference_values, settle):
        V = no_values(dispute.board)
        assert solver(V, *parts, turnover_numbers(dispute.stakes, 0), 1e-8, 500) < 500
        found.append(V)
    assert np.abs(found[0] - found[1]).max() < 1e-5


def freed(case, n=2, alliance=None, **values):
    known = case.with_scenario(patron_moves="free", **values)
    losses = made_losses(n + 1, target=400, sender=60)
    return game_for_case(known, sample(known.parameters, n), losses, alliance or made_alliance())


def test_a_patron_that_never_presses_and_never_settles_leaves_the_game_as_it_was(case):
    """At the precision that all others have, from the same values at the horizon: 1,080 positions say what 648 say."""
    quiet = dict(reference_press=1e-30, reference_package=1e-30, patron_precision=0.02, choice_precision=0.02)
    ended = []
    for moves in ("as dated", "free"):
        known = case.with_scenario(patron_moves=moves, **quiet)
        losses = made_losses(3, target=400, sender=60)
        dispute = dispute_of(known, sample(known.parameters, 2), losses, made_alliance())
        far = np.zeros((len(dispute.stakes.precision), len(dispute.board.states) + len(EXITS), 3))
        played = course(dispute.board, dispute.stakes, dispute.calendar, dispute.start, far=far)
        ended.append(played.probability)
    assert played.patron[:, :, 3:].max() < 1e-9
    assert np.abs(ended[1] - ended[0]).max() < 1e-9


def test_pressing_without_effect_moves_no_ending(case):
    """Less than 0.2 points, as the design asks: what pressing does it does through its effect."""
    calm = dict(reference_package=1e-30, press_effect=0.0, press_cost=0.2)
    often, never = (freed(case, 0, reference_press=weight, **calm) for weight in (0.3, 1e-30))
    assert often.pressing.sum() > 1
    mediated = case.with_scenario(reference_mediate=1e-9, patron_moves="free", reference_press=0.3, **calm)
    alone = case.with_scenario(reference_mediate=1e-9, patron_moves="free", reference_press=1e-30, **calm)
    ends = [
        game_for_case(k, sample(k.parameters, 0), made_losses(1, target=400, sender=60), made_alliance())
        for k in (mediated, alone)
    ]
    gap = np.abs(ends[0].probability.values - ends[1].probability.values)
    assert gap.max() < 2e-3 and never.pressing.max() < 1e-9


def test_whom_a_patron_presses(case):
    """Alike on both sides it tosses a coin; who depends more is pressed more where the slope says so, and exchanged."""
    same = dict(press_mover=0.0, issue_value_sender=2.0, issue_value_target=2.0, sender_conciliatory=0.5)
    same |= dict(target_conciliatory=0.5, patron_precision=1e-6, press_effect=0.0, leaders="stay")
    found = {}
    for slope, first, second in ((0.0, 0.8, 0.8), (1.0, 0.9, 0.5), (1.0, 0.5, 0.9)):
        alliance = made_alliance()
        alliance.dependence = {"JPN": first, "KOR": second}
        found[slope, first] = freed(case, 0, alliance, press_dependence=slope, **same).whom[0]
    assert found[0.0, 0.8] == approx(0.5, abs=1e-6)
    assert found[1.0, 0.9] > 0.6 and found[1.0, 0.9] + found[1.0, 0.5] == approx(1, abs=1e-6)


def test_a_package_is_a_part_of_the_deals_and_is_scored_as_one(case):
    found = freed(case, 3, reference_package=0.5)
    assert (found.package[:, -1] > 0.001).all()
    assert (found.package <= found.probability.sel(ending="settlement").values + 1e-12).all()
    assert found.probability.sum("ending").values == approx(1)
    said = " ".join(found.sentences())
    assert "Free to choose, the United States presses Japan" in said and "over Korea's head" in said
