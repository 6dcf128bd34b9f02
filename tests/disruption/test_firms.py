"""A firm as a party: its own stock, its own share, its own day of first stop."""

from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon import sample
from geoecon.disruption.firms import firm_stops
from geoecon.disruption.setting import Setting

CASE = ge.load_case("china-rare-earths-2025").at(date(2025, 4, 14))
PLAIN = {f"{name}.ford": 0.0 for name in ("substitution_now", "substitution_long", "alternative_ceiling", "leak_share",
         "others_response")} | {"need_share.ford": 1.0, "covered_share.ford": 1.0}  # fmt: skip


def stops(days=120, case=CASE, draws=0, **own):
    found = Setting(case.with_scenario(**own), sample(case.with_scenario(**own).parameters, draws, seed=1))
    share = np.zeros((found.draws.n, days, len(found.products)))
    firms, day = firm_stops(found, found.materials, share, None, None)
    return [firm.id for firm in firms], day


@pytest.mark.parametrize("stock", [0, 17, 43, 119])
def test_a_firm_that_gets_nothing_stops_when_its_own_stock_is_gone(stock):
    firms, day = stops(**PLAIN, **{"inventory_days.ford": stock})
    assert firms == ["ford"]
    assert day[0, 0] == stock


def test_a_firm_that_buys_less_than_half_from_the_sender_does_not_stop():
    _, day = stops(**(PLAIN | {"need_share.ford": 0.45}), **{"inventory_days.ford": 0.0})
    assert np.isinf(day[0, 0])


def test_more_stock_never_stops_earlier_in_any_draw():
    few, many = (stops(draws=60, **{"inventory_days.ford": days})[1] for days in (10, 60))
    assert (many >= few).all() and (many > few).any()


def test_a_stock_that_nobody_states_is_drawn_among_firms():
    known, drawn = stops(draws=60, **{"inventory_days.ford": 60})[1], stops(draws=60)[1]
    assert np.isfinite(drawn).sum() > np.isfinite(known).sum() > 0  # smaller stocks than 60 days among them
    assert np.std(np.minimum(drawn, 500)) > np.std(np.minimum(known, 500))


def test_each_target_has_its_own_firms():
    assert stops(case=CASE.towards("JPN"))[0] == ["suzuki"]


def test_the_result_says_which_firm_and_when():
    path = ge.run(CASE, draws=8, until="disruption").disruption
    said = path.figures()
    assert said["firm_stop_chance.ford"].label == "Ford stops"
    assert 0 <= said["firm_stop_chance.ford"].value <= 1
    assert ("firm_stop_day", "ford") in path.predictions()


def test_faults_of_firms_are_named_together(tmp_path):
    import shutil

    shutil.copytree(CASE.folder, tmp_path / "case")
    path = tmp_path / "case" / "case.toml"
    text = path.read_text(encoding="utf-8").replace('id = "suzuki"', 'id = "ford"')
    text = text.replace('state = "JPN"\nproduct = "ndfeb_magnets"', 'state = "JPN"\nproduct = "gold"\nsize = 3')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ge.InputError) as error:
        ge.load_case(tmp_path / "case")
    assert all(part in str(error.value) for part in ("ford stands twice", "'gold'", "firms[2].size"))
