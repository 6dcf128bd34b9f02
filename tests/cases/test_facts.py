"""Facts that each built-in case must hold, recomputed from its rows where they allow it."""

from datetime import date
from functools import cache

import pytest

import geoecon as ge
from geoecon import scorecard


@cache
def case(name):
    return ge.load_case(name)


def table(name, file):
    return case(name).table(file)


def trade(name, product, exporter, importer, column="value_usd"):
    rows = table(name, "trade")
    mine = rows[(rows["product"] == product) & (rows.exporter == exporter) & (rows.importer == importer)]
    return mine.drop_duplicates("period").set_index("period")[column].astype(float)


def series(name, which, state=None):
    rows = table(name, "series")
    mine = rows[(rows.series == which) & ((rows.state == state) if state else True)]
    return mine.set_index("period")["value"].astype(float)


def outcomes(name):
    return scorecard.read_outcomes(case(name))


def value(name, metric, of, reading=None):
    rows = outcomes(name)
    mine = rows[(rows.metric == metric) & (rows["of"] == of)]
    if reading:
        mine = mine[mine.reading == reading]
    assert len(mine) == 1, (metric, of)
    return mine.iloc[0]["value"]


GAS = "russia-germany-gas-2022"


class TestGas:
    def test_steps_of_the_cut(self):
        rows = table(GAS, "measures").set_index("measure_id")
        steps = {day: round(cap, 2) for day, cap in zip(rows.valid_from, rows.cap_share, strict=True)}
        assert steps[date(2022, 6, 14)] == 0.60
        assert steps[date(2022, 6, 16)] == 0.40
        assert steps[date(2022, 7, 11)] == 0
        assert steps[date(2022, 7, 27)] == 0.20
        assert steps[date(2022, 8, 31)] == 0
        observed = series(GAS, "nord_stream_share_of_base")
        assert observed["2022-07"] == pytest.approx(0.25, abs=0.05)
        assert observed["2022-09"] == 0

    def test_flows_of_two_years(self):
        pipe = trade(GAS, "natural_gas_monthly", "RUS", "DEU", "quantity")
        north = trade(GAS, "natural_gas_monthly", "NOR", "DEU", "quantity")
        for flow, year, printed in (
            (pipe, "2021", 620.7),
            (pipe, "2022", 314.2),
            (north, "2021", 323.5),
            (north, "2022", 475.4),
        ):
            months = flow[flow.index.str.startswith(year)]
            assert len(months) == 12
            assert months.sum() == pytest.approx(printed, abs=0.06)

    def test_others_brought_61_a_month_more_where_the_pipe_had_brought_52(self):
        mean = {code: trade(GAS, "natural_gas_monthly_mean", code, "DEU", "quantity") for code in ("NOR", "NLD", "BEL")}
        more = sum(flow["2022-09/2023-01"] - flow["2017-01/2022-02"] for flow in mean.values())
        assert more == 61
        assert trade(GAS, "natural_gas", "RUS", "DEU", "quantity")["2021"] / 12 == pytest.approx(52, abs=0.5)
        out = trade(GAS, "natural_gas_re_exports", "DEU", "NBR", "quantity")
        assert out[["2021", "2022", "2023"]].tolist() == [749, 501, 187]

    def test_stores(self):
        stock, fill = series(GAS, "storage_end_of_month"), series(GAS, "storage_fill_end_of_month")
        assert stock["2022-05"] == pytest.approx(119.98, abs=0.006)
        assert stock["2022-08"] == pytest.approx(206.8, abs=0.05)
        assert fill["2022-10"] == pytest.approx(98.9, abs=0.05)
        assert value(GAS, "lowest_stock", "DEU@2022-09/2023-03") == 159.3
        assert stock["2022-05"] / (1009.2 / 365) == pytest.approx(43, abs=0.5)
        known = case(GAS).at(date(2022, 6, 13)).parameters["inventory_days.natural_gas"]
        assert known.central == pytest.approx(43.4)
        assert stock["2022-08"] - stock["2022-03"] == pytest.approx(
            value(GAS, "stock_built", "DEU@2022-04/2022-08"), abs=0.1
        )

    def test_demand_growth_and_price(self):
        assert value(GAS, "gas_use_against_mean_2018_21", "DEU@2022") == -14
        assert value(GAS, "gas_use_against_mean_2018_21", "DEU@2023") == -17.5
        assert value(GAS, "growth", "DEU@2022", "February 2023") == 1.8
        assert value(GAS, "growth", "DEU@2023", "first release") == -0.3
        assert value(GAS, "growth", "DEU@2023", "revised") == -0.9
        assert value(GAS, "energy_intensive_output_on_year", "DEU@2023") == -10.2
        price = series(GAS, "gas_price_europe_ttf")
        assert price[["2021-04", "2022-08", "2023-06"]].round(1).tolist() == [7.3, 70.0, 10.3]

    def test_level_and_growth_are_both_scored(self):
        level = "level at the end of 2023 against that path"
        assert value(GAS, "gdp_change_1y", "DEU", level) == -4.7
        assert pytest.approx(-4.7, abs=0.05) == 100 * (1.018 * 0.991 / (1.027 * 1.031) - 1)
        assert pytest.approx(-4.1, abs=0.05) == 100 * (1.018 * 0.997 / (1.027 * 1.031) - 1)
        forecasts = table(GAS, "forecasts").set_index("forecast_id")
        assert forecasts.loc["E09", "value"] == -5.9
        assert pytest.approx(-5.9, abs=0.05) == 100 * (1.019 * 0.978 / (1.027 * 1.031) - 1)
        growth = "growth of 2022 less the base path of April 2022"
        assert value(GAS, "gdp_change_1y", "DEU", growth) == pytest.approx(100 * (1.018 / 1.027 - 1), abs=0.005)

    def test_the_clean_test_of_the_institutes(self):
        card = scorecard.score(case(GAS).at(date(2022, 6, 13)), {})
        stores = card.published[card.published.label.str.startswith("fill of the stores")]
        assert stores["value"].tolist() == [60.6, 14.1]
        assert stores["observed"].round(1).tolist() == [90.0, 91.0]
        assert stores["error"].round(1).tolist() == [29.4, 76.9]

    def test_like_for_like_share(self):
        share = trade(GAS, "natural_gas", "RUS", "DEU", "share")
        assert share["2021"] == pytest.approx(0.376, abs=5e-4)
        assert share["2022"] == pytest.approx(0.217, abs=5e-4)
        whole = table(GAS, "trade")
        rows = whole[(whole["product"] == "natural_gas") & (whole.importer == "DEU") & (whole.exporter != "WLD")]
        assert rows.groupby("period")["share"].sum().to_list() == pytest.approx([1] * 4, abs=5e-4)


METALS = "china-gallium-2023"


class TestGallium:
    def test_pull_forward_dead_time_recovery(self):
        gallium = trade(METALS, "gallium", "CHN", "WLD", "tonnes")
        months = [f"2023-{m:02d}" for m in range(6, 13)]
        assert gallium[months].round(2).tolist() == [1.60, 7.58, 0, 0, 0.25, 1.53, 7.06]
        germanium = trade(METALS, "germanium", "CHN", "WLD", "tonnes")
        assert germanium[months[1:]].round(3).tolist() == [8.63, 0, 0.001, 0.648, 0.721, 3.779]
        assert (date(2023, 9, 21) - date(2023, 8, 1)).days == 51

    def test_one_law_two_outcomes(self):
        gallium = trade(METALS, "gallium", "CHN", "WLD", "tonnes")
        germanium = trade(METALS, "germanium", "CHN", "WLD", "tonnes")
        assert gallium[["2022", "2023", "2024"]].round(1).tolist() == [94, 44.8, 69.4]
        assert germanium[["2022", "2023", "2024"]].round(1).tolist() == [43.7, 41.8, 29.4]
        assert gallium["2025-10"] == pytest.approx(15.6, abs=0.05)
        assert germanium["2023-01/2023-09"] == pytest.approx(36.656)
        assert germanium["2025-01/2025-09"] == pytest.approx(7.52)
        assert germanium["2023-01/2023-09"] + germanium["2023-10"] == pytest.approx(37.3, abs=0.05)

    def test_two_markets(self):
        outside = series(METALS, "price_gallium_rotterdam")
        assert outside[["2023-06-30", "2023-12-15", "2025-05"]].tolist() == [257.5, 550, 687]
        germanium = series(METALS, "price_germanium_europe_year")
        assert germanium[["2022", "2023", "2024", "2025"]].tolist() == [1294, 1392, 1991, 4100]
        assert pytest.approx(value(METALS, "price_change", "germanium@2025"), abs=0.5) == 100 * (4100 / 1294 - 1)
        assert pytest.approx(value(METALS, "price_change", "gallium@2025-05"), abs=0.5) == 100 * (687 / 257.5 - 1)

    def test_the_ban_bound_on_one_metal_only(self):
        gallium = trade(METALS, "gallium", "WLD", "USA", "tonnes")
        assert gallium[["2022", "2023", "2024", "2025"]].tolist() == [11.4, 11.4, 11.0, 25.0]
        germanium = trade(METALS, "germanium", "WLD", "USA", "tonnes")
        assert germanium[["2023", "2024", "2025"]].tolist() == [22, 21, 7]
        dioxide = trade(METALS, "germanium_dioxide", "WLD", "USA", "tonnes")
        assert 100 * (dioxide["2025"] / dioxide["2024"] - 1) == pytest.approx(55, abs=0.5)
        use = series(METALS, "consumption_gallium_reported", "USA")
        assert use[["2022", "2023", "2024", "2025"]].between(17.5, 20).all()

    def test_cover_in_days(self):
        stock = series(METALS, "stock_gallium_consumers_yearend", "USA")
        use = series(METALS, "consumption_gallium_reported", "USA")
        cover = [365 * stock[year] / use[year] for year in ("2021", "2022", "2023")]
        assert cover == pytest.approx([60, 52, 68], abs=0.6)

    def test_forecast_of_the_survey(self):
        rows = table(METALS, "forecasts").set_index("forecast_id")
        assert rows.loc["E03", "value"] == -3.4
        assert rows.loc[["E04", "E05"], "value"].tolist() == [150, 26]

    def test_the_pooled_code_is_never_gallium(self):
        rows = table(METALS, "trade")
        assert set(rows[rows.hs == "811292"]["product"]) == {"pool_811292"}

    def test_what_comes_after_the_truce_is_unknown(self):
        rows = outcomes(METALS)
        assert rows[rows.kind == "unknown"]["of"].tolist() == ["settlement@2026-12"]


EARTHS = "china-japan-rare-earths-2010"


class TestRareEarths:
    def test_months_and_year(self):
        flow = trade(EARTHS, "rare_earths_by_press", "CHN", "JPN", "tonnes")
        assert flow[["2010-09", "2010-10", "2010-11", "2010-12"]].tolist() == [2246, 1278, 634, 4080]
        total = trade(EARTHS, "rare_earths_by_press", "WLD", "JPN", "tonnes")
        assert flow["2010"] / total["2010"] == pytest.approx(0.82, abs=0.005)
        assert flow["2010"] / flow["2009"] == pytest.approx(1.49, abs=0.005)

    def test_customs_panel_agrees_with_the_press(self):
        panel = trade(EARTHS, "rare_earths", "CHN", "JPN", "tonnes")
        press = trade(EARTHS, "rare_earths_by_press", "CHN", "JPN", "tonnes")
        for year in ("2009", "2010", "2011"):
            assert panel[year] == pytest.approx(press[year], rel=0.02)

    def test_quota_came_before_the_collision(self):
        rows = table(EARTHS, "measures").set_index("measure_id")
        assert "30259 t" in rows.loc["CN-QUOTA-2010", "rule"]
        assert pytest.approx(0.4, abs=0.005) == 1 - 30259 / 50145
        assert rows.loc["CN-QUOTA-2010", "known_from"] < date(2010, 9, 7)
        metal = trade(EARTHS, "rare_earth_metals_by_press", "WLD", "JPN", "tonnes")
        assert metal["2010-08"] == 323

    def test_length_of_the_halt(self):
        halt = table(EARTHS, "measures").set_index("measure_id").loc["CN-JP-HALT"]
        assert (halt.valid_to - halt.valid_from).days == 64
        assert halt.state == "reported"
        assert value(EARTHS, "length_months", "dispute", "the halt") == pytest.approx(64 / 30.44, abs=0.05)

    def test_answer_of_the_buyer(self):
        events = table(EARTHS, "timeline").set_index("date")["event"]
        assert "USD 250m" in " ".join(events[events.index == "2010-11-24"])
        assert "Consultations" in events["2012-03-13"]
        assert "Appellate" in events["2014-08-07"]
        assert "Quotas abolished" in events["2015-01"]

    def test_share_fell(self):
        assert value(EARTHS, "dependence_share", "rare_earths@2012") == 0.493
        assert value(EARTHS, "dependence_share", "rare_earths@2018") == 0.58
        assert value(EARTHS, "price", "dysprosium oxide@2011-08") == 2377

    def test_order_of_the_state_is_not_settled(self):
        claims = table(EARTHS, "claims").set_index("claim_id")
        assert claims.loc["C01", "verdict"] == "contested"
        assert claims.loc["C03", "verdict"] == "unsupported"


LIVE = "china-japan-2026"


class TestLive:
    def test_certain(self):
        assert value(LIVE, "listed_entities", "control list") == 40
        assert value(LIVE, "listed_entities", "attention list") == 40
        rows = table(LIVE, "measures").set_index("measure_id")
        assert rows.loc["CN-1-2026-A", "valid_from"] == date(2026, 1, 6)
        assert rows.loc["CN-1-2026-A", "kind"] == "prohibited"
        assert rows.loc["CN-18-2025", "state"] == "in_force"
        assert case(LIVE).at(date(2026, 1, 6)).parameters["review_days"].central == 63  # 45 working days

    def test_unknown_is_shown_as_unknown(self):
        rows = outcomes(LIVE)
        unknown = rows[rows.kind == "unknown"]
        assert unknown["value"].isna().all()
        assert {"the six announcements of October 2025", "paragraph 2 of 46/2024"} <= set(unknown["of"])
        for metric in (
            "imports_change_12m",
            "worst_output_month",
            "first_shortage_day",
            "length_months",
            "gdp_change_1y",
        ):
            assert metric in set(unknown.metric)

    def test_the_future_has_no_rows(self):
        """No rule in the case claims what holds after 10 or 27 November 2026."""
        rows = table(LIVE, "measures")
        assert not rows.measure_id.str.endswith("AFTER").any()
        assert rows[rows.measure_id == "CN-72-2025"]["valid_to"].item() == date(2026, 11, 27)

    def test_known_through(self):
        card = scorecard.score(case(LIVE).at(date(2026, 1, 6)), {})
        assert card.known_through == "2026-10-05"
        assert card.sentence().startswith("No outcome could be scored yet; outcomes are known through 2026-10-05.")
        assert (card.scores.state == "unknown").sum() > 10

    def test_reported_rules_decide_nothing(self):
        rows = table(LIVE, "measures")
        reported = rows[rows.state == "reported"]
        assert reported["cap_share"].isna().all()

    def test_share_of_china(self):
        share = trade(LIVE, "rare_earths_by_press", "CHN", "JPN", "share")
        assert share["2024"] == pytest.approx(0.719)

    def test_estimates_of_a_stop_are_no_observations(self):
        rows = table(LIVE, "forecasts")
        assert sorted(rows[rows.metric == "gdp_change_1y"]["value"]) == [-3.2, -1.3, -0.88, -0.43]
        assert scorecard.score(case(LIVE).at(date(2026, 1, 6)), {}).published.empty


KOREA = "japan-korea-2019"


class TestKorea:
    def test_only_one_of_three_goods_fell_and_little_was_diverted(self):
        for origin, printed in (("WLD", -52.8), ("TWN", 15.3), ("CHN", -33.9), ("JPN", -90.1)):
            flow = trade(KOREA, "hydrogen_fluoride", origin, "KOR")
            months = flow[flow.index.str.fullmatch(r"\d{4}-\d{2}")].sort_index()
            change = 100 * (months["2019-07":"2020-06"].sum() / months["2018-07":"2019-06"].sum() - 1)
            assert change == pytest.approx(printed, abs=0.06)

    def test_top_grade_went_to_belgium(self):
        value_, weight = (trade(KOREA, "photoresist", "BEL", "KOR", column) for column in ("value_usd", "tonnes"))
        years = [value_[value_.index.str.startswith(f"{year}-")].sum() for year in (2018, 2019, 2020)]
        assert [round(year / 1e6, 1) for year in years] == [2.6, 14.0, 31.4]
        after = [month for month in value_.index if "2019-07" <= month <= "2020-06" and len(month) == 7]
        assert value_[after].sum() / weight[after].sum() / 1000 == pytest.approx(3600, rel=0.02)  # USD per kg

    def test_anticipation(self):
        flow = trade(KOREA, "photoresist", "JPN", "KOR")
        assert flow[["2019-06", "2019-07"]].div(1e6).round(1).tolist() == [23.7, 45.5]

    def test_share_of_japan(self):
        share = trade(KOREA, "hydrogen_fluoride", "JPN", "KOR", "share")
        assert share[["2018", "2019", "2020", "2021", "2022"]].round(3).tolist() == [0.419, 0.322, 0.129, 0.129, 0.077]

    def test_forecasts_and_the_later_study(self):
        rows = table(KOREA, "forecasts")
        keri = rows[rows.author.str.startswith("KERI") & (rows["of"] == "KOR")]
        assert keri["value"].dropna().tolist() == [-2.2, -3.1]
        assert (keri["low"].min(), keri["high"].max()) == (-5.4, -4.2)
        kiep = rows[rows.author == "KIEP"].iloc[0]
        assert (kiep.low, kiep.high, kiep.date) == (-0.44, -0.27, "2019-08-04")
        assert value(KOREA, "welfare_change", "KOR") == -0.144
        assert value(KOREA, "welfare_change", "JPN") == -0.013

    def test_gdp_ratios_of_the_settlement(self):
        rows = table(KOREA, "macro").pivot_table(index="year", columns=["series", "state"], values="value")
        assert rows.loc[1965, ("gdp_usd", "JPN")] / rows.loc[1965, ("gdp_usd", "KOR")] == pytest.approx(31.2, abs=0.05)
        heads = rows["gdp_per_head_usd"].loc[1965]
        assert heads["JPN"] / heads["KOR"] == pytest.approx(9.1, abs=0.05)
