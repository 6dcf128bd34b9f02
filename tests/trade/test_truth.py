"""What must hold whatever the data: sums, permutations, closed forms, engines, published definitions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.indicators import dependence, leverage, network, scan
from geoecon.indicators.network import clustering
from geoecon.indicators.presets import presets

PLACES = ["CHN", "JPN", "KOR", "USA", "DEU", "FRA"]
PRODUCTS = ["010121", "281111", "370790", "392099"]


def table(rows):
    return pd.DataFrame(rows, columns=["period", "exporter", "importer", "product", "value_usd", "tonnes"])


flows_tables = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(PRODUCTS)).filter(
        lambda k: k[0] != k[1]
    ),
    st.tuples(st.floats(0.01, 1e9), st.one_of(st.none(), st.floats(0.001, 1e6))),
    min_size=2,
    max_size=60,
).map(lambda d: table([("2022", *key, *value) for key, value in d.items()]))


def read(frame, **options):
    return read_flows(frame, quiet=True, scope="world", **options)


@settings(max_examples=4, deadline=None)
@given(flows_tables)
def test_shares_sum_to_one_and_permuting_rows_changes_nothing(frame):
    first = scan(read(frame), top=10_000).table
    sums = first.groupby(["importer", "product"])["import_share"].sum()
    assert np.abs(sums - 1).max() < 1e-12
    again = scan(read(frame.sample(frac=1, random_state=1)), top=10_000).table
    numbers = first.select_dtypes("number").columns
    pd.testing.assert_frame_equal(first[numbers], again[numbers], rtol=1e-12, atol=0)
    assert first["exporter"].tolist() == again["exporter"].tolist()


@settings(max_examples=4, deadline=None)
@given(flows_tables, st.integers(1, 7))
def test_the_costliest_are_the_first_of_all(frame, n):
    """Pruning leaves out nothing: the top n of the fast way are the top n of the full ranking."""
    every = pd.concat([scan(read(frame), importer=c).table for c in sorted(set(frame["importer"]))])
    order = ["rank_cost", "value_usd", "product", "importer", "exporter"]
    wanted = every.sort_values(order, ascending=[False, False, True, True, True]).head(n)
    found = scan(read(frame), top=n).table
    keys = ["exporter", "importer", "product"]
    assert found[keys].to_numpy().tolist() == wanted[keys].to_numpy().tolist()
    np.testing.assert_allclose(found["rank_cost"], wanted["rank_cost"], rtol=1e-12)


@settings(max_examples=4, deadline=None)
@given(flows_tables)
def test_aggregating_products_keeps_the_totals(frame):
    flows = read(frame)
    for digits in (2, 4):
        less = flows.aggregate(digits).to_frame()
        for side in ("exporter", "importer"):
            one = frame.groupby(side)["value_usd"].sum()
            other = less.groupby(side)["value_usd"].sum()
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_zero_and_missing_are_different():
    frame = table([("2022", "JPN", "KOR", "281111", 0.0, 0.0), ("2022", "CHN", "KOR", "281111", None, None),
                   ("2022", "USA", "KOR", "281111", 5.0, None)])  # fmt: skip
    flows = read(frame)
    found = flows.to_frame().set_index("exporter")
    assert found.loc["JPN", "value_usd"] == 0 and np.isnan(found.loc["CHN", "value_usd"])
    assert found.loc["JPN", "tonnes"] == 0 and np.isnan(found.loc["USA", "tonnes"])
    assert flows.coverage.item("value missing").rows == 1 and flows.coverage.item("value zero").rows == 1


@pytest.mark.parametrize("n", [2, 3, 5])
def test_equal_suppliers_give_the_closed_form(n):
    frame = table([("2022", code, "KOR", "281111", 100.0, 1.0) for code in ["JPN", "CHN", "USA", "DEU", "FRA"][:n]])
    row = scan(read(frame), importer="KOR", elasticity=3.0).table.iloc[0]
    assert row["supplier_hhi"] == pytest.approx(1 / n, rel=1e-14)
    assert row["effective_suppliers"] == pytest.approx(n, rel=1e-14)
    assert row["cutoff_cost"] == pytest.approx(-math.log(1 - 1 / n) / 2 * 100, rel=1e-14)
    assert row["world_hhi"] == pytest.approx(1 / n, rel=1e-14)


def test_the_loss_at_forty_percent_and_elasticity_three():
    """Identity of the power measure: 0.2554 at w 0.4, σ 3."""
    frame = table([("2022", "JPN", "KOR", "281111", 40.0, 1.0), ("2022", "CHN", "KOR", "281111", 60.0, 1.0)])
    row = scan(read(frame), importer="KOR", exporter="JPN", elasticity=3.0).table.iloc[0]
    assert round(row["cutoff_loss"], 4) == 0.2554


def test_the_centre_of_a_star_is_a_single_point_of_failure():
    frame = table([("2022", "JPN", code, "281111", 10.0, 1.0) for code in ("KOR", "USA", "DEU")])
    found = scan(read(frame), top=10).table
    assert (found["spof"] == 1).all() and (found["replaceability"] == 0).all()


def test_replaceability_and_asymmetry_by_hand():
    frame = table([
        ("2022", "JPN", "KOR", "281111", 60.0, 3.0), ("2022", "CHN", "KOR", "281111", 40.0, 8.0),
        ("2022", "CHN", "USA", "281111", 90.0, 9.0), ("2022", "JPN", "USA", "281111", 30.0, 1.0),
        ("2022", "KOR", "USA", "281111", 10.0, 1.0),
    ])  # fmt: skip
    row = scan(read(frame), importer="KOR", exporter="JPN").table.iloc[0]
    assert row["replaceability"] == pytest.approx((90 + 10) / 60)  # sold by others than JPN to others than KOR
    assert row["market_share_of_sales"] == pytest.approx(60 / 90)
    assert row["asymmetry"] == pytest.approx((60 / 100) / (60 / 90))
    assert row["mx_ratio"] == pytest.approx(100 / 10)
    assert row["world_hhi"] == pytest.approx((90 / 220) ** 2 + (130 / 220) ** 2)
    assert row["unit_value"] == pytest.approx(60 / 3 / 1000) and row["unit_value_gap"] == pytest.approx(20 / 5)
    assert row["top_supplier"] == "JPN" and row["cr3"] == 1


def test_a_partial_table_shows_no_world_indicators():
    frame = table([("2022", "JPN", "KOR", "281111", 60.0, 3.0), ("2022", "CHN", "KOR", "281111", 40.0, 8.0)])
    row = scan(read_flows(frame, quiet=True), importer="KOR").table.iloc[0]
    assert np.isnan(row["world_hhi"]) and np.isnan(row["replaceability"]) and np.isnan(row["market_share_of_sales"])
    assert row["import_share"] == 0.6


def test_production_risk_and_thresholds():
    frame = table([("2022", "JPN", "KOR", "281111", 60.0, 3.0), ("2022", "CHN", "KOR", "281111", 40.0, 8.0),
                   ("2022", "KOR", "USA", "281111", 20.0, 8.0)])  # fmt: skip
    made = pd.DataFrame({"importer": ["KOR"], "product": ["281111"], "production": [20.0]})
    found = scan(read(frame), importer="KOR", production=made, distance={"JPN": 0.1, "CHN": 1.0})
    row = found.table.iloc[0]
    assert row["nir"] == pytest.approx((100 - 20) / (20 + 100 - 20))
    assert row["hhi_geo"] == pytest.approx(0.36 * 0.1 + 0.16 * 1.0)
    one = dependence(read(frame), "KOR", "JPN").to_frame().set_index("indicator")
    assert one.loc["import_share", ["value", "flag", "flag_at_110_percent"]].tolist() == [0.6, True, True]
    assert one.loc["supplier_hhi", "value"] == pytest.approx(0.52)
    assert one.loc["nir", "reason"].startswith("needs home production")
    assert set(one["vintage"]) == {one["vintage"].iloc[0]} and "vintage" in one["vintage"].iloc[0]


def test_ec2021_holds_at_more_than_its_thresholds_and_shows_ten_percent_beside():
    assert {c.indicator: c.threshold for c in presets()["ec2021"]} == {
        "supplier_hhi": 0.4, "extra_share": 0.5, "mx_ratio": 1.0,
    }  # fmt: skip
    frame = table([("2022", "JPN", "KOR", "281111", 50.0, 3.0), ("2022", "CHN", "KOR", "281111", 33.0, 8.0),
                   ("2022", "USA", "KOR", "281111", 17.0, 8.0)])  # fmt: skip
    row = scan(read(frame), importer="KOR").table.iloc[0]
    assert round(row["supplier_hhi"], 4) == 0.3878
    assert not row["ec2021"] and row["ec2021_lower"] and not row["ec2021_higher"]
    with pytest.raises(InputError, match="allowed: ec2021"):
        scan(read(frame), importer="KOR", preset="ec2020")


def test_a_bloc_is_one_reporter_or_its_members():
    frame = table([
        ("2022", "CHN", "DEU", "281111", 40.0, 1.0), ("2022", "FRA", "DEU", "281111", 60.0, 1.0),
        ("2022", "USA", "FRA", "281111", 10.0, 1.0), ("2022", "DEU", "JPN", "281111", 25.0, 1.0),
    ])  # fmt: skip
    one = scan(read(frame), importer="EU", bloc="EU").table
    assert set(one["importer"]) == {"EU"} and one["imports"].iloc[0] == 50
    assert one["extra_share"].iloc[0] == pytest.approx(50 / 110) and one["mx_ratio"].iloc[0] == pytest.approx(2.0)
    each = scan(read(frame), importer="DEU", bloc="EU", members=True).table
    assert each["imports"].iloc[0] == 40 and each["extra_share"].iloc[0] == pytest.approx(0.4)
    with pytest.raises(InputError, match="unknown group 'EEA99'"):
        scan(read(frame), importer="EU", bloc="EEA99")
    with pytest.raises(InputError, match="no row of the table names"):
        scan(read(frame), importer="EU", bloc="EFTA")


def test_persistence_counts_years():
    rows = []
    for year, share in (("2020", 90.0), ("2021", 50.0), ("2022", 95.0)):
        rows += [(year, "JPN", "KOR", "281111", share, 1.0), (year, "CHN", "KOR", "281111", 100.0 - share, 1.0),
                 (year, "JPN", "USA", "281111", 100.0, 1.0)]  # fmt: skip
    found = scan(read(table(rows)), importer="KOR", exporter="JPN", preset=["geodep", "ec2021"])
    row = found.table.iloc[0]
    assert found.periods == ["2020", "2021", "2022"] and len(found.table) == 1
    assert row["persistence"] == pytest.approx(1.0) and row["geodep"]
    assert bool(found.side_by_side()["changes_side"].iloc[0]) is False


def test_scan_of_the_bundled_rows():
    """Seen in the same rows before: Korea 2022, 42 of 70 products above 0.4; two shares of China."""
    found = scan("sample", importer="KOR", period="2022")
    each = found.table.drop_duplicates("product").set_index("product")
    assert len(each) == 70 and int((each["supplier_hhi"] > 0.4).sum()) == 42
    china = found.table[found.table["exporter"] == "CHN"].set_index("product")["import_share"]
    assert round(china["282520"], 3) == 0.877 and round(china["280530"], 3) == 0.860
    assert any("CEPII" in source and "Etalab" in source for source in found.sources)
    assert found.chart().to_dict() and "cut-off" in " ".join(found.summary().columns)
    assert len(found.summary()) == 12 and found.sentence() and found.figures()


def test_every_importer_at_once_is_written_as_parquet(tmp_path):
    out = tmp_path / "all.parquet"
    top = scan("sample", period="2022", product=["282520", "280530"], out=out, preset="ec2021")
    every = pd.read_parquet(out)
    assert len(every) > len(top.table.head(10)) and every["importer"].nunique() > 50
    one = every[(every["importer"] == "KOR") & (every["exporter"] == "CHN") & (every["product"] == "282520")].iloc[0]
    single = scan("sample", importer="KOR", exporter="CHN", product="282520", period="2022").table.iloc[0]
    for name in ("import_share", "supplier_hhi", "world_hhi", "replaceability", "mx_ratio", "cutoff_cost", "asymmetry"):
        assert one[name] == pytest.approx(single[name], rel=1e-12)
    assert [p.name for p in tmp_path.iterdir()] == ["all.parquet"]


def by_hand(rows, left, risk, spent, sigma, home):
    """The indicators of every row by plain sums of pandas, after the definitions in indicators.csv."""
    table = rows[rows["value_usd"].notna()].copy()
    value, market = table["value_usd"], ["importer", "product"]
    table["named"] = value.where(~table["exporter"].isin(left), 0.0)
    total = table.groupby(market)["value_usd"].sum()
    found = table.join(total.rename("imports"), on=market)
    ranked = table.sort_values("named", ascending=False).groupby(market)["named"]
    sums = {
        "squares": table.assign(x=table["named"] ** 2).groupby(market)["x"].sum(), "largest": ranked.max(),
        "three": ranked.head(3).groupby([table["importer"], table["product"]]).sum(), "allocated": ranked.sum(),
        "risky": table.assign(x=table["named"] ** 2 * table["exporter"].map(risk)).groupby(market)["x"].agg(
            lambda x: x.sum(skipna=False)),
    }  # fmt: skip
    for name, column in sums.items():
        found = found.join(column.rename(name), on=market)
    sold = table.groupby(["exporter", "product"])["value_usd"].sum()
    seller = sold.rename_axis(["importer", "product"]).rename("exports")
    buyer = total.rename_axis(["exporter", "product"]).rename("bought")
    found = found.join(sold.rename("sales"), on=["exporter", "product"]).join(seller, on=market)
    found = found.join(buyer, on=["exporter", "product"]).fillna({"exports": 0.0, "bought": 0.0})
    goods = sold.groupby("product")
    found = found.join(goods.sum().rename("world"), on="product").join(goods.max().rename("most"), on="product")
    found = found.join((sold**2).groupby("product").sum().rename("every"), on="product")
    v, m, world = found["value_usd"], found["imports"], found["world"]
    w = v / m
    kept = 1 - w * (1 - home)
    rate = found["product"].map(sigma).fillna(4.0) - 1
    loss = -np.log(kept.where(kept > 0)) / rate
    out = {
        "imports": m, "exports": found["exports"], "import_share": w, "top_share": found["largest"] / m,
        "supplier_hhi": found["squares"] / m**2, "effective_suppliers": m**2 / found["squares"],
        "mx_ratio": m / found["exports"].where(found["exports"] > 0), "market_share_of_sales": v / found["sales"],
        "world_hhi": (found["every"] - found["exports"] ** 2) / (world - found["exports"]) ** 2,
        "asymmetry": found["sales"] / m, "spof": (found["sales"] + found["bought"]) / world,
        "replaceability": (world - found["sales"] - m + v) / v, "cutoff_loss": loss, "cutoff_cost": loss * v,
        "world_top_share": found["most"] / world, "cr3": found["three"] / m, "hhi_geo": found["risky"] / m**2,
        "loss_of_access": loss * m / found["importer"].map(spent),
    }  # fmt: skip
    ranked_by = -np.log(kept.clip(lower=1e-6)) / rate * v
    return found[["product", "importer", "exporter", "named", "value_usd"]].assign(**out, rank_cost=ranked_by)


def test_the_kernel_gives_the_figures_of_plain_sums(tmp_path):
    from geoecon.indicators import risk

    ours = read_flows("sample", quiet=True)
    given = {"preset": "ec2021,pc2021", "elasticity": {"282520": 3.0}, "domestic_share": 0.1}
    top = scan(ours, out=tmp_path / "kernel.parquet", period="2022", **given)
    rows = ours.select(period="2022").to_frame()
    rows = rows[~rows["product"].str.match("^9999|^99$")]
    left = [code for code in ours.sellers() if code.endswith("_NES")]
    spent = {importer: usd for (period, importer), usd in ours.spent().items() if period == "2022"}
    other = by_hand(rows, left, risk.governance("2022"), spent, {"282520": 3.0}, 0.1)
    other = other[other["named"] > 0]
    keys = ["product", "importer", "exporter"]
    one, other = (
        frame.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True)
        for frame in (pd.read_parquet(tmp_path / "kernel.parquet"), other)
    )
    assert one[keys].to_numpy().tolist() == other[keys].to_numpy().tolist() and len(one) == 53_452
    for name in other.columns.drop([*keys, "named", "rank_cost"]):
        known = one[name].notna() | ~one["reason"].fillna("").str.startswith("suppliers known in part")
        np.testing.assert_allclose(
            one[name][known], other[name][known], rtol=1e-12, atol=0, equal_nan=True, err_msg=name
        )
    first = other.sort_values(["rank_cost", "value_usd", *keys], ascending=[False, False, True, True, True]).head(100)
    assert top.table[keys].to_numpy().tolist() == first[keys].to_numpy().tolist()


@pytest.mark.parametrize("engine", ["pandas", "polars", "local[2]"])
def test_every_engine_gives_the_same_figures(engine, tmp_path):
    options = {"importer": "KOR", "period": "2022", "product": ["2825", "2504"], "preset": "ec2021,merics"}
    wanted = scan("sample", **options).table
    found = scan("sample", on=engine, **options).table
    numbers = wanted.select_dtypes("number").columns
    assert found["product"].tolist() == wanted["product"].tolist()
    pd.testing.assert_frame_equal(found[numbers], wanted[numbers], rtol=1e-12, atol=0, check_dtype=False)
    if engine == "local[2]":
        return
    top = scan("sample", on=engine, period="2022", product="28", top=20).table
    again = scan("sample", period="2022", product="28", top=20).table
    np.testing.assert_allclose(top["rank_cost"], again["rank_cost"], rtol=1e-12)


def test_frames_that_users_bring_read_alike(tmp_path):
    import duckdb
    import pyarrow as pa

    frame = table([("2022", "JPN", "KOR", "281111", 60.0, None), ("2022", "CHN", "KOR", "010121", 40.0, 8.0)])
    wanted = read(frame).to_frame()
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    for brought in (pl.from_pandas(frame), pl.from_pandas(frame).lazy(), arrow, duckdb.sql("select * from frame")):
        pd.testing.assert_frame_equal(read(brought).to_frame(), wanted, check_dtype=False)
    numbers = frame.assign(period=2022, product=["281111", "281112"])
    assert set(read(numbers.assign(product=numbers["product"].astype(int))).to_frame()["product"]) == {
        "281111",
        "281112",
    }
    with pytest.raises(InputError, match="no data rows"):
        read(frame.iloc[:0])
    with pytest.raises(InputError, match="line 2, value_usd: negative value"):
        read(frame.assign(value_usd=[-1.0, 2.0]))


def test_leverage_runs_both_ways():
    one, other = leverage("sample", "CHN", "JPN"), leverage("sample", "JPN", "CHN")
    np.testing.assert_allclose(one.paths["balance"], -other.paths["balance"], rtol=1e-12)
    assert len(one.paths) == 10 and one.sentence().startswith("In 2024")
    assert one.chart().to_dict() and one.figures()["balance"].value > 0
    np.testing.assert_allclose(one.paths["power_of_one"], other.paths["power_of_other"], rtol=1e-12)
    shares = one.products[one.products["exporter"] == "CHN"]
    assert ((shares["import_share"] > 0) & (shares["import_share"] <= 1)).all()
    with pytest.raises(InputError, match="two countries"):
        leverage("sample", "CHN", "CHN")


def test_network_measures_have_their_closed_forms():
    equal = [("2022", a, b, "281111", 10.0, 1.0) for a in PLACES for b in PLACES if a != b]
    star = [("2022", "JPN", b, "370790", 10.0, 1.0) for b in PLACES if b != "JPN"]
    found = network(read(table(equal + star))).set_index("product")
    assert found.loc["281111", "outdegree_centrality"] == pytest.approx(0, abs=1e-12)
    assert found.loc["281111", "substitutability"] == pytest.approx(6)
    assert found.loc["281111", "clustering"] == pytest.approx(1)
    assert found.loc["370790", "substitutability"] == pytest.approx(1)
    assert found.loc["370790", "clustering"] == 0
    assert found.loc["370790", "outdegree_centrality"] == pytest.approx(math.sqrt(5))
    assert clustering(np.array([[0.0, 8.0], [0.0, 0.0]])) == 0


def test_a_file_of_ours_says_what_it_holds(tmp_path):
    path = read(
        table([("2022", "JPN", "KOR", "281111", 60.0, None), ("2022", "KOR", "KOR", "281111", 1.0, 1.0)])
    ).write(tmp_path / "ours.parquet")
    again = read_flows(path, quiet=True)
    assert again.scope == "world" and again.coverage.item("trade of a country with itself, set aside").rows == 1
    assert again.to_frame()["value_usd"].tolist() == [60.0]
