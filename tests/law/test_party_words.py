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
