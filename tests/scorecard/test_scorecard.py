"""The scorecard of the worked case: matching, blindness, and refusals by name."""

import shutil
from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon import scorecard
from geoecon.draws import sample
from geoecon.errors import InputError, MissingData, RuleConflict

FIRST, SECOND = date(2019, 7, 1), date(2019, 8, 4)
HF = ("imports_change_12m", "hydrogen_fluoride")


@pytest.fixture(autouse=True)
def no_past_errors(monkeypatch):
    """Bands of the draws alone, whatever other cases have erred by."""
    monkeypatch.setattr("geoecon.past_error.error._fits", dict)


class Stage:
    """Any stage: it predicts."""

    def __init__(self, **said):
        self.said = {tuple(key.split("__")): values for key, values in said.items()}

    def predictions(self):
        return self.said


@pytest.fixture(scope="module")
def case():
    return ge.load_case("japan-korea-2019")


@pytest.fixture
def folder(case, tmp_path):
    return shutil.copytree(case.folder, tmp_path / "copy")


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_two_cutoffs(case):
    assert case.cutoffs == (FIRST, SECOND)


def test_outcomes_that_the_case_must_reproduce(case):
    """The page's table of outcomes, recomputed where the trade table holds the months."""
    outcomes = scorecard.read_outcomes(case).set_index(["metric", "of"])["value"]
    trade = case.flows[(case.flows.exporter == "JPN") & (case.flows.importer == "KOR")]
    for product, printed in (("hydrogen_fluoride", -90.1), ("photoresist", 6.1)):
        months = trade[(trade["product"] == product) & trade.period.str.fullmatch(r"\d{4}-\d{2}")]
        values = months.set_index("period")["value_usd"].astype(float).sort_index()
        before, after = values["2018-07":"2019-06"], values["2019-07":"2020-06"]
        assert len(before) == 12
        change = 100 * (after.sum() / before.sum() - 1)
        assert change == pytest.approx(printed, abs=0.05)
        assert outcomes["imports_change_12m", product] == printed
    film = trade[trade["product"] == "fluorinated_polyimide"].set_index("period")["value_usd"].astype(float)
    start, year = film["2019-01/2019-05"], film["2019"]
    assert outcomes["imports_change_12m", "fluorinated_polyimide"] == pytest.approx(
        100 * ((year - start) / 7 / (start / 5) - 1), abs=0.05
    )
    assert outcomes["welfare_change", "KOR"] == -0.144
    assert outcomes["length_months", "dispute"] == 44


def test_none_reported_is_a_threshold_not_a_zero(case):
    outcomes = scorecard.read_outcomes(case)
    row = outcomes[outcomes.metric == "worst_output_month"].iloc[0]
    assert (row.kind, row.sense, row.threshold) == ("censored", "at_least", 0.95)
    assert row.value != row.value or row.value is None


def test_inside_and_outside(case):
    draws = sample(case.parameters, 200)
    rng = np.random.default_rng(1)
    stages = {
        "controls": Stage(imports_change_12m__hydrogen_fluoride=rng.normal(-50, 5, 201),
                          imports_change_12m__photoresist=rng.normal(0, 10, 201)),
        "disruption": Stage(first_shortage_day__photoresist=np.full(201, np.inf)),
        "bargaining": Stage(length_months__dispute=np.full(201, 44.0)),
    }  # fmt: skip
    card = scorecard.score(case.at(FIRST), scorecard.gather(stages, draws.n))
    inside = card.measured().set_index("label")["inside"]
    assert list(inside) == [0, 1, 1]
    assert card.blind
    assert card.sentence().startswith("It failed on 1 of 4 outcomes. The worst: imports of hydrogen fluoride")
    assert "Of 3 measured outcomes 2 lie in the 80 % band" in card.sentence()
    assert card.figures()["inside"].value == pytest.approx(2 / 3)
    assert len(card.summary()) == 4
    shown = card.chart().to_dict()
    assert "It failed on 1 of 4" in str(shown)
    bound = card.scores.set_index("metric").loc["first_shortage_day"]
    assert bound[bound["of"] == "photoresist"]["probability"].item() == 1


def test_without_draws_no_outcome_is_said_to_lie_outside(case):
    draws = sample(case.at(FIRST).parameters, 0)
    stages = {"controls": Stage(imports_change_12m__hydrogen_fluoride=np.array([-50.0]))}
    card = scorecard.for_case(case.at(FIRST), draws, stages)
    assert card.sentence().endswith("Without draws there is no band to lie in.")
    assert card.figures()["inside"].value is None


def test_errors_stand_beside_those_of_the_time(case):
    """KERI's five numbers and KIEP's range against Balistreri & Shin: mean absolute errors by hand."""
    ours = {("welfare_change", "KOR"): np.array([-0.2]), ("welfare_change", "JPN"): np.array([-0.02])}
    table = scorecard.score(case.at(FIRST), ours).by_author().set_index("author")
    keri = [2.2 - 0.144, 0.04 - 0.013, 3.1 - 0.144, 1.8 - 0.013, 4.8 - 0.144]
    assert table.error["KERI (Cho Kyeong-lyeop)"] == pytest.approx(np.mean(keri))
    assert table.our_error["KERI (Cho Kyeong-lyeop)"] == pytest.approx((3 * 0.056 + 2 * 0.007) / 5)
    assert table.error["KIEP"] == pytest.approx(0.355 - 0.144)


def test_one_draw_has_no_band(case):
    card = scorecard.score(case.at(FIRST), {HF: np.array([-60.0])})
    assert card.measured()["inside"].isna().all()
    assert card.measured()["crps"].item() == pytest.approx(30.1)
    assert card.figures()["inside"].value is None


def test_without_a_cutoff_it_says_so(case):
    card = scorecard.score(case, {HF: np.array([-60.0])})
    assert not card.blind
    assert card.sentence().startswith("This run was not blind")


def test_what_was_known_before_the_cutoff_is_not_scored(case):
    card = scorecard.score(case.at(date(2021, 3, 1)), {HF: np.array([-60.0])})
    assert card.scores.set_index(["metric", "of"]).loc[HF, "state"] == "known before"


def test_two_stages_must_not_predict_one_thing(case):
    draws = sample(case.parameters)
    said = Stage(imports_change_12m__hydrogen_fluoride=np.array([1.0]))
    with pytest.raises(RuleConflict, match="by controls and by disruption"):
        scorecard.for_case(case, draws, {"controls": said, "disruption": said})


def test_a_prediction_needs_one_value_per_draw(case):
    said = Stage(imports_change_12m__hydrogen_fluoride=np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="one value per draw"):
        scorecard.for_case(case, sample(case.parameters), {"controls": said})


def test_claims_carry_both_readings_of_the_motive(case):
    claims = scorecard.score(case, {}).claims.set_index("claim_id")
    motive = claims.loc["C13"]
    assert motive.verdict == "contested"
    assert "security" in motive.claim
    assert "retaliation" in motive.claim
    assert "never ruled" in motive.correct_fact
    assert claims["source"].notna().all()


def test_a_case_without_outcomes_is_skipped_by_name(folder):
    (folder / "outcomes.csv").unlink()
    with pytest.raises(MissingData, match=r"outcomes\.csv"):
        scorecard.score(ge.load_case(folder), {})


BAD = {
    "no date": ("P01,2022-02,study", "P01,,study", "line 2, date: empty"),
    "no value": ("KOR,-0.144,", "KOR,,", "line 2, value: P01: empty"),
    "a bound with a value": ("optical equipment,,,,at_least", "optical equipment,1,,,at_least", "O16: 1.0"),
    "a bound without a bound": (",at_least,0.95,", ",at_least,,", "O16: empty"),
    "range upside down": ("-9.5,-10.64,-8.37", "-9.5,-8.37,-10.64", "P04: -8.37, -10.64"),
    "unknown source": ("jk234,seen", "nobody,seen", "'nobody'"),
    "unknown kind": ("2022-02,study", "2022-02,guess", "'guess'"),
    "half an event": ("open@2021-07,1,", "open@2021-07,0.5,", "O40: 0.5"),
    "id twice": ("P02,2022-02", "P01,2022-02", "P01 stands twice"),
    "formula": ("KOR,-0.144,", "KOR,=1+1,", "formula '=1+1'"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_outcomes_are_refused_by_name(folder, fault):
    old, new, message = BAD[fault]
    edit(folder, "outcomes.csv", old, new)
    case = ge.load_case(folder)
    with pytest.raises(InputError) as error:
        scorecard.score(case, {})
    assert "outcomes.csv line" in str(error.value)
    assert message in str(error.value)
    assert "allowed" in str(error.value)


def test_a_forecast_made_after_the_outcome_is_refused_by_name(folder):
    edit(folder, "forecasts.csv", "E01,KERI (Cho Kyeong-lyeop),2019-07-10", "E01,KERI (Cho Kyeong-lyeop),2023-07-10")
    with pytest.raises(
        InputError, match=r"forecasts\.csv line 2, date: E01 of 2023-07-10 is later than its outcome P01"
    ):
        scorecard.score(ge.load_case(folder), {})
