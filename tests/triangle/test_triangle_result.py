"""The triangle of a case, and what it refuses."""

from datetime import date
from itertools import permutations

import numpy as np
import pytest
from pytest import approx

from geoecon import InputError, MissingData, load_case, sample
from geoecon.triangle import alliance, for_case, triad


@pytest.fixture(scope="module")
def case():
    return load_case("japan-korea-2019")


@pytest.fixture(scope="module")
def triangle(case):
    blind = case.at(date(2019, 7, 1))
    return for_case(blind, sample(blind.parameters, 200, seed=1))


def test_blind_run_knows_the_year_before_only(triangle, case):
    assert triangle.year == 2018 and not triangle.carried
    assert triangle.history["year"].max() == 2018
    assert for_case(case, sample(case.parameters)).year == 2019


def test_roles_and_what_the_game_takes(triangle):
    assert triangle.roles == {"patron": "USA", "sender": "JPN", "target": "KOR"}
    assert (triangle.patron, triangle.senior, triangle.junior) == ("USA", "JPN", "KOR")
    assert alliance("USA", "GRC", "TUR", since=2000).senior == "TUR"  # whatever the order given
    for state in ("JPN", "KOR"):
        assert triangle.abandonment[state].shape == triangle.entrapment[state].shape == (201,)
    assert triangle.abandonment["JPN"][0] == approx(0.3288, abs=6e-5)
    assert sum(triangle.net_patronage.values()) == approx(0, abs=1e-12)


def test_bands_come_from_the_published_intervals(triangle):
    """Half the width of the band of E against the normal approximation from the published bounds of both points."""
    from geoecon.triangle import records as r

    low, high = np.quantile(triangle.entrapment["KOR"][1:], [0.1, 0.9])
    half = [
        (r.value("ideal_points", "q95", s, 2018) - r.value("ideal_points", "q05", s, 2018)) / 2 for s in ("USA", "KOR")
    ]
    deviation = np.hypot(*half) / 1.645 / r.widest_gap("USA", 2018)
    assert (high - low) / 2 == approx(1.2816 * deviation, rel=0.2)


def test_one_draw_has_no_band(case):
    single = for_case(case, sample(case.parameters))
    assert single.abandonment["JPN"].shape == (1,)
    assert single.figures()["abandonment.JPN"].low is None
    assert single.summary()["low"].isna().all()


def test_architecture_is_a_switch_of_the_scenario(case):
    draws = sample(case.parameters)
    star = for_case(case, draws)
    closed = for_case(case.with_scenario(architecture="trilateral"), draws)
    alone = for_case(case.with_scenario(architecture="none"), draws)
    assert closed.abandonment["KOR"][0] < star.abandonment["KOR"][0]
    assert alone.patron is None and alone.abandonment["KOR"][0] == 0
    assert "no patron" in alone.sentence()
    with pytest.raises(InputError, match="hub-and-spoke, trilateral, none"):
        star.with_architecture("square")


def test_summary_sentence_figures_and_charts_say_what_they_rest_on(triangle):
    assert len(triangle.summary()) <= 12
    assert "do not predict" in triangle.sentence()
    assert "45,597" in triangle.METHOD
    assert all(figure.sources for figure in triangle.figures().values())
    assert triangle.chart().to_dict() and triangle.diagram().to_dict()
    assert triangle.predictions() == {}


@pytest.mark.parametrize("order", list(permutations(("USA", "JPN", "KOR"))))
def test_permuting_the_states_permutes_every_output(order):
    base, moved = triad("USA", "JPN", "KOR", 2010), triad(*order, 2010)
    assert moved.patron == "USA"
    for state in order:
        assert moved["net_patronage", state] == approx(base["net_patronage", state], abs=1e-12)
        assert moved["cap_share", state] == approx(base["cap_share", state])
        for other in order:
            if other != state:
                key = ("security_dependence", f"{state}->{other}")
                assert moved[key] == approx(base[key], abs=1e-12)
                assert moved["trade_share", f"{state}->{other}"] == approx(base["trade_share", f"{state}->{other}"])
    assert moved["concentration", "triad"] == approx(base["concentration", "triad"])
    assert moved["degree_centralisation", "triad"] == base["degree_centralisation", "triad"]


def test_pacts_after_2018_are_marked_as_carried():
    frame = triad("USA", "JPN", "KOR", 2022).to_frame().set_index(["measure", "who"])
    assert frame.loc[("security_dependence", "JPN->USA"), "carried"]
    assert not frame.loc[("cap_asymmetry", "JPN>KOR"), "carried"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: alliance("USA", "JPN", "ZZZ"), InputError, "ZZZ"),
        (lambda: alliance("USA", "JPN", "Guam"), MissingData, "GUM"),
        (lambda: alliance("USA", "JPN", "Korea"), InputError, "KOR"),
        (lambda: triad("USA", "JPN", "ZZZ", 2000), MissingData, "ZZZ"),
        (lambda: alliance("USA", "JPN", "KOR", since=2050), InputError, "1950 to 2024"),
        (lambda: alliance("USA", "JPN", "JPN"), InputError, "three different"),
        (lambda: triad("USA", "JPN", "KOR", 1900), InputError, "1950 to 2024"),
        (lambda: alliance("USA", "JPN", "KOR", since=2000, until=1990), InputError, "2000 to 1990"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_dated_ties_of_a_case_count_from_their_date(case):
    from dataclasses import replace

    import pandas as pd

    row = {"line": 999, "state": "JPN-KOR", "variable": "defence_tie", "date": "2015", "value": "1", "unit": None,
           "detail": None, "source_id": "x", "status": "seen", "source": "a dated tie"}  # fmt: skip

    def with_row(**changes):
        table = pd.concat([case.tables["alliance"], pd.DataFrame([row | changes])], ignore_index=True)
        altered = replace(case, tables=dict(case.tables) | {"alliance": table})
        return for_case(altered, sample(altered.parameters))

    closed = with_row()
    assert closed.degree_centralisation == 0 and "a dated tie" in closed.sources
    assert closed.dependence["KOR"] == approx(0.720, abs=6e-4)
    assert with_row(date="2015/2016").degree_centralisation == 1
    with pytest.raises(InputError, match=r"alliance.csv line 999"):
        with_row(state="JPN-CHN")


def test_drifts_and_small_triangles_over_the_years():
    triangle = alliance("USA", "JPN", "KOR")
    drifts = triangle.drifts().set_index(["measure", "who"])["per decade"]
    assert drifts["cap_asymmetry", "JPN>KOR"] == approx(-0.117, abs=5e-4)
    spec = triangle.diagram(years=(1965, 1990, 2022)).to_dict()
    assert all(f"'{year}'" in str(spec) for year in (1965, 1990, 2022))


def test_a_triad_without_pacts_or_power_says_so():
    assert alliance("USA", "ISR", "EGY", since=2000).patron is None
    with pytest.raises(MissingData, match="2023 to 2024"):
        alliance("USA", "JPN", "KOR", since=2023)


UNIT = ("security_dependence", "abandonment", "entrapment", "concentration", "cap_share", "trade_share", "import_share",
        "regional_spoke", "regional_betweenness", "troop_presence", "drawdown", "divergence", "friction", "gdp_share",
        "seniority")  # fmt: skip

UNBOUNDED = ("troops", "regional_allies", "patron_preponderance", "ideal_distance")


def test_any_three_states_in_any_year_stay_within_their_bounds():
    from geoecon.triangle import records as r

    rng, states = np.random.default_rng(0), sorted({code for code in r.records("states")["iso3"] if code})
    for _ in range(120):
        found = triad(*map(str, rng.choice(states, 3, replace=False)), int(rng.integers(1950, 2024)))
        for (measure, who), value in found.values.items():
            low = 0 if measure in UNIT else -1
            if (
                measure not in ("troops", "regional_allies", "patron_preponderance", "ideal_distance")
                and value == value
            ):
                assert low - 1e-9 <= value <= 1 + 1e-9, (found.states, found.year, measure, who)
        net = [found.values.get(("net_patronage", state), 0.0) for state in found.states]
        assert np.isnan(net).any() or sum(net) == approx(0, abs=1e-12)


def test_a_pair_with_more_than_the_whole_trade_is_missing_not_a_share():
    """The records give Poland 1962 imports from Austria of nearly three times all its imports."""
    assert np.isnan(triad("DEU", "POL", "AUT", 1962)["import_share", "POL->AUT"])


def test_states_that_changed_their_code_are_one_state():
    assert triad("RUS", "SRB", "HRV", 2010)["cap_share", "SRB"] > 0
    assert triad("USA", "GBR", "DEU", 1980)["cap_share", "DEU"] > 0


def test_names_are_understood():
    assert alliance("United States", "Japan", "South Korea", since=2018).states == ("USA", "JPN", "KOR")
