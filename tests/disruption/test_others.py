"""What others deliver, from cut-offs that happened: the ramp has the means seen, own figures move a middle."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geoecon as ge
from geoecon.case import default_parameters
from geoecon.disruption.figures import missed, moved, replaced, with_error
from geoecon.disruption.material_path import material_path
from geoecon.disruption.others import OWN, deliveries, fall, from_precedents, median, stated
from geoecon.disruption.setting import Setting
from geoecon.draws import sample, triangular
from geoecon.episodes import LEVELS, shipped
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


@given(st.floats(0, 2), st.floats(0, 1500), st.floats(1, 700))
def test_where_nothing_is_apart_figures_stay(ceiling, lag, ramp):
    figures = [np.array([value]) for value in (ceiling, lag, ramp)]
    most, stretch = moved(*figures, np.zeros((2, 1)))
    assert most == pytest.approx(min(ceiling, 1)) and stretch == pytest.approx(1)
    some = with_error(figures, np.array([0.3]), np.full((2, 1), 0.5), np.array([LEVELS - 0.5] * 2))
    assert [float(value[0]) for value in some] == pytest.approx([ceiling, lag, ramp])


@given(st.floats(0, 1.5), st.floats(0, 900), st.floats(1, 400), st.floats(0, 1), st.floats(0, 1))
def test_a_rise_is_moved_to_the_two_years_asked(ceiling, lag, ramp, first, more):
    figures = [np.array([value]) for value in (ceiling, lag, ramp)]
    first, last = sorted((first * more, more))
    apart = np.array([[first], [last]]) - replaced(*figures)
    most, stretch = moved(*figures, apart)
    found = replaced(most, lag * stretch, np.maximum(ramp / max(ceiling, 1), 1) * stretch)
    # a rise of another shape cannot always have both: half a tenth on the mean of the two, a quarter on one
    assert found.mean() == pytest.approx((first + last) / 2, abs=0.12)
    assert 0 <= most <= 1 and stretch >= 0


def test_the_band_of_stated_figures_holds_on_the_record_year_by_year():
    """The room's own ranges told of every cut-off of 2008 to 2022, from what was known before: 75 to 87 of 100."""
    record, unit = shipped(), (np.arange(40) + 0.5) / 40
    rows = [default_parameters()[name] for name in OWN]
    ranges = [np.random.default_rng(k).permutation(triangular(unit, r.low, r.central, r.high))[:, None]
              for k, r in enumerate(rows)]  # fmt: skip
    points = [np.quantile(values, 0.5, axis=0, keepdims=True) for values in ranges]
    for h in (0, 1):
        known = record.known("replaced", h)
        for figures in (ranges, points):
            inside, votes = [], []
            for year in range(2008, 2023):
                mine = known.year == year
                if not mine.any():
                    continue
                lost = known.near[mine].prod(axis=1)
                told = replaced(figures[0] / lost, figures[1], figures[2])[h]
                errors = np.interp((np.arange(100) + 0.5) / 100, LEVELS, missed(record, year, -1)[h])
                low, high = np.quantile(
                    (told[:, None] + errors[None, :, None]).reshape(-1, len(lost)), (0.1, 0.9), axis=0
                )
                inside.append((known.values[mine] >= low) & (known.values[mine] <= high))
                votes.append(known.votes[mine])
            assert 0.75 <= np.average(np.concatenate(inside), weights=np.concatenate(votes)) <= 0.87


def test_what_is_stated_is_the_middle_and_more_replaces_more_in_every_draw(asked):
    for key, (less, more) in {"alternative_ceiling": (0.2, 0.4), "alternative_lag_days": (200, 100),
                              "alternative_ramp_days": (200, 100)}.items():  # fmt: skip
        few, many = (setting(asked, **{key: value})[1] for value in (less, more))
        assert getattr(few, OWN[key])[0, 0] == pytest.approx(less)
        sent = [replaced(m.alternative[:, 0] / 0.7, m.lag_days[:, 0], m.ramp_days[:, 0]) for m in (few, many)]
        assert (sent[1].mean(axis=0) >= sent[0].mean(axis=0) - 1e-6).all() and sent[1].mean() > sent[0].mean()


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


def test_a_scenario_that_lets_more_through_costs_no_draw_more(asked):
    """A draw keeps what its figures are wrong by: licences that come sooner leave no run worse off."""
    found, _ = setting(asked, alternative_ceiling=0.3)
    day = np.arange(400)[None, :, None]
    lost = []
    for review in (30, 120, 300):
        share = np.broadcast_to(np.where(day < review, 0.0, 0.9), (found.draws.n, 400, len(found.products)))
        lost.append(material_path(share, found.materials_under(share)).loss.sum(axis=1))
    assert all((sooner <= later + 1e-9).all() for sooner, later in pairwise(lost))
    assert lost[0].mean() < lost[-1].mean()


def lost_of(found, materials):
    """(draw,) days of output lost where nothing moves from day 0 on."""
    return (1 - material_path(np.zeros((found.draws.n, 400, 1)), materials).ceiling).sum(axis=(1, 2))


def test_figures_that_stand_in_place_of_the_record_are_told(asked):
    """A run can then lose less than with nothing stated; a case with figures of its own never stood on the record."""
    name = asked.assessment.case.products[0].id
    assert not any("not those of the record" in note for note in setting(asked)[0].notes)
    for key in (f"alternative_ceiling.{name}", "alternative_lag_days"):
        [note] = [note for note in setting(asked, **{key: 0.0})[0].notes if "not those of the record" in note]
        assert asked.assessment.case.products[0].name in note
    case = ge.load_case("japan-korea-2019").with_scenario(**{"alternative_ceiling.photoresist": 0.1})
    told = run(case, draws=8, until="disruption")
    assert told.results["precedents"].of and not any("of the record" in note for note in told.disruption.notes)


def test_a_second_supplier_early_and_large_is_no_worse_in_any_draw(asked):
    base, early = setting(asked), setting(asked, second_supplier="early")
    assert (lost_of(*early) * (1 - 1e-9) <= lost_of(*base)).all() and lost_of(*early).sum() < lost_of(*base).sum()
    rows = default_parameters()
    assert (early[1].lag_days <= rows["alternative_lag_days"].low).all()
    assert (early[1].alternative >= rows["alternative_ceiling"].high).all()


def test_with_figures_of_its_own_it_is_no_worse_either():
    """Whatever the case says, and whatever day it is asked on."""
    case = ge.load_case("indonesia-nickel-2020")
    told = [run(case.with_scenario(second_supplier=how), draws=24, until="disruption").disruption
            for how in ("as known", "early")]  # fmt: skip
    losses = [one.direct.sel(window="first year").values for one in told]
    assert (losses[1] <= losses[0] + 1e-9).all()
    assert np.isfinite(told[1].first_stop.values).mean() <= np.isfinite(told[0].first_stop.values).mean()
