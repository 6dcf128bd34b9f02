"""What others deliver, from cut-offs that happened: the ramp has the means seen, own figures move a middle."""

from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon.disruption.others import OWN, deliveries, fall, from_precedents, median, stated
from geoecon.disruption.setting import Setting
from geoecon.draws import sample
from geoecon.line import run

YEAR = np.arange(0.5, 365)


def test_the_ramp_has_the_mean_of_the_first_year_and_ends_where_the_second_was():
    early, late = np.array([0.0, 0.1, 0.3, 0.5, 0.4, 0.0]), np.array([0.8, 0.4, 0.6, 0.7, 0.2, 0.0])
    ceiling, lag, ramp = deliveries(early, late)
    path = ceiling[:, None] * np.clip((YEAR - lag[:, None]) / ramp[:, None], 0, 1)
    assert path.mean(axis=1) == pytest.approx(early, abs=2e-3)
    assert ceiling == pytest.approx(np.maximum(early, late))
    assert (lag + ramp <= 731).all()


def test_who_delivered_less_than_before_leaves_a_ceiling_below_nothing():
    ceiling, lag, ramp = deliveries(np.array([-0.4, -0.2]), np.array([-0.3, 0.6]))
    assert ceiling == pytest.approx([-0.3, 0.6])
    assert (lag >= 0).all() and (ramp >= 1).all()


def test_the_cut_is_what_the_first_year_from_the_first_fall_loses():
    share = np.ones((4, 800))
    share[1, 100:] = 0.0  # all of it from day 100 on
    share[2, 100:465] = 0.4
    share[3, 700:] = 0.5  # the last day goes on
    assert fall(share) == pytest.approx([0, 1, 0.6, 0.5])


def test_a_median_counts_by_weight():
    assert median(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 5.0])) == 3
    assert median(np.array([1.0, 2.0, 3.0]), np.zeros(3)) == 2


@pytest.fixture(scope="module")
def asked():
    return ge.ask("China stops graphite to South Korea", draws=60)


def setting(asked, **own):
    """(setting, materials) of the question with some figures stated, nothing moving from day 0 on."""
    name = asked.assessment.case.products[0].id
    case = asked.assessment.case.with_scenario(**{f"need_share.{name}": 0.7}, **own)
    found = Setting(case, sample(case.parameters, 60, 0), asked.assessment.results["precedents"])
    return found, found.materials_under(np.zeros((found.draws.n, 400, len(found.products))))


def test_a_good_without_figures_of_its_own_follows_precedents_of_the_cut_that_a_draw_has(asked):
    found, materials = setting(asked)
    name, told = found.products[0], found.precedents
    assert from_precedents(found.draws, name, told)
    paths = told.paths(name, np.ones(60))
    seen = np.maximum(paths["replaced_0"], paths["replaced_1"]).to_numpy()
    assert materials.alternative[:, 0] == pytest.approx(np.clip(seen * materials.need_share[:, 0], 0, 1))
    assert not materials.response.any()
    assert told.sources & asked.assessment.disruption.sources == told.sources


def test_stating_the_middle_of_precedents_changes_nothing_and_more_is_more_by_draw(asked):
    found, free = setting(asked)
    name, some = found.products[0], free.alternative[1:, 0] > 0
    paths = found.precedents.paths(name, np.ones(60)).iloc[1:]
    most, lag, ramp = deliveries(paths["replaced_0"].to_numpy(), paths["replaced_1"].to_numpy())
    middle = {"alternative_ceiling": median(most, np.ones(60)) * 0.7,
              "alternative_lag_days": median(lag, some.astype(float)),
              "alternative_ramp_days": median(ramp, some.astype(float))}  # fmt: skip
    for key, field in OWN.items():
        values = getattr(free, field)[1:, 0]
        at = max(middle[key], 0.0 if key != "alternative_ramp_days" else 1.0)
        same = getattr(setting(asked, **{key: at})[1], field)[1:, 0]
        rows = some if field != "alternative" else slice(None)
        assert same[rows] == pytest.approx(values[rows], abs=1e-6 if middle[key] == at else 0.1)
        more = getattr(setting(asked, **{key: at + 0.2 * max(at, 1)})[1], field)[1:, 0]
        assert (more >= same).all() and more.mean() > same.mean()
        others = [field for one, field in OWN.items() if one != key]
        for other in others:  # the rest stays the precedents'
            assert getattr(setting(asked, **{key: at})[1], other) == pytest.approx(getattr(free, other))


def test_figures_of_a_case_keep_what_past_cut_offs_missed_such_figures_by():
    case = ge.load_case("russia-germany-gas-2022").at(date(2022, 6, 13))
    draws = sample(case.parameters, 40, 0)
    told = run(case, parameters=draws, draws=40, until="precedents").results["precedents"]
    name = case.products[0].id
    assert all(stated(case, draws, key, name) for key in OWN)
    found = Setting(case, draws, told)
    own, with_past = found.materials, found.materials_under(np.zeros((41, 500, 1)))
    assert with_past.alternative[0] == pytest.approx(own.alternative[0])  # the central run has the case's own
    assert np.std(with_past.alternative[1:]) > 2 * np.std(own.alternative[1:])
    kept = found.materials_under(np.ones((41, 500, 1)))  # where nothing falls there is nothing to be wrong by
    assert kept.alternative == pytest.approx(own.alternative)
