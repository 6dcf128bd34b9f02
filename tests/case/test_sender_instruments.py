"""What a sender may do to its own sales besides a licence: a tax on exports, a stop by a firm that nothing forbids."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import geoecon as ge
from geoecon import sample
from geoecon.capacity import for_case

CASE = ge.load_case("indonesia-nickel-2020").at(date(2020, 2, 1))


def with_measure(**cells):
    """The case with one measure: Indonesia on nickel ore, known and in force from the start."""
    row = CASE.tables["measures"].iloc[[0]].assign(
        regime="IDN", exporter="IDN", importer="CHN", product="nickel_ore", announced=CASE.start,
        valid_from=CASE.start, valid_to=None, known_from=CASE.start, cap_share=None, duty_rate=None,
        review_days=None, state="in_force",
    )  # fmt: skip
    return replace(CASE, tables={**CASE.tables, "measures": row.assign(**cells).astype(object)})


def last_share(case, draws):
    return for_case(case, draws).share.sel(product="nickel_ore").values[:, -1]


@pytest.fixture(scope="module")
def draws():
    return sample(CASE.parameters, 30, seed=2)


def test_a_tax_moves_the_flow_by_the_elasticity_between_suppliers(draws):
    found = last_share(with_measure(kind="export_tax", duty_rate=0.5), draws)
    assert found == pytest.approx(1.5 ** -draws.get("supplier_elasticity", "nickel_ore"))


def test_a_stop_by_a_firm_leaves_what_it_did_not_sell(draws):
    found = last_share(with_measure(kind="firm_stop"), draws)
    assert found == pytest.approx(1 - draws.get("instrument_cut", "firm_stop"))
    assert last_share(with_measure(kind="firm_stop", cap_share=0.3), draws) == pytest.approx(0.3)


def test_a_tax_without_its_rate_is_refused(draws):
    with pytest.raises(ge.InputError, match="export_tax with its duty_rate"):
        last_share(with_measure(kind="export_tax"), draws)


def test_a_tax_reaches_every_stage():
    taxed, base = with_measure(kind="export_tax", duty_rate=0.5), with_measure(kind="none")
    hit, quiet = (ge.run(one, draws=2, until="losses") for one in (taxed, base))
    for name in ("controls", "disruption", "welfare", "losses"):
        told, untold = (pd.Series({k: f.value for k, f in run.results[name].figures().items()}) for run in (hit, quiet))
        both = told.index.intersection(untold.index)
        assert (told[both] != untold[both]).any(), name


def test_a_run_stands_on_the_day_that_was_asked():
    """Not on the case's first cut-off, where the day is none of those that the case lists."""
    assert ge.run(CASE, draws=0, until="controls").case.cutoff == date(2020, 2, 1)


def test_measures_that_contradict_each_other_and_a_duty_above_sense_are_refused_together(tmp_path):
    import shutil

    case = ge.load_case("china-korea-thaad-2017")
    shutil.copytree(case.folder, tmp_path / "case")
    path = tmp_path / "case" / "measures.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = table.iloc[[0]].assign(kind="duty", duty_rate="0.25", valid_to="", cap_share="")
    rows = [table, row.assign(measure_id="X1"), row.assign(measure_id="X2", duty_rate="0.5"),
            row.assign(measure_id="X3", valid_from="2018-01-01", duty_rate="250")]  # fmt: skip
    pd.concat(rows).to_csv(path, index=False)
    with pytest.raises(ge.InputError, match="an ad-valorem rate from 0 to 10"):
        ge.load_case(tmp_path / "case")
    pd.concat(rows[:3]).to_csv(path, index=False)
    with pytest.raises(ge.InputError, match=r"duty_rate: '?0\.5.*says 0\.25 of the same kind"):
        ge.load_case(tmp_path / "case")


def test_a_mediator_who_is_a_side_is_refused(tmp_path):
    import shutil

    shutil.copytree(CASE.folder, tmp_path / "case")
    path = tmp_path / "case" / "case.toml"
    more = f'[[states]]\ncode = "{CASE.sender}"\nname = "again"\nrole = "mediator"\n\n[[products]]'
    path.write_text(path.read_text(encoding="utf-8").replace("[[products]]", more, 1), encoding="utf-8")
    with pytest.raises(ge.InputError, match=f"{CASE.sender} stands twice"):
        ge.load_case(tmp_path / "case")
