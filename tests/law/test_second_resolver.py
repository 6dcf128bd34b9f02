"""Two resolvers that share no code give the same answer to random questions; what must not count does not."""

import random
from datetime import date

import pytest
from plain_resolver import UNKNOWN, Law, day_of

from geoecon.law import Regime, licence, vocabulary
from geoecon.law.asked_facts import of_any_goods
from geoecon.law.one_day import on_day
from geoecon.law.read_regimes import BUILT_IN, _built_in
from geoecon.law.vocabulary import spread

FACTS = {
    "end_user_class": ["military", "civil"], "end_use_class": ["military", "civil", "nuclear"],
    "catch_all_use": ["military", "conventional_military", "wmd", "nuclear", "missile", "terrorism"],
    "catch_all_trigger": ["knowledge", "suspicion", "inform_notice"], "exporter_icp": ["yes", "no"],
    "wt_pct": ["25", "30", "49"], "tpp": ["1000", "4800", "30000"], "performance_density": ["2", "6"],
    "value_usd": ["1000", "9000"], "value_jpy": ["40000", "2000000"], "general_licence_held": ["yes", "no"],
    "general_licence_registered": ["yes", "no"], "global_authorisation_held": ["yes", "no"],
    "wavelength_nm": ["13.5", "248"], "named_goods": ["yes", "no"],
    "food_or_medicine": ["yes", "no"], "civil_end_use": ["yes", "no"], "pair_licences_12m": ["5", "6"],
    "exports_same_buyer_24m": ["2", "3"], "contract_years": ["1", "2"], "memory_bandwidth_density": ["2", "5"],
}  # fmt: skip
PLACES = ["KOR", "JPN", "USA", "CHN", "DEU", "RUS", "BLR", "IRN", "PRK", "SYR", "CUB", "MAC", "HKG", "SAU", "ARE",
          "ISR", "IND", "BRA", "SGP", "TWN", "GBR", "MMR", "BGR", "ERI", "CIV", "VEN", "MEX", "ARG"]  # fmt: skip


def question(draw, law, regime):
    exporters = sorted(regime.places - {"EUU"})
    facts = {name: draw.choice(FACTS[name]) for name in draw.sample(sorted(FACTS), draw.choice([0, 0, 1, 2, 4]))}
    lists = [row["list"] for row in law.get("party_list")]
    if lists and draw.random() < 0.15:
        facts["party_list"] = draw.choice(lists)
    if draw.random() < 0.15:
        facts["parent_place"] = draw.choice(PLACES)
    edges = [row["valid_from"] for row in law.get("licence_rule")] + [
        r["known_through"] for r in law.get("licence_rule")
    ]
    day = date.fromisoformat(draw.choice(edges)).toordinal() + draw.randint(-40, 40)
    day = draw.choice([day, draw.randint(date(2004, 1, 1).toordinal(), date(2027, 1, 1).toordinal())])
    return {"from": draw.choice(exporters), "to": draw.choice(PLACES), "item": draw.choice(sorted(law.items)),
            "facts": facts, "day": day_of(day)}  # fmt: skip


def compare(name, number, seed):
    law, regime, draw = Law(name), _built_in(name), random.Random(seed)
    asked = 0
    while asked < number:
        q = question(draw, law, regime)
        try:
            q["facts"] = spread(q["facts"])
        except ValueError:  # civil and not civil at once
            continue
        asked += 1
        found = on_day(regime, q["item"], q["to"], q["from"], q["facts"], date.fromisoformat(q["day"]))
        assert found.kind == law.answer(q), (q, found.reasons)
        assert found.known == (found.kind != UNKNOWN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_two_resolvers_agree(name):
    compare(name, 250, seed=20)


@pytest.mark.nightly
@pytest.mark.parametrize("name", BUILT_IN)
def test_two_resolvers_agree_on_a_hundred_thousand_questions(name):
    compare(name, 12_500, seed=26)


@pytest.mark.parametrize("name", BUILT_IN)
def test_order_of_rows_case_and_width_do_not_count(name):
    law, regime, draw = Law(name), _built_in(name), random.Random(5)
    backwards = Regime(regime.id, {table: rows[::-1] if table in ("licence_rule", "catch_all", "group_member") else rows
                                   for table, rows in regime.rows.items()})  # fmt: skip
    for _ in range(60):
        q = question(draw, law, regime)
        try:
            facts = spread(q["facts"])
        except ValueError:
            continue
        ask = (q["item"], q["to"], q["from"], facts, date.fromisoformat(q["day"]))
        assert on_day(regime, *ask).kind == on_day(backwards, *ask).kind
        told = {"tpp", "performance_density", "memory_bandwidth_density", "wavelength_nm"}  # may make other goods of it
        asked = vocabulary.tested([regime]).keys() - told | of_any_goods()
        q["facts"] = {name: value for name, value in q["facts"].items() if name in asked}
        one = licence(regime, exporter=q["from"], destination=q["to"], item=q["item"], on=q["day"], facts=q["facts"])
        wide = q["item"].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        shouted = {
            key.upper(): str(value).upper() if key != "party_list" else value for key, value in q["facts"].items()
        }
        two = licence(
            regime, exporter=q["from"].lower(), destination=q["to"].lower(), item=wide, on=q["day"], facts=shouted
        )
        assert (one.kind, one.ground) == (two.kind, two.ground), q


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_rule_in_force_decides_or_is_shown_at_least_once(name):
    """The clause of each row can be met: some question, on a day of its validity, shows it."""
    regime = _built_in(name)
    shown = set()
    facts_of = {"end_user_class": "end_user_class", "end_use_class": "end_use_class"}
    for row in regime.rows["licence_rule"]:
        day = row["valid_from"]
        exporters = [row["authority_place"]] if row["authority_place"] else sorted(regime.places - {"EUU"})[:1]
        groups = [place for group in row["group"] for place in regime.members.get((row["system"], group), {})]
        places = [row["place"]] if row["place"] not in (None, "*") else [*PLACES, *groups[:40]]
        facts = {name: row[name] for name in facts_of if row[name] not in (None, "any")}
        facts |= {"party_list": row["party_list"]} if row["party_list"] else {}
        for place in places:
            said = facts | ({"parent_place": place} if row["group_of"] == "end_user_parent" else {})
            for item in row["item"]:
                codes = (
                    [item] if item in regime.items else [c for c, i in regime.items.items() if item[7:] in i["reasons"]]
                )
                for code in codes:
                    found = on_day(regime, code, place, exporters[0], said, day)
                    shown |= {*found.rows, *found.suspended, *found.announced, *found.reported}
            if row["rule_id"] in shown:
                break
    reasons = {f"reason:{reason}" for row in regime.items.values() for reason in row["reasons"]}
    reachable = {row["rule_id"] for row in regime.rows["licence_rule"]
                 if any(item in regime.items or item in reasons for item in row["item"])}  # fmt: skip
    assert reachable - shown == set()
