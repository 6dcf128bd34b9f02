"""Today's answers: presumed where nothing stands against it, unknown and named where something does, never known."""

from datetime import date

import pytest

from geoecon.cli.licence_words import lines
from geoecon.dates import in_words
from geoecon.errors import InputError
from geoecon.law import law_watch, licence, licence_card, licence_history, plain_questions, told

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


def test_the_table_of_the_fourteen_is_theirs():
    found = plain_questions(TODAY)
    assert [tuple(asked.values()) for asked in found.asked] == [question[:3] for question in FOURTEEN]
    assert [(answer.kind, answer.presumed) for answer in found.answers] == [question[3:5] for question in FOURTEEN]
    frame = found.to_frame()
    assert list(frame["presumed"] == "yes") == [question[4] for question in FOURTEEN]
    assert all(named in " ".join((why, str(read))) or any(named in one for one in answer.reasons)
               for (*_, named), why, read, answer in zip(FOURTEEN, frame["why"], frame["last read"], found.answers,
                                                         strict=True))  # fmt: skip
    assert found.sentence().startswith("Of 14 plain questions on 2026-11-28: 7 not known")


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


def test_headline_table_and_card_of_a_history_tell_one_story():
    for exporter, destination, item, *_ in FOURTEEN:
        states = licence_history(exporter=exporter, destination=destination, item=item)
        table = states.summary()
        for day in ("2024-01-15", "2026-07-01", "2026-09-20", TODAY, "2035-01-01"):
            card = licence_card(exporter, destination, item, day)
            on = card.answer.on
            wanted = card.answer.kind.replace("_", " ") + (" (presumed)" if card.answer.presumed else "")
            spell = next(s for s in states.spells() if s[0] <= on and (s[1] is None or on < s[1]))
            said = told.kind(card.answer.kind) + (" (presumed)" if card.answer.presumed else "")
            assert spell[2] == wanted and f"{said} from {in_words(spell[0])}" in states.sentence(), (item, day)
            rows = table[(table["from"] <= on) & (table["to"].isna() | (table["to"] > on))]
            assert list(rows["kind"]) in ([], [wanted])
            step = [one for one in card.history if one["from"] <= day][-1]
            assert (step["kind"], step["presumed"]) == (card.answer.kind, card.answer.presumed)


@pytest.mark.parametrize(("exporter", "destination", "item", "kind", "presumed", "named"), FOURTEEN)
def test_a_card_that_does_not_know_says_what_is_missing_and_never_that_none_is_needed(
    exporter, destination, item, kind, presumed, named
):
    card = licence_card(exporter, destination, item, TODAY)
    assert card.clause["decides"] is (kind != "unknown") and bool(card.clause["missing"]) is (kind == "unknown")
    if kind == "unknown":
        assert card.verdict["word"] == "not known" and card.answer.ground is None
        assert "no licence" not in card.headline.lower() and "Missing: " in card.memo
        assert named == "gap" or (card.clause["row"] and card.clause["source"] and "decides nothing" in card.memo)
    marks = "\n".join(lines(card)).splitlines()
    ribbon = marks[next(k for k, line in enumerate(marks) if line.startswith("  2022")) + 1]
    assert ribbon[-1] == ("~" if presumed else "?")
    assert any(f"{card.verdict['word']}{', presumed' * presumed}" in line for line in marks if "since" in line)


def test_what_is_to_come_stands_before_what_came_and_is_marked():
    found = law_watch(date(2026, 11, 12))
    frame = found.to_frame()
    ahead = frame[frame["when"] == "to come"]
    assert list(frame["when"]) == ["to come"] * len(ahead) + ["came, not read"] * (len(frame) - len(ahead))
    assert list(ahead["day"]) == sorted(ahead["day"]) and min(ahead["day"]) >= found.on
    assert list(frame["day"][len(ahead) :]) == sorted(frame["day"][len(ahead) :], reverse=True)
    assert f"{len(ahead)} to come" in found.sentence() and 0 < len(ahead) < len(frame)


def test_the_watch_list_names_rows_that_exist(regimes):
    found = law_watch()
    assert len(found.to_frame()) >= 10
    for change in found.changes:
        regime = regimes[change.regime]
        known = set(regime.rules) | {row["reach_id"] for row in regime.rows["reach"]} | {"*"}
        assert {name for name in change.rules if not name.startswith("CN-61")} <= known, change


def test_a_change_to_come_is_shown_beside_a_known_answer():
    answer = licence(exporter="DEU", destination="CHN", item="LIST", on="2026-09-01")
    assert answer.known and any("C(2026)6323" in told for told in answer.coming)
