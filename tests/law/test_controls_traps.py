"""What users of other tools met: small inputs with the behaviour that is right. Inputs are made up."""

import csv
from datetime import date
from itertools import permutations

import pytest

from geoecon.cells import csv_rows
from geoecon.errors import InputError, RuleConflict
from geoecon.law import check_regime, licence, licence_history, load_regimes
from geoecon.law.feeds import NOT_STATED, read_correlation, read_gta
from geoecon.law.listings import matches, read_consolidated, read_entities, read_ftm, with_listings
from geoecon.law.plain_rules import read_rules, rule_state
from geoecon.law.validity import read_licences


def kind(regime, item, day, destination="KOR", **more):
    return licence(regime, item=item, destination=destination, on=day, **more).kind


# --- T49: the end of validity is exclusive -----------------------------------------------------------------


def test_49_adjacent_rules(traps):
    regime = read_rules(traps / "49_adjacent_rules.csv")["JPN"]
    want = {"2019-07-03": "bulk", "2019-07-04": "individual", "2023-03-22": "individual",
            "2023-03-23": "special_general_bulk", "2023-07-20": "special_general_bulk",
            "2023-07-21": "general_bulk"}  # fmt: skip
    assert {day: kind(regime, "HF", day) for day in want} == want
    assert licence(regime, item="HF", destination="KOR", on="2019-07-04").rows == ("HF KOR individual 2019-07-04",)
    steps = licence_history(regime, item="HF", destination="KOR").kinds()
    assert [step for step in steps if step[2] != "unknown"] == [
        (date(2004, 1, 1), date(2019, 7, 4), "bulk"),
        (date(2019, 7, 4), date(2023, 3, 23), "individual"),
        (date(2023, 3, 23), date(2023, 7, 21), "special_general_bulk"),
        (date(2023, 7, 21), date(2023, 7, 22), "general_bulk"),  # the last day written in the table
    ]


# --- T50: contradicting rows ---------------------------------------------------------------------------------


def test_50_overlapping_rules(traps, tmp_path):
    with pytest.raises(RuleConflict) as caught:
        read_rules(traps / "50_overlapping_rules.csv")
    text = str(caught.value)
    assert "lines 2 and 3 overlap 2019-07-04 to 2019-07-10" in text
    assert "lines 4 and 3 overlap 2019-07-04 to 2023-03-23" in text or "lines 3 and 4 overlap" in text
    for kind_ in ("says bulk", "says individual", "says general_bulk"):
        assert kind_ in text


def test_50_the_order_of_rows_does_not_change_what_is_told(traps, tmp_path):
    header, *rows = (traps / "50_overlapping_rules.csv").read_text().splitlines()
    told = set()
    for order in permutations(rows):
        (tmp_path / "rules.csv").write_text("\n".join([header, *order]) + "\n")
        with pytest.raises(RuleConflict) as caught:
            read_rules(tmp_path / "rules.csv")
        spans = sorted(fault.found.split(" overlap ")[1] for fault in caught.value.faults)
        told.add(tuple(spans))
    assert told == {("2019-07-04 to 2019-07-10", "2019-07-04 to 2019-07-10", "2019-07-04 to 2023-03-23")}


# --- T51: before the first row, after the last known day -------------------------------------------------------


def test_51_open_ended_and_before_first(traps):
    regime = read_rules(traps / "51_open_ended_and_before_first.csv", date(2024, 12, 31))["CHN"]
    want = {"2023-07-31": "none", "2023-08-01": "individual", "2024-12-31": "individual", "2025-01-01": "unknown",
            "2042-06-01": "unknown", "2014-12-31": "unknown"}  # fmt: skip
    assert {day: kind(regime, "gallium", day) for day in want} == want
    late = licence(regime, item="gallium", destination="KOR", on="2042-06-01")
    assert "known through 31 December 2024" in late.sentence()
    assert "a licence for each contract until 31 December 2024" in late.sentence()
    early = licence(regime, item="gallium", destination="KOR", on="2014-12-31")
    assert "before the first rule (1 January 2015)" in early.sentence()
    for day in ("2025-01-01", "2042-06-01", "2014-12-31"):
        with pytest.raises(InputError):
            kind(regime, "gallium", day, strict=True)


# --- T52: states are not dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regime", "item", "rule", "day", "state", "in_text", "sources"),
    [
        ("CHN", "holmium", "MOFCOM-57", "2025-10-20", "announced", True, {"MOFCOM-57"}),
        ("CHN", "holmium", "MOFCOM-57", "2025-11-08", "suspended", True, {"MOFCOM-57", "MOFCOM-70"}),
        ("CHN", "holmium", "MOFCOM-57", "2026-11-09", "suspended", True, {"MOFCOM-57", "MOFCOM-70"}),
        ("CHN", "holmium", "MOFCOM-57", "2026-11-10", "unknown", True, {"MOFCOM-57", "MOFCOM-70"}),
        ("USA", "3A090", "BIS-AI", "2025-05-14", "announced", True, {"BIS-AI", "BIS-PR"}),
        ("USA", "3A090", "BIS-AI", "2025-05-16", "not_enforced", True, {"BIS-AI", "BIS-PR"}),
    ],
)
def test_52_suspension(traps, regime, item, rule, day, state, in_text, sources):
    table = read_rules(traps / "52_suspension.csv", date(2026, 12, 31))[regime]
    found = rule_state(table, rule, date.fromisoformat(day))
    assert (found.state, found.in_text, set(found.sources)) == (state, in_text, sources)
    if state == "announced" and regime == "USA":
        assert "already not enforced" in found.note


def test_52_the_licence_itself(traps):
    table = read_rules(traps / "52_suspension.csv", date(2026, 12, 31))
    holmium = table["CHN"]
    assert licence(holmium, item="holmium", destination="DEU", on="2025-10-20").announced == ("MOFCOM-57",)
    assert kind(holmium, "holmium", "2025-11-08") == kind(holmium, "holmium", "2026-11-09") == "none"
    after = licence(holmium, item="holmium", destination="DEU", on="2026-11-10")
    assert after.kind == "unknown" and "suspended until 2026-11-10" in after.reasons[0]


def test_52_in_the_built_in_regimes(regimes):
    assert rule_state(regimes["CHN"], "CN-57-2025", date(2025, 10, 20)).state == "announced"
    assert rule_state(regimes["CHN"], "CN-57-2025", date(2025, 12, 1)).state == "suspended"
    assert rule_state(regimes["USA"], "US-CHIP-4", date(2025, 5, 16)).state == "not_enforced"
    assert rule_state(regimes["JPN"], "JP-020", date(2023, 3, 23)).state == "ended"
    assert rule_state(regimes["JPN"], "JP-020", date(2019, 6, 30)).state == "unknown"
    with pytest.raises(InputError, match="JP-999"):
        rule_state(regimes["JPN"], "JP-999", date(2020, 1, 1))


# --- T53 and T55: days -----------------------------------------------------------------------------------------


def test_53_leap_day_licences(traps, tmp_path):
    lines = (traps / "53_leap_day_licences.csv").read_text().splitlines()
    with pytest.raises(InputError, match="line 5, issued: '2023-02-29'"):
        read_licences(traps / "53_leap_day_licences.csv")
    (tmp_path / "good.csv").write_text("\n".join(line for line in lines if not line.startswith("D")) + "\n")
    found = read_licences(tmp_path / "good.csv").set_index("licence")["expires"]
    assert found["A"] == date(2024, 8, 29) and found["C"] == date(2020, 2, 28) and found["E"] == date(2020, 2, 29)
    assert found["B"] == date(2023, 3, 1)  # written down in working_days.expires: the first invalid day


def test_55_excel_serial_dates(traps):
    with pytest.raises(InputError) as caught:
        read_rules(traps / "55_excel_serial_dates.csv")
    text = str(caught.value)
    for told in ("line 2, valid_from: '37987'", "2004-01-01 in the 1900 system, 2008-01-02 in the 1904 system",
                 "line 2, valid_to: '43650'", "2019-07-04 in the 1900 system, 2023-07-05 in the 1904 system",
                 "line 3, valid_from: '04/07/2019'", "2019-07-04 or 2019-04-07", "line 3, valid_to: '23/03/2023'",
                 "YYYY-MM-DD"):  # fmt: skip
        assert told in text
    assert len(caught.value.faults) == 4 and "1970" not in text


@pytest.mark.parametrize(
    ("cell", "told"),
    [("43650.0", "2019-07-04 in the 1900 system"), ("20190704", "is it 2019-07-04"), ("2019/07/04", "is it 2019-07-04"),
     ("4.7.2019", "2019-07-04 or 2019-04-07"), ("31-12-2019", "is it 2019-12-31"), ("soon", "YYYY-MM-DD"),
     ("2019-7-4", "YYYY-MM-DD"), ("99999", "YYYY-MM-DD")],
)  # fmt: skip
def test_55_other_spellings_of_a_day(tmp_path, cell, told):
    (tmp_path / "rules.csv").write_text(
        f"regime,item,destination,kind,valid_from,valid_to,status\nJP,HF,KR,bulk,{cell},,in_force\n"
    )
    with pytest.raises(InputError, match="line 2, valid_from") as caught:
        read_rules(tmp_path / "rules.csv")
    assert told in str(caught.value)


def test_51_the_horizon_may_stand_in_the_table(tmp_path):
    (tmp_path / "rules.csv").write_text(
        "regime,item,destination,kind,valid_from,valid_to,status,known_through\n"
        "JP,HF,*,bulk,2015-01-01,,in_force,2022-12-31\n"
    )
    regime = read_rules(tmp_path / "rules.csv")["JPN"]
    assert [kind(regime, "HF", day) for day in ("2022-12-31", "2023-01-01")] == ["bulk", "unknown"]


def test_53_a_part_of_a_day_is_no_validity(tmp_path):
    (tmp_path / "licences.csv").write_text("licence,issued,validity,unit\nA,2020-01-01,1.5,years\n")
    with pytest.raises(InputError, match=r"line 2, validity: '1.5'; allowed: a whole number"):
        read_licences(tmp_path / "licences.csv")


# --- T59: the measures feed ---------------------------------------------------------------------------------------


def test_59_gta_interventions(traps):
    feed = read_gta(traps / "59_gta_interventions.json", hs_revision="HS2012")
    first, second = feed.interventions
    assert first.products == ("281111", "010121", "370790") and first.hs_revision == "HS2012"
    assert first.exporters == ("JPN",) and first.destinations == ("KOR", "IND")
    assert (first.announced, first.valid_from, first.valid_to) == ("2019-07-01", "2019-07-04", None)
    assert (second.announced, second.valid_from, second.valid_to) == ("2020-03-03", None, "2020-05-31")
    assert second.exporters == ("FRA",) and second.kind == "prohibited" and second.evaluation == "Amber"
    told = "\n".join(str(issue) for issue in feed.issues)
    assert "900002, is_in_force: removed 2020-05-31 while is_in_force is 1" in told
    assert "900002, date_implemented: missing" in told and "not stated, not all" in told and "900001" not in told
    assert list(feed.to_frame()["products"]) == ["281111;010121;370790", NOT_STATED]


def test_59_the_revision_is_asked_for(traps):
    feed = read_gta(traps / "59_gta_interventions.json")
    assert feed.interventions[0].hs_revision == NOT_STATED
    assert any("revision not stated" in issue.found for issue in feed.issues)


def test_59_four_digits_are_no_product(tmp_path, traps):
    text = (traps / "59_gta_interventions.json").read_text().replace("10121", "2811")
    (tmp_path / "feed.json").write_text(text)
    with pytest.raises(InputError, match="2811 has not six digits"):
        read_gta(tmp_path / "feed.json")


def test_59_not_such_a_feed(tmp_path):
    (tmp_path / "feed.json").write_text('{"results": [{"id": 1}]}')
    with pytest.raises(InputError, match=r"feed.json"):
        read_gta(tmp_path / "feed.json")


# --- T61 and T64: party lists -----------------------------------------------------------------------------------


def test_61_sanctions_ftm(traps):
    one, two, three = read_ftm(traps / "61_sanctions_ftm.json", date(2026, 7, 24))
    assert one.on(date(2023, 1, 1))[0] == "listed" and one.start == (date(2022, 4, 8), date(2022, 4, 8))
    assert date(2024, 9, 14) in one.amendments
    days = {"2022-06-15": "listed", "2021-06-15": "unknown", "2024-03-15": "unknown", "2024-04-01": "not listed",
            "2020-12-31": "not listed"}  # fmt: skip
    assert {day: two.on(date.fromisoformat(day))[0] for day in days} == days
    assert three.on(date(2026, 7, 24))[0] == "listed" and three.on(date(2026, 7, 23))[0] == "unknown"
    assert "start not stated" in three.on(date(2020, 1, 1))[1]


def test_61_a_listing_date_shows_presence_and_not_the_start(tmp_path):
    (tmp_path / "ftm.json").write_text(
        '{"id": "e", "schema": "Company", "properties": {"name": ["X"]}}\n'
        '{"id": "s", "schema": "Sanction", "properties": {"entity": ["e"], "listingDate": ["2024-09"]}}\n'
    )
    (one,) = read_ftm(tmp_path / "ftm.json", date(2026, 1, 1))
    days = {"2024-08-31": "unknown", "2024-09-15": "unknown", "2024-09-30": "listed", "2026-01-01": "listed",
            "2026-01-02": "unknown"}  # fmt: skip
    assert {day: one.on(date.fromisoformat(day))[0] for day in days} == days


def test_61_bad_date_is_named(tmp_path):
    (tmp_path / "bad.json").write_text(
        '{"id": "e", "schema": "Company", "properties": {"name": ["X"]}}\n'
        '{"id": "s", "schema": "Sanction", "properties": {"entity": ["e"], "startDate": ["2021-13"]}}\n'
    )
    with pytest.raises(InputError, match=r"bad.json line 2, startDate: '2021-13'"):
        read_ftm(tmp_path / "bad.json", date(2026, 1, 1))


def test_64_expired_without_end_date(traps):
    file = traps / "64_expired_without_end_date.csv"
    one, two = read_consolidated(file, date(2026, 7, 24))
    state, why = one.on(date(2022, 10, 7))
    assert (state, why) == ("listed", "listed in the file of 2026-07-24, end unknown")
    assert two.on(date(2020, 2, 2))[0] == "listed" and two.on(date(2020, 2, 3))[0] == "not listed"
    given = {"y1": (date(2020, 2, 3), "notice of the user")}
    corrected = read_consolidated(file, date(2026, 7, 24), given)[0].on(date(2022, 10, 7))
    assert corrected == ("not listed", "ended on 2020-02-03 (notice of the user)")


def test_listings_of_a_file_join_a_regime(regimes, tmp_path):
    (tmp_path / "list.json").write_text(
        '[{"id": "x1", "list_id": "cn-export-control-watchlist", "entity_name": "Sample Works Co., Ltd.", '
        '"aliases": ["样本工厂"], "date_added": "2026-02-24", "reason": null, "source_url": "list of 2026-02-24"},'
        '{"id": "x2", "list_id": "cn-attention-list", "entity_name": "Undated Sample", "aliases": [], '
        '"date_added": null}]'
    )
    lists = {"cn-export-control-watchlist": "cn-control-list"}
    found = read_entities(tmp_path / "list.json", date(2026, 7, 24), lists)
    assert [entry.id for entry in matches(found, "样本工厂")] == ["x1"] and not matches(found, "Sample")
    wider = with_listings(regimes["CHN"], found, "file-2026-07", "party file of 2026-07-24")
    ask = {"item": "TERBIUM", "destination": "JPN"}
    assert kind(wider, day="2026-02-23", party="样本工厂", destination="JPN", item="TERBIUM") == "individual"
    hit = licence(wider, on="2026-02-24", party="sample works co., ltd.", **ask)
    assert hit.kind == "prohibited" and "party file of 2026-07-24" in hit.party[0]
    assert licence(wider, on="2026-07-24", party="Undated Sample", **ask).ground == "CN-PL-ATT"
    before = licence(wider, on="2026-07-01", party="Undated Sample", **ask)
    assert before.kind == "individual" and "not known" in before.party[0]


# --- T63: customs codes and control numbers ------------------------------------------------------------------------


def test_63_dual_use_correlation(traps):
    table = read_correlation(traps / "63_dual_use_correlation.csv")
    pairs = table.pairs
    assert len(pairs) == 6 and pairs["cn_code"].notna().sum() == 5
    film = table.items("392099")
    assert set(film["item"]) == {"1A003", "1C009.b"} and set(zip(film["share_lo"], film["share_hi"], strict=True)) == {
        (0, 1)
    }
    wafers = table.items("381800")
    assert set(wafers["item"]) == {"3C005", "3C006"} and "3818001010" in set(wafers["taric"].dropna())
    assert set(table.items("281111")["item"]) == {"1C350.14"}
    assert table.codes("3E001")["cn_code"].isna().all() and len(table.codes("3E001")) == 1
    with pytest.raises(InputError):
        table.items("HF")


@pytest.mark.parametrize("code", ["8542319", "281111001", "28111", "000000", "HF281111", "28111100.0", "2811-11"])
def test_a_customs_code_that_is_none_pairs_with_nothing(tmp_path, code):
    (tmp_path / "c.csv").write_text(f"cn_code,taric,dualuse\n28111100,,1C350.14\n{code},,3A001\n")
    with pytest.raises(InputError, match=f"line 3, cn_code: '{code}'; allowed: .*8 or 10 digits.*zero in front"):
        read_correlation(tmp_path / "c.csv")


@pytest.mark.parametrize("code", ["2811 11 00", "2811.11.00", "２８１１１１００", "28111100"])
def test_a_pair_is_one_pair_however_its_code_is_written(tmp_path, code):
    text = f"cn_code,taric,dualuse\n28111100,,1C350.14\n{code},,1C350.14\n{code},2811110010,1C350.14\n"
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    table = read_correlation(tmp_path / "c.csv")
    assert table.pairs["taric"].isna().tolist() == [True, False] and set(table.pairs["hs6"]) == {"281111"}
    assert table.notes == ("c.csv lines 2 and 3 hold one pair: read once",)


@pytest.mark.parametrize(("row", "told"), [
    ("28111100,,1C350.14,0.2,0.4", "lines 2 and 3 give one pair several shares"),
    ("28111100,3818001010,1C350.14,,", "taric: 3818001010; allowed: a code that begins with cn_code 28111100"),
    ("28111100,,3A001,0.5,0.4", "0.5 above share_hi 0.4")])  # fmt: skip
def test_pairs_that_contradict_are_told_apart(tmp_path, row, told):
    (tmp_path / "c.csv").write_text(f"cn_code,taric,dualuse,share_lo,share_hi\n28111100,,1C350.14,,\n{row}\n")
    with pytest.raises(InputError, match=told):
        read_correlation(tmp_path / "c.csv")


@pytest.mark.parametrize(("name", "sign"), [("r.csv", ";"), ("r.tsv", "\t"), ("r.csv", "\t"), ("r.csv", "|")])
def test_a_table_of_rules_is_read_by_its_own_separator(traps, tmp_path, name, sign):
    rows = [cells for _, cells in csv_rows((traps / "49_adjacent_rules.csv").open(newline=""), "r")]
    with (tmp_path / name).open("w", newline="") as out:
        csv.writer(out, delimiter=sign).writerows(rows)
    assert load_regimes(tmp_path / name)["JPN"].rows == read_rules(traps / "49_adjacent_rules.csv")["JPN"].rows
    assert check_regime(tmp_path / name).ok
    text = (tmp_path / name).read_text().replace("2019-07-04", "04/07/2019")
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=rf"{name} line 2, valid_to: '04/07/2019'"):
        load_regimes(tmp_path / name)


def test_a_plain_table_is_checked_and_asked_like_any_regime(traps):
    file = traps / "49_adjacent_rules.csv"
    assert check_regime(file).ok
    regimes = load_regimes(file)
    assert licence(regimes, exporter="JPN", item="HF", destination="KOR", on="2019-07-04").kind == "individual"
    with pytest.raises(RuleConflict):
        check_regime(traps / "50_overlapping_rules.csv")
