"""Prices outside and inside the sender: from the last one known, in the case's own series, never from a later one."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon.disruption.prices import known_prices
from geoecon.disruption.setting import Setting
from geoecon.draws import sample
from geoecon.errors import InputError
from geoecon.line import run


@pytest.fixture(scope="module")
def gallium():
    case = ge.load_case("china-gallium-2023")
    return run(case.at(case.cutoffs[0]), draws=20, until="disruption")


def test_prices_start_from_what_was_known_on_the_day(gallium):
    found = {price.market: price for price in gallium.disruption.prices}
    known = found["price_gallium_rotterdam"]
    assert (known.before, known.period, known.unit, known.inside) == (257.5, "2023-06-30", "USD/kg", False)
    assert found["price_germanium_china_fob"].inside and found["price_germanium_china_fob"].before == 1160
    case = ge.load_case("china-gallium-2023")
    for day in case.cutoffs:
        for product in case.products:
            for row in known_prices(case.at(day), product.id):
                assert row["period"] <= str(min(day, case.start))


def test_outside_is_dearer_inside_is_cheaper_by_what_is_left_over(gallium):
    found = {price.market: price for price in gallium.disruption.prices}
    outside, inside = found["price_gallium_rotterdam"], found["price_germanium_china_fob"]
    assert (outside.mean >= outside.before - 1e-9).all() and outside.mean.max() > outside.before
    assert (inside.mean <= inside.before + 1e-9).all() and inside.mean.min() < inside.before
    kept = 1 - np.clip(gallium.disruption.sales.sel(product="germanium").values[:, :365].mean(axis=1), 0, 1)
    assert inside.mean[0] == pytest.approx(1160 / (1 + 0.3 * kept[0]))  # elasticity 1, a share of 0.3
    figures = gallium.disruption.figures()
    assert figures["price_1y.price_gallium_rotterdam"].unit == "USD/kg"


def test_a_case_without_prices_has_none():
    case = ge.load_case("japan-korea-2019").at(date(2019, 7, 1))
    assert all(known_prices(case, product.id) == [] for product in case.products)


def test_a_named_market_without_prices_is_refused(tmp_path):
    import shutil
    from importlib.resources import as_file, files

    with as_file(files("geoecon") / "cases" / "china-gallium-2023") as folder:
        shutil.copytree(folder, tmp_path / "mine")
    toml = tmp_path / "mine" / "case.toml"
    text = toml.read_text()
    toml.write_text(text.replace('id = "gallium"\n', 'id = "gallium"\nprices = ["price_gallium_rotterdam"]\n', 1))
    assert ge.load_case(tmp_path / "mine").product("gallium").prices == ("price_gallium_rotterdam",)
    toml.write_text(text.replace('id = "gallium"\n', 'id = "gallium"\nprices = ["price_gallium_london"]\n', 1))
    with pytest.raises(InputError, match=r"'price_gallium_london' has no price in series\.csv; allowed: a series with"):
        ge.load_case(tmp_path / "mine")


@pytest.mark.parametrize(("part", "said"), [(0.0, "has no output; allowed: an industry of the table with output"),
                                            (1e-9, "is more than the output that needs it")])  # fmt: skip
def test_users_without_output_and_a_need_larger_than_the_output_are_refused(part, said):
    """Bound output of nothing, or worth less than the material in it, has no cost share."""
    case = ge.load_case("japan-korea-2019").at(date(2019, 7, 1))
    found = Setting(case, sample(case.parameters, 2, 0))
    at = found.economy.index(*found.users[0][0])
    output = found.economy.output.copy()
    output[at] *= part
    found.__dict__["economy"] = replace(found.economy, output=output)
    with pytest.raises(InputError, match=said):
        found.cost_share  # noqa: B018


def test_users_of_other_sectors_are_named_with_what_is_allowed():
    case = ge.load_case("japan-korea-2019").at(date(2019, 7, 1))
    goods = tuple(replace(product, users=(("KOR", "chips"),)) for product in case.products)
    with pytest.raises(InputError, match=r"chips.*; allowed: "):
        run(replace(case, products=goods), draws=2, until="disruption")
