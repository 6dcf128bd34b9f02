"""Random valid case folders run through the line; renamed countries change nothing."""

import math
from datetime import date

import numpy as np
import pytest
import smallcase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import geoecon as ge
from geoecon.line import STAGES

GOODS = ("resin", "film", "acid.pure", "gas-1")
SHARES = st.floats(0.05, 0.95)
RECIPES = st.builds(
    smallcase.Recipe,
    patron=st.sampled_from(["QPC", None]),
    goods=st.lists(st.sampled_from(GOODS), min_size=1, max_size=3, unique=True).map(tuple),
    start=st.dates(date(2005, 1, 1), date(2026, 6, 30)),
    months=st.integers(14, 40),
    share=SHARES,
    value=st.floats(1e3, 1e7),
    cap=st.none() | SHARES,
    kind=st.sampled_from(["individual", "prohibited", "none", "bulk"]),
    review=st.floats(10, 200),
    stock=st.floats(1, 200),
    scale=st.floats(50, 1e5),
    tilt=st.floats(0, 3),
    days=st.integers(30, 400),
    game_months=st.integers(2, 24),
    optional=st.sets(st.sampled_from(["economy", "macro", "outcomes", "forecasts", "claims"])).map(frozenset)
    | st.just(frozenset({"economy", "macro", "outcomes", "forecasts", "claims"})),
)  # fmt: skip


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(recipe=RECIPES, draws=st.sampled_from([0, 3]))
def test_a_valid_case_runs_and_says_what_it_lacks(tmp_path_factory, recipe, draws):
    folder = smallcase.write(tmp_path_factory.mktemp("random") / "case", recipe)
    done = ge.run(ge.load_case(folder), draws=draws)
    assert set(done.results) | set(done.skipped) == {name for name, stage in STAGES.items() if not stage.asked}
    assert not set(done.results) & set(done.skipped)
    assert {"trade", "controls"} <= set(done.results)
    if "economy" not in recipe.optional:
        assert {"disruption", "welfare", "losses"} <= set(done.skipped)
        assert "economy.csv" in done.skipped["disruption"]
    else:
        assert {"disruption", "welfare", "losses"} <= set(done.results)
    assert ("evidence" in done.skipped) == ("outcomes" not in recipe.optional)
    for stage, result in done.results.items():
        assert result.sentence(), stage
        for name, figure in result.figures().items():
            assert figure.value is None or not math.isnan(figure.value), (stage, name)
        for key, values in result.predictions().items():
            assert np.shape(values) == (draws + 1,), (stage, key)
            assert not np.isnan(values).any(), (stage, key)


RENAMED = {"sender": "QEE", "target": "QDD", "patron": "QBB", "rest": "QAA"}  # in another alphabetical order


@pytest.mark.parametrize("patron", ["QPC", None])
def test_renamed_countries_give_the_same_assessment(tmp_path, patron):
    first = smallcase.Recipe(patron=patron, goods=("resin", "film"))
    second = first.but(**(RENAMED | ({"patron": None} if patron is None else {})))
    runs = [
        ge.run(ge.load_case(smallcase.write(tmp_path / name, recipe)), draws=3)
        for name, recipe in (("one", first), ("two", second))
    ]
    assert set(runs[0].results) == set(runs[1].results)
    assert "bargaining" in runs[0].results
    names = {first.sender: second.sender, first.target: second.target, first.rest: second.rest}
    names |= {patron: second.patron} if patron else {}
    for stage, result in runs[0].results.items():
        theirs = runs[1].results[stage].predictions()
        for (metric, of), values in result.predictions().items():
            renamed = of
            for old, new in names.items():
                renamed = renamed.replace(old, new)
            assert theirs[metric, renamed] == pytest.approx(values, rel=1e-6, abs=1e-9), (stage, metric, of)
    losses = [run.losses.monthly.values for run in runs]
    assert losses[0] == pytest.approx(losses[1], rel=1e-6, abs=1e-9)


def test_real_names_change_only_what_rests_on_records_of_real_states(tmp_path):
    """Alliance records are of real states; everything before them is not."""
    places = [dict(sender="JPN", target="KOR", patron="USA"), dict(sender="FRA", target="ITA", patron="GBR")]
    runs = [
        ge.run(ge.load_case(smallcase.write(tmp_path / str(k), smallcase.Recipe(**place))), draws=0)
        for k, place in enumerate(places)
    ]
    for stage in ("controls", "catchup", "disruption", "welfare"):
        first, second = (run.results[stage].predictions() for run in runs)
        for (metric, of), values in first.items():
            renamed = of
            for role in places[0]:
                renamed = renamed.replace(places[0][role], places[1][role])
            assert second[metric, renamed] == pytest.approx(values, rel=1e-6, abs=1e-9), (stage, metric, of)


@pytest.mark.parametrize("gone", ["economy", "macro", "outcomes", "forecasts", "claims"])
def test_each_optional_file_removed_in_turn_skips_its_stages_by_name(tmp_path, gone):
    recipe = smallcase.Recipe()
    folder = smallcase.write(tmp_path / "case", recipe.but(optional=recipe.optional - {gone}))
    done = ge.run(ge.load_case(folder))
    skipped = {"economy": {"disruption", "welfare", "losses"}, "outcomes": {"evidence"}}
    wanted = skipped.get(gone, set()) | {
        "scan",
        "alliance",
    }  # invented states have neither records of trade nor of alliances
    if gone == "macro":
        assert "gdp" in str(done.skipped.get("bargaining", "gdp"))
        wanted |= set(done.skipped) & {"bargaining"}
    assert set(done.skipped) == wanted
    for stage in skipped.get(gone, set()):
        assert f"{gone}.csv" in done.skipped[stage] or "the stage" in done.skipped[stage]
