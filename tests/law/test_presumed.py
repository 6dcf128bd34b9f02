"""Today's answers: presumed where nothing stands against it, unknown and named where something does, never known."""

import pytest

from geoecon.errors import InputError
from geoecon.law import law_watch, licence, licence_history

TODAY = "2026-11-28"
# fourteen plain questions, no facts beyond the places: (from, to, item, kind, presumed, named in the reasons)
FOURTEEN = [
    ("JPN", "KOR", "hydrogen fluoride", "general_bulk", True, "last read 2026-06-05"),
    ("JPN", "CHN", "LIST", "special_general_bulk", True, "last read 2026-06-05"),
    ("JPN", "RUS", "UNLISTED", "unknown", False, "gap"),
    ("USA", "CHN", "H100", "individual", True, "last read 2026-07-23"),
    ("USA", "RUS", "EAR99", "unknown", False, "gap"),
    ("USA", "SYR", "EAR99", "exception", True, "last read 2026-07-23"),
    ("USA", "DEU", "EAR99", "none", True, "last read 2026-07-23"),
    ("DEU", "RUS", "LIST", "prohibited", True, "last read 2026-09-14"),
    ("DEU", "CHN", "LIST", "unknown", False, "C(2026)6323"),
    ("CHN", "USA", "gallium", "unknown", False, "CN-46-2"),
    ("CHN", "JPN", "gallium", "individual", True, "last read 2026-10-05"),
    ("CHN", "DEU", "HOLMIUM", "unknown", False, "2026-11-10"),
    ("KOR", "JPN", "LIST", "unknown", False, "2026-09-01"),
    ("GBR", "CHN", "LIST", "unknown", False, "2025-12-16"),
]


@pytest.mark.parametrize(("exporter", "destination", "item", "kind", "presumed", "named"), FOURTEEN)
def test_fourteen_plain_questions_on_28_november_2026(exporter, destination, item, kind, presumed, named):
    ask = {"exporter": exporter, "destination": destination, "item": item, "on": TODAY}
    answer = licence(**ask)
    assert (answer.kind, answer.presumed, answer.known) == (kind, presumed, False)
    assert any(named in why for why in answer.reasons), answer.reasons
    if presumed:
        assert "no change looked for since" in answer.sentence()
    with pytest.raises(InputError):
        licence(**ask, strict=True)


def test_owners_whose_rule_comes_back_by_its_text_are_unknown_and_named():
    answer = licence(exporter="USA", destination="DEU", item="EAR99", on=TODAY, owned_by_listed_pct=60)
    assert answer.kind == "unknown" and any("US-EL-50" in why and "2026-11-10" in why for why in answer.reasons)


def test_nothing_is_presumed_after_five_years_or_before_the_first_rule():
    assert licence(exporter="JPN", destination="KOR", item="HF", on="2031-06-05").presumed
    assert licence(exporter="JPN", destination="KOR", item="HF", on="2031-06-06").kind == "unknown"
    assert licence(exporter="JPN", destination="KOR", item="HF", on="2003-12-31").kind == "unknown"


def test_a_day_of_the_history_is_the_answer_of_that_day():
    for exporter, destination, item, *_ in FOURTEEN:
        states = licence_history(exporter=exporter, destination=destination, item=item)
        for day in ("2024-01-15", "2026-07-01", "2026-09-20", TODAY, "2027-03-01", "2035-01-01"):
            answer = licence(exporter=exporter, destination=destination, item=item, on=day)
            step = states.at(answer.on)
            assert (step.kind, step.presumed, step.ground) == (answer.kind, answer.presumed, answer.ground), (item, day)


def test_the_watch_list_names_rows_that_exist(regimes):
    found = law_watch()
    assert len(found.to_frame()) >= 10 and list(found.to_frame()["day"]) == sorted(found.to_frame()["day"])
    for change in found.changes:
        regime = regimes[change.regime]
        known = set(regime.rules) | {row["reach_id"] for row in regime.rows["reach"]} | {"*"}
        assert {name for name in change.rules if not name.startswith("CN-61")} <= known, change


def test_a_change_to_come_is_shown_beside_a_known_answer():
    answer = licence(exporter="DEU", destination="CHN", item="LIST", on="2026-09-01")
    assert answer.known and any("C(2026)6323" in told for told in answer.coming)
