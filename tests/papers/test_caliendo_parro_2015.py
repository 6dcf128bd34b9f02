"""Caliendo & Parro 2015, NAFTA: what the paper prints, and all 31 countries against the textbook procedure."""

from __future__ import annotations

from pathlib import Path

import caliendo_parro as cp
import numpy as np
import pandas as pd
import pytest

from geoecon import costs

PRINTED = pd.read_csv(cp.DATA / "caliendo_parro_2015_table2.csv", index_col="country")
ALL = pd.read_csv(cp.DATA / "caliendo_parro_2015_all.csv", index_col="country")


@pytest.fixture(scope="module")
def solved() -> costs.Equilibrium:
    base = cp.balanced_1993()
    return costs.solve(base, cp.nafta_shock(base), tolerance=1e-11)


@pytest.fixture(scope="module")
def ours(solved: costs.Equilibrium) -> pd.DataFrame:
    terms = costs.decompose(solved).by_country()
    columns = {"real_income": costs.real_income(solved), "real_wage": costs.real_wage(solved), **terms}
    return pd.DataFrame(columns, index=cp.COUNTRIES)


@pytest.mark.parametrize("column", PRINTED.columns)
@pytest.mark.parametrize("country", PRINTED.index)
def test_table_2(ours: pd.DataFrame, country: str, column: str) -> None:
    """Table 2, per cent: the printed welfare is the arithmetic sum. Tolerance: the last printed digit."""
    mine = {"welfare": "arithmetic"}.get(column, column)
    assert ours.loc[country, mine] == pytest.approx(PRINTED.loc[country, column], abs=0.01)


@pytest.mark.parametrize("column", ["real_income", "arithmetic", "terms_of_trade", "volume_of_trade", "real_wage"])
@pytest.mark.parametrize("country", ALL.index)
def test_every_country_as_the_textbook_procedure(ours: pd.DataFrame, country: str, column: str) -> None:
    """Per cent; the reference was solved to 1e-12 by other code (dense systems, damped wages)."""
    assert ours.loc[country, column] == pytest.approx(ALL.loc[country, column], abs=2e-8)


def test_wages(solved: costs.Equilibrium) -> None:
    assert 100 * (solved.wage - 1) == pytest.approx(ALL["wage"].to_numpy(), abs=2e-8)


def test_exact_change_is_another_number(ours: pd.DataFrame) -> None:
    """Mexico: 1.31 per cent as published, 0.007 exactly, for the lost tariff revenue."""
    assert ours.loc["Mexico", "real_income"] == pytest.approx(0.007, abs=0.0005)
    assert ours.loc["Canada", "real_income"] == pytest.approx(-0.110, abs=0.0005)
    assert ours.loc["USA", "real_income"] == pytest.approx(0.074, abs=0.0005)
    assert ours.loc["Mexico", "arithmetic"] > 1.3


def test_printed_terms_add_up(ours: pd.DataFrame) -> None:
    """Tariffs only: neither technical efficiency nor a transfer."""
    assert ours["technical"].abs().max() == 0
    assert ours["transfer"].abs().max() < 1e-12
    assert np.allclose(ours["terms_of_trade"] + ours["volume_of_trade"], ours["arithmetic"])


def test_terms_by_partner_and_sector_add_up(solved: costs.Equilibrium) -> None:
    split = costs.decompose(solved)
    total = split.by_country()
    assert split.terms_of_trade.shape == (40, 31, 31)
    assert np.allclose(split.terms_of_trade.sum(axis=(0, 2)), total["terms_of_trade"])
    mexico, usa = cp.COUNTRIES.index("Mexico"), cp.COUNTRIES.index("USA")
    partners = split.terms_of_trade[:, mexico].sum(axis=0)
    assert np.argmin(partners) == usa  # nearly all of it is with the United States
    # what one gains on the other's prices the other loses: in money the pair sums to zero
    income = solved.model.income
    money = split.terms_of_trade[:, mexico, usa].sum() * income[mexico]
    assert money == pytest.approx(-split.terms_of_trade[:, usa, mexico].sum() * income[usa], rel=1e-9)


def test_trade_by_pair(solved: costs.Equilibrium) -> None:
    """Exports between the three rise most for Mexico and the United States, where tariffs fell most."""
    change = costs.trade_change(solved)
    mexico, canada, usa = (cp.COUNTRIES.index(name) for name in cp.NAFTA)
    assert change[usa, mexico] > 50 and change[mexico, usa] > 50 and change[usa, canada] > 0


def test_walras_law(solved: costs.Equilibrium) -> None:
    """Every balance holds to the residual, and their sum holds by itself."""
    gap = costs.imbalance(solved)
    assert np.abs(gap).max() < 1e-9
    assert (solved.wage * solved.model.value_added).sum() == pytest.approx(solved.model.value_added.sum(), rel=1e-13)
    assert 0 < solved.residual < 1e-11


def test_the_balanced_base_moves_nothing() -> None:
    """All hats one, and one pass finds it."""
    base = cp.balanced_1993()
    same = costs.solve(base, tolerance=1e-9)
    assert same.passes == 1
    assert np.abs(costs.real_income(same)).max() < 1e-7


def test_the_files_as_published_make_the_same_base(tmp_path: Path) -> None:
    """The reader of the published text layout; the services have no elasticity and need none."""
    data = cp.published()
    blocks = {"xbilat1993": data["trade"], "tariffs1993": data["tariffs1993"], "IO": data["input_share"]}
    tables = {"GO": data["output"], "B": data["value_added_share"], "T": data["elasticity"]}
    for name, values in {**blocks, **tables}.items():
        np.savetxt(tmp_path / f"{name}.txt", values.reshape(-1, values.shape[-1]) if values.ndim > 2 else values)
    model = costs.read_published(tmp_path, cp.COUNTRIES)
    assert model.share == pytest.approx(cp.base_1993().share, abs=1e-12)
    assert sum("not traded, elasticity not used" in note for note in model.notes) == 20
