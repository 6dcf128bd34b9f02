"""Wrong answers that were met once: none where a licence is due, names missed by a full stop, words not understood."""

from pathlib import Path

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.law import licence, load_regimes, reached, read_regime, screen

TRAPS = Path(__file__).parent / "traps2"


def ask(exporter, destination, item, on, **facts):
    return licence(exporter=exporter, destination=destination, item=item, on=on, facts=facts)


# --- no wrong "none" ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exporter", "destination", "item", "day"),
    [("USA", "RUS", "EAR99", "2026-07-01"), ("USA", "BLR", "EAR99", "2023-03-01"),
     ("DEU", "RUS", "UNLISTED", "2024-01-01"), ("DEU", "PRK", "UNLISTED", "2024-01-01"),
     ("DEU", "IRN", "UNLISTED", "2024-01-01"), ("JPN", "RUS", "UNLISTED", "2023-05-01"),
     ("KOR", "RUS", "UNLISTED", "2024-05-01"), ("KOR", "PRK", "UNLISTED", "2020-01-01"),
     ("GBR", "RUS", "UNLISTED", "2024-01-01"), ("GBR", "PRK", "UNLISTED", "2024-01-01"),
     ("CHN", "PRK", "UNLISTED", "2024-01-01"), ("TWN", "RUS", "UNLISTED", "2024-01-01")],
)  # fmt: skip
def test_a_place_for_which_the_tables_name_a_gap_is_unknown_never_none(exporter, destination, item, day):
    answer = ask(exporter, destination, item, day)
    assert (answer.kind, answer.known) == ("unknown", False)


def test_japan_bans_all_exports_to_north_korea():
    assert ask("JPN", "PRK", "UNLISTED", "2020-01-01").kind == "prohibited"


def test_no_licence_only_under_a_condition_that_was_not_said_is_unknown():
    assert ask("CHN", "DEU", "NEXPERIA", "2025-12-01").kind == "unknown"
    assert ask("CHN", "DEU", "NEXPERIA", "2025-12-01", civil_end_use="no").kind == "prohibited"
    assert ask("CHN", "DEU", "NEXPERIA", "2025-12-01", end_use="civil").kind == "none"


@pytest.mark.parametrize("name", ["Example Trading Shanghai", "Nobody GmbH"])
def test_a_party_is_not_cleared_by_a_list_that_is_an_extract(name):
    answer = ask("USA", "CHN", "EAR99", "2024-06-01", party=name)
    assert answer.kind == "unknown" and "not cleared" in answer.sentence()
    with pytest.raises(InputError, match="not cleared"):
        licence(exporter="USA", destination="CHN", item="EAR99", on="2024-06-01", party=name, strict=True)


@pytest.mark.parametrize(("exporter", "item"), [("GBR", "UNLISTED"), ("DEU", "UNLISTED"), ("KOR", "UNLISTED")])
def test_a_party_named_where_no_list_is_whole_is_unknown(exporter, item):
    assert ask(exporter, "JPN", item, "2024-01-01", party="Nobody GmbH").kind == "unknown"


def test_not_found_is_not_cleared_stands_in_words_and_table_with_the_number_of_names():
    shipments = pd.read_csv(TRAPS / "no-party-list-loaded" / "shipments.csv", keep_default_na=False)
    frame = screen(TRAPS / "no-party-list-loaded" / "shipments.csv").to_frame()
    assert list(frame["licence"]) == ["unknown" if "Example" in p else "individual" if p else "none"
                                      for p in shipments["party"]]  # fmt: skip
    assert "not found among" in frame["party (answer)"][1] and "not cleared" in frame["party (answer)"][1]
    assert list(frame["party"]) == list(shipments["party"])  # as given
    assert "party" in frame["missing"][2]
    whole = ask("CHN", "JPN", "gallium", "2026-07-01", party="Nobody GmbH")
    assert whole.kind == "individual"
    assert "names of CHN read on 5 October 2026: not found is not cleared" in whole.sentence()


# --- names ----------------------------------------------------------------------------------------------------


def test_a_full_stop_does_not_turn_prohibited_into_licensable():
    found = screen(TRAPS / "company-name-punctuation" / "shipments.csv").to_frame()
    assert list(found["licence"]) == ["prohibited", "prohibited", "prohibited", "individual"]
    found = screen(TRAPS / "company-name-punctuation" / "shipments_attention.csv").to_frame()
    assert list(found["ground"]) == ["CN-PL-ATT"] * 4


@pytest.mark.parametrize("name", ["HUAWEI TECHNOLOGIES CO LTD", "Huawei Technologies", "huawei technologies co., ltd",
                                  "Ｈｕａｗｅｉ Technologies Co.,Ltd.", "华为技术有限公司", "华为技术"])  # fmt: skip
def test_spellings_of_a_listed_name_are_listed(name):
    assert ask("USA", "CHN", "EAR99", "2025-05-05", party=name).ground == "US-EL"


@pytest.mark.parametrize("name", ["Yangtze Memory Technology", "Huawei", "Huawey Technologies Company", "YMTC"])
def test_near_and_short_names_must_be_checked(name):
    answer = ask("USA", "CHN", "EAR99", "2025-05-05", party=name)
    assert answer.kind == "unknown" and any("check" in told for told in answer.party)


def test_a_place_that_speaks_against_the_listing_must_be_checked():
    answer = ask("USA", "CHN", "EAR99", "2025-05-05", party="Huawei Technologies", party_place="France")
    assert answer.kind == "unknown" and "the entry is of CHN, the party of FRA" in answer.party[0]


def test_a_name_in_a_script_that_the_rows_lack_is_said_so():
    answer = ask("CHN", "JPN", "gallium", "2026-07-01", party="स्वदेशी")
    assert "no transliteration" in answer.sentence()


# --- the ten faults of the page on the law ----------------------------------------------------------------------


def test_the_review_policy_depends_on_facts():
    facts = {"tpp": 15832, "dram_bandwidth_gbs": 4800, "export_from_us": True}
    soft = ask("USA", "CHN", "3A090.a", "2026-01-15", **facts)
    assert (soft.review_policy, soft.verdict) == ("case_by_case", "case by case")
    hard = ask("USA", "CHN", "3A090.a", "2026-01-15", **facts | {"tpp": 36000})
    assert (hard.review_policy, hard.verdict) == ("presumption_denial", "refused as policy")
    assert ask("USA", "CHN", "3A090.a", "2026-01-15", tpp=15832).verdict == "refused as policy"  # what is not said


def test_a_folder_named_like_a_regime_does_not_replace_the_built_in_one(tmp_path, monkeypatch):
    (tmp_path / "eu").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_regimes("eu")["EU"] is load_regimes()["EU"]
    assert ask("DEU", "JPN", "LIST", "2023-01-01").ground == "EU-001"
    with pytest.raises(InputError, match="file is missing"):
        load_regimes("./eu")


def test_places_are_taken_out_of_a_row_about_all_places(own, rows):
    near = rows["licence_rule"][2] | {"system": "S", "group_except": "near"}
    regime = read_regime(own(licence_rule=[*rows["licence_rule"][:2], near]))
    kinds = {
        place: licence(regime, item="UNLISTED", destination=place, on="2020-01-01").kind for place in ("AUS", "BRA")
    }
    assert kinds == {"AUS": "unknown", "BRA": "none"}
    with pytest.raises(InputError, match="group_except"):
        read_regime(own(licence_rule=[*rows["licence_rule"][:2], near | {"place": ""}]))


def test_a_gap_does_not_hide_a_met_catch_all():
    answer = ask("USA", "RUS", "EAR99", "2026-07-01", catch_all_trigger="knowledge", catch_all_use="military")
    assert answer.kind == "individual"
    assert (
        ask("USA", "RUS", "EAR99", "2026-07-01", catch_all_trigger="knowledge", catch_all_use="wmd").ground
        == "US-CA-WMD"
    )


def test_exempt_places_uses_and_exporters_of_a_reach_row(own, rows, regimes):
    from datetime import date

    found = {entry.row: entry.caught for entry in
             reached(regimes["USA"], "3A090.a", "ISR", {"made_with_technology": "USA"}, date(2024, 6, 1))}  # fmt: skip
    assert found["US-RC-FDP-AC2"] is False  # in D:4 and in A:6
    found = {entry.row: entry.caught for entry in
             reached(regimes["USA"], "3A090.a", "SAU", {"made_with_technology": "USA"}, date(2024, 6, 1))}  # fmt: skip
    assert found["US-RC-FDP-AC2"] is True
    row = {"reach_id": "X", "kind": "fdp", "item": "LIST", "applies_to": "*", "state": "in_force",
           "valid_from": "2010-01-01", "end_use": "supercomputer", "system": "S",
           "exporter_exempt": "near"}  # fmt: skip
    regime = read_regime(own(reach=[row]))
    facts = {"made_with_technology": "NZL", "catch_all_use": "supercomputer"}
    told = {(exporter, use): reached(regime, "ACID", "BRA", facts | {"catch_all_use": use}, date(2020, 1, 1), exporter)
            for exporter in ("AUS", "BRA") for use in ("supercomputer", "civil", "")}  # fmt: skip
    caught = {key: entries[0].caught for key, entries in told.items()}
    assert caught == {("AUS", "supercomputer"): False, ("AUS", "civil"): False, ("AUS", ""): False,
                      ("BRA", "supercomputer"): True, ("BRA", "civil"): False, ("BRA", ""): None}  # fmt: skip


@pytest.mark.parametrize("order", [("nld", "eu"), ("eu", "nld")])
def test_every_regime_that_claims_a_place_is_asked(order):
    regimes = load_regimes(*order)
    tool = licence(regimes, exporter="NLD", destination="CHN", item="3B001.f.4", on="2025-01-01")
    assert tool.kind == "individual"
    assert licence(regimes, exporter="NLD", destination="CHN", item="LIST", on="2025-01-01").kind == "individual"


@pytest.mark.parametrize(
    ("exporter", "item", "use"),
    [("USA", "EAR99", "wmd"), ("USA", "EAR99", "nuclear"), ("JPN", "UNLISTED", "nuclear"),
     ("DEU", "UNLISTED", "missile"),
     ("KOR", "UNLISTED", "military"), ("KOR", "UNLISTED", "Military"), ("CHN", "UNLISTED", "WMD"),
     ("GBR", "UNLISTED", "chemical weapons"), ("TWN", "UNLISTED", "missiles")],
)  # fmt: skip
def test_words_for_uses_of_concern_are_those_of_every_regime(exporter, item, use):
    destination = "IND" if exporter == "CHN" else "CHN"
    for facts in ({"catch_all_use": use, "catch_all_trigger": "knowledge"}, {"end_use": use}):
        assert ask(exporter, destination, item, "2023-03-10", **facts).kind == "individual", facts


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [({"end_use": "militray"}, "military"), ({"catch_all_use": "foo"}, "military"),
     ({"end_user_class": "milit"}, "military"),
     ({"catch_all_trigger": "knowlege"}, "knowledge"), ({"exporter_icp": "maybe"}, "yes"),
     ({"tpp": "much"}, "a number"),
     ({"wt_pct": 130}, "0 to 100"), ({"party_list": "us-entity-lst"}, "us-entity-list"), ({"wtpct": 3}, "wt_pct"),
     ({"parent_place": "Atlantis"}, "ISO 3166"), ({"end_use": "civil;military"}, "one of them")],
)  # fmt: skip
def test_a_word_that_no_table_knows_is_refused_with_the_near_ones(facts, allowed):
    with pytest.raises(InputError, match=allowed):
        ask("USA", "CHN", "EAR99", "2023-03-10", **facts)


def test_all_bad_words_are_told_at_once():
    with pytest.raises(InputError) as caught:
        licence(exporter="Jpan", destination="Koria", item="HF", on="04/07/2019", end_use="militray", wtpct=3)
    assert len(caught.value.faults) == 5


def test_military_end_use_said_once_reaches_every_test_that_asks_it():
    for word in ("military", "Military", "MILITARY END USE", "military_end_use"):
        assert ask("CHN", "JPN", "DYSPROSIUM", "2026-03-01", end_use=word).kind == "prohibited"
        assert ask("CHN", "JPN", "DYSPROSIUM", "2026-03-01", catch_all_use=word).kind == "prohibited"
        assert ask("USA", "CHN", "3A991", "2023-03-10", end_use_class=word).ground == "US-MEU2"
        assert "military_intelligence" in ask("USA", "CHN", "EAR99", "2023-03-10", end_use=word).missing


def test_reach_without_an_end_says_so(regimes):
    from datetime import date

    found = {entry.row: entry.why for entry in
             reached(regimes["USA"], "3A090.a", "CHN", {"made_with_technology": "USA"}, date(2025, 6, 1))}  # fmt: skip
    assert found["US-RC-FDP-AC3"] == "not enforced, no end is known"
