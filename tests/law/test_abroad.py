"""Goods that another regime follows abroad: its verdict is never softened, whoever ships them and whatever they are
called."""

import random

import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.law import abroad, desk, load_regimes

ITEMS = {
    "USA": ["H100", "3A090.a", "H20", "HBM3E", "B200", "3A001", "6A005", "EAR99", "3B001.f.1", "chips", "3A991"],
    "CHN": ["gallium", "TERBIUM", "graphite", "rare earth magnets", "UNLISTED", "tungsten", "DRONE"],
}
EXPORTERS = ("DEU", "NLD", "JPN", "KOR", "TWN", "GBR", "SGP", "MYS", "IND", "FRA")
TARGETS = ("CHN", "RUS", "IRN", "USA", "JPN", "VNM", "ARE", "IND", "BLR", "TWN")
DAYS = ("2023-06-01", "2024-06-01", "2025-01-05", "2025-05-01", "2026-03-01", "2026-09-01")


def _questions(count):
    rng = random.Random(20)
    for _ in range(count):
        source = rng.choice(tuple(ITEMS))
        fact = rng.choice(("origin", "made_with_technology"))
        exporter = rng.choice([place for place in EXPORTERS if place != source])
        target = rng.choice([place for place in TARGETS if place not in (source, exporter)])
        yield source, {fact: source}, exporter, target, rng.choice(ITEMS[source]), rng.choice(DAYS)


@pytest.mark.parametrize("start", range(4))
def test_never_softer_than_the_regime_that_reaches_the_goods(start):
    asked = reached = 0
    for source, facts, exporter, target, item, day in list(_questions(240))[start::4]:
        answer = ge.licence(exporter=exporter, destination=target, item=item, on=day, facts=facts)
        asked += 1
        if not any(f"{source} " in note and " reaches " in note for note in answer.reach):
            continue
        reached += 1
        own = ge.licence(exporter=source, destination=target, item=item, on=day)
        rules = {name for row in load_regimes()[source].rows["reach"] for name in row.get("rules") or ()}
        if rules and own.kind != "unknown" and own.ground not in rules:
            continue  # a duty of exporters in that country, not of whoever sends the goods on
        if item == "UNLISTED":  # of the exporter's list: on the other or not is not said
            assert answer.verdict != "no licence", (answer.sentence(), facts)
        assert abroad.demand(answer) >= abroad.demand(own) or own.kind == "unknown", (answer.sentence(), own.sentence())
        if own.kind == "unknown":
            assert answer.verdict not in ("no licence", "general licence"), (answer.sentence(), own.sentence())
    assert asked == 60
    assert reached >= 10


def test_no_green_card_beside_a_regime_that_reaches_unnamed_goods():
    for source, facts, exporter, target, item, day in _questions(24):
        card = desk.desk(exporter, target, item, day, facts)
        sure = [other for other in card.others if other.get("reaches")]
        if card.verdict["word"] == "no licence" and sure:
            own = ge.licence(exporter=source, destination=target, item=item, on=day)
            assert own.kind == "none", (item, exporter, target, day, [other["text"] for other in sure])


@pytest.mark.parametrize(
    ("exporter", "target", "item", "day", "facts", "verdict"),
    [
        ("Germany", "USA", "gallium", "2025-05-01", {"origin": "CHN"}, "prohibited"),
        ("Japan", "USA", "gallium", "2025-05-01", {"origin": "CHN"}, "prohibited"),
        ("Vietnam", "USA", "gallium", "2025-05-01", {"origin": "CHN"}, "prohibited"),
        ("Germany", "USA", "UNLISTED", "2025-05-01", {"origin": "CHN"}, "not known"),
        ("Germany", "USA", "UNLISTED", "2025-05-01", {"origin": "CHN", "item_abroad": "UNLISTED"}, "no licence"),
        ("Germany", "USA", "UNLISTED", "2025-05-01", {"origin": "CHN", "item_abroad": "gallium"}, "prohibited"),
        ("Germany", "China", "3B001.f.4", "2024-06-01", {"origin": "USA", "foreign_content_pct": "30"}, "not known"),
        ("Netherlands", "China", "IMM-1970", "2024-06-01", {"origin": "USA"}, "not known"),
        ("Taiwan", "China", "H100", "2025-05-01", {"made_with_technology": "USA"}, "refused as policy"),
        ("Korea", "China", "H200", "2025-05-01", {"made_with_technology": "USA"}, "refused as policy"),
        ("Korea", "China", "H20", "2025-05-01", {"made_with_technology": "USA"}, "not known"),
        ("Taiwan", "China", "3A090.a", "2025-05-01", {"origin": "USA"}, "refused as policy"),
        # China's list is not the Union's, and of its rules those on passing goods on bind a German firm
        ("Germany", "USA", "LIST", "2025-06-01", {"origin": "CHN"}, "not known"),
        ("Germany", "USA", "3A001", "2025-06-01", {"origin": "CHN"}, "not known"),
        ("Germany", "USA", "TERBIUM", "2025-06-01", {"origin": "CHN", "end_user": "military"}, "prohibited"),
        ("China", "Russia", "UNLISTED", "2025-01-10", {"origin": "USA"}, "not known"),
        ("Germany", "Cuba", "UNLISTED", "2024-11-01", {"origin": "USA", "item_abroad": "EAR99"}, "refused as policy"),
        ("Germany", "Cuba", "UNLISTED", "2024-11-01", {"origin": "USA", "foreign_content_pct": "1"}, "no licence"),
        # goods made in Germany that hold a tenth of American content are below the limit
        ("Germany", "India", "UNLISTED", "2025-05-01", {"origin": "USA", "foreign_content_pct": "10"}, "no licence"),
    ],
)
def test_asked_at_home_of_goods_from_elsewhere(exporter, target, item, day, facts, verdict):
    assert ge.licence(exporter=exporter, destination=target, item=item, on=day, facts=facts).verdict == verdict


def test_a_name_like_one_on_the_list_of_the_place_of_origin_is_not_passed():
    facts = {"origin": "CHN", "party": "Lockheed Martin Corporation, Bethesda, MD"}
    answer = ge.licence(exporter="DEU", destination="JPN", item="TERBIUM", on="2026-05-01", facts=facts)
    assert answer.verdict == "not known"
    assert any("Lockheed Martin" in line for line in answer.party)


def test_the_history_is_that_of_the_answers():
    asked = {"exporter": "DEU", "destination": "USA", "item": "gallium", "facts": {"origin": "CHN"}}
    states = ge.licence_history(**asked)
    for day in ("2021-01-05", "2024-12-02", "2024-12-03", "2025-05-01", "2025-11-09"):
        answer = ge.licence(on=day, **asked)
        step = states.at(answer.on)
        assert (step.kind, step.presumed) == (answer.kind, answer.presumed)


@pytest.mark.parametrize("facts", [{"item_abroad": "EAR99"}, {"origin": "USA", "item_abroad": "nothing such"}])
def test_an_item_of_another_list_needs_that_list(facts):
    with pytest.raises(InputError, match=r"nothing such|origin"):
        ge.licence(exporter="DEU", destination="IND", item="UNLISTED", on="2025-05-01", facts=facts)


def test_every_exporter_has_an_answer_for_what_another_list_names():
    named = [("CHN", "gallium"), ("NLD", "1970i"), ("USA", "RUS-HTS")]
    for regime in load_regimes().values():
        place = sorted(regime.places - {"EUU"})[0]
        for owner, item in named:
            answer = ge.licence(exporter=place, destination="VNM", item=item, on="2025-05-01")
            assert answer.choices or owner in regime.places, answer.sentence()


@pytest.mark.parametrize(("party", "state"), [("DJI", "does not"), ("Huawei Technologies", "reaches")])
def test_a_footnote_of_the_entry_is_read(party, state):
    facts = {"made_with_technology": "USA", "party": party, "item_abroad": "EAR99"}
    answer = ge.licence(exporter="VNM", destination="CHN", item="UNLISTED", on="2024-11-01", facts=facts)
    found = [note for note in answer.reach if "FN1" in note]
    assert all(state in note for note in found)
    assert bool(found) == (state == "reaches")


def test_the_country_of_the_exporter_tells_whether_the_goods_leave_from_the_united_states():
    asked = {"destination": "CHN", "item": "H200", "on": "2026-02-01"}
    assert ge.licence(exporter="USA", **asked).verdict == "case by case"
    assert ge.licence(exporter="USA", facts={"export_from_us": "no"}, **asked).verdict == "refused as policy"
    assert ge.licence(exporter="SGP", facts={"origin": "USA"}, **asked).verdict == "refused as policy"


def test_choices_at_home_say_what_the_other_regime_asks():
    facts = {"made_with_technology": "USA"}
    card = desk.desk("DEU", "CHN", "chips", "2025-05-01", facts)
    for one in card.choices:
        again = ge.licence(exporter="DEU", destination="CHN", item=one["item"], on="2025-05-01",
                           facts={**facts, **one["facts"]})  # fmt: skip
        assert again.kind == one["kind"].split(" ")[0]
