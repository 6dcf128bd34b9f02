"""A question becomes an answer: rows, stand-ins, files of the user, what is refused."""

import numpy as np
import pytest

import geoecon as ge
from geoecon import lexicon
from geoecon.capacity import at_stake
from geoecon.case import case_of_texts
from geoecon.draws import sample
from geoecon.flows import raw_materials
from geoecon.questions.ask import made_case, wording
from geoecon.questions.shipped_pairs import in_a_case

DAY = "2026-06-01"


def test_a_buyer_that_refuses_costs_the_seller_its_sales():
    answer = ge.ask("China bans Australian iron ore", draws=20, start=DAY)
    rows = raw_materials("2024", importer="CHN", exporter="AUS", product=("260111", "260112"))
    lost = answer.figures()["loss"]
    most = 2 * rows["value_usd"].sum() / 1e6  # both years' sales: no error adds to them
    assert 0 <= lost.low < lost.draws_low < lost.value < lost.high <= most * (1 + 1e-9)
    assert "Australia loses sales of iron ore" in answer.sentence()
    change = answer.assessment.welfare  # what is not sold idles its makers until they have adapted
    first, lasting = (part.sel(region="AUS").values[1:] for part in (change.first_year, change.real_income))
    assert np.median(first) < np.median(lasting) <= 0
    assert answer.assessment.losses.figures()["listed.none.target"].value > 0


def test_a_duty_has_one_fall_of_the_flow_at_every_stage():
    """What precedents are asked of is how suppliers answer the duty, as the flow is forecast, not what other measures
    of the kind withheld; one twice as high stops more."""
    cuts = {}
    for duty in (25, 50):
        answer = ge.ask(f"The EU puts a {duty}% tariff on Chinese electric cars", draws=20, start=DAY)
        given = answer.assessment
        [(_, flow)] = given.controls.refused
        [asked] = given.precedents.of.values()
        cuts[duty] = np.median(asked.cut)
        assert cuts[duty] == pytest.approx(np.median(flow[1:, -1]), rel=1e-6)
        assert "suppliers answer a duty of this size" in asked.sentence() and "known measures" not in asked.sentence()
        assert "by the European Union fall" in given.controls.sentence()
    assert cuts[50] > cuts[25]


def rows_of(importer, codes, year="2024"):
    return raw_materials(year, importer=importer, product=codes)


@pytest.mark.parametrize(
    ("question", "importer", "exporter", "codes"),
    [
        ("China stops graphite to Korea", "KOR", "CHN", ("250410", "250490")),
        ("Russia halves palladium to the United States", "USA", "RUS", ("711021", "711029")),
        ("Congo sets a cobalt quota for China", "CHN", "COD", ("282200", "810510")),
    ],
)
def test_three_figures_go_back_to_the_rows_of_the_source(question, importer, exporter, codes):
    answer = ge.ask(question, draws=0, start=DAY)
    rows = rows_of(importer, codes)
    share = rows.loc[rows["exporter"] == exporter, "value_usd"].sum() / rows["value_usd"].sum()
    assert answer.rows.share == pytest.approx(share)
    assert answer.assessment.trade.figures()[f"share.{answer.asked.good.id}"].value == pytest.approx(share)
    trade = answer.assessment.case.table("trade")
    year = trade[(trade["period"] == "2024") & (trade["exporter"] == exporter)]
    assert year["value_usd"].item() == pytest.approx(rows.loc[rows["exporter"] == exporter, "value_usd"].sum())


def test_words_and_codes_give_the_same_answer():
    one = ge.ask("China stops graphite to Korea", draws=4, start=DAY)
    other = ge.ask("CHN", "KOR", "graphite", draws=4, start=DAY)
    assert one.assessment.disruption.to_frame().equals(other.assessment.disruption.to_frame())


def test_a_pair_whose_trade_ended_is_answered_about_its_last_year_and_says_so():
    answer = ge.ask("Indonesia bans nickel ore exports to Japan", draws=0, start=DAY)
    told = "What if Indonesia stops nickel ore to Japan? Japan has no nickel ore to lose if Indonesia stops it today."
    assert answer.sentence().startswith(told)
    assert answer.figures()["share"].value == 0.0 and answer.figures()["then_share"].value > 0
    assert "imports" not in answer.figures()  # nothing that is not bought falls
    assert any("the answer is about a stop after 2019" in note for note in answer.made.notes)
    assert answer.assessment.case.start.year == 2020
    assert f"({answer.rows.year})" in answer.assessment.trade.sentence()
    assert answer.rows.year == "2019"


def test_a_product_without_rows_says_so_and_what_a_file_would_add():
    answer = ge.ask("Japan puts photoresist under licences for China", draws=0, start=DAY)
    assert "no world trade rows" in " ".join(answer.made.notes)
    assert "geoecon data add" in " ".join(answer.made.notes)
    assert "estimate" in answer.warning()


def test_where_a_shipped_case_has_rows_of_the_pair_the_answer_names_it():
    japan, korea = lexicon.place("Japan"), lexicon.place("Korea")
    told = in_a_case(lexicon.good("photoresist"), japan, korea)
    assert told == " (the case japan-korea-2019 has its own: 92 % in 2019-01/2019-05)"
    assert in_a_case(lexicon.good("photoresist"), lexicon.place("Chile"), korea) == ""


def test_a_size_that_is_assumed_weighs_like_the_same_size_that_is_said():
    """Also where it says how large the record's error is: half of a quota is half, said or not."""
    told = []
    for cut in (None, 0.5):
        asked, day = wording("China graphite Korea", measure="quota", cut=cut, start=DAY)
        made = made_case(asked, patron=None, start=day)[1]
        told.append({one.name: (one.low, one.central, one.high) for one in made.assumptions})
    assert next(value for name, value in told[0].items() if name.startswith("asked_share.")) == (0.5, 0.5, 0.5)
    assert told[0] == told[1]


def test_a_country_outside_the_table_is_marked_and_widens_a_band():
    answer = ge.ask("Qatar stops LNG to Japan", draws=0, start=DAY)
    assert any("Qatar is not in the world table" in note for note in answer.made.notes)
    wide = {one.name: one for one in answer.made.assumptions}["elasticity_scale"]
    usual = ge.ask("Australia stops LNG to Japan", draws=0, start=DAY).assessment.case.parameters["elasticity_scale"]
    assert wide.low < usual.low
    assert wide.high > usual.high


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("Chile stops graphite to Korea",), "bought no natural graphite from Chile in 2024; allowed: .*China"),
        (("China", "China", "graphite"), "two different states"),
        (("CHN", "KOR", "grafite"), "did you mean"),
        (("CHN", "KORR", "graphite"), "target: unknown"),
        (("China stops graphite to Korea from 1950-01-01",), "allowed: a day from"),
    ],
)
def test_what_cannot_be_answered_is_said_with_what_would_be(asked, says):
    with pytest.raises(ge.InputError, match=says):
        ge.ask(*asked, draws=0)


def test_a_wrong_measure_or_size_is_refused():
    with pytest.raises(ge.InputError, match="measure 'blockade'"):
        ge.ask("CHN", "KOR", "graphite", measure="blockade", draws=0)
    with pytest.raises(ge.InputError, match=r"cut 1\.5"):
        ge.ask("CHN", "KOR", "graphite", cut=1.5, draws=0)


def test_a_saved_question_is_the_question_asked(tmp_path):
    answer = ge.ask("Chile stops copper ore to Japan", draws=4, start=DAY)
    from geoecon.questions import save_case

    folder = save_case(answer, tmp_path / "chile")
    again = ge.run(ge.load_case(folder), draws=4)
    for stage in ("trade", "controls", "catchup", "bargaining"):
        assert again.results[stage].sentence() == answer.assessment.results[stage].sentence()
    lost = [one.disruption.lost_value_added.sel(region="JPN").values for one in (answer.assessment, again)]
    assert lost[0] == pytest.approx(lost[1], rel=1e-6, abs=1e-6)
    text = (folder / "BETTER.md").read_text(encoding="utf-8")
    assert "inventory_days.copper_ore" in text
    assert ge.check(folder).runs == tuple(answer.assessment.results)


def test_new_reads_a_question_and_needs_no_options(tmp_path):
    place = ge.new("mine", "Chile stops copper ore to Japan", start=DAY, folder=tmp_path)
    case = ge.load_case(place)
    assert (case.id, case.sender, case.target) == ("mine", "CHL", "JPN")
    assert all(case.has(name) for name in ("trade", "economy", "macro", "parameters"))


def test_the_users_own_file_gives_the_rows_of_another_product(tmp_path):
    from geoecon.questions import library

    file = tmp_path / "own.csv"
    lines = ["period,exporter,importer,product,value_usd,tonnes"]
    lines += [f"{year},{who},BRA,310420,{value},{value / 300}" for year in (2022, 2023, 2024)
              for who, value in (("CAN", 3e9), ("RUS", 2e9), ("BLR", 1e9))]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = ge.ask("Canada stops potash to Brazil", draws=0, start=DAY, flows=file)
    assert (answer.rows.basis, answer.rows.share) == ("rows", pytest.approx(0.5))
    library.add(file)
    assert ge.ask("Canada stops potash to Brazil", draws=0, start=DAY).rows.share == pytest.approx(0.5)
    assert "1 file of your own" in ge.data().sentence()


def test_a_measure_of_unknown_end_lasts_as_long_as_imposed_sanctions_did():
    """The triangle's median is that of the record: months from the imposing to the end."""
    from importlib.resources import files

    import pandas as pd

    from geoecon.draws import triangular
    from geoecon.questions.assumed import LENGTHS

    rows = pd.read_csv(str(files("geoecon.hazards") / "disputes.csv")).query("imposed == 1")
    months = (rows["months"] - rows["imposed_after"].fillna(0)).median()
    drawn = float(triangular(np.array([0.5]), *LENGTHS)[0]) * 12 / 365
    assert len(rows) == 458
    assert round(drawn) == round(months) == 17


def test_a_consumer_good_stops_its_shops_and_no_other_industry():
    answer = ge.ask("Switzerland stops watches to China", draws=8, start=DAY)
    users = {industry for product in answer.assessment.case.products for _, industry in product.users}
    assert users == {"trade"}
    assert answer.loss.value < 2 * answer.rows.value * answer.rows.share / 1e6


def test_a_group_has_every_stage():
    answer = ge.ask("Morocco stops phosphates to the European Union", draws=4, start=DAY)
    assert not answer.assessment.skipped
    assert any("Germany" in note and "stands for the whole of European Union" in note for note in answer.made.notes)


def test_an_estimate_is_not_of_a_year_after_the_question():
    answer = ge.ask("China stops urea to South Korea from 2021-10-15", draws=0)
    assert answer.rows.year == "2020" and "(2020)" in answer.assessment.trade.sentence()
    assert "those of 2023 stand for 2020" in " ".join(answer.made.notes)
    assert {"trade", "precedents", "catchup"} <= set(answer.assessment.results)


def test_several_targets_are_answered_as_one_and_groups_of_groups_too(tmp_path):
    asked, day = wording("The US and the EU put a 25 % tariff on Chinese magnets", start=DAY)
    rows, made = made_case(asked, patron=None, start=day)
    assert asked.sender.code == "USA+EU27" and len(asked.sender.states) == 28
    assert rows.frame["importer"].unique().tolist() == ["USA+EU27"]
    assert any("answered as one" in note for note in made.notes)


@pytest.mark.parametrize("words", ["China stops graphite to Korea", "China refuses Australian iron ore"])
def test_at_stake_is_the_trade_that_the_question_stops(words):
    """A day of a year's trade, two per cent of it, a fifth of the year at a tenth: past error is in proportion. What
    goes on for years, or is not said, is the whole year's, and a state of the dispute is always of all of it."""

    def stake(whole=False, **said):
        asked, day = wording(words, start=DAY, **said)
        made = case_of_texts(made_case(asked, patron=None, start=day)[1].texts, "asked")
        return at_stake(made, sample(made.parameters, 20, 0), whole=whole)

    full = stake()
    assert max(full.values()) > 0
    for said, part in (({"days": 1}, 1 / 365), ({"cut": 0.02}, 0.02), ({"days": 73, "cut": 0.1}, 0.02),
                       ({"days": 800}, 1.0), ({"cut": 1.0}, 1.0)):  # fmt: skip
        assert stake(**said) == pytest.approx({state: part * value for state, value in full.items()}, rel=1e-5)
        assert stake(whole=True, **said) == pytest.approx(full)


def test_no_shipped_forecast_says_how_much_is_withheld():
    """Their errors are those of a whole year's trade."""
    assert not any("asked_share" in name for case in ge.cases() for name in ge.load_case(case).parameters)
