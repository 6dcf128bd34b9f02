"""Inputs that users of such models reported in public: what must happen with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geoecon import costs
from geoecon.costs import Change, Shock, shock_from
from geoecon.errors import InputError, NotConverged

TRAPS = Path(__file__).parent / "traps"


def says(refused: pytest.ExceptionInfo[Exception], *words: str) -> None:
    text = str(refused.value)
    missing = [word for word in words if word not in text]
    assert not missing, f"{missing} not in: {text}"


def test_deficits_that_do_not_sum_to_zero() -> None:
    """T72: the gap, its size, all three shown, and what the flows imply instead."""
    folder = TRAPS / "72_deficits_do_not_sum"
    with pytest.raises(InputError) as refused:
        costs.read_model(folder / "flows.csv", 4.0, deficits=folder / "deficits.csv")
    says(refused, "sum to 3.5", "1.2%", "290", "KOR 10", "JPN -4", "ROW -2.5", "KOR +6", "JPN -4", "ROW -2")
    assert costs.read_model(folder / "flows.csv", 4.0).deficit == pytest.approx([6, -4, -2])


def test_deficits_by_hand_are_checked_too() -> None:
    model = costs.read_model(TRAPS / "72_deficits_do_not_sum" / "flows.csv", 4.0)
    with pytest.raises(InputError, match=r"sum to 1 .*KOR \+6, JPN -4, ROW -2|sum to 1 "):
        Shock.none(model).with_deficits(model, np.array([1.0, 0.0, 0.0]))
    with pytest.raises(InputError, match="kept, closed"):
        Shock.none(model).with_deficits(model, "some")


def test_deficits_lacking_a_country(tmp_path: Path) -> None:
    file = tmp_path / "deficits.csv"
    file.write_text("country,deficit\nKOR,4\nJPN,-4\nFRA,0\n")
    with pytest.raises(InputError) as refused:
        costs.read_model(TRAPS / "72_deficits_do_not_sum" / "flows.csv", 4.0, deficits=file)
    says(refused, "line 4", "'FRA'", "no deficit of ROW")


def test_missing_elasticity_of_a_traded_sector() -> None:
    """T73: finance is traded and has none: stop; electricity is not traded: noted."""
    folder = TRAPS / "73_missing_elasticity"
    with pytest.raises(InputError) as refused:
        costs.read_model(folder / "flows.csv", folder / "sectors.csv")
    says(refused, "'Finance'", "elasticity")
    assert "Electricity" not in str(refused.value)
    model = costs.read_model(folder / "flows.csv", folder / "sectors.csv", default_elasticity=4.5)
    assert "Electricity: not traded, elasticity not used" in model.notes
    assert "elasticity 4.5 by default, as asked: Finance" in model.notes


def test_the_elasticity_of_a_sector_that_is_not_traded_moves_nothing() -> None:
    folder = TRAPS / "73_missing_elasticity"
    theta = {"Agriculture": 9.11, "Petroleum": 64.85, "Finance": 4.0}
    answers = []
    for number in (2.0, 20.0):
        model = costs.read_model(folder / "flows.csv", {**theta, "Electricity": number})
        shock = shock_from(model, [Change("trade_cost", 1.05, exporter="JPN", importer="KOR")])
        answers.append(costs.real_income(costs.solve(model, shock, tolerance=1e-13)))
    assert answers[0] == pytest.approx(answers[1], abs=1e-10)


@pytest.mark.parametrize("cell", ["0", "-4", "four"])
def test_elasticities_that_cannot_be(tmp_path: Path, cell: str) -> None:
    file = tmp_path / "sectors.csv"
    file.write_text(f"sector,theta\nAgriculture,{cell}\n")
    with pytest.raises(InputError, match=r"sectors\.csv line 2, theta"):
        costs.read_model(TRAPS / "73_missing_elasticity" / "flows.csv", file)


def test_substitution_is_not_the_trade_elasticity(tmp_path: Path) -> None:
    """A column sigma is read as theta + 1, and both at once are refused."""
    flows = TRAPS / "76_stopped_too_early.csv"
    file = tmp_path / "sectors.csv"
    file.write_text("sector,sigma\nall,5\n")
    assert costs.read_model(flows, file).elasticity == pytest.approx([4.0])
    file.write_text("sector,sigma,theta\nall,5,5\n")
    with pytest.raises(InputError, match="neither or both"):
        costs.read_model(flows, file)


def test_stopped_too_early() -> None:
    """T76: an error with residual, passes and country; else the published figures."""
    model = costs.read_model(TRAPS / "76_stopped_too_early.csv", 4.0)
    shock = shock_from(model, [Change("trade_cost", 1.1, exporter="JPN", importer="KOR")])
    with pytest.raises(NotConverged, match=r"residual 0\.0\d+ after 1 iterations, largest at JPN"):
        costs.solve(model, shock, tolerance=1e-12, limit=1)
    solved = costs.solve(model, shock, tolerance=1e-12)
    assert solved.wage == pytest.approx([1.015227, 0.979490, 1.005284], abs=5e-7)
    assert 1 + costs.real_income(solved) / 100 == pytest.approx([0.990277, 0.992438, 0.999922], abs=5e-7)
    assert solved.residual < 1e-12 and solved.passes > 1


def test_a_batch_names_the_member_that_failed() -> None:
    model = costs.read_model(TRAPS / "76_stopped_too_early.csv", 4.0)
    shock = shock_from(model, [Change("trade_cost", 1.1, exporter="JPN", importer="KOR")])
    answer, failed = costs.attempt(model, Shock.stack([Shock.none(model), shock]), limit=1)
    assert failed == {1: "JPN, trade balance"}
    assert answer.wage[0] == pytest.approx(1) and np.isnan(answer.wage[1]).all()


def test_tariffs_in_per_cent() -> None:
    """T77: refusals name line, pair and sector."""
    with pytest.raises(InputError) as refused:
        costs.read_tariffs(TRAPS / "77_tariffs_mixed_units.csv", unit="percent")
    assert len(refused.value.faults) == 2
    says(refused, "line 5", "KOR from KOR, Agriculture", "line 6", "USA from KOR, Agriculture")


def test_tariffs_as_factors() -> None:
    with pytest.raises(InputError) as refused:
        costs.read_tariffs(TRAPS / "77_tariffs_mixed_units.csv", unit="factor")
    says(refused, "line 4", "KOR from JPN, Finance: 0", "line 6", "-3", "line 2", "1,150 %")
    assert "line 5" not in str(refused.value)  # a factor of one on itself is no tariff


def test_tariffs_need_a_unit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="percent, rate, factor"):
        costs.read_tariffs(TRAPS / "77_tariffs_mixed_units.csv", unit="")
    file = tmp_path / "t.csv"
    file.write_text("importer,exporter,sector,tariff\nKOR,JPN,Agriculture,12.5\nKOR,USA,Agriculture,1.08\n")
    changes, warnings = costs.read_tariffs(file, unit="percent")
    assert [change.value for change in changes] == pytest.approx([1.125, 1.0108]) and warnings == ()
    changes, warnings = costs.read_tariffs(file, unit="rate")
    assert changes[0].value == pytest.approx(13.5) and "1,250 %" in warnings[0] and len(warnings) == 1


def test_tariffs_twice(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("importer,exporter,sector,tariff\nKOR,JPN,x,12.5\nKOR,JPN,x,10\n")
    with pytest.raises(InputError, match=r"line 3.*again"):
        costs.read_tariffs(file, unit="percent")


def test_no_sales_to_itself() -> None:
    """T78: stop; with the output the own flow follows, and the loss of autarky."""
    file = TRAPS / "78_no_domestic_sales.csv"
    with pytest.raises(InputError) as refused:
        costs.read_model(file, 4.0)
    says(refused, "USA has no sales to itself", "output", "17")
    assert "KOR" not in str(refused.value) and "JPN" not in str(refused.value)
    model = costs.read_model(file, 4.0, own_output={"USA": 117})
    assert np.diagonal(model.share[0]) == pytest.approx([0.80, 0.7778, 0.8696], abs=5e-5)
    assert costs.autarky_loss(model)[2] == pytest.approx(0.0343, abs=5e-5)
    assert any("output 117 less exports 17 is 100" in note for note in model.notes)
    with pytest.raises(InputError, match="not above its exports"):
        costs.read_model(file, 4.0, own_output={"USA": 17})


def test_exports_above_output() -> None:
    """T81: stop, or the rule when asked for, with both amounts."""
    file = TRAPS / "81_exports_above_output.csv"
    with pytest.raises(InputError) as refused:
        costs.own_sales(file)
    says(refused, "line 2", "SGP/C26", "-10", "line 4", "HKG/C26", "-395")
    assert "KOR" not in str(refused.value)
    table, notes = costs.own_sales(file, raise_output=True)
    assert list(table["own_sales"]) == [0, 180, 0]
    assert "from 90 to exports 100" in notes[0] and "from 5 to exports 400" in notes[1] and "not defined" in notes[0]


def test_gains_from_trade_are_not_defined_without_own_sales() -> None:
    flows = np.array([[[90.0, 10.0], [5.0, 95.0]], [[0.0, 20.0], [0.0, 80.0]]])
    model = costs.model_from_flows(flows, ["A", "B"], ["x", "y"], 4.0)
    loss = costs.autarky_loss(model)
    assert np.isnan(loss[0]) and loss[1] > 0


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        ("importer,exporter,value\nA,A,5\nA,B,-1\nB,A,1\nB,B,9\n", "line 3"),
        ("importer,exporter,value\nA,A,5\nA,A,6\nB,A,1\nB,B,9\n", "line 3"),
        ("importer,exporter,value\nA,A,5\nA,B,nan\nB,A,1\nB,B,9\n", "line 3"),
        ("importer,exporter,value\nA,A,5\nA,B,1\nB,A,1\n", "B has no sales to itself"),
        ("importer,exporter\nA,A\n", "value"),
    ],
)
def test_flows_that_cannot_be(tmp_path: Path, flows: str, words: str) -> None:
    file = tmp_path / "flows.csv"
    file.write_text(flows)
    with pytest.raises(InputError, match=words):
        costs.read_model(file, 4.0)


def test_a_country_without_output() -> None:
    flows = np.array([[[5.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 0.0]]])
    flows[0, :, 2] = 0
    with pytest.raises(InputError, match="C has no sales to itself"):
        costs.model_from_flows(flows, list("ABC"), ["x"], 4.0)
    with pytest.raises(InputError, match="C: value added 0, a country without output"):
        costs.model_from_flows(flows, list("ABC"), ["x"], 4.0, allow_no_own_sales=True)


def test_shares_outside_zero_and_one_never_enter(world: costs.Model) -> None:
    from dataclasses import replace

    share = world.share.copy()
    share[0, 0] = [1.4, -0.4, 0.0, 0.0]
    with pytest.raises(InputError) as refused:
        replace(world, share=share)
    says(refused, "R0 from R1, S0", "-0.4", "0 to 1")
    share[0, 0] = [0.5, 0.2, 0.1, 0.1]
    with pytest.raises(InputError, match=r"shares of R0, S0 sum to 0\.9"):
        replace(world, share=share)
    tariff = world.tariff.copy()
    tariff[1, 2, 2] = 1.1
    with pytest.raises(InputError, match="tariff of R2 on itself, S1"):
        replace(world, tariff=tariff)
    tariff[1, 2, 2], tariff[1, 2, 0] = 1.0, np.nan
    with pytest.raises(InputError, match="tariff: a value is missing"):
        replace(world, tariff=tariff)


def test_deficits_that_are_not_those_of_the_flows(tmp_path: Path) -> None:
    """They sum to zero, yet the base would not be an equilibrium: named, one by one."""
    file = tmp_path / "deficits.csv"
    file.write_text("country,deficit\nKOR,7\nJPN,-5\nROW,-2\n")
    with pytest.raises(InputError) as refused:
        costs.read_model(TRAPS / "72_deficits_do_not_sum" / "flows.csv", 4.0, deficits=file)
    says(refused, "KOR is 7, its imports less exports are 6", "JPN is -5")
    assert "ROW is" not in str(refused.value)
    file.write_text("country,deficit\nKOR,6\nJPN,-4\nROW,-2\nKOR,6\n")
    with pytest.raises(InputError, match="line 5, country: 'KOR' again"):
        costs.read_model(TRAPS / "72_deficits_do_not_sum" / "flows.csv", 4.0, deficits=file)


def test_elasticities_twice(tmp_path: Path) -> None:
    file = tmp_path / "sectors.csv"
    file.write_text("sector,theta\nall,4\nall,8\n")
    with pytest.raises(InputError, match="line 3, sector: 'all' again"):
        costs.read_model(TRAPS / "76_stopped_too_early.csv", file)
    file.write_text("sector,elasticity,source_id,status\nfood,4,mine,seen\nfood,8,mine,seen\n")
    with pytest.raises(InputError, match="line 3, sector"):
        costs.elasticities(["food"], file)
    file.write_text("sector,elasticity,source_id,status\nfood,4,mine,seen\nfish,8,mine,seen\n")
    with pytest.raises(InputError, match="unknown sector 'fish'"):
        costs.elasticities(["food"], file)


def test_flows_that_the_file_lacks_are_counted() -> None:
    model = costs.read_model(TRAPS / "73_missing_elasticity" / "flows.csv", 4.0)
    assert model.notes[0] == "2 of 16 flows are not in the file and taken as zero"


def test_all_output_exported_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "output.csv"
    file.write_text("country,sector,output,exports\nSGP,C26,100,100\n")
    table, notes = costs.own_sales(file)
    assert table["own_sales"].tolist() == [0] and "not defined" in notes[0]


@pytest.mark.parametrize("options", [{"tolerance": 0.0}, {"tolerance": np.nan}, {"limit": 0}])
def test_impossible_solver_options(world: costs.Model, options: dict[str, float]) -> None:
    with pytest.raises(InputError, match="allowed"):
        costs.solve(world, **options)  # type: ignore[arg-type]


def test_pairs_that_do_not_trade_stay_closed_and_are_said(tmp_path: Path) -> None:
    """Nobody spends on ships in one country: no price there, with the reason; closed pairs are named. The equilibrium
    is that of a damped iteration."""
    file = tmp_path / "flows.csv"
    rows = ["grain,BRA,BRA,70", "grain,BRA,CHL,30", "grain,CHL,BRA,30", "grain,CHL,CHL,70", "ships,BRA,BRA,0",
            "ships,BRA,CHL,0", "ships,CHL,BRA,0", "ships,CHL,CHL,25"]  # fmt: skip
    file.write_text("\n".join(["sector,importer,exporter,value", *rows]) + "\n", encoding="utf-8")
    found = costs.welfare(costs.read_model(str(file), 4.0), [costs.Change("trade_cost", 1.2, "CHL", "BRA", "grain")])
    assert found.solved.wage == pytest.approx([1.04374451, 0.96500439], abs=1e-7)
    prices = found.prices().set_index(["region", "sector"])
    assert np.isnan(prices.loc[("BRA", "ships"), "price (%)"])
    assert prices.loc[("BRA", "ships"), "reason"] == "no spending" and prices.loc[("BRA", "ships"), "weight"] == 0
    assert prices.loc[("CHL", "ships"), "price (%)"] == pytest.approx(-3.499561, abs=1e-5)
    assert prices.loc[("BRA", "grain"), "price (%)"] == pytest.approx(7.219958, abs=1e-5)
    text = " ".join(found.notes)
    assert "stay closed: " in text and "BRA/ships from CHL" in text and "CHL/ships from BRA" in text
    assert "grain from" not in text and "BRA/ships: no spending" in text


def test_the_largest_changes_are_named_whatever_their_sign(tmp_path: Path) -> None:
    """Thailand and Vietnam lose, Laos hardly does: the two that lose are named, not the largest loser and the last."""
    file = tmp_path / "flows.csv"
    file.write_text(
        "importer,exporter,value\nVNM,VNM,70\nVNM,THA,20\nVNM,LAO,10\nTHA,VNM,15\nTHA,THA,75\nTHA,LAO,10\n"
        "LAO,VNM,15\nLAO,THA,5\nLAO,LAO,80\n"
    )
    found = costs.welfare(costs.read_model(file, 4.0), [Change("trade_cost", 1.1, "THA", "VNM")])
    frame = found.to_frame()
    first = frame.reindex(frame["real_income"].abs().sort_values(ascending=False).index)["region"][:2]
    assert set(first) == {"VNM", "THA"}
    words = found.sentence().split(";")[0]
    assert "VNM" in words and "THA" in words and "LAO" not in words
