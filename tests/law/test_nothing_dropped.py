"""What is said of a shipment is read or refused, and a row that is not there is never 'no licence'."""

from __future__ import annotations

import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.law import licence_card, screen

HUAWEI = "Huawei Technologies Co Ltd"


def table(**more: str) -> pd.DataFrame:
    return pd.DataFrame({"from": ["USA"], "to": ["China"], "item": ["EAR99"], "date": ["2026-03-01"], **more})


@pytest.mark.parametrize(
    ("heading", "value"),
    [("Consignee", HUAWEI), ("customer", HUAWEI), ("End user name", HUAWEI), ("Endverwender", HUAWEI),
     ("user type", "military"), ("endverwendung", "military"), ("Intended use", "military")],
)  # fmt: skip
def test_words_for_a_fact_are_that_fact(heading: str, value: str) -> None:
    fact = {HUAWEI: "party"}.get(value, "end_user" if "user" in heading else "end_use")
    asked = {"exporter": "USA", "destination": "CHN", "item": "EAR99", "on": "2026-03-01"}
    one = ge.licence(**asked, **{fact: value})
    assert screen(table(**{heading: value})).column("kind")[0] == one.kind != ge.licence(**asked).kind


@pytest.mark.parametrize(
    "heading",
    ["military", "ultimate consignee country", "purpose of goods", "Ship-to address", "nuclear?", "Class of user",
     "Sold to", "oblast", "utilisateur", "最終仕向地", "军用"],
)  # fmt: skip
def test_a_column_that_may_change_the_answer_is_refused_unless_ignored(heading: str) -> None:
    with pytest.raises(InputError, match="may change the answer"):
        screen(table(**{heading: "yes"}))
    found = screen(table(**{heading: "yes"}), ignore=[heading.upper()])
    assert found.column("kind")[0] == "none"
    assert any(heading in note for note in found.caveats())


def test_other_columns_are_named_and_a_wrong_ignore_is_refused() -> None:
    found = screen(table(remark="x", price="3", **{"order no": "7"}))
    assert found.notes == ("columns not read: remark, price, order no",)
    for wrong in ("no such", "from", "HS"):
        with pytest.raises(InputError, match="ignore"):
            screen(table(remark="x", hs=""), ignore=[wrong])
    changes = ge.law_diff("2022-10-08", "2022-10-10", shipments=table(price="3"))
    assert changes.caveats() == ("columns not read: price",)


@pytest.mark.parametrize("place", ["Gaza", "West Bank", "PSE", "COK", "NIU"])
@pytest.mark.parametrize("item", ["1C210", "1C350", "3A001"])
def test_a_place_without_a_row_of_the_chart_is_a_gap(place: str, item: str) -> None:
    assert ge.licence(item=item, exporter="USA", destination=place, on="2026-03-01").kind == "unknown"
    assert ge.licence(item=item, exporter="USA", destination="CAN", on="2026-03-01").kind == "none"


@pytest.mark.parametrize(("part", "state"), [("BMU", "GBR"), ("CYM", "GBR"), ("JEY", "GBR"), ("GRL", "DNK"),
                                             ("MTQ", "FRA"), ("PYF", "FRA"),
                                             ("ALA", "FIN"), ("NFK", "AUS")])  # fmt: skip
@pytest.mark.parametrize("item", ["1C210", "1C350", "3A001", "9A610", "3A001.b.2"])
def test_a_territory_has_the_licensing_treatment_of_its_state(item: str, part: str, state: str) -> None:
    """15 CFR 738.3(b)."""
    one, two = (ge.licence(item=item, exporter="USA", destination=place, on="2026-03-01") for place in (part, state))
    assert (one.kind, one.ground, one.options) == (two.kind, two.ground, two.options)


def test_a_part_of_another_country_is_refused() -> None:
    asked = {"exporter": "USA", "item": "EAR99", "on": "2026-03-01"}
    for fact in ({"region": "Crimea"}, {"region": "Gaza"}, {"occupied_region": "yes"}):
        with pytest.raises(InputError, match="not in POL"):
            ge.licence(**asked, destination="Poland", facts=fact)
        with pytest.raises(InputError, match=r"line 2.*not in CHN"):
            screen(table(**fact))
    with pytest.raises(InputError, match=r"Chechnya.*Gaza.*Xinjiang"):
        ge.licence(**asked, destination="Poland", facts={"region": "Nowhere"})
    assert ge.licence(**asked, destination="Ukraine", facts={"region": "Crimea"}).kind == "individual"


@pytest.mark.parametrize("use", [{"end_use": "nuclear"}, {"end_use": "missile"}, {"end_use": "military"},
                                 {"end_user": "military"}])  # fmt: skip
@pytest.mark.parametrize("place", ["CHN", "DEU"])
def test_a_bulk_licence_is_not_known_to_hold_for_a_use_in_arms(use: dict[str, str], place: str) -> None:
    asked = {"exporter": "JPN", "destination": place, "item": "ROW5", "on": "2026-03-01"}
    assert ge.licence(**asked, exporter_icp="yes").kind.endswith("bulk")
    assert ge.licence(**asked, exporter_icp="yes", facts=use).kind == "unknown"


@pytest.mark.parametrize("part", ["Donetsk", "Kherson", "Luhansk", "Zaporizhzhia"])
def test_whether_a_part_is_occupied_is_asked(part: str) -> None:
    asked = {"exporter": "DEU", "destination": part, "item": "3A001", "on": "2026-03-01"}
    answer = ge.licence(**asked)
    assert answer.kind == "unknown"
    assert "occupied_region" in answer.missing
    assert ge.licence(**asked, occupied_region="yes").kind == "prohibited"
    assert ge.licence(**asked, occupied_region="no").kind == "individual"


def test_the_summary_of_a_conditional_row_tells_both_branches() -> None:
    card = licence_card("USA", "Crimea", "EAR99", "2026-03-01")
    assert card.answer.verdict == "refused as policy"
    assert "Zaporizhzhia under Russian control?” is no or they go to Kherson" in card.memo


def test_strict_names_the_day_of_the_shipment_and_the_terminal_shows_what_is_not_none(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:  # type: ignore[no-untyped-def]
    from geoecon.cli import main

    many = pd.concat([table(party=HUAWEI)] * 14 + [table(party="")])
    many.to_csv(tmp_path / "in.csv", index=False)
    rows, more = screen(many).telling()
    assert (len(rows), more, rows["line"].tolist()) == (12, 2, list(range(2, 14)))
    with pytest.raises(SystemExit, match="0"):
        main(["screen", str(tmp_path / "in.csv")])
    told = capsys.readouterr().out
    assert "US-EL" in told
    assert "and 2 more" in told
    early = table().assign(item="1C210", date="2024-06-01")
    with pytest.raises(InputError, match="1 June 2024"):
        screen(early, strict=True)


@pytest.mark.parametrize("words", [
    ["licence", "--from", "USA", "--to", "China", "--item", "EAR99", "--party", ""],
    ["parties", "diff", "a", "b", "--days", "2025-06-01", "2025-01-01"],
])  # fmt: skip
def test_an_empty_party_and_days_the_wrong_way_round_are_refused(words, capsys):
    from geoecon.cli import main

    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "; allowed: " in capsys.readouterr().err
