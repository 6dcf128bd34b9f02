"""Who is in a dispute: several senders add up, another target is looked at, demands are counted."""

from datetime import date

import pytest

import geoecon as ge
from geoecon import sample
from geoecon.capacity import for_case
from geoecon.errors import InputError
from geoecon.scorecard.outcomes import read_demands, read_outcomes

GULF = ge.load_case("gulf-qatar-2017").at(date(2017, 6, 5))


def test_what_several_senders_sell_stands_added_up_under_the_one_that_leads():
    assert GULF.senders == ("SAU", "ARE", "BHR", "EGY")
    panel = GULF.known("trade", "period")
    mine = panel[(panel["product"] == "gypsum") & (panel["period"] == "2016") & panel["exporter"].isin(GULF.senders)]
    joint = GULF.flows.query("product == 'gypsum' and period == '2016' and exporter == 'SAU' and importer == 'QAT'")
    assert joint["value_usd"].sum() == pytest.approx(mine[mine["importer"] == "QAT"]["value_usd"].sum())
    assert not set(GULF.flows["exporter"]) & {"ARE", "BHR", "EGY"}


def test_a_sender_that_goes_on_selling_is_weighed_by_what_it_sold():
    """One of four lifts its ban: of the pellets, which it alone sold, everything moves again."""
    tables = dict(GULF.tables)
    rows = tables["measures"]
    tables["measures"] = rows[~((rows["exporter"] == "BHR") & (rows["product"] == "iron_ore_pellets"))]
    from dataclasses import replace

    free = replace(GULF, tables=tables)
    draws = sample(GULF.parameters)
    closed = for_case(GULF, draws).share.sel(product="iron_ore_pellets").values[0, -1]
    opened = for_case(free, draws).share.sel(product="iron_ore_pellets").values[0, -1]
    assert closed == pytest.approx(0)
    assert 0.9 < opened <= 1


def test_another_target_has_its_own_rates_users_and_outcomes():
    case = ge.load_case("china-rare-earths-2025")
    japan = case.towards("JPN")
    assert (japan.target, case.target) == ("JPN", "USA")
    assert {region for product in japan.products for region, _ in product.users} == {"JPN"}
    assert read_outcomes(japan).empty or set(read_outcomes(japan)["target"]) == {"JPN"}
    assert len(read_outcomes(case)) == 39
    with pytest.raises(InputError, match="allowed for this case"):
        case.towards("CHN")


def test_another_target_gets_the_bundled_trade_where_the_case_has_none():
    """Japan's imports of rare earths of 2024: the sum over the three codes in the bundled trade."""
    from geoecon.flows import raw_materials
    from geoecon.questions.measures import question_of

    case = ge.towards(ge.load_case("china-rare-earths-2025"), "JPN")
    rows = case.tables["trade"]
    mine = rows[(rows["importer"] == "JPN") & (rows["period"] == "2024") & (rows["product"] == "rare_earths")]
    bundled = raw_materials("2024", importer="JPN", product=case.product("rare_earths").hs)
    china = bundled[bundled["exporter"] == "CHN"]["value_usd"].sum()
    assert mine[mine["exporter"] == "CHN"]["value_usd"].item() == pytest.approx(china)
    assert mine[mine["exporter"] == "WLD"]["value_usd"].item() == pytest.approx(bundled["value_usd"].sum())
    assert ge.run(case, draws=0, until="trade").results["trade"].sentence().startswith("Japan bought")
    again = question_of(case).case()  # as a worker makes it
    assert (again.target, len(again.tables["trade"])) == ("JPN", len(rows))


def test_a_parameter_named_for_a_target_is_its_own():
    case = ge.load_case("china-rare-earths-2025")
    rows = case.tables["parameters"]
    extra = rows.iloc[[0]].assign(name="approval_share.JPN", low=0.1, central=0.2, high=0.3)
    from dataclasses import replace

    import pandas as pd

    wide = replace(case, tables={**case.tables, "parameters": pd.concat([rows, extra], ignore_index=True)})
    found = wide.towards("JPN").parameters["approval_share"]
    assert (found.low, found.high) == (0.1, 0.3)


def test_demands_are_counted_not_read():
    demands = read_demands(GULF)
    assert len(demands) == 13
    assert (demands["met"] == "no").all()
    told = ge.run(GULF, draws=0, until="evidence").evidence.sentence()
    assert told.endswith("Of 13 demands 0 were met.")


def test_two_leads_or_none_are_refused(tmp_path):
    import shutil

    shutil.copytree(GULF.folder, tmp_path / "case")
    path = tmp_path / "case" / "case.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('role = "bloc"', 'role = "sender"'), encoding="utf-8")
    with pytest.raises(InputError, match="of which one has lead = true"):
        ge.load_case(tmp_path / "case")
    path.write_text(
        text.replace('role = "sender"', 'role = "sender"\nlead = true').replace('role = "bloc"', 'role = "sender"')
    )
    assert ge.load_case(tmp_path / "case").senders == GULF.senders


def test_a_state_of_whose_imports_nothing_is_recorded_is_no_target():
    with pytest.raises(ge.InputError, match=r"target 'USA': nothing is recorded of its imports of hydrogen_fluoride"):
        ge.towards(ge.load_case("japan-korea-2019"), "USA")
