"""A listed firm does not pass by how its name stands in a text: beside others, under a role, short."""

import itertools

import pandas as pd
import pytest

from geoecon.law import licence, names, screen

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
