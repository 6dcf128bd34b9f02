"""The decision: reference answers, properties of the resolver, facts, party lists, catch-all, reach."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.errors import InputError, RuleConflict
from geoecon.law import Regime, licence, licence_history, load_regimes, reached, read_regime
from geoecon.law.one_day import on_day
from geoecon.law.schema import kinds

JAPAN_TO_KOREA = [
    ("hydrogen fluoride", "2019-07-03", "bulk", "exempt"),
    ("hydrogen fluoride", "2019-07-04", "individual", "exempt"),
    ("photoresist", "2019-07-04", "individual", "exempt"),
    ("fluorinated polyimide", "2019-07-04", "individual", "exempt"),
    ("other list item", "2019-07-04", "general_bulk", "exempt"),
    ("other list item", "2019-08-27", "general_bulk", "exempt"),
    ("other list item", "2019-08-28", "special_general_bulk", "applies"),
    ("hydrogen fluoride", "2019-12-20", "individual", "applies"),
    ("hydrogen fluoride", "2023-03-23", "special_general_bulk", "applies"),
    ("photoresist", "2023-03-23", "special_general_bulk", "applies"),
    ("hydrogen fluoride", "2023-07-21", "general_bulk", "exempt"),
]


@pytest.mark.parametrize(("item", "day", "kind", "catch_all"), JAPAN_TO_KOREA)
def test_japan_to_korea_by_plain_name(japan, item, day, kind, catch_all):
    answer = licence(japan, item=item, destination="KOR", on=day)
    assert answer.is_kind(kind) and answer.catch_all == catch_all


def test_a_pair_with_six_licences_gets_a_specific_bulk_licence_for_resist_alone(japan):
    resist = licence(japan, item="photoresist", destination="KOR", on="2019-12-20", pair_licences_12m=6)
    acid = licence(japan, item="hydrogen fluoride", destination="KOR", on="2019-12-20", pair_licences_12m=6)
    assert (resist.kind, resist.validity_days, acid.kind) == ("specific_bulk", 1095, "individual")


@pytest.mark.parametrize(
    ("day", "group", "days", "papers"),
    [("2019-09-17", "Ka", 5, 3), ("2019-09-18", "Ka-2", 15, 5), ("2023-04-24", "Ka", 5, 3)],
)
def test_korea_to_japan(regimes, day, group, days, papers):
    answer = licence(regimes, exporter="KOR", item="LIST", destination="JPN", on=day, exporter_icp=False)
    assert f"Ka-Na:{group}" in answer.groups
    assert (answer.review_days, answer.documents) == (days, papers)


def test_reasons_clauses_and_missing_facts_are_told(japan):
    answer = licence(japan, item="HF", destination="KOR", on="2019-07-04")
    assert answer.clause == "announcement, items 1 to 3" and "2019-07-01" in str(answer.source)
    assert answer.reasons[0].startswith("JP-020: individual") and "wt_pct" in answer.missing
    assert "JP-010 asks general_bulk, not stricter" in answer.reasons
    assert "90 calendar days" in answer.sentence()


def test_unknown_carries_its_reason_and_the_last_known_answer(japan):
    later = licence(japan, item="HF", destination="KOR", on="2034-06-01")  # no reading for more than five years
    assert later.kind == "unknown" and later.last_known == "general_bulk until 2026-06-05"
    before = licence(japan, item="HF", destination="KOR", on="2003-12-31")
    assert before.kind == "unknown" and "before the first rule (2004-01-01)" in before.reasons[0]


def test_without_a_table_for_the_exporter_the_answer_is_unknown(regimes):
    answer = licence(regimes, exporter="BRA", item="HF", destination="KOR", on="2020-01-01")
    assert answer.kind == "unknown" and "no table covers" in answer.reasons[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"item": "hydrogen flouride"}, "such as.*HF"), ({"destination": "XYZ"}, "XYZ"),
     ({"on": "04/07/2019"}, "2019-07-04 or"), ({"on": "43650"}, "2019-07-04 in the 1900 system"),
     ({"wtpct": 3}, "wt_pct"), ({"wt_pct": "half"}, "a number"), ({"exporter": "DEU"}, "JPN")],
)  # fmt: skip
def test_bad_arguments_are_named(japan, change, message):
    with pytest.raises(InputError, match=message):
        licence(japan, **{"item": "HF", "destination": "KOR", "on": "2019-07-04", **change})


def test_several_regimes_need_an_exporter(regimes):
    with pytest.raises(InputError, match="exporter"):
        licence(regimes, item="HF", destination="KOR", on="2019-07-04")
    with pytest.raises(InputError, match="DEU"):
        licence(regimes["EU"], item="LIST", destination="KOR", on="2022-07-04")


# --- properties ---------------------------------------------------------------------------------------------


def changed(regime: Regime, **tables) -> Regime:
    return Regime(regime.id, {**regime.rows, **tables})


DAYS = st.dates(date(2004, 1, 1), date(2023, 12, 31))
ITEMS = st.sampled_from(["HF", "FPI", "RESIST", "LIST", "UNLISTED", "ROW6", "SENSITIVE"])
PLACES = st.sampled_from(["KOR", "DEU", "CHN", "BGR", "RUS", "PRK", "ERI", "CIV", "BRA"])
JAPAN = load_regimes("jpn")["JPN"]


def split(regime: Regime, day: date) -> Regime:
    """Every rule valid on that day in two adjacent validity rows."""
    rules = []
    for row in regime.rows["licence_rule"]:
        if row["valid_from"] < day and (row["valid_to"] is None or day < row["valid_to"]):
            rules += [row | {"valid_to": day}, row | {"rule_id": row["rule_id"] + "b", "valid_from": day}]
        else:
            rules.append(row)
    return changed(regime, licence_rule=rules)


SPLIT = split(JAPAN, date(2019, 10, 1))


@settings(max_examples=150, deadline=None)
@given(ITEMS, PLACES, DAYS)
def test_a_rule_in_two_adjacent_rows_answers_the_same(item, place, day):
    one, two = on_day(JAPAN, item, place, "JPN", {}, day), on_day(SPLIT, item, place, "JPN", {}, day)
    assert (one.kind, one.clause, one.missing, one.catch_all) == (two.kind, two.clause, two.missing, two.catch_all)


def shifted(regime: Regime, by: timedelta) -> Regime:
    """Every date of every row moved."""
    rows = {
        table: [{key: value + by if isinstance(value, date) else value for key, value in row.items()} for row in found]
        for table, found in regime.rows.items()
    }
    return Regime(regime.id, rows)


SHIFT = timedelta(days=777)
SHIFTED = shifted(JAPAN, SHIFT)


@settings(max_examples=150, deadline=None)
@given(ITEMS, PLACES, DAYS)
def test_shifting_all_dates_shifts_the_answer(item, place, day):
    one, two = on_day(JAPAN, item, place, "JPN", {}, day), on_day(SHIFTED, item, place, "JPN", {}, day + SHIFT)
    assert (one.kind, one.ground, one.groups, one.catch_all) == (two.kind, two.ground, two.groups, two.catch_all)


OTHER = JAPAN.rows["licence_rule"][0] | {"rule_id": "X", "item": ("ROW1",), "place": "NZL", "kind": "prohibited"}
WIDER = changed(
    JAPAN, licence_rule=[OTHER, *JAPAN.rows["licence_rule"], OTHER | {"rule_id": "Y", "item": ("CHIPTOOL23",)}]
)


@settings(max_examples=150, deadline=None)
@given(ITEMS, PLACES, DAYS)
def test_an_irrelevant_rule_changes_nothing(item, place, day):
    assert on_day(JAPAN, item, place, "JPN", {}, day) == on_day(WIDER, item, place, "JPN", {}, day)


BACKWARD = changed(JAPAN, licence_rule=JAPAN.rows["licence_rule"][::-1])


@settings(max_examples=100, deadline=None)
@given(ITEMS, PLACES, DAYS)
def test_the_order_of_the_rows_does_not_count(item, place, day):
    one, two = on_day(JAPAN, item, place, "JPN", {}, day), on_day(BACKWARD, item, place, "JPN", {}, day)
    assert (one.kind, one.ground, set(one.missing)) == (two.kind, two.ground, set(two.missing))


@settings(max_examples=150, deadline=None)
@given(ITEMS, PLACES, DAYS, st.booleans(), st.integers(0, 9))
def test_more_facts_never_turn_known_into_unknown_by_themselves(item, place, day, icp, licences):
    bare = on_day(JAPAN, item, place, "JPN", {}, day)
    told = on_day(
        JAPAN, item, place, "JPN", {"exporter_icp": "yes" if icp else "no", "pair_licences_12m": licences}, day
    )
    assert bare.known == told.known
    assert bare.kind in kinds() or bare.kind == "unknown"


@settings(max_examples=60, deadline=None)
@given(ITEMS, PLACES)
def test_history_has_no_gap_and_no_overlap(item, place):
    states = licence_history(JAPAN, item=item, destination=place)
    ends = [end for _, end, _ in states.steps]
    assert ends[:-1] == [start for start, _, _ in states.steps[1:]] and ends[-1] is None
    assert states.steps[0][0] == JAPAN.valid_from


def test_two_kinds_of_equal_rank_are_an_error_that_names_both_rows(own, rows, monkeypatch):
    regime = read_regime(own(licence_rule=[*rows["licence_rule"], rows["licence_rule"][1] | {
        "rule_id": "R4", "kind": "specific_bulk", "licence_type": "", "priority": "5"}]))  # fmt: skip
    monkeypatch.setitem(kinds()["specific_bulk"], "strictness", kinds()["individual"]["strictness"])
    with pytest.raises(RuleConflict, match=r"R2 \(individual, line 3\) and R4 \(specific_bulk, line 5\)"):
        licence(regime, item="ACID", destination="BRA", on="2020-01-01")


# --- as it could be known --------------------------------------------------------------------------------------


def test_a_rule_is_hidden_before_it_became_public(japan):
    def kind(known_on, day):
        return licence(japan.as_known_on(date.fromisoformat(known_on)), item="HF", destination="KOR", on=day).kind

    assert kind("2019-06-30", "2019-12-01") == "general_bulk"
    assert kind("2019-07-01", "2019-12-01") == "individual"
    assert kind("2019-07-01", "2023-08-01") == "individual"  # nobody had announced the end
    assert kind("2023-03-16", "2023-03-23") == "special_general_bulk"


def test_an_end_that_another_known_row_begins_on_is_known(japan):
    seen = japan.as_known_on(date(2019, 7, 1))  # the hearing on table 3 was announced with the day
    assert licence(seen, item="LIST", destination="KOR", on="2019-08-28").kind == "special_general_bulk"


# --- parties, catch-all, reach ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Subaru  corporation", "斯巴鲁株式会社", "ＳＵＢＡＲＵ Corporation"])
def test_party_is_found_by_name_alias_and_width_of_letters(regimes, name):
    answer = licence(regimes, exporter="CHN", item="TERBIUM", destination="JPN", on="2026-03-01", party=name)
    assert answer.ground == "CN-PL-ATT" and "since 2026-02-24" in answer.party[0]


def test_a_listing_counts_from_its_day(regimes):
    ask = {"exporter": "CHN", "item": "TERBIUM", "destination": "JPN", "party": "SUBARU Corporation"}
    assert licence(regimes, on="2026-02-23", **ask).ground == "CN-18-2025"
    assert licence(regimes, on="2026-02-24", **ask).ground == "CN-PL-ATT"
    states = licence_history(regimes, **ask)
    assert date(2026, 2, 24) in [start for start, _, _ in states.steps]


def test_a_name_in_another_script_is_not_guessed(regimes):
    answer = licence(regimes, exporter="CHN", item="TERBIUM", destination="JPN", on="2026-03-01", party="スバル")
    assert answer.kind == "unknown"  # in kana, which the list does not print: not cleared
    assert any("no transliteration" in line for line in answer.party)
    assert any("not found is not cleared" in line for line in answer.party)


def test_an_end_user_list_pulls_the_catch_all(regimes):
    ask = {"exporter": "JPN", "item": "UNLISTED", "destination": "IRN", "on": "2023-01-01"}
    assert licence(regimes, **ask).kind == "none"
    caught = licence(regimes, party_list="jp-end-user-list", **ask)
    assert (caught.kind, caught.ground) == ("individual", "JP-CA-WMD")
    unsure = licence(regimes, party="Faratech", **ask)  # the day of listing is not in the file
    assert unsure.kind == "unknown" and "not known for this day" in unsure.party[0]


def test_exempt_except_on_notice(regimes):
    ask = {"exporter": "KOR", "item": "UNLISTED", "destination": "DEU", "on": "2020-01-01"}
    assert licence(regimes, **ask, catch_all_trigger="knowledge").kind == "none"
    assert licence(regimes, **ask, catch_all_trigger="inform_notice").ground == "KR-CA-3b"


def test_reach_by_content_origin_and_technology(regimes):
    day = date(2025, 1, 1)

    def caught(**facts):
        found = reached(regimes["USA"], "EAR99", facts.pop("to", "BRA"), facts, day)
        return {entry.row: entry.caught for entry in found}

    assert caught(origin="USA", foreign_content_pct=26)["US-RC-DM25"] is True
    assert caught(origin="USA", foreign_content_pct=25)["US-RC-DM25"] is False  # above, not at
    assert caught(origin="USA", foreign_content_pct=11, to="IRN")["US-RC-DM10"] is True
    assert caught(origin="USA")["US-RC-DM25"] is None
    assert caught(origin="DEU", foreign_content_pct=90)["US-RC-DM25"] is False
    assert caught(made_with_technology="USA")["US-RC-FDP-FN1"] is None  # the party is a missing fact


def test_reach_that_was_suspended_before_it_took_effect(regimes):
    before = {
        entry.row: entry for entry in reached(regimes["CHN"], "HOLMIUM", "DEU", {"origin": "CHN"}, date(2025, 10, 20))
    }
    assert before["CN-RC-61C"].caught is True and "announced" in before["CN-RC-61A"].why
    after = {
        entry.row: entry for entry in reached(regimes["CHN"], "HOLMIUM", "DEU", {"origin": "CHN"}, date(2026, 1, 1))
    }
    assert after["CN-RC-61A"].caught is False and "suspended until 2026-11-10" in after["CN-RC-61A"].why


def test_goods_with_foreign_content_carry_a_note(regimes):
    answer = licence(regimes, exporter="DEU", item="UNLISTED", destination="IRN", on="2023-01-01", origin="USA",
                     foreign_content_pct=30)  # fmt: skip
    assert any("US-RC-DM25" in line for line in answer.reach)


def test_a_customs_code_gives_an_interval_and_never_decides(japan):
    found = japan.items_of_code("281111", date(2019, 7, 4))
    assert next((row["item"], row["share_lo"], row["share_hi"]) for row in found) == (("HF",), 0, 1)


def test_result_protocol(japan):
    answer = licence(japan, item="HF", destination="KOR", on="2019-07-04")
    states = licence_history(japan, item="HF", destination="KOR")
    for result in (answer, states):
        assert len(result.to_frame()) and len(result.summary()) <= 12 and result.figures() and result.sources
        assert "Not legal advice" in result.METHOD
    assert states.chart().to_dict()["usermeta"]["sources"]
    assert answer.to_dict()["note"].startswith("Not legal advice")
    assert [kind for _, _, kind in states.kinds()] == [
        "unknown", "general_bulk", "individual", "special_general_bulk", "general_bulk", "unknown"
    ]  # fmt: skip


def test_office_deadline_and_what_was_known(regimes):
    answer = licence(regimes, exporter="DEU", item="LIST", destination="KOR", on="2022-06-01", known_on="2022-06-01")
    assert answer.authority == "BAFA"
    answer = licence(regimes, exporter="JPN", item="HF", destination="KOR", on="2019-07-04")
    assert answer.decision_by() == date(2019, 10, 2) and "Trade and Industry" in answer.authority
    assert answer.sentence().endswith("Not legal advice.")
    seen = licence(regimes, exporter="JPN", item="HF", destination="KOR", on="2023-08-01", known_on="2019-07-01")
    assert seen.kind == "individual"
    states = licence_history(regimes, exporter="JPN", item="HF", destination="KOR", known_on="2019-06-30")
    assert "individual" not in {kind for _, _, kind in states.kinds()}


def test_a_customs_code_in_place_of_an_item_gives_the_items_it_may_hold_as_choices(japan):
    for code in ("281111", "2811.11", "2811 11 0000"):
        answer = licence(japan, item=code, destination="KOR", on="2019-07-04")
        assert answer.kind == "unknown" and answer.missing == ("item",)
        assert {(item, kind) for item, _, kind in answer.choices} == {("HF", "individual"), ("UNLISTED", "none")}
    for code in ("010121", "01", "HS 0101.21", "CN code 01012100"):  # no row matches it: the text of the list decides
        answer = licence(japan, item=code, destination="KOR", on="2019-07-04")
        assert answer.kind == "unknown" and [item for item, _, _ in answer.choices] == ["LIST", "UNLISTED"]
    for code in ("7701", "000000", "999999", "1", "12345678901234"):  # no such chapter, or no code
        with pytest.raises(InputError, match="allowed"):
            licence(japan, item=code, destination="KOR", on="2019-07-04")


@pytest.mark.parametrize(("share", "day", "kind"), [
    (49, "2025-10-15", "none"), (50, "2025-10-15", "individual"),
    (50, "2025-09-28", "none"), (50, "2025-11-10", "none"),
])  # fmt: skip
def test_ownership_carries_a_listing_over_while_the_rule_is_in_force(regimes, share, day, kind):
    answer = licence(regimes, exporter="USA", item="EAR99", destination="DEU", on=day, owned_by_listed_pct=share)
    assert answer.kind == kind
    assert bool(answer.party) == (share >= 50)
