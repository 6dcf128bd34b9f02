"""When a fact is known: a year or a month counts when it is over, so that a blind forecast stays blind."""

import shutil
from datetime import date

import pytest

import geoecon as ge
from geoecon import dates
from geoecon.errors import InputError

SPANS = {
    "2022": ("2022-01-01", "2022-12-31"),
    "2019-02": ("2019-02-01", "2019-02-28"),
    "2020-02": ("2020-02-01", "2020-02-29"),
    "2019-12": ("2019-12-01", "2019-12-31"),
    "2019-07-04": ("2019-07-04", "2019-07-04"),
    "2020-Q1": ("2020-01-01", "2020-03-31"),
    "2020-Q4": ("2020-10-01", "2020-12-31"),
    "2018/2021": ("2018-01-01", "2021-12-31"),
    "2019-01/2019-05": ("2019-01-01", "2019-05-31"),
}


@pytest.mark.parametrize("period", SPANS)
def test_first_and_last_day(period):
    assert (str(dates.first_day(period)), str(dates.last_day(period))) == SPANS[period]


def test_a_year_as_a_number():
    assert dates.last_day(2019.0) == date(2019, 12, 31)


def test_a_fact_of_july_is_not_known_on_the_first_of_july():
    case = ge.load_case("japan-korea-2019")
    first, second = (case.at(day) for day in case.cutoffs)
    assert "jk268" in {row.source_id for row in case.table("parameters").itertuples()}
    july = case.table("parameters").set_index("source_id").loc["jk268", "source"]
    assert second.parameters["inventory_days"].source == july
    assert first.parameters["inventory_days"].source != july


@pytest.mark.parametrize("name", ge.cases())
def test_no_row_of_a_blind_run_reaches_past_the_cutoff(name):
    case = ge.load_case(name)
    for day in case.cutoffs:
        blind = case.at(day)
        for period in blind.known("trade", "period")["period"]:
            assert dates.last_day(period) <= day
        own = set(case.table("sources")["citation"])
        for parameter in blind.parameters.values():
            assert parameter.source not in own or dates.last_day(parameter.as_of) <= day


def test_a_prior_older_than_its_source_is_refused(tmp_path):
    folder = shutil.copytree(ge.load_case("japan-korea-2019").folder, tmp_path / "copy")
    path = folder / "sources.csv"
    head, *rest = path.read_text().splitlines()
    dated = [line + (",2020-03-01" if line.startswith("jk270") else ",") for line in rest]
    path.write_text("\n".join([head + ",published", *dated]) + "\n")
    with pytest.raises(InputError, match=r"parameters\.csv line 7, as_of: .*2019-09, before jk270; .*from 2020-03-01"):
        ge.load_case(folder)
