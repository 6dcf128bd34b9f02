"""Steps on the tracks of a dispute: closed forms, bands, scores beside pooled rates."""

import numpy as np
import pytest

import geoecon as ge
from geoecon import InputError, load_case, sample
from geoecon.bargaining import for_case, tracks_for_case
from geoecon.dispute import STEPS
from geoecon.hazards import coded_steps, passages


def test_first_passages_have_a_closed_form():
    """Activity of shape one: 1 - 1 / (1 + r t); without spread, an exponential. Simulated in between."""
    rates = {step: np.full(2, 0.05) for step in STEPS}
    found = passages(rates, np.array([1.0, 1e9]), 24)
    t = np.arange(25)
    assert found[0, :, 0] == pytest.approx(1 - 1 / (1 + 0.05 * t)) and found[1, :, 0] == pytest.approx(
        1 - np.exp(-0.05 * t)
    )
    rng = np.random.default_rng(1)
    activity = rng.gamma(3.0, 1 / 3.0, 10**6)
    seen = (rng.exponential(1 / (0.05 * activity)) <= 12).mean()
    assert passages({step: np.array([0.05]) for step in STEPS}, np.array([3.0]), 12)[0, 12, 0] == pytest.approx(
        seen, abs=2e-3
    )


def test_lanes_of_a_case():
    case = load_case("japan-korea-2019")
    found = tracks_for_case(case, sample(case.parameters, 60))
    assert (np.diff(found.probability, axis=1) > 0).all()
    assert len(found.summary()) == len(STEPS) and found.chart().to_dict()
    said = " ".join(found.sentences())
    assert "reference rates from memory, alike in all cases" in said and "pooled" in said
    assert set(found.state(12)) == {"multilateral", "governments", "firms"}
    assert len(found.events) == 7 and found.events["months"].between(0, 44).all()
    with pytest.raises(InputError, match="step 'war'"):
        found.passage("war", 3)


def test_rates_are_alike_in_all_cases():
    names = ("japan-korea-2019", "russia-germany-gas-2022")
    cases = [load_case(name) for name in names]
    both = [tracks_for_case(case, sample(case.parameters, 0)).passage("retaliation", 12) for case in cases]
    assert both[0] == both[1]


def test_packages_are_a_part_of_the_deals():
    case = load_case("japan-korea-2019")
    forecast = for_case(case, sample(case.parameters, 40))
    part, whole = forecast.passage("package", 44), forecast.by("settlement", 44)
    assert (part > 0).all() and (part < whole).all()
    assert "over Korea's head" in " ".join(forecast.sentences())
    assert forecast.passage("talks", 6).shape == (41,)


def test_scores_of_steps_are_printed_with_their_error():
    table = ge.score_tracks().to_frame().set_index("method")
    assert table.loc["pooled rates", "against pooled"] == 0 and (table["standard error"] >= 0).all()
    assert table["forecasts"].nunique() == 1 and table["cases"].iloc[0] == coded_steps()["case"].nunique() >= 10
    assert "standard error" in ge.score_tracks().sentence() and "knew these cases" in ge.score_tracks().sentence()
