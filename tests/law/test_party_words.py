"""A listed firm does not pass by how its name stands in a text: beside others, under a role, short."""

import itertools
import runpy
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.law import compare_parties, licence, load_regimes, names, read_parties, screen
from geoecon.law.party_hits import hits

SHIPBUILDER = "Mitsubishi Shipbuilding Co., Ltd."  # control list of China since 2026-02-24


def kind(party, to="JPN", item="TERBIUM", on="2026-03-10"):
    return licence(exporter="CHN", destination=to, item=item, on=on, party=party).kind


@pytest.mark.parametrize("text", [
    "consignee Toyota Tsusho, end user {}", "Consignee: Toyota Tsusho / End-user: {}", "Toyota Tsusho; {}",
    "Toyota Tsusho on behalf of {}", "Toyota Tsusho (end user: {})", "ultimate consignee {}", "buyer: {}",
    "Toyota Tsusho c/o {}", "收货人：丰田通商，最终用户：{}", "Toyota Tsusho, formerly known as {}",
])  # fmt: skip
def test_each_name_of_a_text_is_compared(text):
    assert kind(text.format(SHIPBUILDER)) == "prohibited"


@pytest.mark.parametrize("text", ["Toyota Tsusho, {}", "{}, Yokohama branch", "Kobe office of {}"])
def test_a_listed_name_inside_another_is_to_be_checked(text):
    assert kind(text.format(SHIPBUILDER)) == "unknown"


@pytest.mark.parametrize("text", [
    "Lockheed Martin Corporation, Bethesda, MD", "Lockheed Martin Corporation Attn: Mr Smith", "Lockheed Martin Space",
    "Lockheed", "General Dynamics, Reston, Virginia", "General Dynamics Mission Sys", "Raytheon Technologies",
    "Boeing Defense", "Raytheon Missile Sys", "Applied Technologies", "USA Rare", "Axient Singapore Branch",
])  # fmt: skip
def test_an_address_and_more_or_less_of_the_name_clear_nobody(text):
    assert kind(text, "USA", on="2026-07-20") == "unknown"


@pytest.mark.parametrize("name", [
    "MHI", "MHI Special", "Mitsubishi Heavy", "IHI Aero", "Mitsubishi Heavy Ind Shipbuilding Co.",
    "Natl Institute for Defence Studies",
])  # fmt: skip
def test_short_forms_of_words_and_of_groups_are_to_be_checked(name):
    assert kind(name, on="2026-07-20") in ("unknown", "prohibited")


def test_other_firms_pass_and_the_courtesy_before_a_name_is_none_of_it():
    for name in ("General Electric", "Applied Materials", "Microsoft"):
        assert kind(name, "USA", on="2026-05-01") == "individual"
    assert kind("Messrs. General Dynamics", "USA", on="2026-05-01") == "prohibited"
    assert kind("Acquisition, Technology & Logistics Agency", on="2026-05-01") == "prohibited"  # a military body


@pytest.mark.parametrize("text", ["{} Attn: Mr Wu", "{}, Bantian, Shenzhen", "HUAWEI TECH CO LTD", "Hangzhou Hikvision",
                                  "Inspur"])  # fmt: skip
def test_a_listed_name_with_its_short_one_in_brackets_is_found_inside(text):
    name = text.format("Huawei Technologies Co., Ltd.")
    answer = licence(exporter="USA", destination="CHN", item="EAR99", on="2026-05-01", party=name)
    assert answer.kind == "unknown" and answer.party[0].startswith("check: ")


@pytest.mark.parametrize(
    "name",
    [
        "VIA Technologies, Inc.",
        "User Friendly Ltd",
        "Bank of China",
        "Customer Care Ltd",
        "Agent Provocateur",
        "The Consignee Company",
        "Huawei Technologies Co., Ltd.",
    ],
)
def test_a_role_inside_a_name_parts_nothing(name):
    assert names.several(name) == [name]


@pytest.mark.parametrize(("name", "to"), [("AIDC", "TWN"), ("NCSIST", "TWN"), ("CSBC", "TWN"), ("GDLS", "USA"),
                                          ("三菱", "JPN"), ("三菱重工", "JPN")])  # fmt: skip
def test_a_short_name_of_a_listed_firm_is_to_be_checked(name, to):
    assert kind(name, to) == "unknown"


def test_the_order_of_rows_changes_no_verdict():
    rows = [("CHN", "JPN", "TERBIUM", "2026-03-01", name)
            for name in ("三菱", "三菱重工業株式会社", "日立", "Siemens AG", SHIPBUILDER, "AIDC")]  # fmt: skip
    single = [licence(exporter=a, destination=b, item=c, on=d, party=e).kind for a, b, c, d, e in rows]
    for order in itertools.islice(itertools.permutations(range(len(rows))), 0, 720, 97):
        table = pd.DataFrame([rows[k] for k in order], columns=["from", "to", "item", "date", "party"])
        assert list(screen(table).column("kind")) == [single[k] for k in order]


CLERKS = {
    "address": "{}, Bethesda, MD", "person": "{} Attn: Mr Smith", "title": "Messrs. {}, Warehouse 3",
    "branch": "{} Singapore Branch", "country": "{} Singapore", "shortened": "{}",
}  # fmt: skip
SHORTENED = {"Technologies": "Tech", "Technology": "Tech", "Industries": "Ind", "Systems": "Sys", "Defense": "Defence",
             "International": "Intl", "Manufacturing": "Mfg", "National": "Natl", "Aerospace": "Aero",
             " & ": " and "}  # fmt: skip


@pytest.mark.parametrize("kind", CLERKS)
def test_no_listed_name_is_lost_by_what_clerks_make_of_it(kind):
    chinese = load_regimes()["CHN"]
    listed = {row["party"] for row in chinese.rows["party_listing"] if row["party"].isascii()}
    assert len(listed) > 80
    for name in sorted(listed):
        text = CLERKS[kind].format(name)
        for whole, short in SHORTENED.items() if kind == "shortened" else ():
            text = text.replace(whole, short)
        assert hits(chinese, text), text
        words = names.words_of(name)
        assert all(hits(chinese, " ".join(words[:count])) for count in range(2, len(words))), name


def test_names_on_no_list_raise_few_alarms_on_a_list_that_clears():
    made = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "party_names.py"))["made_names"](2000)
    assert sum(bool(hits(load_regimes()["CHN"], name)) for name in made) <= 10


def test_a_party_that_is_empty_and_days_the_wrong_way_round_are_refused(tmp_path):
    from geoecon.cli import main

    for day, name in (("2025-01-01", "A Corp"), ("2025-06-01", "A Corporation")):
        (tmp_path / f"{day}.csv").write_text(f"name\n{name}\n")
    first, second = (read_parties(tmp_path / f"{day}.csv", date.fromisoformat(day), "us-entity-list")
                     for day in ("2025-01-01", "2025-06-01"))  # fmt: skip
    assert [row[2] for row in compare_parties(first, second).rows] == ["listed"]
    with pytest.raises(InputError, match="a later day"):
        compare_parties(second, first)
    (tmp_path / "none.csv").write_text("name\n")
    with pytest.raises(InputError, match="at least one name"):
        read_parties(tmp_path / "none.csv", date(2025, 1, 1), "us-entity-list")
    asked = ["licence", "--from", "USA", "--to", "China", "--item", "EAR99"]
    for more in (["--party", " "], ["--history", "--memo"], ["--history", "--on", "2025-01-01"], ["--memo", "--json"]):
        with pytest.raises(SystemExit, match="2"):
            main([*asked, *more])


@pytest.mark.parametrize(
    "name",
    ["Palantir and Lockheed Martin Corporation", "Palantir (for Lockheed Martin)",
     "Sikorsky (a Lockheed Martin Company)", "DHL for General Dynamics", "KHI", "Skydio Trading", "Boeing Korea"],
)  # fmt: skip
def test_more_or_less_of_a_listed_name_is_checked(name):
    assert hits(load_regimes()["CHN"], name)


def test_a_name_of_many_entries_tells_a_few_and_how_many_more():
    answer = licence(exporter="USA", destination="CHN", item="EAR99", on="2026-05-01", facts={"party": "Beijing"})
    assert 3 <= len(answer.party) <= 10
    assert any("more entries" in line for line in answer.party)


@pytest.mark.parametrize(
    "name",
    ["US Marine Corps", "USAF", "DoD", "United States Space Force", "U.S. Coast Guard", "National Guard Bureau",
     "DARPA", "Air Force Research Laboratory", "Naval Sea Systems Command", "Naval Surface Warfare Center",
     "Missile Defense Agency", "Defense Logistics Agency", "Army Corps of Engineers", "Special Operations Command",
     "Defense Advanced Research Projects Agency", "West Point Military Academy", "Redstone Arsenal", "JMSDF"],
)  # fmt: skip
def test_bodies_of_armed_forces_by_their_names(name):
    assert names.military(name)
    assert not any(map(names.military, ("Arsenal Football Club", "Fort Worth Steel", "Salvation Army", "Old Navy")))


@pytest.mark.parametrize(
    "name",
    ["Foo for Huawei", "Foo for Huawei Technologies Co., Ltd.", "Huawei Trading", "SMIC Trading", "Palantir and Huawei",
     "Foo & Huawei Technologies Co., Ltd."],
)  # fmt: skip
def test_a_listed_name_beside_more_is_checked_on_a_list_that_clears_nobody_too(name):
    answer = licence(exporter="USA", destination="CHN", item="EAR99", on="2024-06-01", facts={"party": name})
    assert answer.kind == "unknown" and answer.party[0].startswith("check: ")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("BAE Systems plc", "unknown"), ("BAE Systems GmbH", "unknown"), ("BAE SYSTEMS INC", "prohibited"),
     ("BAE Systems", "prohibited"), ("BAE Systems Corp.", "prohibited")],
)  # fmt: skip
def test_the_legal_form_of_another_law_is_checked(name, wanted):
    assert kind(name, "USA", on="2026-05-01") == wanted


@pytest.mark.parametrize(
    "name",
    ["Mitsubishi Heavy Industry Shipbuilding Co.", "Mitsubishi Heavy Indus. Shipbuilding Co.",
     "Mitsubishi Heavy Industr. Shipb. Co.", "Mitsubishi Heavies Industries Shipbuilding Co."],
)  # fmt: skip
def test_a_word_in_the_other_number_or_cut_short_is_nearly_the_listed_one(name):
    answer = licence(exporter="CHN", destination="JPN", item="LIST", on="2026-03-10", party=name)
    assert answer.kind == "unknown" and any("near match" in line for line in answer.party), answer.party


def test_the_user_behind_for_is_checked_where_the_list_has_no_such_alias():
    for name, found in (("Foo for Huawei", True), ("Foo for SMIC", True), ("Institute for Technology", False)):
        answer = licence(exporter="TWN", destination="CHN", item="UNLISTED", on="2025-07-01", party=name)
        assert answer.kind == "unknown" and answer.party[0].startswith("check: ") is found, answer.party


@pytest.mark.parametrize("text", ["?", "***", "(-)"])
@pytest.mark.parametrize("exporter", ["CHN", "JPN", "USA", "DEU"])
def test_a_name_without_a_letter_clears_nobody(text, exporter):
    regimes = load_regimes()
    item = next(name for name in ("UNLISTED", "EAR99") if name in regimes[{"DEU": "EU"}.get(exporter, exporter)].items)
    answer = licence(exporter=exporter, destination="KOR", item=item, on="2024-05-05", party=text)
    assert any("not found" in told for told in answer.party)
