"""Goods with narrower ones, names in other writings, chips by name and day: asked or found, never guessed."""

import pytest

from geoecon.cli.licence_words import in_words
from geoecon.errors import InputError
from geoecon.law import licence, licence_history, names, screen, vocabulary
from geoecon.law.desk import desk


def ask(exporter, destination, item, on, **facts):
    return licence(exporter=exporter, destination=destination, item=item, on=on, facts=facts)


@pytest.mark.parametrize("facts", [{"end_use": "military"}, {"end_user": "military"},
                                   {"end_use": "military", "catch_all_trigger": "knowledge"}])  # fmt: skip
@pytest.mark.parametrize("place", ["CHN", "VNM"])
def test_goods_with_narrower_ones_that_a_row_catches_are_asked(place, facts):
    answer = ask("JPN", place, "UNLISTED", "2025-10-10", **facts)
    assert answer.kind == "unknown" and "named_goods" in answer.missing
    assert "row 16(1)" in answer.sentence()


def test_the_answer_to_the_question_settles_it():
    said = {"end_use": "military"}
    yes = ask("JPN", "CHN", "UNLISTED", "2025-10-10", named_goods="yes", **said)
    assert (yes.kind, yes.ground) == ("individual", "JP-CA-CW1-25")
    assert ask("JPN", "CHN", "UNLISTED", "2025-10-10", named_goods="no", **said).kind == "none"
    card = desk("JPN", "CHN", "UNLISTED", "2025-10-10", said)
    (question,) = (one for one in card.questions if one["fact"] == "named_goods")
    assert {one["value"]: one["kind"] for one in question["options"]} == {"yes": "individual", "no": "none"}
    assert "row 16(1)" in card.memo


def test_a_screened_file_asks_the_same(tmp_path):
    file = tmp_path / "shipments.csv"
    file.write_text("exporter,destination,item,date,end_use\nJPN,CHN,UNLISTED,2025-10-10,military\n"
                    "USA,CHN,A800,2022-12-01,\nUSA,CHN,A800,2024-01-10,\n")  # fmt: skip
    found = screen(file)
    assert not found.answer(0).known and "named_goods" in found.answer(0).missing
    assert [found.answer(line).kind for line in (1, 2)] == ["none", "individual"]


@pytest.mark.parametrize("name", ["JAXA", "宇宙航空研究開発機構", "防衛大学校", "Mitsubishi Shipbuilding Co., Ltd.",
                                  "三菱重工航空エンジン株式会社", "IHI Jet Services", "Fujitsu Defense", "IHI原動機",
                                  "MHI Aero Engines", "日本飛行機"])  # fmt: skip
def test_a_listed_buyer_does_not_pass_under_another_name(name):
    assert ask("CHN", "JPN", "GALLIUM", "2026-07-01", party=name).kind in ("prohibited", "unknown")


def test_not_found_in_a_writing_that_the_list_lacks_is_not_cleared():
    for name in ("ソニー株式会社", "三菱電機", "삼성전자", "Газпром"):
        assert ask("CHN", "JPN", "GALLIUM", "2026-07-01", party=name).kind == "unknown", name
    for name in ("Siemens AG", "小米科技有限公司"):
        assert ask("CHN", "DEU", "GALLIUM", "2026-07-01", party=name).kind == "individual", name
    assert names.key_of("日本電気航空宇宙") == names.key_of("日本电气航空宇宙")


def test_a_metal_is_more_than_its_entry():
    for item in ("indium", "molybdenum"):
        answer = ask("CHN", "DEU", f"{item} metal", "2025-10-10")
        assert {code for code, _, _ in answer.choices} == {item.upper(), "UNLISTED"}
    for item in ("indium phosphide", "trimethylindium", "molybdenum powder"):
        assert ask("CHN", "DEU", item, "2025-10-10").kind == "individual"
    assert "indium phosphide" in str(desk("CHN", "DEU", "indium phosphide", "2025-10-10").clause["summary"])


def test_chips_by_name_on_their_day():
    for chip, day, kind in (("A800", "2022-12-01", "none"), ("H800", "2023-06-01", "none"),
                            ("A100", "2022-12-01", "individual"), ("A800", "2023-12-01", "individual")):  # fmt: skip
        assert ask("USA", "CHN", chip, day).kind == kind, chip
        history = licence_history(exporter="USA", destination="CHN", item=chip)
        assert next(step.kind for start, end, step in history.steps
                    if str(start) <= day and (end is None or day < str(end))) == kind  # fmt: skip
    card = desk("USA", "CHN", "H200", "2026-01-20")
    assert "tpp" not in card.answer.missing and "_" not in card.sentence and "do not ship" not in card.sentence


def test_a_day_inside_a_link_stays_as_it_is():
    link = "https://www.govinfo.gov/content/pkg/FR-2026-01-15/html/2026-00789.htm"
    assert in_words(f"since 2026-01-15, {link}") == f"since 15 January 2026, {link}"


def test_an_unknown_fact_names_near_ones():
    with pytest.raises(InputError, match="notice_received"):
        ask("JPN", "CHN", "UNLISTED", "2025-10-10", notice_recieved="yes")
    assert vocabulary.in_words("tpp<21000") == "total processing performance below 21,000"
