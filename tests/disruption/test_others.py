"""What others deliver, from cut-offs that happened: the ramp has the means that were seen, own figures win."""

from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon.disruption.others import OWN, deliveries, from_precedents
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


@pytest.fixture(scope="module")
def asked():
    return ge.ask("China stops graphite to South Korea", draws=30)


def test_a_good_without_figures_of_its_own_follows_precedents(asked):
    case, draws, told = asked.assessment.case, asked.parameters, asked.assessment.results["precedents"]
    name = case.products[0].id
    assert from_precedents(case, draws, name, told)
    materials = Setting(case, draws, told).materials
    paths = told.paths(name)
    late = np.clip(paths["replaced_1"], 0, 1).to_numpy()
    most = np.maximum(np.clip(paths["replaced_0"], 0, 1), late) * paths["cut"] * materials.need_share[:, 0]
    assert materials.alternative[:, 0] == pytest.approx(np.clip(most, 0, 1))
    assert not materials.response.any()
    assert told.sources & asked.assessment.disruption.sources == told.sources


def test_figures_of_a_case_and_of_a_scenario_win(asked):
    case = ge.load_case("japan-korea-2019").at(date(2019, 7, 1))
    draws = sample(case.parameters, 5, 0)
    told = run(case, parameters=draws, draws=5, until="precedents").results["precedents"]
    assert not any(from_precedents(case, draws, product.id, told) for product in case.products)
    mine = asked.assessment.case.with_scenario(**{OWN[0]: 0.4})
    name = mine.products[0].id
    assert not from_precedents(mine, asked.parameters, name, asked.assessment.results["precedents"])
